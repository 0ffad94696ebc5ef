/* SPDX-License-Identifier: MIT */
#include "ingest/unpack_seam.h"

#include <stdint.h>

#include "base/bug.h"

#include "base/banned.h"

static const struct slice root = { "feedback", 8 };
static const struct slice mark = { "\xEF\xBB\xBF", 3 };

/* Longer prefixes than "dmarc-feedback:" are not met. */
enum { PREFIX_BYTES = 32 };

/* -- the end of a document: "</feedback>", "</ns1:feedback >" */

/* One byte of an end tag, behind its slash. */
static void end_tag_byte(struct seam *s, char c)
{
	bool whole = s->matched == root.n;

	if (whole && c == '>')
		s->ended = true;
	else if (c == ':')
		s->matched = 0; /* that was a prefix */
	else if (!whole && s->matched < root.n && c == root.p[s->matched])
		s->matched++;
	else if (!whole || !byte_is_blank(c))
		s->matched = SIZE_MAX; /* another name, unless it is a prefix */
	s->in_tag = !s->ended && c != '>' && c != '<' && c != '/';
}

/* So many bytes need not be looked at: the name is not in them, nor does it begin at their end. */
static size_t quiet(struct slice bytes)
{
	enum { BEFORE = PREFIX_BYTES + sizeof("</feed") };
	size_t end = bytes.n;
	size_t from = 0;

	/* of the letters of the name this one is the rarest */
	while (from < bytes.n) {
		size_t at = from + slice_find(slice_from_offset(bytes, from), 'b');

		if (at < bytes.n && at >= 4 && memcmp(bytes.p + at - 4, root.p, 4) == 0) {
			end = at;
			break;
		}
		from = at + 1;
	}
	return end > BEFORE ? end - BEFORE : 0;
}

/* Up to the end of the document and with it, or all of them. */
static size_t document_bytes(struct seam *s, struct slice bytes)
{
	size_t i = 0;

	while (i < bytes.n && !s->ended) {
		if (s->in_tag) {
			end_tag_byte(s, bytes.p[i++]);
			continue;
		}
		i += quiet(slice_from_offset(bytes, i));
		i += slice_find(slice_from_offset(bytes, i), '/');
		s->in_tag = i < bytes.n;
		s->matched = 0;
		i += s->in_tag;
	}
	return i;
}

/* -- the begin of another */

enum fit { FITS_NOT, MAY_FIT, FITS };

/* Of a word that something must follow: does the text begin with it, or may it, with more of it? */
static enum fit fits_word(struct slice text, struct slice word, struct slice behind)
{
	if (text.n <= word.n)
		return slice_starts_with(word, text) ? MAY_FIT : FITS_NOT;
	return slice_starts_with(text, word) && slice_find(behind, text.p[word.n]) < behind.n
		? FITS
		: FITS_NOT;
}

static bool is_name(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!byte_is_letter(text.p[i]) && !byte_is_digit(text.p[i]) && text.p[i] != '-' &&
		    text.p[i] != '_' && text.p[i] != '.')
			return false;
	}
	return true;
}

/* "<feedback>", "<ns1:feedback xmlns..." */
static enum fit fits_tag(struct slice name)
{
	size_t colon = slice_find(name, ':');
	enum fit fit = fits_word(slice_from_offset(name, colon < name.n ? colon + 1 : 0), root,
				 SLICE(" \t\r\n>/"));

	if (!is_name(slice_prefix(name, colon <= PREFIX_BYTES ? colon : PREFIX_BYTES + 1)))
		return colon == name.n ? fit : FITS_NOT;
	return fit == FITS_NOT && colon == name.n && name.n <= PREFIX_BYTES ? MAY_FIT : fit;
}

static enum fit fits_document(struct slice text)
{
	if (text.n <= mark.n && slice_starts_with(mark, text))
		return MAY_FIT;
	if (slice_starts_with(text, mark))
		text = slice_from_offset(text, mark.n);
	if (text.p[0] != '<')
		return FITS_NOT;

	enum fit declaration = fits_word(text, SLICE("<?xml"), SLICE(" \t\r\n"));
	enum fit tag = fits_tag(slice_from_offset(text, 1));

	return declaration > tag ? declaration : tag;
}

static bool may_begin(char c)
{
	return c == '<' || c == mark.p[0];
}

static size_t between_documents(struct slice bytes)
{
	size_t n = 0;

	while (n < bytes.n && !may_begin(bytes.p[n]))
		n++;
	return n;
}

static struct slice take_held(struct seam *s, size_t n)
{
	s->held_count = 0;
	return slice_of(s->held, n);
}

/* Holds bytes until it is known what they begin. */
static enum seam_event hold(struct seam *s, struct slice *bytes, struct slice *piece_out)
{
	while (bytes->n > 0) {
		s->held[s->held_count++] = bytes->p[0];
		switch (fits_document(slice_of(s->held, s->held_count))) {
		case MAY_FIT:
			BUG_UNLESS(s->held_count < SEAM_HELD_BYTES);
			break;
		case FITS:
			*bytes = slice_from_offset(*bytes, 1);
			*piece_out = take_held(s, s->held_count);
			s->ended = s->in_tag = false;
			return SEAM_BEGINS;
		case FITS_NOT:
			/* the last byte is looked at once more: it may be the first of a document */
			*piece_out = take_held(s, s->held_count - 1);
			return SEAM_GOES_ON;
		}
		*bytes = slice_from_offset(*bytes, 1);
	}
	return SEAM_DONE;
}

enum seam_event seam_take(struct seam *s, struct slice *bytes, struct slice *piece_out)
{
	if (bytes->n == 0)
		return SEAM_DONE;
	if (s->ended && (s->held_count > 0 || may_begin(bytes->p[0])))
		return hold(s, bytes, piece_out);

	size_t n = s->ended ? between_documents(*bytes) : document_bytes(s, *bytes);

	*piece_out = slice_prefix(*bytes, n);
	*bytes = slice_from_offset(*bytes, n);
	return SEAM_GOES_ON;
}

struct slice seam_rest(struct seam *s)
{
	return take_held(s, s->held_count);
}
