/* SPDX-License-Identifier: MIT */
#include "tests/bench/kept.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/bug.h"
#include "base/digest.h"
#include "base/memory.h"
#include "parser/parser.h"

#include "base/banned.h"

enum { ARENA_BYTES = 512 << 20, PIECE_BYTES = 64 * 1024 };

/* --- what was borrowed becomes ours -------------------------------------------------------------- */

struct slice kept_text(struct kept *k, struct slice text)
{
	struct slice copy = text;

	BUG_UNLESS(slice_is_absent(text) || arena_copy(&k->arena, text, &copy));
	return copy;
}

static struct word keep_word(struct kept *k, struct word word)
{
	return (struct word){ word.value, kept_text(k, word.text) };
}

static void *keep_array(struct kept *k, size_t count, size_t size)
{
	void *array = arena_alloc(&k->arena, count * size + 1);

	BUG_UNLESS(array);
	return array;
}

static const struct dkim_result *keep_dkim(struct kept *k, const struct record *r)
{
	struct dkim_result *all = keep_array(k, r->dkim_count, sizeof(*all));

	for (size_t i = 0; i < r->dkim_count; i++)
		all[i] = (struct dkim_result){
			.domain = kept_text(k, r->dkim_results[i].domain),
			.selector = kept_text(k, r->dkim_results[i].selector),
			.result = keep_word(k, r->dkim_results[i].result),
			.human_result = kept_text(k, r->dkim_results[i].human_result),
		};
	return all;
}

static const struct spf_result *keep_spf(struct kept *k, const struct record *r)
{
	struct spf_result *all = keep_array(k, r->spf_count, sizeof(*all));

	for (size_t i = 0; i < r->spf_count; i++)
		all[i] = (struct spf_result){
			.domain = kept_text(k, r->spf_results[i].domain),
			.scope = keep_word(k, r->spf_results[i].scope),
			.result = keep_word(k, r->spf_results[i].result),
			.human_result = kept_text(k, r->spf_results[i].human_result),
		};
	return all;
}

static const struct override_reason *keep_reasons(struct kept *k, const struct record *r)
{
	struct override_reason *all = keep_array(k, r->reason_count, sizeof(*all));

	for (size_t i = 0; i < r->reason_count; i++)
		all[i] = (struct override_reason){ keep_word(k, r->reasons[i].type),
						   kept_text(k, r->reasons[i].comment) };
	return all;
}

static const struct raw_field *keep_raw(struct kept *k, const struct raw_field *raw, size_t count)
{
	struct raw_field *all = keep_array(k, count, sizeof(*all));

	for (size_t i = 0; i < count; i++)
		all[i] =
			(struct raw_field){ kept_text(k, raw[i].field), kept_text(k, raw[i].text) };
	return all;
}

static const struct slice *keep_texts(struct kept *k, const struct slice *texts, size_t count)
{
	struct slice *all = keep_array(k, count, sizeof(*all));

	for (size_t i = 0; i < count; i++)
		all[i] = kept_text(k, texts[i]);
	return all;
}

static struct published_policy keep_policy(struct kept *k, const struct published_policy *p)
{
	return (struct published_policy){
		.domain = kept_text(k, p->domain),
		.adkim = keep_word(k, p->adkim),
		.aspf = keep_word(k, p->aspf),
		.p = keep_word(k, p->p),
		.sp = keep_word(k, p->sp),
		.np = keep_word(k, p->np),
		.pct = p->pct,
		.fo = kept_text(k, p->fo),
		.testing = keep_word(k, p->testing),
		.discovery = keep_word(k, p->discovery),
	};
}

static struct report keep_report(struct kept *k, const struct report *r)
{
	struct report kept = *r;

	kept.org_name = kept_text(k, r->org_name);
	kept.email = kept_text(k, r->email);
	kept.extra_contact_info = kept_text(k, r->extra_contact_info);
	kept.report_id = kept_text(k, r->report_id);
	kept.version = kept_text(k, r->version);
	kept.generator = kept_text(k, r->generator);
	kept.namespace_uri = kept_text(k, r->namespace_uri);
	kept.errors = keep_texts(k, r->errors, r->error_count);
	kept.policy = keep_policy(k, &r->policy);
	kept.raw = keep_raw(k, r->raw, r->raw_count);
	kept.broken_off = kept_text(k, r->broken_off);
	return kept;
}

/* --- the sink ------------------------------------------------------------------------------------ */

static bool on_begin(struct sink *sink, const struct report *report, struct err *e UNUSED)
{
	struct kept *k = (struct kept *)sink;

	k->report = keep_report(k, report);
	return true;
}

static bool on_record(struct sink *sink, const struct report *report UNUSED,
		      const struct record *record, struct err *e UNUSED)
{
	struct kept *k = (struct kept *)sink;
	struct record r = *record;

	if (k->count == k->limit)
		return true;
	r.header_from = kept_text(k, r.header_from);
	r.envelope_from = kept_text(k, r.envelope_from);
	r.envelope_to = kept_text(k, r.envelope_to);
	r.disposition = keep_word(k, r.disposition);
	r.dkim = keep_word(k, r.dkim);
	r.spf = keep_word(k, r.spf);
	r.dkim_results = keep_dkim(k, record);
	r.spf_results = keep_spf(k, record);
	r.reasons = keep_reasons(k, record);
	r.raw = keep_raw(k, record->raw, record->raw_count);
	k->records[k->count++] = r;
	return true;
}

static bool on_end(struct sink *sink UNUSED, const struct report *report UNUSED,
		   struct err *e UNUSED)
{
	return true;
}

static void on_abort(struct sink *sink UNUSED, const struct report *report UNUSED,
		     const struct err *why UNUSED)
{
}

static const struct sink_ops keeping_ops = { on_begin, on_record, on_end, on_abort };

/* --- from outside -------------------------------------------------------------------------------- */

void kept_init(struct kept *k, size_t limit)
{
	*k = (struct kept){ .sink = { .ops = &keeping_ops }, .limit = limit };
	arena_init(&k->arena, ARENA_BYTES);
	k->records = memory_zeroed(limit, sizeof(*k->records));
}

void kept_release(struct kept *k)
{
	free(k->records);
	arena_release(&k->arena);
	*k = (struct kept){ 0 };
}

/* gzread() takes what is not gzip as it is. */
bool kept_read_file(struct kept *k, const struct domains *domains, const char *path, struct err *e)
{
	SCOPED(parser) struct parser *parser = parser_new(domains, &k->sink);
	gzFile file = gzopen(path, "rbe");
	char piece[PIECE_BYTES];
	bool ok = file != NULL;
	int got = 0;

	while (ok && k->count < k->limit && (got = gzread(file, piece, sizeof(piece))) > 0)
		ok = parser_push(parser, slice_of(piece, (size_t)got), e);
	return (file && gzclose_r(file) == Z_OK && ok && k->count > 0) ||
		err_set(e, ERR_INPUT, "the report could not be read");
}

bool kept_read_text(struct kept *k, const struct domains *domains, struct slice text, struct err *e)
{
	SCOPED(parser) struct parser *parser = parser_new(domains, &k->sink);

	return parser_push(parser, text, e) && parser_finish(parser, e) == PARSER_DONE;
}

/* --- to a ledger --------------------------------------------------------------------------------- */

enum { MESSAGE_VERSION = 1, SOURCE_SIZE = sizeof("bench") };

static void message_key(const char *name, unsigned char key[static MESSAGE_KEY_SIZE])
{
	SCOPED(digest) struct digest *digest = digest_new(MESSAGE_VERSION);

	digest_add(digest, slice_from(name));
	digest_take(digest, key);
}

static bool feed_sink(const struct kept *k, struct sink *sink, const struct kept_part *part,
		      struct err *e)
{
	bool ok = sink->ops->begin(sink, &part->report, e);

	for (size_t i = 0; ok && i < part->count; i++) {
		struct record r = k->records[(part->first + i) % k->count];

		r.ordinal = i + 1;
		ok = sink->ops->record(sink, &part->report, &r, e);
	}
	return ok && sink->ops->end(sink, &part->report, e);
}

bool kept_feed(const struct kept *k, struct ledger *ledger, const struct kept_part *part,
	       struct err *e)
{
	static const struct verdict_of_message verdict = { .outcome = OUTCOME_STORED };
	char source[SOURCE_SIZE] = "bench";
	struct message message = { .source = source, .size = part->count };
	bool ok;

	message_key(part->message, message.key);
	message.locator = memory_copy(slice_from(part->message));
	ok = ledger->ops->open(ledger, &message, e) && feed_sink(k, ledger->sink, part, e) &&
		ledger->ops->close(ledger, &message, &verdict, e);
	free(message.locator);
	return ok;
}
