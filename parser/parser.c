/* SPDX-License-Identifier: MIT */
/*
 * The XML side: libxml2's SAX2 push parser, held to our limits. Elements are found by local name
 * among the children of the open one, by comparing pointers into libxml2's dictionary.
 */
#include "parser/parser.h"

#include <libxml/parser.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/bug.h"
#include "base/memory.h"
#include "base/text.h"
#include "parser/assembly.h"
#include "parser/elements.h"
#include "parser/limits.h"

#include "base/banned.h"

/* libxml2 takes an int; pieces of this size are also what one call may hold up a signal for. */
enum { PUSH_BYTES = 64 * 1024, MAX_ROWS = 64 };

struct frame {
	enum element element;
	const struct element_row *row; /* of a leaf */
};

/* Text of one element, up to LIMIT_TEXT_BYTES; what comes after a cut is dropped whole. */
struct collected {
	struct buf bytes;
	bool cut;
};

struct parser {
	xmlParserCtxtPtr xml; /* ours, xmlFreeParserCtxt() */
	struct assembly assembly;

	const xmlChar *names[MAX_ROWS]; /* of element_rows, in libxml2's dictionary */
	size_t first_row[EL_COUNT], end_row[EL_COUNT];
	int own_names; /* dictionary entries that were there before the document */

	struct frame stack[LIMIT_XML_DEPTH + 1];
	size_t depth;
	uint64_t seen; /* a bit for each row that has come in the container it belongs to */
	const xmlChar *root_namespace;

	const struct element_row *leaf; /* the leaf whose text is collected */
	bool repeated;                  /* the leaf has come before: the first one counts */
	struct collected text, reason_text;

	bool root_closed;
	bool finishing; /* there are no more bytes */
	bool cut_off;   /* ended with the records it had; `error` says where */
	bool failed;
	struct err error;
};

_Static_assert(LIMIT_XML_DEPTH < 200, "libxml2 has a limit of its own at 256");

static void fail(struct parser *p)
{
	if (p->failed)
		return;
	p->failed = true;
	if (p->error.where[0] == '\0' && p->xml->input &&
	    (p->error.kind == ERR_INPUT || p->error.kind == ERR_LIMIT))
		err_where(&p->error, "line %d", p->xml->input->line);
	xmlStopParser(p->xml);
}

static void fail_with(struct parser *p, enum err_kind kind, const char *what)
{
	if (p->failed)
		return;
	err_set(&p->error, kind, "%s", what);
	fail(p);
}

static void require(struct parser *p, bool done)
{
	if (!done)
		fail(p);
}

/* libxml2 and its reporters talk in xmlChar; this is the one cast. */
static struct slice text_of(const xmlChar *chars, size_t n)
{
	return slice_of((const char *)chars, n);
}

static const struct element_row *find_row(const struct parser *p, enum element parent,
					  const xmlChar *name)
{
	for (size_t i = p->first_row[parent]; i < p->end_row[parent]; i++) {
		if (p->names[i] == name)
			return &element_rows[i];
	}
	return NULL;
}

static bool row_is_repeatable(const struct element_row *row)
{
	return row->element == EL_RECORD || row->element == EL_DKIM || row->element == EL_SPF ||
		row->element == EL_REASON || row->kind == FIELD_ERROR;
}

/* An alias shares the bit of the container it stands for, which is an earlier row. */
static uint64_t row_bit(const struct element_row *row)
{
	const struct element_row *own = row;

	if (row->alias_quirk >= 0 && row->kind == FIELD_NONE)
		for (own = element_rows;
		     own->parent != row->parent || own->element != row->element;)
			own++;
	return UINT64_C(1) << (own - element_rows);
}

/* True for the first of its kind in its container; then nothing inside it has been seen yet. */
static bool note_seen(struct parser *p, const struct element_row *row)
{
	bool first = !(p->seen & row_bit(row)) || row_is_repeatable(row);

	if (!first)
		quirks_add(&p->assembly.report.quirks, QUIRK_REPEATED_ELEMENT);
	else if (row->kind == FIELD_NONE)
		for (size_t i = p->first_row[row->element]; i < p->end_row[row->element]; i++)
			p->seen &= ~row_bit(&element_rows[i]);
	p->seen |= row_bit(row);
	return first;
}

/* A foreign extension may use our local names; it is skipped, and what surrounds it is not. */
static bool is_foreign(const struct parser *p, const xmlChar *uri)
{
	return uri && uri != p->root_namespace && p->depth > 0;
}

static const struct element_row *recognise(struct parser *p, const xmlChar *name,
					   const xmlChar *uri)
{
	enum element parent = p->stack[p->depth].element;

	if (parent == EL_UNKNOWN || parent == EL_LEAF || is_foreign(p, uri))
		return NULL;

	const struct element_row *row = find_row(p, parent, name);

	if (!row)
		quirks_add(&p->assembly.report.quirks, QUIRK_UNKNOWN_ELEMENT);
	return row;
}

static void collect_anew(struct collected *c)
{
	buf_clear(&c->bytes);
	c->cut = false;
}

static void push_frame(struct parser *p, enum element element, const struct element_row *row)
{
	p->depth++;
	p->stack[p->depth] = (struct frame){ element, row };
}

static void open_root(struct parser *p, const xmlChar *name, const xmlChar *uri)
{
	struct slice text = slice_from((const char *)uri);

	p->root_namespace = uri;
	if (text.n > LIMIT_NAME_BYTES)
		quirks_add(&p->assembly.report.quirks, QUIRK_TEXT_CUT);
	if (uri &&
	    !arena_copy(&p->assembly.report_arena, utf8_prefix(text, LIMIT_NAME_BYTES),
			&p->assembly.report.namespace_uri))
		fail_with(p, ERR_LIMIT, "the namespace is too long");
	if (find_row(p, EL_DOCUMENT, name))
		return;
	err_set(&p->error, ERR_INPUT, "not an aggregate report: its root element is <%.64s>",
		(const char *)name);
	fail(p);
}

static void open_row(struct parser *p, const struct element_row *row)
{
	bool first = note_seen(p, row);

	if (row->alias_quirk >= 0)
		quirks_add(&p->assembly.report.quirks, (enum quirk)row->alias_quirk);
	if (!first && (row->element == EL_METADATA || row->element == EL_POLICY)) {
		/* the sink may know the first already: nothing in it may change any more */
		push_frame(p, EL_UNKNOWN, NULL);
		return;
	}
	push_frame(p, row->element, row);
	if (row->element == EL_LEAF) {
		p->leaf = row;
		p->repeated = !first;
		collect_anew(&p->text);
		return;
	}
	if (row->element == EL_REASON)
		collect_anew(&p->reason_text);
	require(p, assembly_open(&p->assembly, row->element, &p->error));
}

/* NOLINTNEXTLINE(readability-function-size): libxml2 sets the parameters */
static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		     int namespaces, const xmlChar **namespace_list UNUSED, int attributes,
		     int defaulted UNUSED, const xmlChar **list UNUSED)
{
	struct parser *p = context;

	(void)prefix;
	if (p->failed || p->root_closed)
		return;
	if (p->depth == LIMIT_XML_DEPTH) {
		fail_with(p, ERR_LIMIT, "elements are nested too deep");
		return;
	}
	if (namespaces + attributes > LIMIT_XML_ATTRIBUTES) {
		fail_with(p, ERR_LIMIT, "an element has too many attributes");
		return;
	}
	if (xmlDictSize(p->xml->dict) - p->own_names > LIMIT_UNKNOWN_NAMES) {
		fail_with(p, ERR_LIMIT, "too many unknown names of elements and attributes");
		return;
	}
	if (p->depth == 0)
		open_root(p, name, uri);

	const struct element_row *row = p->failed ? NULL : recognise(p, name, uri);

	if (row)
		open_row(p, row);
	else
		push_frame(p, EL_UNKNOWN, NULL);
}

static void close_leaf(struct parser *p)
{
	const struct element_row *row = p->leaf;

	p->leaf = NULL;
	if (!p->repeated)
		require(p, assembly_leaf(&p->assembly, row, buf_slice(&p->text.bytes), &p->error));
}

/* <reason>sampled_out</reason>: the text can only be the type. */
static void close_reason(struct parser *p)
{
	const struct element_row *type = &element_rows[p->first_row[EL_REASON]];
	struct slice bare = slice_trim(buf_slice(&p->reason_text.bytes));

	if (bare.n == 0 || (p->seen & row_bit(type)))
		return;
	quirks_add(&p->assembly.report.quirks, QUIRK_REASON_TEXT);
	require(p, assembly_leaf(&p->assembly, type, bare, &p->error));
}

static void on_end(void *context, const xmlChar *name UNUSED, const xmlChar *prefix UNUSED,
		   const xmlChar *uri UNUSED)
{
	struct parser *p = context;

	if (p->failed || p->root_closed)
		return;
	BUG_UNLESS(p->depth > 0);

	struct frame top = p->stack[p->depth];

	p->depth--;
	if (top.element == EL_UNKNOWN)
		return;
	if (top.element == EL_LEAF) {
		close_leaf(p);
		return;
	}
	if (top.element == EL_REASON)
		close_reason(p);
	if (!p->failed)
		require(p, assembly_close(&p->assembly, top.element, &p->error));
	p->root_closed = top.element == EL_FEEDBACK;
}

static void append_bounded(struct parser *p, struct collected *c, struct slice text)
{
	size_t room = LIMIT_TEXT_BYTES - c->bytes.n;

	if (c->cut)
		return;
	if (text.n > room) {
		c->cut = true;
		quirks_add(&p->assembly.report.quirks, QUIRK_TEXT_CUT);
	}
	buf_append(&c->bytes, utf8_prefix(text, room));
}

/* Most text is the indentation between elements. */
static bool is_blank(struct slice text)
{
	while (text.n > 0 && byte_is_blank(text.p[0]))
		text = slice_of(text.p + 1, text.n - 1);
	return text.n == 0;
}

static void on_text(void *context, const xmlChar *chars, int length)
{
	struct parser *p = context;
	struct slice text = text_of(chars, (size_t)length);
	enum element top = p->stack[p->depth].element;

	if (p->failed || p->root_closed)
		return;
	if (p->leaf)
		append_bounded(p, &p->text, text);
	else if (top == EL_REASON)
		append_bounded(p, &p->reason_text, text);
	else if (top != EL_UNKNOWN && !is_blank(text))
		quirks_add(&p->assembly.report.quirks, QUIRK_STRAY_TEXT);
}

static void on_doctype(void *context, const xmlChar *name UNUSED, const xmlChar *public_id UNUSED,
		       const xmlChar *system_id UNUSED)
{
	fail_with(context, ERR_INPUT, "it has a DOCTYPE, which no report has: refused");
}

static void on_error(void *context, xmlErrorPtr error)
{
	struct parser *p = context;

	if (error->level < XML_ERR_FATAL || p->failed)
		return;
	if (p->root_closed) {
		quirks_add(&p->assembly.report.quirks, QUIRK_TRAILING_CONTENT);
		return;
	}
	/* a fault behind the last byte is that there are too few, whatever libxml2 was looking for */
	if (p->finishing &&
	    (error->code == XML_ERR_DOCUMENT_END || p->xml->input->cur >= p->xml->input->end)) {
		p->cut_off = true;
		fail_with(p, ERR_INPUT, "the document ends before its report does, as if cut off");
		return;
	}
	err_set(&p->error, ERR_INPUT, "not well-formed XML: %.*s",
		SLICE_ARG(
			slice_trim(slice_from(error->message ? error->message : "unknown fault"))));
	fail(p);
}

static void index_rows(struct parser *p)
{
	BUG_UNLESS(element_row_count <= MAX_ROWS);
	for (size_t i = 0; i < element_row_count; i++) {
		enum element parent = element_rows[i].parent;

		if (p->end_row[parent] == 0)
			p->first_row[parent] = i;
		BUG_UNLESS(p->end_row[parent] == 0 || p->end_row[parent] == i);
		p->end_row[parent] = i + 1;
		p->names[i] = xmlDictLookup(p->xml->dict, BAD_CAST element_rows[i].name, -1);
	}
	p->own_names = xmlDictSize(p->xml->dict);
}

/* Faults of an encoding go past a parser's own handler, to stderr: the parser has told them already. */
static void swallow(void *context UNUSED, const char *format UNUSED, ...)
{
}

struct parser *parser_new(const struct domains *domains, struct sink *sink)
{
	xmlSAXHandler handlers = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.cdataBlock = on_text,
		.internalSubset = on_doctype,
		.serror = on_error,
	};
	struct parser *p = memory_zeroed(1, sizeof(*p));

	assembly_init(&p->assembly, domains, sink);
	xmlSetGenericErrorFunc(NULL, swallow);
	p->xml = xmlCreatePushParserCtxt(&handlers, p, NULL, 0, NULL);
	if (!p->xml) {
		free(p);
		return memory_alloc(SIZE_MAX); /* says so and ends: there is no other reason */
	}
	(void)xmlCtxtUseOptions(p->xml, XML_PARSE_NONET);
	p->stack[0].element = EL_DOCUMENT;
	index_rows(p);
	return p;
}

void parser_free(struct parser *p)
{
	if (!p)
		return;
	xmlFreeParserCtxt(p->xml);
	assembly_release(&p->assembly);
	buf_release(&p->text.bytes);
	buf_release(&p->reason_text.bytes);
	free(p);
}

void parser_add_quirk(struct parser *p, enum quirk quirk)
{
	quirks_add(&p->assembly.report.quirks, quirk);
}

uint64_t parser_record_count(const struct parser *p)
{
	return p->assembly.fed_count;
}

static bool give_up(struct parser *p, struct err *e)
{
	assembly_abort(&p->assembly, &p->error);
	*e = p->error;
	return false;
}

bool parser_push(struct parser *p, struct slice bytes, struct err *e)
{
	while (bytes.n > 0 && !p->failed) {
		struct slice piece = slice_prefix(bytes, PUSH_BYTES);

		(void)xmlParseChunk(p->xml, piece.p, (int)piece.n, 0);
		/* what libxml2 keeps back is the tag or comment that it has not seen the end of */
		if (!p->failed && p->xml->input->end - p->xml->input->cur > LIMIT_XML_TOKEN_BYTES)
			fail_with(p, ERR_LIMIT, "a tag or a comment is too long");
		bytes = slice_from_offset(bytes, piece.n);
	}
	return !p->failed || give_up(p, e);
}

/* A document that is cut off: its complete records count, if there are any. */
static bool finish_cut_off(struct parser *p, struct err *e)
{
	struct assembly *a = &p->assembly;
	SCOPED(buf) struct buf why = { 0 };
	struct err inner = ERR_INIT;

	err_append(&why, &p->error);
	if (a->fed_count == 0 && !a->held_first) {
		p->cut_off = false;
		return give_up(p, e);
	}
	quirks_add(&a->report.quirks, QUIRK_TRUNCATED);
	if (arena_copy(&a->report_arena, buf_slice(&why), &a->report.broken_off) &&
	    assembly_end(a, &inner))
		return true;
	if (inner.kind != ERR_NONE)
		p->error = inner;
	p->cut_off = false;
	return give_up(p, e);
}

bool parser_finish(struct parser *p, struct err *e)
{
	if (p->failed)
		return give_up(p, e);

	/* a tag that is cut in two may be taken for another one */
	struct quirks quirks = p->assembly.report.quirks;

	p->finishing = true;
	(void)xmlParseChunk(p->xml, NULL, 0, 1);
	if (!p->failed && !p->root_closed) {
		p->cut_off = true;
		fail_with(p, ERR_INPUT, "the document ends before its report does, as if cut off");
	}
	if (p->cut_off) {
		p->assembly.report.quirks = quirks;
		return finish_cut_off(p, e);
	}
	if (!p->failed && !assembly_end(&p->assembly, &p->error))
		p->failed = true;
	return !p->failed || give_up(p, e);
}

const struct err *parser_cut_off(const struct parser *p)
{
	return p->cut_off ? &p->error : NULL;
}

void parser_abort(struct parser *p, const struct err *why)
{
	p->failed = true;
	p->error = *why;
	assembly_abort(&p->assembly, why);
}
