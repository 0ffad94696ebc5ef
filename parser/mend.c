/* SPDX-License-Identifier: MIT */
#include "parser/mend.h"

#include <stdlib.h>

#include "base/memory.h"
#include "parser/decode.h"
#include "parser/elements.h"
#include "parser/limits.h"
#include "parser/soup.h"

#include "base/banned.h"

/* Namespaces of one element that are kept; no report has more than three. */
enum { MAX_NAMESPACES = 8 };

enum phase { BEFORE_ROOT, IN_ROOT, BEHIND_ROOT };

struct open_element {
	char name[LIMIT_NAME_BYTES]; /* nothing longer is taken for a name */
	size_t name_bytes;
	enum element element; /* what it is in a report, where it stands */
};

struct mender {
	struct decoder *decoder; /* owned */
	struct buf text;         /* decoded, up to a token whose end has not come */
	size_t wanted;           /* text is not looked at before there is so much */
	struct soup soup;
	enum phase phase;
	struct slice prefix; /* of the root, with its colon; in its name below */
	struct open_element stack[LIMIT_XML_DEPTH];
	size_t depth;
	struct quirks quirks;
};

struct mender *mender_new(void)
{
	struct mender *m = memory_zeroed(1, sizeof(*m));

	m->decoder = decoder_new();
	return m;
}

void mender_free(struct mender *m)
{
	if (!m)
		return;
	decoder_free(m->decoder);
	buf_release(&m->text);
	free(m);
}

struct quirks mender_quirks(const struct mender *m)
{
	struct quirks all = decoder_quirks(m->decoder);

	quirks_merge(&all, &m->quirks);
	return all;
}

/* --- what is written --- */

static void append_newlines(struct buf *out, struct slice dropped)
{
	for (size_t i = 0; i < dropped.n; i++) {
		if (dropped.p[i] == '\n')
			buf_append_byte(out, '\n');
	}
}

/* What a character of markup is written as, in text and in quotes; NULL: itself. */
static const char *escape_of(char c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

static void append_escaped(struct buf *out, struct slice s)
{
	for (size_t n = 0; s.n > 0;) {
		const char *escape = n < s.n ? escape_of(s.p[n]) : NULL;

		if (n < s.n && !escape) {
			n++;
			continue;
		}
		buf_append(out, slice_prefix(s, n));
		if (escape)
			buf_append_text(out, escape);
		s = slice_from_offset(s, n + 1);
		n = 0;
	}
}

/* Text in which references are meant as such, where they are ones. */
static void append_text(struct mender *m, struct buf *out, struct slice s)
{
	while (s.n > 0) {
		size_t plain = slice_find(s, '&');

		append_escaped(out, slice_prefix(s, plain));
		s = slice_from_offset(s, plain);

		size_t reference = soup_reference_length(s);

		buf_append(out, slice_prefix(s, reference));
		s = slice_from_offset(s, reference);
		if (reference == 0 && s.n > 0) {
			quirks_add(&m->quirks, QUIRK_UNESCAPED_MARKUP);
			append_escaped(out, slice_prefix(s, 1));
			s = slice_from_offset(s, 1);
		}
	}
}

/* --- attributes --- */

struct attribute {
	struct slice name;
	struct slice value; /* without its quotes; absent: none, or none in quotes */
};

/* Cuts one attribute, or a byte that begins none, off the front of *rest, which must not be empty. */
static struct attribute cut_attribute(struct slice *rest)
{
	struct attribute a = { slice_prefix(*rest, soup_name_length(*rest)), SLICE_ABSENT };

	*rest = slice_from_offset(*rest, a.name.n > 0 ? a.name.n : 1);
	if (a.name.n == 0)
		return a;

	struct slice behind = slice_skip_blanks(*rest);

	if (!slice_starts_with(behind, SLICE("=")))
		return a;
	behind = slice_skip_blanks(slice_from_offset(behind, 1));

	char quote = behind.n > 0 ? behind.p[0] : '\0';
	struct slice quoted = slice_from_offset(behind, 1);
	size_t n = slice_find(quoted, quote);

	if ((quote == '"' || quote == '\'') && n < quoted.n) {
		a.value = slice_prefix(quoted, n);
		*rest = slice_from_offset(quoted, n + 1);
	}
	return a;
}

static bool is_namespace(const struct attribute *a)
{
	return !slice_is_absent(a->value) &&
		(slice_equal(a->name, SLICE("xmlns")) ||
		 slice_starts_with(a->name, SLICE("xmlns:")));
}

static bool has_name(const struct slice *names, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_equal(names[i], name))
			return true;
	}
	return false;
}

static void append_namespaces(struct mender *m, struct buf *out, struct slice attributes)
{
	struct slice kept[MAX_NAMESPACES];
	size_t count = 0;

	while (attributes.n > 0) {
		struct slice rest = attributes;
		struct attribute a = cut_attribute(&rest);
		struct slice dropped = slice_of(attributes.p, (size_t)(rest.p - attributes.p));

		attributes = rest;
		if (is_namespace(&a) && count < COUNT_OF(kept) && !has_name(kept, count, a.name)) {
			kept[count++] = a.name;
			dropped.n = (size_t)(a.value.p - dropped.p);
			append_newlines(out, dropped);
			buf_append_byte(out, ' ');
			buf_append(out, a.name);
			buf_append_text(out, "=\"");
			append_text(m, out, a.value);
			buf_append_byte(out, '"');
		} else {
			/* what no quotes hold is not even an attribute */
			if (slice_is_absent(a.value) && a.name.n > 0)
				quirks_add(&m->quirks, QUIRK_UNEXPECTED_ATTRIBUTE);
			append_newlines(out, dropped);
		}
	}
}

/* --- the tree --- */

static struct slice name_of(const struct open_element *element)
{
	return slice_of(element->name, element->name_bytes);
}

/* What an element of this name is among the children of `parent`. */
static enum element child_of(enum element parent, struct slice local)
{
	for (size_t i = 0; i < element_row_count; i++) {
		const struct element_row *row = &element_rows[i];

		if (row->parent == parent && slice_equal(local, slice_from(row->name)))
			return row->element;
	}
	return EL_UNKNOWN;
}

static enum element innermost(const struct mender *m)
{
	return m->depth > 0 ? m->stack[m->depth - 1].element : EL_DOCUMENT;
}

/* What a name is in the container that is open below so many elements. */
static enum element meaning_of(const struct mender *m, size_t depth, struct slice name)
{
	enum element parent = depth > 0 ? m->stack[depth - 1].element : EL_DOCUMENT;

	if (!slice_starts_with(name, m->prefix))
		return EL_UNKNOWN;
	return child_of(parent, slice_from_offset(name, m->prefix.n));
}

static void close_innermost(struct mender *m, struct buf *out, struct slice newlines)
{
	m->depth--;
	buf_append_text(out, "</");
	buf_append(out, name_of(&m->stack[m->depth]));
	append_newlines(out, newlines);
	buf_append_byte(out, '>');
	if (m->depth == 0)
		m->phase = BEHIND_ROOT;
}

/* Ends what was never ended, until only `depth` elements are open. */
static void close_down_to(struct mender *m, size_t depth, struct buf *out)
{
	while (m->depth > depth) {
		quirks_add(&m->quirks, QUIRK_MISMATCHED_TAGS);
		close_innermost(m, out, SLICE(""));
	}
}

/*
 * What cannot stand in one another: the parts of a report, and the leaves of one container, was meant
 * to stand behind one another.
 */
static void close_what_was_meant_to_end(struct mender *m, struct slice name, struct buf *out)
{
	enum element part = meaning_of(m, 1, name);

	if (m->depth > 1 && part != EL_UNKNOWN && part != EL_LEAF &&
	    m->stack[1].element != EL_UNKNOWN)
		close_down_to(m, 1, out);
	if (innermost(m) == EL_LEAF && meaning_of(m, m->depth - 1, name) != EL_UNKNOWN)
		close_down_to(m, m->depth - 1, out);
}

static void push_element(struct mender *m, struct slice name)
{
	struct open_element *element = &m->stack[m->depth];

	memcpy(element->name, name.p, name.n);
	element->name_bytes = name.n;
	element->element = meaning_of(m, m->depth, name);
	m->depth++;
}

static bool take_start(struct mender *m, const struct soup_token *t, struct buf *out, struct err *e)
{
	close_what_was_meant_to_end(m, t->name, out);
	if (m->depth == LIMIT_XML_DEPTH)
		return err_set(e, ERR_LIMIT, "elements are nested too deep");
	push_element(m, t->name);
	buf_append_byte(out, '<');
	buf_append(out, t->name);
	append_namespaces(m, out, t->attributes);
	buf_append_byte(out, '>');
	if (t->kind == SOUP_EMPTY)
		close_innermost(m, out, SLICE(""));
	return true;
}

static void take_end(struct mender *m, const struct soup_token *t, struct buf *out)
{
	for (size_t i = m->depth; i > 0; i--) {
		if (slice_equal(name_of(&m->stack[i - 1]), t->name)) {
			close_down_to(m, i, out);
			close_innermost(m, out, t->bytes);
			return;
		}
	}
	quirks_add(&m->quirks, QUIRK_MISMATCHED_TAGS);
	append_newlines(out, t->bytes);
}

/* --- tokens by where they stand --- */

static bool take_in_root(struct mender *m, const struct soup_token *t, struct buf *out,
			 struct err *e)
{
	switch (t->kind) {
	case SOUP_TEXT:
		append_text(m, out, t->bytes);
		break;
	case SOUP_LITERAL:
		append_escaped(out, t->bytes);
		break;
	case SOUP_BRACKET:
		quirks_add(&m->quirks, QUIRK_UNESCAPED_MARKUP);
		append_escaped(out, t->bytes);
		break;
	case SOUP_START:
	case SOUP_EMPTY:
		return take_start(m, t, out, e);
	case SOUP_END:
		take_end(m, t, out);
		break;
	case SOUP_DECLARATION:
	case SOUP_IGNORED:
	case SOUP_MORE:
	case SOUP_DOCTYPE:
	case SOUP_TOO_LONG:
		append_newlines(out, t->bytes);
		break;
	}
	return true;
}

static size_t prefix_length(struct slice name)
{
	size_t colon = slice_find(name, ':');

	return colon < name.n ? colon + 1 : 0;
}

static bool is_root(const struct soup_token *t)
{
	return (t->kind == SOUP_START || t->kind == SOUP_EMPTY) &&
		child_of(EL_DOCUMENT, slice_from_offset(t->name, prefix_length(t->name))) ==
		EL_FEEDBACK;
}

static bool take_root(struct mender *m, const struct soup_token *t, struct buf *out, struct err *e)
{
	/* a copy that outlives the token stands at the bottom of the stack */
	m->phase = IN_ROOT;
	m->prefix = slice_prefix(t->name, prefix_length(t->name));
	if (!take_start(m, t, out, e))
		return false;
	m->prefix.p = m->stack[0].name;
	return true;
}

/* Before the root and behind it all is dropped, and told if it should not be there. */
static void take_outside(struct mender *m, const struct soup_token *t, struct buf *out)
{
	enum { NONE = -1 };
	static const struct {
		int before, behind;
	} quirks[] = {
		[SOUP_TEXT] = { QUIRK_BROKEN_PROLOGUE, QUIRK_TRAILING_CONTENT },
		[SOUP_LITERAL] = { QUIRK_BROKEN_PROLOGUE, QUIRK_TRAILING_CONTENT },
		[SOUP_BRACKET] = { QUIRK_BROKEN_PROLOGUE, QUIRK_TRAILING_CONTENT },
		[SOUP_DECLARATION] = { QUIRK_BROKEN_PROLOGUE, NONE },
		[SOUP_START] = { QUIRK_WRAPPED_FEEDBACK, QUIRK_TRAILING_CONTENT },
		[SOUP_EMPTY] = { QUIRK_WRAPPED_FEEDBACK, QUIRK_TRAILING_CONTENT },
		[SOUP_END] = { QUIRK_WRAPPED_FEEDBACK, NONE },
		[SOUP_IGNORED] = { NONE, NONE },
	};
	bool before = m->phase == BEFORE_ROOT;
	int quirk = before ? quirks[t->kind].before : quirks[t->kind].behind;
	bool sound = slice_trim(t->bytes).n == 0 ||
		(t->kind == SOUP_DECLARATION && slice_ends_with(t->bytes, SLICE("?>")));

	if (quirk != NONE && !sound)
		quirks_add(&m->quirks, (enum quirk)quirk);
	if (before)
		append_newlines(out, t->bytes);
}

static bool take(struct mender *m, const struct soup_token *t, struct buf *out, struct err *e)
{
	if (t->kind == SOUP_DOCTYPE)
		return err_set(e, ERR_INPUT, "it has a DOCTYPE, which no report has: refused");
	if (t->kind == SOUP_TOO_LONG)
		return err_set(e, ERR_LIMIT, "a tag or a comment is too long");
	if (m->phase == IN_ROOT)
		return take_in_root(m, t, out, e);
	if (m->phase == BEFORE_ROOT && is_root(t))
		return take_root(m, t, out, e);
	take_outside(m, t, out);
	return true;
}

static bool mend(struct mender *m, bool final, struct buf *out, struct err *e)
{
	struct slice rest = buf_slice(&m->text);
	struct soup_token t = soup_next(&m->soup, &rest, final);

	for (; t.kind != SOUP_MORE; t = soup_next(&m->soup, &rest, final)) {
		if (!take(m, &t, out, e))
			return false;
	}
	buf_drop_front(&m->text, m->text.n - rest.n);
	/* a long tag that comes in small pieces is not to be read again with each of them */
	m->wanted = 2 * m->text.n;
	return true;
}

bool mender_push(struct mender *m, struct slice bytes, struct buf *out, struct err *e)
{
	decoder_push(m->decoder, bytes, &m->text);
	return m->text.n < m->wanted || mend(m, false, out, e);
}

bool mender_finish(struct mender *m, struct buf *out, struct err *e)
{
	decoder_finish(m->decoder, &m->text);
	return mend(m, true, out, e);
}
