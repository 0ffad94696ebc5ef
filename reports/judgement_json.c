/* SPDX-License-Identifier: MIT */
#include "reports/judgement_json.h"

#include "base/banned.h"

static void put_flags(struct json *j, const struct judgement *judgement, const struct record *r)
{
	SCOPED(buf) struct buf name = { 0 };
	size_t next = 0;

	json_key(j, "flags");
	json_array_begin(j);
	while (judgement_next_flag(judgement, r, &next, &name)) {
		json_string(j, buf_slice(&name));
		buf_clear(&name);
	}
	json_array_end(j);
}

void judgement_put(struct json *j, const struct judgement *judgement, const struct record *record)
{
	json_string_at(j, "sender", sender_id(judgement->service));
	json_string_at(j, "infrastructure", sender_id(judgement->infrastructure));
	json_string_at(j, "last_hop", sender_id(judgement->last_hop));
	json_string_at(j, "path", slice_from(path_text(judgement->path)));
	json_string_at(j, "confidence", slice_from(confidence_text(judgement->confidence)));
	json_string_at(j, "spf_cause", slice_from(spf_cause_text(judgement->spf_cause)));
	json_string_at(j, "dkim_cause", slice_from(dkim_cause_text(judgement->dkim_cause)));
	json_string_at(j, "verdict", slice_from(verdict_text(judgement->verdict)));
	put_flags(j, judgement, record);
}

void agreement_put(struct json *j, const struct alignment *aligned)
{
	json_key(j, "agreement");
	json_object_begin(j);
	json_string_at(j, "dkim", slice_from(agreement_text(aligned->dkim_agreement)));
	json_string_at(j, "spf", slice_from(agreement_text(aligned->spf_agreement)));
	json_object_end(j);
}

void dkim_results_put(struct json *j, const struct record *r, bool words)
{
	json_key(j, "dkim");
	json_array_begin(j);
	for (size_t i = 0; i < r->dkim_count; i++) {
		json_object_begin(j);
		json_string_at(j, "domain", r->dkim_results[i].domain);
		json_string_at(j, "selector", r->dkim_results[i].selector);
		json_string_at(j, "result", r->dkim_results[i].result.text);
		if (words)
			json_string_at(j, "human_result", r->dkim_results[i].human_result);
		json_object_end(j);
	}
	json_array_end(j);
}

void spf_results_put(struct json *j, const struct record *r, bool words)
{
	json_key(j, "spf");
	json_array_begin(j);
	for (size_t i = 0; i < r->spf_count; i++) {
		json_object_begin(j);
		json_string_at(j, "domain", r->spf_results[i].domain);
		json_string_at(j, "scope", r->spf_results[i].scope.text);
		json_string_at(j, "result", r->spf_results[i].result.text);
		if (words)
			json_string_at(j, "human_result", r->spf_results[i].human_result);
		json_object_end(j);
	}
	json_array_end(j);
}

void remedies_put(struct json *j, const struct remedy *remedy)
{
	json_key(j, "remedies");
	json_array_begin(j);
	for (size_t i = 0; i < remedy->count; i++) {
		const struct remedy_line *line = &remedy->lines[i];

		json_object_begin(j);
		json_string_at(j, "part", slice_from(remedy_part_text(line->part)));
		json_string_at(j, "kind", slice_from(remedy_kind_text(line->kind)));
		json_string_at(j, "text", line->text);
		json_object_end(j);
	}
	json_array_end(j);
}

void strings_put(struct json *j, const char *key, const struct slice *list, size_t count)
{
	json_key(j, key);
	json_array_begin(j);
	for (size_t i = 0; i < count; i++)
		json_string(j, list[i]);
	json_array_end(j);
}
