/* SPDX-License-Identifier: MIT */
#include "parser/scan.h"

#include <libxml/parser.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/text.h"
#include "parser/assembly.h"
#include "parser/limits.h"
#include "parser/prologue.h"
#include "parser/walk.h"

#include "base/banned.h"

/* libxml2 takes an int; smaller pieces stay in the processor's cache between its steps and ours. */
enum { PUSH_BYTES = 32 * 1024, MARK_BYTES = 4 };

struct scan {
	xmlParserCtxtPtr xml; /* ours, xmlFreeParserCtxt() */
	int own_names;        /* dictionary entries that were there before the document */
	struct walk walk;

	char mark[MARK_BYTES]; /* the document's first bytes */
	size_t mark_length;
	bool saw_root;  /* <feedback> */
	bool finishing; /* there are no more bytes */
	bool trailing;  /* something stands behind the root: nothing is read any more */
	enum scan_state state;
	struct err error;
};

_Static_assert(LIMIT_XML_DEPTH < 200, "libxml2 has a limit of its own at 256");

static void note(struct scan *s, enum quirk quirk)
{
	quirks_add(&s->walk.assembly->report.quirks, quirk);
}

static bool is_over(const struct scan *s)
{
	return s->state != SCAN_READING;
}

static bool is_stopped(const struct scan *s)
{
	return is_over(s) && s->state != SCAN_WHOLE;
}

/* The error is set. */
static void end_with(struct scan *s, enum scan_state state)
{
	if (is_over(s))
		return;
	s->state = state;
	if (s->error.where[0] == '\0' && s->xml->input &&
	    (s->error.kind == ERR_INPUT || s->error.kind == ERR_LIMIT))
		err_where(&s->error, "line %d", s->xml->input->line);
	xmlStopParser(s->xml);
}

static void fail_with(struct scan *s, enum err_kind kind, const char *what)
{
	if (is_over(s))
		return;
	err_set(&s->error, kind, "%s", what);
	end_with(s, SCAN_FAILED);
}

static void require(struct scan *s, bool done)
{
	if (!done)
		end_with(s, SCAN_FAILED);
}

static void open_root(struct scan *s, const xmlChar *name, const xmlChar *uri)
{
	struct assembly *a = s->walk.assembly;
	struct slice text = slice_from((const char *)uri);

	if (!element_index_find(&s->walk.index, EL_DOCUMENT, name)) {
		err_set(&s->error, ERR_INPUT,
			"not an aggregate report: its root element is <%.64s>", (const char *)name);
		end_with(s, SCAN_BROKEN); /* there may be a report inside */
		return;
	}
	s->saw_root = true;
	if (!s->walk.mended)
		prologue_note(s->xml, slice_of(s->mark, s->mark_length), &a->given);
	s->walk.root_namespace = uri;
	if (!uri)
		return;
	note(s, namespace_quirk(text));
	if (text.n > LIMIT_NAME_BYTES)
		note(s, QUIRK_TEXT_CUT);
	if (!arena_copy(&a->report_arena, utf8_prefix(text, LIMIT_NAME_BYTES),
			&a->report.namespace_uri))
		fail_with(s, ERR_LIMIT, "the namespace is too long");
}

/* Only the language of a text belongs to the schema; xsi: is between a document and its schema. */
static bool is_attribute_expected(const xmlChar *name, const xmlChar *uri)
{
	return slice_equal(slice_from((const char *)name), SLICE("lang")) ||
		slice_equal(slice_from((const char *)uri),
			    SLICE("http://www.w3.org/2001/XMLSchema-instance"));
}

/* libxml2 gives five pointers for each: name, prefix, URI, value, end of the value. */
static void note_attributes(struct scan *s, const xmlChar **list, int count)
{
	enum { POINTERS = 5, URI = 2 };

	for (int i = 0; i < count; i++, list += POINTERS) {
		if (!is_attribute_expected(list[0], list[URI]))
			note(s, QUIRK_UNEXPECTED_ATTRIBUTE);
	}
}

/* False where the element is more than libxml2 can be let take. */
static bool check_limits(struct scan *s, int attributes)
{
	if (s->walk.depth == LIMIT_XML_DEPTH)
		fail_with(s, ERR_LIMIT, "elements are nested too deep");
	else if (attributes > LIMIT_XML_ATTRIBUTES)
		fail_with(s, ERR_LIMIT, "an element has too many attributes");
	return !is_over(s);
}

/* Element and attribute names that are not ours are new to the dictionary, once each. */
static void check_names(struct scan *s)
{
	if (xmlDictSize(s->xml->dict) - s->own_names > LIMIT_UNKNOWN_NAMES)
		fail_with(s, ERR_LIMIT, "too many unknown names of elements and attributes");
}

/* NOLINTNEXTLINE(readability-function-size): libxml2 sets the parameters */
static void on_start(void *context, const xmlChar *name, const xmlChar *prefix UNUSED,
		     const xmlChar *uri, int namespaces, const xmlChar **namespace_list UNUSED,
		     int attributes, int defaulted UNUSED, const xmlChar **list)
{
	struct scan *s = context;

	if (is_over(s) || !check_limits(s, namespaces + attributes))
		return;
	if (s->walk.depth == 0) {
		open_root(s, name, uri);
		if (attributes + namespaces > (uri != NULL))
			note(s, QUIRK_ROOT_ATTRIBUTES);
	} else if (attributes > 0) {
		note_attributes(s, list, attributes);
	}
	if (is_over(s))
		return;
	require(s, walk_open(&s->walk, name, uri, &s->error));
	if (attributes + namespaces > 0 || walk_here(&s->walk) == EL_UNKNOWN)
		check_names(s);
}

/*
 * Two passes must see the same: where the second has come to the end of the last record that the first
 * one fed, it must be at the same line.
 */
static void check_line(struct scan *s)
{
	struct assembly *a = s->walk.assembly;
	int line = s->xml->input->line;

	if (a->record_count > a->fed_before)
		a->fed_line = line;
	else if (a->record_count == a->fed_before && line != a->fed_line)
		fail_with(s, ERR_INPUT, "the document differs when it is read again");
}

static void on_end(void *context, const xmlChar *name UNUSED, const xmlChar *prefix UNUSED,
		   const xmlChar *uri UNUSED)
{
	struct scan *s = context;
	enum element element = walk_here(&s->walk);

	if (is_over(s))
		return;
	require(s, walk_close(&s->walk, &s->error));
	if (element == EL_RECORD)
		check_line(s);
	if (element == EL_FEEDBACK && !is_over(s))
		s->state = SCAN_WHOLE;
}

static void on_text(void *context, const xmlChar *chars, int length)
{
	struct scan *s = context;

	if (!is_over(s))
		walk_text(&s->walk, slice_of((const char *)chars, (size_t)length));
}

static void on_cdata(void *context, const xmlChar *chars, int length)
{
	struct scan *s = context;

	if (!is_over(s))
		note(s, QUIRK_CDATA);
	on_text(s, chars, length);
}

static void on_doctype(void *context, const xmlChar *name UNUSED, const xmlChar *public_id UNUSED,
		       const xmlChar *system_id UNUSED)
{
	fail_with(context, ERR_INPUT, "it has a DOCTYPE, which no report has: refused");
}

/* libxml2 halts, without a word, at bytes that are not of the encoding it converts from. */
static bool has_halted(const struct scan *s)
{
	return !s->xml->input || !s->xml->input->buf;
}

static void end_cut_off(struct scan *s)
{
	if (has_halted(s)) {
		err_set(&s->error, ERR_INPUT, "it holds bytes that are not of its encoding");
		end_with(s, SCAN_BROKEN);
		return;
	}
	err_set(&s->error, ERR_INPUT, "the document ends before its report does, as if cut off");
	end_with(s, SCAN_CUT_OFF);
}

static void end_trailing(struct scan *s)
{
	note(s, QUIRK_TRAILING_CONTENT);
	s->trailing = true;
	xmlStopParser(s->xml);
}

static void on_error(void *context, xmlErrorPtr error)
{
	struct scan *s = context;

	if (error->level < XML_ERR_FATAL || is_stopped(s))
		return;
	if (s->state == SCAN_WHOLE) {
		end_trailing(s);
		return;
	}
	/* a fault behind the last byte is that there are too few, whatever libxml2 was looking for */
	if (s->finishing &&
	    (error->code == XML_ERR_DOCUMENT_END || s->xml->input->cur >= s->xml->input->end)) {
		end_cut_off(s);
		return;
	}
	err_set(&s->error, ERR_INPUT, "not well-formed XML: %.*s",
		SLICE_ARG(
			slice_trim(slice_from(error->message ? error->message : "unknown fault"))));
	end_with(s, SCAN_BROKEN);
}

/* Faults of an encoding go past a parser's own handler, to stderr: the scan has told them already. */
static void swallow(void *context UNUSED, const char *format UNUSED, ...)
{
}

void scan_start(void)
{
	xmlInitParser();
	xmlSetGenericErrorFunc(NULL, swallow);
	xmlThrDefSetGenericErrorFunc(NULL, swallow);
}

/*
 * Names that are not the schema's and stand in many reports all the same. They are in the dictionary
 * from the start, so that it can serve the next document, too.
 */
static const char *const usual_names[] = {
	"xml",
	"xmlns",
	"http://www.w3.org/XML/1998/namespace",
	"xs",
	"xsd",
	"xsi",
	"schemaLocation",
	"noNamespaceSchemaLocation",
	"lang",
	"http://www.w3.org/2001/XMLSchema",
	"http://www.w3.org/2001/XMLSchema-instance",
	NAMESPACE_DRAFT,
	NAMESPACE_RFC9990,
};

static void open_xml(struct scan *s)
{
	xmlSAXHandler handlers = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.ignorableWhitespace =
			on_text, /* the same, so that libxml2 need not tell them apart */
		.cdataBlock = on_cdata,
		.internalSubset = on_doctype,
		.serror = on_error,
	};

	s->xml = xmlCreatePushParserCtxt(&handlers, s, NULL, 0, NULL);
	if (!s->xml)
		memory_exhausted(); /* there is no other reason */
	(void)xmlCtxtUseOptions(s->xml, XML_PARSE_NONET);
	element_index_init(&s->walk.index, s->xml->dict);
	for (size_t i = 0; i < COUNT_OF(usual_names); i++)
		(void)xmlDictLookup(s->xml->dict, (const xmlChar *)usual_names[i], -1);
	s->own_names = xmlDictSize(s->xml->dict);
}

/* A document that was stopped, or whose names would be known to the next one, takes libxml2's part along. */
static bool may_serve_again(const struct scan *s)
{
	return s->state == SCAN_WHOLE && !s->trailing && xmlDictSize(s->xml->dict) == s->own_names;
}

static bool reset_xml(struct scan *s)
{
	if (!may_serve_again(s) || xmlCtxtResetPush(s->xml, NULL, 0, NULL, NULL) != 0)
		return false;
	s->xml->charset = XML_CHAR_ENCODING_NONE; /* as a new one: the first bytes will tell */
	return true;
}

/* All that is of one document. */
static void forget_document(struct scan *s, bool mended)
{
	walk_rewind(&s->walk, mended);
	*s = (struct scan){
		.xml = s->xml,
		.own_names = s->own_names,
		.walk = s->walk,
	};
}

struct scan *scan_new(struct assembly *assembly)
{
	struct scan *s = memory_zeroed(1, sizeof(*s));

	walk_init(&s->walk, assembly);
	open_xml(s);
	return s;
}

void scan_renew(struct scan *s, bool mended)
{
	if (!reset_xml(s)) {
		xmlFreeParserCtxt(s->xml);
		open_xml(s);
	}
	forget_document(s, mended);
}

void scan_free(struct scan *s)
{
	if (!s)
		return;
	xmlFreeParserCtxt(s->xml);
	walk_release(&s->walk);
	free(s);
}

static void keep_mark(struct scan *s, struct slice bytes)
{
	for (size_t i = 0; i < bytes.n && s->mark_length < MARK_BYTES; i++)
		s->mark[s->mark_length++] = bytes.p[i];
}

/* What libxml2 keeps back is the tag or comment that it has not seen the end of. */
static bool keeps_back_too_much(const struct scan *s)
{
	return s->xml->input->end - s->xml->input->cur > LIMIT_XML_TOKEN_BYTES;
}

enum scan_state scan_push(struct scan *s, struct slice bytes)
{
	keep_mark(s, bytes);
	while (bytes.n > 0 && !is_stopped(s) && !s->trailing) {
		struct slice piece = slice_prefix(bytes, PUSH_BYTES);

		(void)xmlParseChunk(s->xml, piece.p, (int)piece.n, 0);
		if (s->state == SCAN_WHOLE && keeps_back_too_much(s))
			end_trailing(s);
		else if (!is_stopped(s) && keeps_back_too_much(s))
			fail_with(s, ERR_LIMIT, "a tag or a comment is too long");
		bytes = slice_from_offset(bytes, piece.n);
	}
	return s->state;
}

enum scan_state scan_finish(struct scan *s)
{
	if (is_stopped(s) || s->trailing)
		return s->state;
	s->finishing = true;
	(void)xmlParseChunk(s->xml, NULL, 0, 1);
	if (!is_over(s))
		end_cut_off(s);
	return s->state;
}

bool scan_saw_root(const struct scan *s)
{
	return s->saw_root;
}

int scan_line(const struct scan *s)
{
	return s->xml->input ? s->xml->input->line : 0;
}

const struct err *scan_error(const struct scan *s)
{
	return &s->error;
}
