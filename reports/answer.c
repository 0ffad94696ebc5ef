/* SPDX-License-Identifier: MIT */
#include "reports/answer.h"

#include "base/banned.h"

/* The same is told once; it is looked for among so many of the last ones. */
enum { NOTES_COMPARED = 64 };

ENUM_TABLE_DEFINE(answer_format, ANSWER_FORMAT_LIST)

void answer_print(const struct answer *a, enum answer_format format, unsigned width,
		  struct output *out)
{
	switch (format) {
	case ANSWER_TABLE:
		answer_print_table(a, width, out);
		break;
	case ANSWER_CSV:
		answer_print_csv(a, out);
		break;
	case ANSWER_JSON:
		answer_print_json(a, out);
		break;
	}
}

bool answer_arena_full(const char *remedy, struct err *e)
{
	err_set(e, ERR_LIMIT, "the answer takes too much memory");
	return err_remedy(e, "%s", remedy);
}

bool answer_lines(const struct buf *texts, size_t count, struct arena *arena,
		  const struct slice **lines_out, size_t *count_out)
{
	struct slice *lines = arena_alloc(arena, count * sizeof(*lines) + 1);
	size_t used = 0;

	for (size_t i = 0; lines && i < count; i++) {
		if (texts[i].n > 0 && !arena_copy(arena, buf_slice(&texts[i]), &lines[used++]))
			return false;
	}
	*lines_out = lines;
	*count_out = used;
	return lines != NULL;
}

size_t answer_note(struct slice *notes, size_t *count, struct slice note)
{
	size_t first = *count > NOTES_COMPARED ? *count - NOTES_COMPARED : 0;

	if (note.n == 0)
		return 0;
	for (size_t i = first; i < *count; i++) {
		if (slice_equal(notes[i], note))
			return i + 1;
	}
	notes[(*count)++] = note;
	return *count;
}
