/* SPDX-License-Identifier: MIT */
/* The catalogue for people and programs: as a list, and one sender with all that is known of it. */
#ifndef REPORTS_SENDER_PRINT_H
#define REPORTS_SENDER_PRINT_H

#include "reports/answer.h"
#include "reports/catalogue.h"

/* One row a sender, in the order of the catalogue. In the arena; false when it is full. */
MUST_USE bool senders_answer(const struct catalogue *catalogue, struct arena *arena,
			     struct answer *answer_out);

/* The records with DOMAIN for the domain of whoever asks. False with ERR_LIMIT. */
MUST_USE bool sender_print_json(const struct catalogue *catalogue, const struct sender *sender,
				struct output *out, struct err *e);
MUST_USE bool sender_print_text(const struct catalogue *catalogue, const struct sender *sender,
				unsigned width, struct output *out, struct err *e);

#endif
