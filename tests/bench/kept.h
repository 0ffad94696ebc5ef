/* SPDX-License-Identifier: MIT */
/* A report parsed once and kept in memory, to be fed to whatever is measured without the parser. */
#ifndef TESTS_BENCH_KEPT_H
#define TESTS_BENCH_KEPT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/scope.h"
#include "parser/domain.h"
#include "parser/message.h"

struct kept {
	struct sink sink;
	struct arena arena; /* of all that the slices below point to */
	struct report report;
	struct record *records; /* the first `limit` of the report; the array is ours */
	size_t count, limit;
};

void kept_init(struct kept *k, size_t limit);
void kept_release(struct kept *k);

/* Made to last as long as the rest of it. */
struct slice kept_text(struct kept *k, struct slice text);

/* Out of a file, .xml or .gz, as far as the limit goes; or out of the text of a whole report. */
MUST_USE bool kept_read_file(struct kept *k, const struct domains *domains, const char *path,
			     struct err *e);
MUST_USE bool kept_read_text(struct kept *k, const struct domains *domains, struct slice text,
			     struct err *e);

/* A report made of some of the records, from `first` on and around, in a message of its own. */
struct kept_part {
	struct report report; /* as whose they are fed */
	size_t first, count;
	const char *message; /* its name */
};

MUST_USE bool kept_feed(const struct kept *k, struct ledger *ledger, const struct kept_part *part,
			struct err *e);

#endif
