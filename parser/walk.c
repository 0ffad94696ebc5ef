/* SPDX-License-Identifier: MIT */
#include "parser/walk.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/text.h"
#include "parser/assembly.h"

#include "base/banned.h"

static void note(struct walk *w, enum quirk quirk)
{
	quirks_add(&w->assembly->report.quirks, quirk);
}

static bool row_is_repeatable(const struct element_row *row)
{
	return row->element == EL_RECORD || row->element == EL_DKIM || row->element == EL_SPF ||
		row->element == EL_REASON || row->kind == FIELD_ERROR;
}

/* True for the first of its kind in its container; then nothing inside it has been seen yet. */
static bool note_seen(struct walk *w, const struct element_row *row)
{
	uint64_t bit = w->index.bits[row - element_rows];
	bool first = !(w->seen & bit) || row_is_repeatable(row);

	w->seen |= bit;
	if (!first)
		note(w, QUIRK_REPEATED_ELEMENT);
	else if (row->kind == FIELD_NONE)
		w->seen &= ~w->index.child_bits[row->element];
	return first;
}

/* The rows of the metadata stand in the schemas' order. */
static void note_order(struct walk *w, const struct element_row *row)
{
	if (row->parent != EL_METADATA)
		return;
	if (w->last_metadata && row < w->last_metadata)
		note(w, QUIRK_UNUSUAL_ORDER);
	w->last_metadata = row;
}

/* A foreign extension may use our local names; it is skipped, and what surrounds it is not. */
static bool is_foreign(const struct walk *w, const xmlChar *uri)
{
	return uri && uri != w->root_namespace && w->depth > 0;
}

static const struct element_row *recognise(struct walk *w, const xmlChar *name, const xmlChar *uri)
{
	enum element parent = walk_here(w);
	const struct element_row *row = NULL;

	if (parent == EL_UNKNOWN || (parent == EL_LEAF && w->mended))
		return NULL;
	if (is_foreign(w, uri)) {
		note(w, QUIRK_EXTENSION_ELEMENT);
		return NULL;
	}
	if (parent != EL_LEAF)
		row = element_index_find(&w->index, parent, name);
	if (!row)
		note(w, QUIRK_UNKNOWN_ELEMENT);
	return row;
}

static void collect_anew(struct collected *c)
{
	c->n = 0;
	c->cut = false;
}

static struct slice collected_text(const struct collected *c)
{
	return slice_of(c->bytes, c->n);
}

static void push_frame(struct walk *w, enum element element)
{
	w->stack[++w->depth] = element;
}

static bool open_container(struct walk *w, const struct element_row *row, struct err *e)
{
	if (!assembly_wants(w->assembly, row->element)) {
		push_frame(w, EL_UNKNOWN);
		return true;
	}
	push_frame(w, row->element);
	if (row->element == EL_REASON)
		collect_anew(&w->reason_text);
	return assembly_open(w->assembly, row->element, e);
}

bool walk_open(struct walk *w, const xmlChar *name, const xmlChar *uri, struct err *e)
{
	const struct element_row *row = recognise(w, name, uri);

	BUG_UNLESS(w->depth < LIMIT_XML_DEPTH);
	if (!row) {
		push_frame(w, EL_UNKNOWN);
		return true;
	}

	bool first = note_seen(w, row);

	note_order(w, row);
	if (row->alias_quirk >= 0)
		note(w, (enum quirk)row->alias_quirk);
	if (row->element != EL_LEAF)
		return open_container(w, row, e);
	push_frame(w, EL_LEAF);
	w->leaf = row;
	w->repeated = !first;
	collect_anew(&w->text);
	return true;
}

static bool is_of_the_report(const struct element_row *row)
{
	return row->owner == OWNER_REPORT || row->owner == OWNER_POLICY;
}

/* The first one counts; one that says something else is worth a word more. */
static void note_repeated(struct walk *w, const struct element_row *row, struct slice text)
{
	if (is_of_the_report(row) &&
	    !slice_equal(slice_trim(text), w->first_texts[row - element_rows]))
		note(w, QUIRK_CONFLICTING_ELEMENT);
}

static bool remember_first(struct walk *w, const struct element_row *row, struct slice text)
{
	return !is_of_the_report(row) || row_is_repeatable(row) ||
		arena_copy(&w->assembly->report_arena, slice_trim(text),
			   &w->first_texts[row - element_rows]);
}

static bool close_leaf(struct walk *w, struct err *e)
{
	const struct element_row *row = w->leaf;
	struct slice text = collected_text(&w->text);

	w->leaf = NULL;
	if (w->repeated) {
		note_repeated(w, row, text);
		return true;
	}
	if (!remember_first(w, row, text)) {
		err_set(e, ERR_LIMIT, "the metadata take too much memory");
		return false;
	}
	return assembly_leaf(w->assembly, row, text, e);
}

/* <reason>sampled_out</reason>: the text can only be the type. */
static bool close_reason(struct walk *w, struct err *e)
{
	size_t type = w->index.first_row[EL_REASON];
	struct slice bare = slice_trim(collected_text(&w->reason_text));

	if (bare.n == 0 || (w->seen & w->index.bits[type]))
		return true;
	note(w, QUIRK_REASON_TEXT);
	return assembly_leaf(w->assembly, &element_rows[type], bare, e);
}

bool walk_close(struct walk *w, struct err *e)
{
	enum element element = walk_here(w);

	BUG_UNLESS(w->depth > 0);
	w->depth--;
	if (element == EL_UNKNOWN)
		return true;
	if (element == EL_LEAF)
		return close_leaf(w, e);
	return (element != EL_REASON || close_reason(w, e)) &&
		assembly_close(w->assembly, element, e);
}

static void append_bounded(struct walk *w, struct collected *c, struct slice text)
{
	if (c->cut)
		return;
	if (text.n > LIMIT_TEXT_BYTES - c->n) {
		c->cut = true;
		note(w, QUIRK_TEXT_CUT);
		text = utf8_prefix(text, LIMIT_TEXT_BYTES - c->n);
	}
	memcpy(c->bytes + c->n, text.p, text.n);
	c->n += text.n;
}

/* Most text is the indentation between elements: a line's end and some blanks. */
static bool is_blank(struct slice text)
{
	static const char blanks[8] = { ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ' };
	const size_t width = sizeof(blanks);

	/* its first and its last eight bytes, which may overlap */
	if (text.n > width && text.n <= 2 * width + 1 && text.p[0] == '\n' &&
	    memcmp(text.p + 1, blanks, width) == 0 &&
	    memcmp(text.p + text.n - width, blanks, width) == 0)
		return true;
	return slice_trim(text).n == 0;
}

void walk_text(struct walk *w, struct slice text)
{
	enum element here = walk_here(w);

	if (w->leaf) /* with the text of elements within it */
		append_bounded(w, &w->text, text);
	else if (here == EL_REASON)
		append_bounded(w, &w->reason_text, text);
	else if (here != EL_UNKNOWN && !is_blank(text))
		note(w, QUIRK_STRAY_TEXT);
}

void walk_rewind(struct walk *w, bool mended)
{
	*w = (struct walk){
		.assembly = w->assembly,
		.index = w->index,
		.mended = mended,
		.stack = { EL_DOCUMENT },
		.text.bytes = w->text.bytes,
		.reason_text.bytes = w->reason_text.bytes,
	};
}

void walk_init(struct walk *w, struct assembly *assembly)
{
	*w = (struct walk){
		.assembly = assembly,
		.text.bytes = memory_alloc(LIMIT_TEXT_BYTES),
		.reason_text.bytes = memory_alloc(LIMIT_TEXT_BYTES),
	};
	walk_rewind(w, false);
}

void walk_release(struct walk *w)
{
	free(w->text.bytes);
	free(w->reason_text.bytes);
}
