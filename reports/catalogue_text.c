/* SPDX-License-Identifier: MIT */
/*
 * The catalogue's text:
 *
 *	file    = *(comment / blank line / block)
 *	block   = "[" id "]" LF 1*(key SP value LF *(blank value LF))      a blank in front continues
 */
#include "reports/catalogue_text.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/memory.h"

#include "base/banned.h"

/* Text of one catalogue: the shipped one has some 50 kB. */
enum { TEXT_MAX = 4 << 20, ID_MAX = 40 };

/* Where we are: the line a key began on, and what its block has had so far. */
struct reading {
	struct catalogue_content *content;
	struct sender *sender;               /* the block's; NULL before the first */
	const struct sender_name **name_end; /* of its names */
	size_t block_line;
	uint32_t keys_seen;
	/* services are named before they are read, so they are looked up at the end */
	struct runs_on *runs_on;
};

struct runs_on {
	struct runs_on *next;
	struct sender *sender;
	struct slice id;
	size_t line;
};

static bool out_of_memory(struct err *e)
{
	return err_set(e, ERR_LIMIT, "the catalogue is too large");
}

static bool full(struct err *e, int max)
{
	return err_set(e, ERR_CONFIG, "more than %d in one block", max);
}

static bool unknown_word(struct err *e, struct slice word)
{
	return err_set(e, ERR_CONFIG, "unknown word \"%.*s\"", SLICE_ARG(word));
}

/* The first word; the rest without the blanks in front of it. */
static struct slice cut_word(struct slice *rest)
{
	size_t n = slice_find(*rest, ' ');
	struct slice word = slice_prefix(*rest, n);

	*rest = slice_trim(slice_from_offset(*rest, n));
	return word;
}

const struct sender *catalogue_content_find(const struct catalogue_content *content,
					    struct slice id)
{
	for (size_t i = 0; i < content->count; i++) {
		if (slice_equal(content->senders[i]->id, id))
			return content->senders[i];
	}
	return NULL;
}

/* Every {name} must be one that remedies can fill in. */
static bool placeholders_are_known(struct slice text, struct err *e)
{
	for (size_t at = slice_find(text, '{'); at < text.n; at = slice_find(text, '{')) {
		enum placeholder known;

		text = slice_from_offset(text, at + 1);

		struct slice name = slice_prefix(text, slice_find(text, '}'));

		if (name.n == text.n || !placeholder_find(name, &known))
			return err_set(e, ERR_CONFIG, "unknown placeholder \"{%.*s}\"",
				       SLICE_ARG(name));
	}
	return true;
}

/* --- keys -------------------------------------------------------------------------------------- */

typedef bool key_reader(struct reading *r, struct slice value, size_t offset, struct err *e);

/* A text into the slice at `offset` of the sender. */
static bool read_text(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	if (!placeholders_are_known(value, e))
		return false;
	memcpy((char *)r->sender + offset, &value, sizeof(value));
	return true;
}

static bool read_kind(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	(void)offset;
	return sender_kind_find(value, &r->sender->kind) || unknown_word(e, value);
}

static bool read_status(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	struct slice word = cut_word(&value);

	(void)offset;
	if (value.n > 0)
		r->sender->weaker = value;
	return sender_status_find(word, &r->sender->status) || unknown_word(e, word);
}

static bool read_spf_possible(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	(void)offset;
	return spf_possible_find(value, &r->sender->spf_possible) || unknown_word(e, value);
}

/* `offset` is the use of the name. */
static bool read_name(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	struct sender_name *name = arena_alloc(&r->content->arena, sizeof(*name));

	if (!name)
		return out_of_memory(e);
	*name = (struct sender_name){ NULL, (enum name_use)offset, value };
	*r->name_end = name;
	r->name_end = &name->next;
	return suffixes_add(&r->content->names[offset], value, r->sender, e);
}

static bool range_add(struct catalogue_content *c, const struct sender_range *range, struct err *e)
{
	for (size_t i = 0; i < c->range_count; i++) {
		if (network_overlaps(&c->ranges[i].network, &range->network))
			return err_set(e, ERR_CONFIG, "overlaps a range of [%.*s]",
				       SLICE_ARG(c->ranges[i].sender->id));
	}
	c->ranges = memory_resize_array(c->ranges, c->range_count + 1, sizeof(*c->ranges));
	c->ranges[c->range_count++] = *range;
	return true;
}

/* When they were seen, then the networks. */
static bool read_net(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	struct sender_range range = { .seen = cut_word(&value), .sender = r->sender };

	(void)offset;
	if (value.n == 0)
		return err_set(e, ERR_CONFIG, "no networks");
	while (value.n > 0) {
		if (!network_parse(cut_word(&value), &range.network, e) ||
		    !range_add(r->content, &range, e))
			return false;
	}
	return true;
}

static void unique_add(struct catalogue_content *c, const struct sender *sender,
		       const struct selector_rule *rule)
{
	c->unique = memory_resize_array(c->unique, c->unique_count + 1, sizeof(*c->unique));
	c->unique[c->unique_count++] = (struct unique_selector){ sender, rule };
}

static bool read_selector(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	struct sender *s = r->sender;
	struct slice domain = cut_word(&value), weight = cut_word(&value);
	struct selector_rule rule = { .unique = slice_equal(weight, SLICE("unique")) };

	(void)offset;
	if (s->selector_count == SENDER_SELECTORS_MAX)
		return full(e, SENDER_SELECTORS_MAX);
	if (!rule.unique && !slice_equal(weight, SLICE("weak")))
		return unknown_word(e, weight);
	if (!slice_equal(domain, SLICE("customer"))) {
		rule.domain = domain;
		if (slice_find(domain, '.') == domain.n)
			return unknown_word(e, domain);
	}
	rule.text = value;
	if (!pattern_compile(&r->content->arena, value, &rule.pattern, e))
		return false;
	s->selectors[s->selector_count] = rule;
	if (rule.unique)
		unique_add(r->content, s, &s->selectors[s->selector_count]);
	s->selector_count++;
	return true;
}

static bool read_consumer(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	struct sender *s = r->sender;
	struct suffix_match match = suffixes_find(&r->content->names[NAME_SPF], value);

	(void)offset;
	if (!suffix_match_has(&match, s))
		return err_set(e, ERR_CONFIG, "\"%.*s\" is not under one of its spf names",
			       SLICE_ARG(value));
	if (s->consumer_count == SENDER_CONSUMERS_MAX)
		return full(e, SENDER_CONSUMERS_MAX);
	s->consumers[s->consumer_count++] = value;
	return true;
}

static bool read_regions(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	(void)offset;
	r->sender->region_suffix = cut_word(&value);
	r->sender->region_default = value;
	return value.n > 0 || err_set(e, ERR_CONFIG, "no default Region");
}

static bool read_rented(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	struct catalogue_content *c = r->content;
	struct rented rented = { .suffix = cut_word(&value), .name = value };

	(void)offset;
	if (value.n == 0)
		return err_set(e, ERR_CONFIG, "not SUFFIX NAME");
	c->rented = memory_resize_array(c->rented, c->rented_count + 1, sizeof(*c->rented));
	c->rented[c->rented_count++] = rented;
	return true;
}

static bool read_tenants(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	struct slice suffix = cut_word(&value);

	(void)offset;
	r->sender->tenant_suffix = suffix;
	r->sender->tenant_dashed = slice_equal(value, SLICE("dashed"));
	return r->sender->tenant_dashed || slice_equal(value, SLICE("plain")) ||
		unknown_word(e, value);
}

static bool read_note_for(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	(void)offset;
	r->sender->note_for_suffix = cut_word(&value);
	r->sender->note_for = value;
	return value.n > 0 ? placeholders_are_known(value, e) : err_set(e, ERR_CONFIG, "no text");
}

static bool read_runs_on(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	(void)offset;
	while (value.n > 0) {
		struct runs_on *link = arena_alloc(&r->content->arena, sizeof(*link));

		if (!link)
			return out_of_memory(e);
		*link = (struct runs_on){ r->runs_on, r->sender, cut_word(&value), r->block_line };
		r->runs_on = link;
	}
	return true;
}

static bool advice_add(struct reading *r, struct advice advice, struct err *e)
{
	struct sender *s = r->sender;

	if (s->advice_count == SENDER_ADVICE_MAX)
		return full(e, SENDER_ADVICE_MAX);
	if (!placeholders_are_known(advice.text, e))
		return false;
	s->advice[s->advice_count++] = advice;
	return true;
}

/* `offset` is the leg. */
static bool read_align(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	return advice_add(r, (struct advice){ (enum leg)offset, ADVICE_TEXT, value }, e);
}

/* NAME TYPE DATA. SPF records end in ~all: -all may reject before DKIM is looked at. */
static bool record_is_sound(struct slice record, struct err *e)
{
	static const char *const types[] = { "CNAME", "MX", "NS", "TXT" };
	struct slice rest = record, name = cut_word(&rest), type = cut_word(&rest);
	size_t found;

	if (name.n == 0 || rest.n == 0 || !table_find_text(type, types, COUNT_OF(types), &found))
		return err_set(e, ERR_CONFIG, "not NAME TYPE DATA: \"%.*s\"", SLICE_ARG(record));
	if (slice_contains_icase(record, SLICE("_dmarc")))
		return err_set(e, ERR_CONFIG, "a DMARC record is the owner's own affair");
	if (slice_contains_icase(rest, SLICE("v=spf1")) && !slice_ends_with(rest, SLICE(" ~all\"")))
		return err_set(e, ERR_CONFIG, "an SPF record that does not end in ~all");
	return true;
}

/* `offset` is the kind of advice; the value begins with the leg. */
static bool read_leg(struct reading *r, struct slice value, size_t offset, struct err *e)
{
	struct advice advice = { .kind = (enum advice_kind)offset };
	struct slice word = cut_word(&value);
	bool record = advice.kind != ADVICE_WHERE;

	advice.text = value;
	if (!leg_find(word, &advice.leg))
		return unknown_word(e, word);
	if (record && r->sender->status == SENDER_HEARSAY)
		return err_set(e, ERR_CONFIG, "a record in a block of status K");
	if (record && !record_is_sound(value, e))
		return false;
	return value.n > 0 ? advice_add(r, advice, e) : err_set(e, ERR_CONFIG, "no text");
}

enum { ONCE = 1, REQUIRED = 2 };

static const struct key {
	const char *name;
	int rules;
	key_reader *read;
	size_t offset; /* what it means is the reader's affair */
} keys[] = {
	{ "name", ONCE | REQUIRED, read_text, offsetof(struct sender, name) },
	{ "kind", ONCE | REQUIRED, read_kind, 0 },
	{ "status", ONCE | REQUIRED, read_status, 0 },
	{ "spf", 0, read_name, NAME_SPF },
	{ "dkim", 0, read_name, NAME_DKIM },
	{ "helo", 0, read_name, NAME_HELO },
	{ "ptr", 0, read_name, NAME_PTR },
	{ "net", ONCE, read_net, 0 },
	{ "selector", 0, read_selector, 0 },
	{ "consumer", 0, read_consumer, 0 },
	{ "regions", ONCE, read_regions, 0 },
	{ "dkim-regions", ONCE, read_text, offsetof(struct sender, dkim_regions) },
	{ "tenants", ONCE, read_tenants, 0 },
	{ "rented", 0, read_rented, 0 },
	{ "runs-on", ONCE, read_runs_on, 0 },
	{ "mailfrom", ONCE, read_text, offsetof(struct sender, mailfrom) },
	{ "signature", ONCE, read_text, offsetof(struct sender, signature) },
	{ "note", ONCE, read_text, offsetof(struct sender, note) },
	{ "note-for", ONCE, read_note_for, 0 },
	{ "spf-possible", ONCE | REQUIRED, read_spf_possible, 0 },
	{ "spf-optional", ONCE, read_text, offsetof(struct sender, spf_optional) },
	{ "spf-cost", ONCE, read_text, offsetof(struct sender, spf_cost) },
	{ "align-spf", REQUIRED, read_align, LEG_SPF },
	{ "align-dkim", REQUIRED, read_align, LEG_DKIM },
	{ "record", 0, read_leg, ADVICE_RECORD },
	{ "gate", 0, read_leg, ADVICE_GATE },
	{ "where", 0, read_leg, ADVICE_WHERE },
};

static bool read_key(struct reading *r, struct slice word, struct slice value, struct err *e)
{
	size_t at = 0;

	while (at < COUNT_OF(keys) && !slice_equal(word, slice_from(keys[at].name)))
		at++;
	if (at == COUNT_OF(keys))
		return err_set(e, ERR_CONFIG, "unknown field");
	if (!r->sender)
		return err_set(e, ERR_CONFIG, "before the first [sender]");
	if (value.n == 0)
		return err_set(e, ERR_CONFIG, "no value");
	if ((keys[at].rules & ONCE) && (r->keys_seen >> at & 1))
		return err_set(e, ERR_CONFIG, "stands there twice");
	r->keys_seen |= UINT32_C(1) << at;
	return keys[at].read(r, value, keys[at].offset, e);
}

/* --- blocks ------------------------------------------------------------------------------------ */

static bool block_end(struct reading *r, const char *name, struct err *e)
{
	for (size_t i = 0; i < COUNT_OF(keys) && r->sender; i++) {
		if (!(keys[i].rules & REQUIRED) || (r->keys_seen >> i & 1))
			continue;
		err_set(e, ERR_CONFIG, "missing in the block [%.*s]", SLICE_ARG(r->sender->id));
		return err_where(e, "%s: line %zu: %s", name, r->block_line, keys[i].name);
	}
	return true;
}

static bool id_is_valid(struct slice id)
{
	for (size_t i = 0; i < id.n; i++) {
		if (!byte_is_digit(id.p[i]) && id.p[i] != '-' && (id.p[i] < 'a' || id.p[i] > 'z'))
			return false;
	}
	return id.n > 0 && id.n <= ID_MAX;
}

static bool block_begin(struct reading *r, struct slice line, size_t number, struct err *e)
{
	struct catalogue_content *c = r->content;
	struct slice id = slice_of(line.p + 1, line.n > 1 ? line.n - 2 : 0);

	if (line.p[line.n - 1] != ']' || !id_is_valid(id))
		return err_set(e, ERR_CONFIG, "not an [id] of letters, digits and hyphens");
	if (catalogue_content_find(c, id))
		return err_set(e, ERR_CONFIG, "[%.*s] stands there twice", SLICE_ARG(id));

	struct sender *sender = arena_alloc(&c->arena, sizeof(*sender));

	if (!sender)
		return out_of_memory(e);
	*sender = (struct sender){ .order = c->count };
	if (!arena_copy(&c->arena, id, &sender->id))
		return out_of_memory(e);
	c->senders = memory_resize_array(c->senders, c->count + 1, sizeof(struct sender *));
	c->senders[c->count++] = sender;
	r->sender = sender;
	r->name_end = &sender->names;
	r->block_line = number;
	r->keys_seen = 0;
	return true;
}

static void runs_on_put_first(struct sender *s, const struct sender *on)
{
	for (size_t i = s->runs_on_count++; i > 0; i--)
		s->runs_on[i] = s->runs_on[i - 1];
	s->runs_on[0] = on;
}

static bool runs_on_resolve(struct reading *r, const char *name, struct err *e)
{
	/* the list was built from its end, so the order within a block is put right here */
	for (const struct runs_on *link = r->runs_on; link; link = link->next) {
		const struct sender *on = catalogue_content_find(r->content, link->id);
		struct sender *s = link->sender;
		bool fits = s->runs_on_count < SENDER_RUNS_ON_MAX;

		if (on && on != s && !sender_runs_on(s, on) && fits) {
			runs_on_put_first(s, on);
			continue;
		}
		err_set(e, ERR_CONFIG, "\"%.*s\" is unknown, repeated, itself or one too many",
			SLICE_ARG(link->id));
		return err_where(e, "%s: line %zu: runs-on", name, link->line);
	}
	return true;
}

/* --- lines ------------------------------------------------------------------------------------- */

struct lines {
	struct slice rest;
	size_t number; /* of the line last taken */
};

static bool line_is_comment(struct slice line)
{
	return line.n == 0 || line.p[0] == '#';
}

/* Without the blanks behind it: those in front mean something. */
static bool line_cut(struct lines *lines, struct slice *line_out)
{
	if (!slice_cut(&lines->rest, '\n', line_out))
		return false;
	lines->number++;
	while (line_out->n > 0 && byte_is_blank(line_out->p[line_out->n - 1]))
		line_out->n--;
	return true;
}

static bool next_line_continues(const struct lines *lines)
{
	struct lines ahead = *lines;
	struct slice line;

	return line_cut(&ahead, &line) && line.n > 0 && byte_is_blank(line.p[0]);
}

/* A line and those that continue it, joined in the buffer. False at the end. */
static bool line_take(struct lines *lines, struct buf *joined, size_t *number_out)
{
	struct slice line;

	if (!line_cut(lines, &line))
		return false;
	*number_out = lines->number;
	buf_clear(joined);
	buf_append(joined, line);
	while (!line_is_comment(line) && next_line_continues(lines) && line_cut(lines, &line)) {
		buf_append_byte(joined, ' ');
		buf_append(joined, slice_trim(line));
	}
	return true;
}

static bool is_plain(struct slice line)
{
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] < ' ' || line.p[i] > '~')
			return false;
	}
	return true;
}

static bool read_line(struct reading *r, struct slice joined, size_t number, const char *name,
		      struct err *e)
{
	struct slice line, word = SLICE("line");
	bool ok;

	if (line_is_comment(joined))
		return true;
	if (!is_plain(joined)) {
		ok = err_set(e, ERR_CONFIG, "bytes other than printable ASCII");
	} else if (byte_is_blank(joined.p[0])) {
		ok = err_set(e, ERR_CONFIG, "a blank in front, and nothing that it continues");
	} else if (!arena_copy(&r->content->arena, joined, &line)) {
		ok = out_of_memory(e);
	} else if (line.p[0] == '[') {
		if (!block_end(r, name, e))
			return false;
		word = SLICE("block");
		ok = block_begin(r, line, number, e);
	} else {
		word = cut_word(&line);
		ok = read_key(r, word, line, e);
	}
	return ok ||
		err_where(e, "%s: line %zu: %.*s", name, number,
			  SLICE_ARG(slice_prefix(word, ID_MAX)));
}

static int compare_ranges(const void *a, const void *b)
{
	return network_compare(&((const struct sender_range *)a)->network,
			       &((const struct sender_range *)b)->network);
}

bool catalogue_text_read(struct catalogue_content *content, struct slice text, const char *name,
			 struct err *e)
{
	struct reading r = { .content = content };
	struct lines lines = { .rest = text };
	SCOPED(buf) struct buf joined = { 0 };
	size_t number = 0;

	if (text.n > TEXT_MAX) {
		err_set(e, ERR_LIMIT, "more than %d MiB", TEXT_MAX >> 20);
		return err_where(e, "%s", name);
	}
	while (line_take(&lines, &joined, &number)) {
		if (!read_line(&r, buf_slice(&joined), number, name, e))
			return false;
	}
	if (content->range_count > 0)
		qsort(content->ranges, content->range_count, sizeof(*content->ranges),
		      compare_ranges);
	return block_end(&r, name, e) && runs_on_resolve(&r, name, e);
}
