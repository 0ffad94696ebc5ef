/* SPDX-License-Identifier: MIT */
/* From the catalogue's text to its content, strictly: inside the catalogue only. */
#ifndef REPORTS_CATALOGUE_TEXT_H
#define REPORTS_CATALOGUE_TEXT_H

#include "base/arena.h"
#include "reports/catalogue.h"

/* The rules that name a service, in catalogue order, apart from the rest for quick walks. */
struct unique_selector {
	const struct sender *sender;
	const struct selector_rule *rule;
};

struct catalogue_content {
	struct arena arena;      /* holds the senders and their texts */
	struct sender **senders; /* in their order; the array is ours, free() */
	size_t count;
	struct unique_selector *unique; /* ours, free() */
	size_t unique_count;
	struct suffixes names[name_use_count];
	struct rented *rented; /* ours, free() */
	size_t rented_count;
	struct sender_range *ranges; /* by address; ours, free() */
	size_t range_count;
};

/* False with ERR_CONFIG or ERR_LIMIT; what was read so far stays for the caller to release. */
MUST_USE bool catalogue_text_read(struct catalogue_content *content, struct slice text,
				  const char *name, struct err *e);

const struct sender *catalogue_content_find(const struct catalogue_content *content,
					    struct slice id);

#endif
