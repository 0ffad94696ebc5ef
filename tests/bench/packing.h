/* SPDX-License-Identifier: MIT */
/* A report's text on its way to a file: packed, then put into a mail, piece by piece. */
#ifndef TESTS_BENCH_PACKING_H
#define TESTS_BENCH_PACKING_H

#include "base/output.h"
#include "tests/bench/report_text.h"

struct packer;

/* In base64 for a mail, or the bytes themselves. `name` is that of the member of a zip. */
struct packer *packer_new(struct output *out, enum packing packing, const char *name, bool base64);
void packer_free(struct packer *p);
SCOPE_DEFINE(packer, struct packer *, packer_free);

/* All but a zip is written as it comes; a zip is kept until the end. */
void packer_push(struct packer *p, struct slice text);

/* Ends it and says how many bytes it has packed. */
uint64_t packer_finish(struct packer *p);

/* What stands before and behind the attachment. */
struct mail_frame {
	const struct report_frame *report;
	const char *attachment; /* its name */
	int64_t sent;
	uint64_t number;
	uint64_t relayed; /* bytes of header that relays have added */
};
void mail_text_begin(struct buf *out, const struct mail_frame *mail);
void mail_text_end(struct buf *out, const struct mail_frame *mail);

#endif
