/* SPDX-License-Identifier: MIT */
#include "ingest/boundaries.h"

#include <stdlib.h>

#include "base/memory.h"
#include "parser/limits.h"

#include "base/banned.h"

struct boundary {
	char text[BOUNDARY_BYTES];
	size_t n;
	bool seen;
};

void boundaries_release(struct boundaries *b)
{
	free(b->declared);
	*b = (struct boundaries){ 0 };
}

static bool add(struct boundaries *b, struct slice text, struct err *e)
{
	if (b->count == LIMIT_MIME_BOUNDARY_LINES)
		return err_set(e, ERR_LIMIT, "the mail declares more than %d boundaries",
			       LIMIT_MIME_BOUNDARY_LINES);
	b->declared = memory_grow_array(b->declared, b->count, &b->capacity, sizeof(*b->declared));

	struct boundary *new = &b->declared[b->count++];

	*new = (struct boundary){ .n = text.n };
	memcpy(new->text, text.p, text.n);
	return true;
}

/* Plain ASCII that nobody would decode or unquote. */
static bool is_clear(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < ' ' || c > '~' || c == '\\' || c == '"')
			return false;
	}
	return text.n > 0 && text.n <= BOUNDARY_BYTES && text.p[0] != '(' &&
		!slice_contains_icase(text, SLICE("=?"));
}

/* What stands behind the word "boundary"; false where it needs more reading than this. */
static bool value_of(struct slice rest, struct slice *value_out)
{
	rest = slice_skip_blanks(rest);
	if (rest.n == 0 || rest.p[0] != '=')
		return false;
	rest = slice_skip_blanks(slice_from_offset(rest, 1));

	bool quoted = rest.n > 0 && rest.p[0] == '"';

	if (quoted)
		rest = slice_from_offset(rest, 1);

	size_t end = slice_find(rest, quoted ? '"' : ';');
	struct slice value = slice_prefix(rest, end);

	*value_out = quoted ? value : slice_trim(value);
	return (!quoted || end < rest.n) && is_clear(*value_out);
}

/* And nothing else of a word. */
static bool is_empty(struct slice value)
{
	const struct slice empty = SLICE("=\"\"");
	struct slice rest = slice_from_offset(value, empty.n);

	return slice_starts_with(value, empty) &&
		(rest.n == 0 || rest.p[0] == ';' || byte_is_blank(rest.p[0]));
}

bool boundaries_declare(struct boundaries *b, struct slice line, bool *empty_out, struct err *e)
{
	const struct slice word = SLICE("boundary");

	while (line.n >= word.n) {
		struct slice value;

		if (!slice_starts_with_icase(line, word)) {
			line = slice_from_offset(line, 1);
			continue;
		}
		line = slice_from_offset(line, word.n);
		if (is_empty(line))
			*empty_out = true;
		else if (!value_of(line, &value))
			b->unclear = true;
		else if (!add(b, value, e))
			return false;
	}
	return true;
}

bool boundaries_guess(struct boundaries *b, struct slice text)
{
	struct err ignored = ERR_INIT;

	return is_clear(text) && add(b, text, &ignored);
}

struct slice boundaries_text(const struct boundaries *b, size_t index)
{
	return slice_of(b->declared[index].text, b->declared[index].n);
}

static bool is_end(struct slice rest)
{
	return slice_skip_blanks(rest).n == 0;
}

static enum boundary_line match_one(const struct boundary *d, struct slice text, bool piece)
{
	if (text.n < d->n || memcmp(text.p, d->text, d->n) != 0)
		return BOUNDARY_NONE;

	struct slice rest = slice_from_offset(text, d->n);

	if (piece)
		return BOUNDARY_WITHIN;
	if (is_end(rest))
		return BOUNDARY_OPENS;
	if (slice_starts_with(rest, SLICE("--")) && is_end(slice_from_offset(rest, 2)))
		return BOUNDARY_CLOSES;
	return BOUNDARY_NONE;
}

/*
 * text: what stands behind two dashes. In a piece of a line, anything may follow. All are looked at: a
 * mail within a mail may declare the same boundary again.
 */
static enum boundary_line match(struct boundaries *b, struct slice text, bool piece)
{
	enum boundary_line line = !b->unclear ? BOUNDARY_NONE
		: piece                       ? BOUNDARY_WITHIN
					      : BOUNDARY_OPENS;

	for (size_t i = 0; i < b->count; i++) {
		enum boundary_line one = match_one(&b->declared[i], text, piece);

		if (one == BOUNDARY_NONE)
			continue;
		b->declared[i].seen = true;
		if (line != BOUNDARY_OPENS)
			line = one;
	}
	b->comparisons += b->count;
	return line;
}

bool boundaries_match(struct boundaries *b, struct slice line, enum line_form form,
		      enum boundary_line *line_out, struct err *e)
{
	bool is_short = form == LINE_OF_BODY && line.n <= BOUNDARY_SHORT_LINE;
	size_t last = is_short ? 0 : line.n;

	*line_out = BOUNDARY_NONE;
	if (b->count == 0 && !b->unclear)
		return true;
	for (size_t at = 0; at <= last && *line_out == BOUNDARY_NONE; at++) {
		at += is_short ? 0 : slice_find(slice_from_offset(line, at), '-');

		struct slice rest = slice_from_offset(line, at);

		if (!slice_starts_with(rest, SLICE("--")))
			continue;
		*line_out = match(b, slice_from_offset(rest, 2), form == LINE_PIECE || at > 0);
	}
	return b->comparisons <= LIMIT_MIME_COMPARISONS ||
		err_set(e, ERR_LIMIT, "the mail has too many lines that could be boundaries");
}

bool boundaries_seen(const struct boundaries *b, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		if (b->declared[i].seen)
			return true;
	}
	return false;
}
