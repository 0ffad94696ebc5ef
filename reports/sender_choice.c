/* SPDX-License-Identifier: MIT */
#include "reports/sender_choice.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"

#include "base/banned.h"

/* The owner's own are few; who has more than these gets none of the others suggested. */
enum { SUGGESTED = 1000 };

static const char own_query[] =
	"select id, name from dmarc.senders order by shipped, id limit 1000";

/* What is known: ids and names, in turn. */
struct words {
	const char *list[2 * SUGGESTED + 1]; /* ends with NULL */
	size_t count;
};

static bool add_word(struct words *w, struct slice word, struct arena *arena)
{
	struct slice copy;

	if (w->count + 1 >= COUNT_OF(w->list))
		return true;
	if (!arena_copy(arena, word, &copy))
		return false;
	w->list[w->count++] = copy.p;
	return true;
}

static bool add_words(struct words *w, const struct catalogue *catalogue, const struct rows *own,
		      struct arena *arena)
{
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct sender *s = catalogue_at(catalogue, i);

		if (!add_word(w, s->id, arena) || !add_word(w, s->name, arena))
			return false;
	}
	for (size_t i = 0; i < rows_count(own); i++) {
		if (!add_word(w, rows_text(own, i, 0), arena) ||
		    !add_word(w, rows_text(own, i, 1), arena))
			return false;
	}
	return true;
}

static bool is_unknown(const struct words *w, const char *given, struct err *e)
{
	const char *nearest = text_nearest(slice_from(given), w->list);

	err_set(e, ERR_USAGE, "no such sender");
	err_where(e, "--sender %s", given);
	if (nearest)
		return err_remedy(e, "did you mean '%s'?", nearest);
	return err_remedy(e, "'ruamill senders list' and 'ruamill senders rules' list them");
}

bool sender_choose(struct connection *c, const struct catalogue *catalogue, const char *given,
		   struct arena *arena, const char **id_out, struct err *e)
{
	SCOPED(rows) struct rows *own = NULL;

	if (!connection_query(c, own_query, NULL, 0, &own, e))
		return false;

	struct words *w = memory_zeroed(1, sizeof(*w));
	bool added = add_words(w, catalogue, own, arena);
	size_t i = 0;

	while (i < w->count && !slice_equal_icase(slice_from(w->list[i]), slice_from(given)))
		i++;

	bool known = i < w->count;

	if (!added)
		err_set(e, ERR_LIMIT, "there are too many senders");
	else if (!known)
		(void)is_unknown(w, given, e);
	else
		*id_out = w->list[i - i % 2];
	free(w);
	return added && known;
}
