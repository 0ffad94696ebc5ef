/* SPDX-License-Identifier: MIT */
/*
 * A report through the parser, as often as it wants it, into a sink that reads every byte it is given
 * and holds it to its contract. The first byte says in how large pieces it is fed (0 is whole), the
 * second whether the rest is XML or a recipe for it: so many inputs reach the records.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/bug.h"
#include "parser/domain.h"
#include "parser/elements.h"
#include "parser/parser.h"

#include "base/banned.h"

/* --- a recipe: a byte an element, then the length of its text, then that ------------------------ */

enum { MAX_OPEN = 8, RAW = 0x80, MAX_TEXT = 24 };

struct cook {
	struct slice recipe;
	struct buf xml;
	enum element open[MAX_OPEN];
	size_t depth;
};

static unsigned char next_byte(struct cook *c)
{
	unsigned char byte = c->recipe.n > 0 ? (unsigned char)c->recipe.p[0] : 0;

	c->recipe = slice_from_offset(c->recipe, 1);
	return byte;
}

static const struct element_row *row_of(enum element element)
{
	const struct element_row *row = element_rows;

	while (row->element != element)
		row++;
	return row;
}

static void close_to(struct cook *c, size_t depth)
{
	while (c->depth > depth)
		buf_printf(&c->xml, "</%s>", row_of(c->open[--c->depth])->name);
}

/* Closes and opens until the innermost open element is the container, or a new one of its kind. */
static void stand_in(struct cook *c, enum element container, bool anew)
{
	if (container == EL_DOCUMENT) {
		close_to(c, 0);
		return;
	}
	for (size_t i = 0; i < c->depth; i++) {
		if (c->open[i] == container) {
			close_to(c, anew ? i : i + 1);
			if (!anew)
				return;
		}
	}
	stand_in(c, row_of(container)->parent, false);
	buf_printf(&c->xml, "<%s>", row_of(container)->name);
	c->open[c->depth++] = container;
}

/* Text as it comes, or such as no XML is broken by. */
static void write_text(struct cook *c, bool raw)
{
	size_t n = next_byte(c) % MAX_TEXT;

	for (size_t i = 0; i < n; i++) {
		char byte = (char)next_byte(c);
		bool sound = byte >= ' ' && byte <= '~' && byte != '<' && byte != '&';

		buf_append_byte(&c->xml, raw || sound ? byte : 'x');
	}
}

static void cook_report(struct cook *c)
{
	while (c->recipe.n > 0) {
		unsigned char step = next_byte(c);
		const struct element_row *row = &element_rows[(step & 0x7F) % element_row_count];

		if (row->element != EL_LEAF) {
			stand_in(c, row->element, true);
			continue;
		}
		stand_in(c, row->parent, false);
		buf_printf(&c->xml, "<%s>", row->name);
		write_text(c, step & RAW);
		buf_printf(&c->xml, "</%s>", row->name);
	}
	close_to(c, 0);
}

/* --- the sink ----------------------------------------------------------------------------------- */

struct tasting {
	struct sink sink;
	uint64_t records;
	bool begun, ended;
};

static void touch(struct slice s)
{
	volatile char sum = 0;

	for (size_t i = 0; i < s.n; i++)
		sum = (char)(sum ^ s.p[i]);
}

static void touch_all(const struct slice *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		touch(texts[i]);
}

#define TOUCH(...)                                                                                 \
	touch_all((const struct slice[]){ __VA_ARGS__ },                                           \
		  sizeof((const struct slice[]){ __VA_ARGS__ }) / sizeof(struct slice))

static void taste_report(const struct report *r)
{
	const struct published_policy *p = &r->policy;

	TOUCH(r->org_name, r->email, r->extra_contact_info, r->report_id, r->version, r->generator,
	      r->namespace_uri, p->domain, p->adkim.text, p->aspf.text, p->p.text, p->sp.text,
	      p->np.text, p->fo, p->testing.text, p->discovery.text, r->broken_off);
	touch_all(r->errors, r->error_count);
	for (size_t i = 0; i < r->raw_count; i++)
		TOUCH(r->raw[i].field, r->raw[i].text);
}

static bool on_begin(struct sink *sink, const struct report *r, struct err *e UNUSED)
{
	struct tasting *t = (struct tasting *)sink;

	BUG_UNLESS(!t->begun && r->begin <= r->end && r->org_name.n > 0);
	t->begun = true;
	taste_report(r);
	return true;
}

static bool on_end(struct sink *sink, const struct report *r, struct err *e UNUSED)
{
	struct tasting *t = (struct tasting *)sink;

	BUG_UNLESS(t->begun && !t->ended);
	t->ended = true;
	taste_report(r);
	return true;
}

static bool on_record(struct sink *sink, const struct report *report UNUSED, const struct record *r,
		      struct err *e UNUSED)
{
	struct tasting *t = (struct tasting *)sink;

	BUG_UNLESS(t->begun && !t->ended && r->ordinal == ++t->records);
	TOUCH(r->disposition.text, r->dkim.text, r->spf.text, r->header_from, r->envelope_from,
	      r->envelope_to);
	for (size_t i = 0; i < r->reason_count; i++)
		TOUCH(r->reasons[i].type.text, r->reasons[i].comment);
	for (size_t i = 0; i < r->dkim_count; i++)
		TOUCH(r->dkim_results[i].domain, r->dkim_results[i].selector,
		      r->dkim_results[i].result.text, r->dkim_results[i].human_result);
	for (size_t i = 0; i < r->spf_count; i++)
		TOUCH(r->spf_results[i].domain, r->spf_results[i].scope.text,
		      r->spf_results[i].result.text, r->spf_results[i].human_result);
	for (size_t i = 0; i < r->raw_count; i++)
		TOUCH(r->raw[i].field, r->raw[i].text);
	return true;
}

static void on_abort(struct sink *sink, const struct report *r, const struct err *why)
{
	BUG_UNLESS(why->kind != ERR_NONE);
	(void)on_end(sink, r, NULL);
}

/* --- */

static bool push(struct parser *p, struct slice xml, size_t piece, struct err *e)
{
	while (xml.n > 0) {
		if (!parser_push(p, slice_prefix(xml, piece), e))
			return false;
		xml = slice_from_offset(xml, piece);
	}
	return true;
}

static void parse(const struct domains *domains, struct slice xml, size_t piece)
{
	static const struct sink_ops ops = { on_begin, on_record, on_end, on_abort };
	struct tasting t = { .sink.ops = &ops };
	struct err e = ERR_INIT;
	SCOPED(parser) struct parser *p = parser_new(domains, &t.sink);
	enum parser_end end = PARSER_AGAIN;

	for (int passes = 0; end == PARSER_AGAIN; passes++) {
		BUG_UNLESS(passes < PARSER_MAX_PASSES);
		end = push(p, xml, piece, &e) ? parser_finish(p, &e) : PARSER_FAILED;
	}
	BUG_UNLESS((end == PARSER_FAILED) == (e.kind != ERR_NONE));
	BUG_UNLESS(t.ended == t.begun && (end != PARSER_DONE || t.ended));
	BUG_UNLESS(parser_record_count(p) == t.records);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct domains *domains; /* once for all inputs */
	struct err e = ERR_INIT;
	struct cook cook = { .recipe = SLICE_ABSENT };

	if (size < 2)
		return 0;
	if (!domains) {
		domains = domains_load(&e);
		parser_start();
	}

	struct slice rest = slice_of((const char *)data + 2, size - 2);
	size_t piece = data[0] > 0 ? data[0] : SIZE_MAX;

	if (data[1] % 2 == 1) {
		cook.recipe = rest;
		cook_report(&cook);
		rest = buf_slice(&cook.xml);
	}
	parse(domains, rest, piece);
	buf_release(&cook.xml);
	return 0;
}
