/* SPDX-License-Identifier: MIT */
/* Answers as one JSON object. */
#include "reports/answer.h"
#include "reports/judgement_json.h"

#include "base/banned.h"

static void put_cell(struct json *j, enum column_kind kind, const struct cell *cell)
{
	if (kind == COLUMN_TEXT)
		json_string(j, cell->text);
	else if (cell->absent)
		json_null(j);
	else if (kind == COLUMN_BOOLEAN)
		json_boolean(j, cell->number > 0);
	else if (kind == COLUMN_RATE)
		json_hundredths(j, cell->number);
	else
		json_unsigned(j, cell->number);
}

static void put_rows(struct json *j, const struct answer *a)
{
	json_key(j, "rows");
	json_array_begin(j);
	for (size_t row = 0; row < a->row_count; row++) {
		const struct cell *cells = a->cells + row * a->column_count;

		json_object_begin(j);
		for (size_t i = 0; i < a->column_count; i++) {
			if (!a->columns[i].name)
				continue;
			json_key(j, a->columns[i].name);
			put_cell(j, a->columns[i].kind, &cells[i]);
		}
		json_object_end(j);
	}
	json_array_end(j);
}

static void put_figures(struct json *j, const struct answer *a)
{
	if (a->figure_count == 0)
		return;
	json_key(j, "figures");
	json_object_begin(j);
	for (size_t i = 0; i < a->figure_count; i++) {
		json_key(j, a->figures[i].name);
		json_unsigned(j, a->figures[i].number);
	}
	json_object_end(j);
}

static void put_finding(struct json *j, const struct finding *f)
{
	json_object_begin(j);
	json_string_at(j, "sender", f->sender);
	json_string_at(j, "header_from", f->header_from);
	json_string_at(j, "verdict", f->verdict);
	json_string_at(j, "spf_cause", f->spf_cause);
	json_string_at(j, "dkim_cause", f->dkim_cause);
	json_key(j, "messages");
	json_unsigned(j, f->messages);
	json_key(j, "task");
	json_boolean(j, f->remedy.task);
	remedies_put(j, &f->remedy);
	json_object_end(j);
}

void answer_print_json(const struct answer *a, struct output *out)
{
	SCOPED(buf) struct buf text = { 0 };
	struct json j = json_into(&text);

	json_object_begin(&j);
	json_string_at(&j, "question", slice_from(a->question));
	json_string_at(&j, "since", a->since);
	json_string_at(&j, "until", a->until);
	strings_put(&j, "headline", a->headline, a->headline_count);
	put_figures(&j, a);
	put_rows(&j, a);
	json_key(&j, "not_shown");
	json_unsigned(&j, a->not_shown);
	json_key(&j, "findings");
	json_array_begin(&j);
	for (size_t i = 0; i < a->finding_count; i++)
		put_finding(&j, &a->findings[i]);
	json_array_end(&j);
	json_object_end(&j);
	buf_append_byte(&text, '\n');
	output_write(out, buf_slice(&text));
}
