/* SPDX-License-Identifier: MIT */
#include "reports/explain.h"

#include "base/json.h"
#include "base/timestamp.h"
#include "reports/judgement_json.h"

#include "base/banned.h"

static void put_day(struct json *j, const char *key, int64_t day)
{
	char text[DATE_TEXT_SIZE];

	date_format(day, text);
	json_string_at(j, key, slice_from(text));
}

static void put_number(struct json *j, const char *key, uint64_t number)
{
	json_key(j, key);
	json_unsigned(j, number);
}

static void put_target(struct json *j, const struct explanation *x)
{
	const struct explain_target *t = x->target;

	json_string_at(j, "kind", slice_from(target_kind_text(t->kind)));
	json_string_at(j, "sender", sender_id(t->sender));
	json_string_at(j, "unnamed",
		       t->kind == TARGET_UNNAMED ? slice_from(unnamed_text(t->unnamed))
						 : SLICE_ABSENT);
	json_string_at(j, "address",
		       t->kind == TARGET_ADDRESS ? slice_from(t->address) : SLICE_ABSENT);
	json_string_at(j, "name", t->label);
	json_string_at(j, "domain", x->window.domain ? slice_from(x->window.domain) : SLICE_ABSENT);
	put_day(j, "since", x->window.since);
	put_day(j, "until", x->window.until);
}

static void put_totals(struct json *j, const struct explanation *x)
{
	put_number(j, "messages", x->messages);
	put_number(j, "passed", x->passed);
	put_number(j, "spf_aligned", x->spf_aligned);
	put_number(j, "dkim_aligned", x->dkim_aligned);
	put_number(j, "not_told_apart", x->tally.groups.ungrouped);
	if (x->messages > 0) {
		put_day(j, "first_day", x->first_day);
		put_day(j, "last_day", x->last_day);
	}
}

static void put_evidence(struct json *j, const struct explanation *x)
{
	json_key(j, "evidence");
	json_array_begin(j);
	for (size_t i = 0; i < x->evidence_count; i++) {
		json_object_begin(j);
		json_string_at(j, "text", x->evidence[i].text);
		put_number(j, "messages", x->evidence[i].messages);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_reporters(struct json *j, const struct explanation *x)
{
	json_key(j, "reporters");
	json_array_begin(j);
	for (size_t i = 0; i < x->reporter_count; i++) {
		json_object_begin(j);
		json_string_at(j, "reporter", x->reporters[i].name);
		put_number(j, "messages", x->reporters[i].messages);
		put_number(j, "passed", x->reporters[i].passed);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_addresses(struct json *j, const struct explanation *x)
{
	if (x->looked) {
		put_day(j, "records_since", x->looked_since);
		put_day(j, "records_until", x->looked_until);
	}
	put_number(j, "address_count", x->address_total);
	json_key(j, "addresses");
	json_array_begin(j);
	for (size_t i = 0; i < x->address_count; i++) {
		const struct explain_address *a = &x->addresses[i];

		json_object_begin(j);
		json_string_at(j, "address", a->address);
		json_string_at(j, "name", a->name);
		put_number(j, "messages", a->messages);
		put_number(j, "days", a->days);
		put_number(j, "reporters", a->reporters);
		json_string_at(j, "first_day", a->first_day);
		json_string_at(j, "last_day", a->last_day);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_host(struct json *j, const struct explanation *x)
{
	json_string_at(j, "host_state", x->host_state);
	json_string_at(j, "host_name", x->host_name);
	json_string_at(j, "network", x->host_network);
	json_string_at(j, "country", x->host_country);
	json_key(j, "domains");
	json_array_begin(j);
	for (size_t i = 0; i < x->domain_count; i++) {
		json_object_begin(j);
		json_string_at(j, "domain", x->domains[i].domain);
		json_string_at(j, "first_day", x->domains[i].first_day);
		json_string_at(j, "last_day", x->domains[i].last_day);
		put_number(j, "messages", x->domains[i].messages);
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_example(struct json *j, const struct explain_kind *k)
{
	const struct record *r = &k->first->stream.record;

	json_key(j, "example");
	json_object_begin(j);
	json_string_at(j, "day", k->example_day);
	json_string_at(j, "reporter",
		       slice_is_absent(k->example_day) ? k->first->seen.reporter
						       : k->example_reporter);
	json_string_at(j, "source_ip", k->example_address);
	json_string_at(j, "host", k->example_host);
	put_number(j, "count", slice_is_absent(k->example_day) ? r->count : k->example_count);
	json_string_at(j, "header_from", r->header_from);
	json_string_at(j, "envelope_from", r->envelope_from);
	json_string_at(j, "disposition", r->disposition.text);
	json_string_at(j, "claimed_dkim", r->dkim.text);
	json_string_at(j, "claimed_spf", r->spf.text);
	spf_results_put(j, r, false);
	dkim_results_put(j, r, false);
	json_object_end(j);
}

static void put_kind(struct json *j, const struct explain_kind *k)
{
	const struct group *g = k->group;

	json_object_begin(j);
	json_string_at(j, "sender", sender_id(g->service));
	json_string_at(j, "header_from", g->header_from);
	json_string_at(j, "region", g->region);
	json_string_at(j, "account", g->account.n > 0 ? g->account : SLICE_ABSENT);
	json_string_at(j, "verdict", slice_from(verdict_text(g->verdict)));
	json_string_at(j, "spf_cause", slice_from(spf_cause_text(g->spf_cause)));
	json_string_at(j, "spf", k->spf_sentence);
	json_string_at(j, "dkim_cause", slice_from(dkim_cause_text(g->dkim_cause)));
	json_string_at(j, "dkim", k->dkim_sentence);
	put_number(j, "messages", g->messages);
	put_day(j, "first_day", k->first_day);
	put_day(j, "last_day", k->last_day);
	put_example(j, k);
	json_key(j, "task");
	json_boolean(j, g->remedy.task);
	remedies_put(j, &g->remedy);
	strings_put(j, "next_reports", k->outlook.lines, k->outlook.count);
	json_object_end(j);
}

void explain_print_json(const struct explanation *x, struct output *out)
{
	SCOPED(buf) struct buf text = { 0 };
	struct json j = json_into(&text);

	json_object_begin(&j);
	put_target(&j, x);
	put_totals(&j, x);
	put_evidence(&j, x);
	put_reporters(&j, x);
	if (x->target->kind == TARGET_ADDRESS)
		put_host(&j, x);
	put_addresses(&j, x);
	json_key(&j, "kinds");
	json_array_begin(&j);
	for (size_t i = 0; i < x->kind_count; i++)
		put_kind(&j, &x->kinds[i]);
	json_array_end(&j);
	json_object_end(&j);
	buf_append_byte(&text, '\n');
	output_write(out, buf_slice(&text));
}
