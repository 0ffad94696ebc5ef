/* SPDX-License-Identifier: MIT */
#include "tests/bench/collector.h"

#include <libxml/parser.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/number.h"

#include "base/banned.h"

enum { MAX_DEPTH = 32, MAX_DKIM = 100, MAX_SPF = 16, MAX_REASONS = 16, RECORD_TEXT = 256 * 1024 };

enum place {
	AT_NOWHERE,
	AT_DOCUMENT,
	AT_FEEDBACK,
	AT_METADATA,
	AT_DATE_RANGE,
	AT_POLICY,
	AT_RECORD,
	AT_ROW,
	AT_EVALUATED,
	AT_REASON,
	AT_IDENTIFIERS,
	AT_AUTH_RESULTS,
	AT_DKIM,
	AT_SPF,
	AT_LEAF,
	PLACE_COUNT
};

struct bare_report {
	struct slice version, org_name, email, contact, id, begin, end, error, generator;
	struct slice domain, adkim, aspf, p, sp, np, pct, fo, testing, discovery;
};

struct bare_dkim {
	struct slice domain, selector, result, human_result;
};

struct bare_spf {
	struct slice domain, scope, result, human_result;
};

struct bare_reason {
	struct slice type, comment;
};

struct bare_record {
	struct slice source_ip, count, disposition, dkim, spf;
	struct slice header_from, envelope_from, envelope_to;
	struct bare_dkim dkims[MAX_DKIM];
	struct bare_spf spfs[MAX_SPF];
	struct bare_reason reasons[MAX_REASONS];
	size_t dkim_count, spf_count, reason_count;
};

struct row {
	const char *name;
	enum place parent, place;
	size_t offset; /* of a leaf, in the struct of its parent */
};

#define BOX(name, parent, place)                                                                   \
	{                                                                                          \
		name, parent, place, 0                                                             \
	}
#define REPORT(name, parent, member)                                                               \
	{                                                                                          \
		name, parent, AT_LEAF, offsetof(struct bare_report, member)                        \
	}
#define RECORD(name, parent, member)                                                               \
	{                                                                                          \
		name, parent, AT_LEAF, offsetof(struct bare_record, member)                        \
	}
#define ITEM(name, parent, type, member)                                                           \
	{                                                                                          \
		name, parent, AT_LEAF, offsetof(struct type, member)                               \
	}

/* clang-format off */
static const struct row rows[] = {
	BOX("feedback", AT_DOCUMENT, AT_FEEDBACK),
	BOX("record", AT_FEEDBACK, AT_RECORD),
	BOX("report_metadata", AT_FEEDBACK, AT_METADATA),
	BOX("policy_published", AT_FEEDBACK, AT_POLICY),
	REPORT("version", AT_FEEDBACK, version),
	REPORT("org_name", AT_METADATA, org_name),
	REPORT("email", AT_METADATA, email),
	REPORT("extra_contact_info", AT_METADATA, contact),
	REPORT("report_id", AT_METADATA, id),
	BOX("date_range", AT_METADATA, AT_DATE_RANGE),
	REPORT("error", AT_METADATA, error),
	REPORT("generator", AT_METADATA, generator),
	REPORT("begin", AT_DATE_RANGE, begin),
	REPORT("end", AT_DATE_RANGE, end),
	REPORT("domain", AT_POLICY, domain),
	REPORT("adkim", AT_POLICY, adkim),
	REPORT("aspf", AT_POLICY, aspf),
	REPORT("p", AT_POLICY, p),
	REPORT("sp", AT_POLICY, sp),
	REPORT("np", AT_POLICY, np),
	REPORT("pct", AT_POLICY, pct),
	REPORT("fo", AT_POLICY, fo),
	REPORT("testing", AT_POLICY, testing),
	REPORT("discovery_method", AT_POLICY, discovery),
	BOX("row", AT_RECORD, AT_ROW),
	BOX("identifiers", AT_RECORD, AT_IDENTIFIERS),
	BOX("auth_results", AT_RECORD, AT_AUTH_RESULTS),
	RECORD("source_ip", AT_ROW, source_ip),
	RECORD("count", AT_ROW, count),
	BOX("policy_evaluated", AT_ROW, AT_EVALUATED),
	RECORD("disposition", AT_EVALUATED, disposition),
	RECORD("dkim", AT_EVALUATED, dkim),
	RECORD("spf", AT_EVALUATED, spf),
	BOX("reason", AT_EVALUATED, AT_REASON),
	ITEM("type", AT_REASON, bare_reason, type),
	ITEM("comment", AT_REASON, bare_reason, comment),
	RECORD("header_from", AT_IDENTIFIERS, header_from),
	RECORD("envelope_from", AT_IDENTIFIERS, envelope_from),
	RECORD("envelope_to", AT_IDENTIFIERS, envelope_to),
	BOX("dkim", AT_AUTH_RESULTS, AT_DKIM),
	BOX("spf", AT_AUTH_RESULTS, AT_SPF),
	ITEM("domain", AT_DKIM, bare_dkim, domain),
	ITEM("selector", AT_DKIM, bare_dkim, selector),
	ITEM("result", AT_DKIM, bare_dkim, result),
	ITEM("human_result", AT_DKIM, bare_dkim, human_result),
	ITEM("domain", AT_SPF, bare_spf, domain),
	ITEM("scope", AT_SPF, bare_spf, scope),
	ITEM("result", AT_SPF, bare_spf, result),
	ITEM("human_result", AT_SPF, bare_spf, human_result),
};
/* clang-format on */

struct collector {
	struct bare_totals *totals; /* borrowed */
	xmlParserCtxtPtr xml;
	const xmlChar *names[COUNT_OF(rows)]; /* in libxml2's dictionary */
	size_t first_row[PLACE_COUNT], end_row[PLACE_COUNT];
	enum place stack[MAX_DEPTH];
	size_t depth;
	struct slice *leaf; /* the open one */
	size_t leaf_at;     /* where its text begins */
	char *text;         /* of the report's head, then of one record after the other */
	size_t used, head;
	struct bare_report report;
	struct bare_record record;
};

static void *owner_of(struct collector *c, enum place parent)
{
	struct bare_record *r = &c->record;

	switch (parent) {
	case AT_DKIM:
		return &r->dkims[r->dkim_count - 1];
	case AT_SPF:
		return &r->spfs[r->spf_count - 1];
	case AT_REASON:
		return &r->reasons[r->reason_count - 1];
	case AT_ROW:
	case AT_EVALUATED:
	case AT_IDENTIFIERS:
		return r;
	default:
		return &c->report;
	}
}

static void open_box(struct collector *c, enum place place)
{
	struct bare_record *r = &c->record;

	if (place == AT_RECORD) {
		/* the lists need no clearing: their counts say what is in them */
		memset(r, 0, offsetof(struct bare_record, dkims));
		r->dkim_count = r->spf_count = r->reason_count = 0;
		if (c->head == 0)
			c->head = c->used;
		c->used = c->head;
	} else if (place == AT_DKIM && r->dkim_count < MAX_DKIM) {
		r->dkims[r->dkim_count++] = (struct bare_dkim){ 0 };
	} else if (place == AT_SPF && r->spf_count < MAX_SPF) {
		r->spfs[r->spf_count++] = (struct bare_spf){ 0 };
	} else if (place == AT_REASON && r->reason_count < MAX_REASONS) {
		r->reasons[r->reason_count++] = (struct bare_reason){ 0 };
	}
}

/* NOLINTNEXTLINE(readability-function-size): libxml2 sets the parameters */
static void on_start(void *context, const xmlChar *name, const xmlChar *prefix UNUSED,
		     const xmlChar *uri UNUSED, int namespaces UNUSED, const xmlChar **list UNUSED,
		     int attributes UNUSED, int defaulted UNUSED, const xmlChar **more UNUSED)
{
	struct collector *c = context;
	enum place parent = c->stack[c->depth], place = AT_NOWHERE;

	if (c->depth + 1 == MAX_DEPTH) {
		xmlStopParser(c->xml);
		return;
	}
	for (size_t i = c->first_row[parent]; i < c->end_row[parent]; i++) {
		if (c->names[i] != name)
			continue;
		place = rows[i].place;
		if (place == AT_LEAF) {
			c->leaf = (void *)((char *)owner_of(c, parent) + rows[i].offset);
			c->leaf_at = c->used;
		} else {
			open_box(c, place);
		}
		break;
	}
	c->stack[++c->depth] = place;
}

static void close_record(struct collector *c)
{
	uint64_t count;

	c->totals->records++;
	if (number_parse_u64(c->record.count, 0, UINT64_MAX, &count))
		c->totals->messages += count;
}

static void on_end(void *context, const xmlChar *name UNUSED, const xmlChar *prefix UNUSED,
		   const xmlChar *uri UNUSED)
{
	struct collector *c = context;
	enum place place = c->stack[c->depth--];

	if (place == AT_LEAF) {
		*c->leaf = slice_of(c->text + c->leaf_at, c->used - c->leaf_at);
		c->leaf = NULL;
	} else if (place == AT_RECORD) {
		close_record(c);
	}
}

static void on_text(void *context, const xmlChar *chars, int length)
{
	struct collector *c = context;
	size_t n = (size_t)length;

	if (!c->leaf || n > RECORD_TEXT - c->used)
		return;
	memcpy(c->text + c->used, chars, n);
	c->used += n;
}

struct collector *collector_new(struct bare_totals *totals)
{
	xmlSAXHandler handlers = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.cdataBlock = on_text,
	};
	struct collector *c = memory_zeroed(1, sizeof(*c));

	c->totals = totals;
	c->text = memory_alloc(RECORD_TEXT);
	c->stack[0] = AT_DOCUMENT;
	c->xml = xmlCreatePushParserCtxt(&handlers, c, NULL, 0, NULL);
	BUG_UNLESS(c->xml);
	(void)xmlCtxtUseOptions(c->xml, XML_PARSE_NONET);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum place parent = rows[i].parent;

		if (c->end_row[parent] == 0)
			c->first_row[parent] = i;
		c->end_row[parent] = i + 1;
		c->names[i] = xmlDictLookup(c->xml->dict, BAD_CAST rows[i].name, -1);
	}
	return c;
}

void collector_free(struct collector *c)
{
	if (!c)
		return;
	xmlFreeParserCtxt(c->xml);
	free(c->text);
	free(c);
}

void collector_push(struct collector *c, struct slice bytes)
{
	enum { PIECE = 64 * 1024 };

	while (bytes.n > 0) {
		struct slice piece = slice_prefix(bytes, PIECE);

		(void)xmlParseChunk(c->xml, piece.p, (int)piece.n, 0);
		bytes = slice_from_offset(bytes, piece.n);
	}
}

bool collector_finish(struct collector *c)
{
	(void)xmlParseChunk(c->xml, NULL, 0, 1);
	c->totals->reports++;
	return c->xml->wellFormed;
}
