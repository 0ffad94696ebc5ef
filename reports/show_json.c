/* SPDX-License-Identifier: MIT */
#include "reports/show_json.h"

#include "base/timestamp.h"
#include "reports/judgement_json.h"
#include "reports/memo.h"

#include "base/banned.h"

static void time_at(struct json *j, const char *key, int64_t seconds)
{
	char text[TIMESTAMP_TEXT_SIZE];

	timestamp_format(seconds, text);
	json_string_at(j, key, slice_from(text));
}

static void put_raw_at(struct json *j, const char *key, const struct raw_field *raw, size_t count)
{
	json_key(j, key);
	json_object_begin(j);
	for (size_t i = 0; i < count; i++) {
		json_key_slice(j, raw[i].field);
		json_string(j, raw[i].text);
	}
	json_object_end(j);
}

static void put_policy(struct json *j, const struct published_policy *p)
{
	json_key(j, "policy");
	json_object_begin(j);
	json_string_at(j, "domain", p->domain);
	json_string_at(j, "adkim", p->adkim.text);
	json_string_at(j, "aspf", p->aspf.text);
	json_string_at(j, "p", p->p.text);
	json_string_at(j, "sp", p->sp.text);
	json_string_at(j, "np", p->np.text);
	json_key(j, "pct");
	if (p->pct >= 0)
		json_integer(j, p->pct);
	else
		json_null(j);
	json_string_at(j, "fo", p->fo);
	json_string_at(j, "testing", p->testing.text);
	json_string_at(j, "discovery_method", p->discovery.text);
	json_object_end(j);
}

/* What is known before the first record. The object stays open. */
static void put_metadata(struct json *j, const struct report *r)
{
	json_object_begin(j);
	json_string_at(j, "org_name", r->org_name);
	json_string_at(j, "email", r->email);
	json_string_at(j, "extra_contact_info", r->extra_contact_info);
	json_string_at(j, "report_id", r->report_id);
	time_at(j, "begin", r->begin);
	time_at(j, "end", r->end);
	json_string_at(j, "version", r->version);
	json_string_at(j, "generator", r->generator);
	strings_put(j, "errors", r->errors, r->error_count);
	json_string_at(j, "namespace", r->namespace_uri);
	put_raw_at(j, "raw", r->raw, r->raw_count);
	put_policy(j, &r->policy);
}

static void put_reasons(struct json *j, const struct record *r)
{
	json_key(j, "reasons");
	json_array_begin(j);
	for (size_t i = 0; i < r->reason_count; i++) {
		json_object_begin(j);
		json_string_at(j, "type", r->reasons[i].type.text);
		json_string_at(j, "comment", r->reasons[i].comment);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_alignment(struct json *j, const struct alignment *a)
{
	json_key(j, "aligned");
	json_object_begin(j);
	json_key(j, "dkim");
	json_boolean(j, a->dkim);
	json_key(j, "spf");
	json_boolean(j, a->spf);
	json_key(j, "dmarc");
	json_boolean(j, a->dkim || a->spf);
	json_object_end(j);
	agreement_put(j, a);
}

static void put_judgement(struct json *j, struct show_json *s, const struct report *report,
			  const struct record *record)
{
	const struct evidence evidence = evidence_of_record(s->judge, &report->policy, record);
	struct judgement judgement;

	memo_judge(s->memo, &evidence, &judgement);
	put_alignment(j, &judgement.aligned);
	judgement_put(j, &judgement, record);
}

static void put_record(struct json *j, const struct record *r)
{
	char address[ADDRESS_TEXT_SIZE];

	address_format(&r->source_ip, address);
	json_string_at(j, "source_ip", address[0] ? slice_from(address) : SLICE_ABSENT);
	json_key(j, "count");
	json_unsigned(j, r->count);
	json_string_at(j, "disposition", r->disposition.text);
	json_string_at(j, "dkim", r->dkim.text);
	json_string_at(j, "spf", r->spf.text);
	put_reasons(j, r);
	json_string_at(j, "header_from", r->header_from);
	json_string_at(j, "envelope_from", r->envelope_from);
	json_string_at(j, "envelope_to", r->envelope_to);
	json_key(j, "auth");
	json_object_begin(j);
	dkim_results_put(j, r, true);
	spf_results_put(j, r, true);
	json_object_end(j);
	put_raw_at(j, "raw", r->raw, r->raw_count);
}

static void emit(struct show_json *s)
{
	output_write(s->out, buf_slice(&s->text));
	buf_clear(&s->text);
}

static bool on_begin(struct sink *sink, const struct report *report, struct err *e)
{
	struct show_json *s = (struct show_json *)sink;
	struct json j = json_into(&s->text);

	put_metadata(&j, report);
	buf_append_text(&s->text, ",\"records\":[");
	s->first_record = true;
	emit(s);
	return output_check(s->out, e);
}

static bool on_record(struct sink *sink, const struct report *report, const struct record *record,
		      struct err *e)
{
	struct show_json *s = (struct show_json *)sink;
	struct json j = json_into(&s->text);

	if (!s->first_record)
		buf_append_byte(&s->text, ',');
	s->first_record = false;
	json_object_begin(&j);
	put_record(&j, record);
	if (s->judge)
		put_judgement(&j, s, report, record);
	else
		put_alignment(&j, &record->aligned);
	json_object_end(&j);
	emit(s);
	return output_check(s->out, e);
}

/* The end of the object, with what was only known at the end of the report. */
static void put_tail(struct show_json *s, const struct report *report, struct slice error)
{
	struct json j = json_into(&s->text);

	buf_append_text(&s->text, "],\"quirks\":");
	json_array_begin(&j);
	for (int quirk = 0; quirk < quirk_count; quirk++) {
		if (quirks_have(&report->quirks, (enum quirk)quirk))
			json_string(&j, slice_from(quirk_text((enum quirk)quirk)));
	}
	json_array_end(&j);
	buf_append_text(&s->text, ",\"error\":");
	json_string(&j, error);
	buf_append_text(&s->text, "}\n");
}

static bool on_end(struct sink *sink, const struct report *report, struct err *e)
{
	struct show_json *s = (struct show_json *)sink;

	put_tail(s, report, report->broken_off);
	emit(s);
	output_flush(s->out);
	return output_check(s->out, e);
}

static void on_abort(struct sink *sink, const struct report *report, const struct err *why)
{
	struct show_json *s = (struct show_json *)sink;
	SCOPED(buf) struct buf error = { 0 };

	err_append(&error, why);
	put_tail(s, report, buf_slice(&error));
	emit(s);
	output_flush(s->out);
}

static const struct sink_ops show_json_ops = { on_begin, on_record, on_end, on_abort };

void show_json_init(struct show_json *s, struct output *out, const struct judge *judge)
{
	*s = (struct show_json){ .sink.ops = &show_json_ops, .out = out, .judge = judge };
	s->memo = judge ? memo_new(judge) : NULL;
}

void show_json_release(struct show_json *s)
{
	memo_free(s->memo);
	buf_release(&s->text);
}
