/* SPDX-License-Identifier: MIT */
#include "parser/fields.h"

#include "base/number.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "parser/address.h"
#include "parser/domain.h"
#include "parser/limits.h"

#include "base/banned.h"

enum { RAW_FIRST_CAPACITY = 8, MILLISECONDS = 1000 };

/* Seconds since 1970 reach this in the year 5138; a value above it counts milliseconds. */
static const int64_t largest_seconds = INT64_C(100000000000);

struct assignment {
	const struct field_target *target;
	const struct element_row *row;
	struct slice text; /* trimmed; goes with the call */
	void *field;
};

typedef bool assign_function(const struct assignment *a);

static void note(const struct assignment *a, enum quirk quirk)
{
	quirks_add(a->target->quirks, quirk);
}

static bool raw_grow(struct arena *arena, struct raw_list *raw)
{
	size_t capacity = raw->capacity ? raw->capacity * 2 : RAW_FIRST_CAPACITY;
	struct raw_field *fields = arena_alloc(arena, capacity * sizeof(*fields));

	if (!fields)
		return false;
	if (raw->count > 0)
		memcpy(fields, raw->fields, raw->count * sizeof(*fields));
	raw->fields = fields;
	raw->capacity = capacity;
	return true;
}

/* Keeps the sender's spelling beside the value. */
static bool keep_raw(const struct assignment *a)
{
	struct raw_list *raw = a->target->raw;
	SCOPED(buf) struct buf name = { 0 };
	struct raw_field kept;

	element_field_name(&name, a->row, a->target->index);
	if ((raw->count == raw->capacity && !raw_grow(a->target->arena, raw)) ||
	    !arena_copy(a->target->arena, buf_slice(&name), &kept.field) ||
	    !arena_copy(a->target->arena, a->text, &kept.text))
		return false;
	raw->fields[raw->count++] = kept;
	return true;
}

/* ... if there is a spelling to keep: nothing was written in an empty element. */
static bool keep_raw_text(const struct assignment *a)
{
	return a->text.n == 0 || keep_raw(a);
}

static bool assign_text(const struct assignment *a)
{
	return arena_copy(a->target->arena, a->text, a->field);
}

static bool assign_report_id(const struct assignment *a)
{
	struct slice id = a->text;

	for (size_t i = 0; i < id.n; i++) {
		if (strchr("@$<>", id.p[i]))
			note(a, QUIRK_ODD_REPORT_ID);
	}
	if (id.n >= 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		id = slice_trim(slice_of(id.p + 1, id.n - 2));
	return arena_copy(a->target->arena, id, a->field) && (id.n == a->text.n || keep_raw(a));
}

static struct slice cut_name(const struct assignment *a, struct slice name)
{
	if (name.n > LIMIT_NAME_BYTES)
		note(a, QUIRK_TEXT_CUT);
	return utf8_prefix(name, LIMIT_NAME_BYTES);
}

static bool assign_name(const struct assignment *a)
{
	return arena_copy(a->target->arena, cut_name(a, a->text), a->field);
}

static bool assign_domain_text(const struct assignment *a, struct slice name)
{
	struct slice *domain = a->field;
	bool valid = true;

	if (!domain_normalise(a->target->arena, cut_name(a, name), domain, &valid))
		return false;
	if (domain->n > 0 && !valid)
		note(a, QUIRK_BAD_DOMAIN);
	if (slice_equal(name, *domain))
		return name.n == a->text.n || keep_raw(a);
	note(a, QUIRK_DOMAIN_SPELLING);
	return keep_raw(a);
}

/* An empty domain says no more than a missing one. */
static bool assign_domain(const struct assignment *a)
{
	if (a->text.n == 0) {
		*(struct slice *)a->field = SLICE_ABSENT;
		return true;
	}
	return assign_domain_text(a, a->text);
}

/* <>, <user@example.com>, user@example.com, example.com */
static bool assign_mailbox(const struct assignment *a)
{
	struct slice name = a->text;

	if (name.n >= 2 && name.p[0] == '<' && name.p[name.n - 1] == '>')
		name = slice_of(name.p + 1, name.n - 2);
	for (size_t at = name.n; at > 0; at--) {
		if (name.p[at - 1] == '@') {
			name = slice_from_offset(name, at);
			break;
		}
	}
	if (name.n != a->text.n)
		note(a, QUIRK_ENVELOPE_SPELLING);
	return assign_domain_text(a, name);
}

/* A word that is not known stays as it came, in lower case. */
static bool keep_unknown_word(const struct assignment *a, struct word *word)
{
	struct slice text = cut_name(a, a->text);
	char *lower = arena_alloc(a->target->arena, text.n + 1);

	if (!lower)
		return false;
	for (size_t i = 0; i < text.n; i++)
		lower[i] = byte_lower(text.p[i]);
	lower[text.n] = '\0';
	word->text = slice_of(lower, text.n);
	note(a, QUIRK_UNKNOWN_WORD);
	return true;
}

static bool assign_word(const struct assignment *a)
{
	struct word *word = a->field;

	switch (word_fold(a->row->words, a->text, word)) {
	case WORD_KNOWN:
		return true;
	case WORD_SPELLED:
		note(a, QUIRK_WORD_SPELLING);
		break;
	case WORD_ALIASED:
		note(a, QUIRK_LEGACY_WORD);
		break;
	case WORD_UNKNOWN:
		if (!keep_unknown_word(a, word))
			return false;
		break;
	}
	return slice_equal(a->text, word->text) || keep_raw(a);
}

/* Seconds, with a fraction or blanks some reporters add; milliseconds; ISO 8601. */
static bool parse_time(struct slice text, int64_t *seconds_out, bool *odd_out)
{
	size_t point = slice_find(text, '.');
	struct slice fraction = slice_from_offset(text, point + 1);
	uint64_t ignored;

	*odd_out = false;
	if (number_parse_i64(text, INT64_MIN, INT64_MAX, seconds_out)) {
		if (*seconds_out > largest_seconds) {
			*seconds_out /= MILLISECONDS;
			*odd_out = true;
		}
		return true;
	}
	*odd_out = true;
	if (point < text.n &&
	    (fraction.n == 0 || number_parse_u64(fraction, 0, UINT64_MAX, &ignored)))
		return number_parse_i64(slice_prefix(text, point), INT64_MIN, INT64_MAX,
					seconds_out);
	if (timestamp_parse(text, seconds_out))
		return true;

	int64_t days;

	if (!date_parse(text, &days))
		return false;
	*seconds_out = days * 86400;
	return true;
}

static bool assign_time(const struct assignment *a)
{
	int64_t seconds = 0;
	bool odd;

	if (!parse_time(a->text, &seconds, &odd)) {
		note(a, QUIRK_ODD_TIMESTAMP);
		seconds = 0; /* no report has this date: the check of the period names it */
		*(int64_t *)a->field = seconds;
		return keep_raw_text(a);
	}
	*(int64_t *)a->field = seconds;
	if (!odd)
		return true;
	note(a, QUIRK_ODD_TIMESTAMP);
	return keep_raw(a);
}

static bool assign_percent(const struct assignment *a)
{
	uint64_t percent;

	if (number_parse_u64(a->text, 0, 100, &percent)) {
		*(int *)a->field = (int)percent;
		return true;
	}
	if (a->text.n > 0)
		note(a, QUIRK_UNKNOWN_WORD);
	return keep_raw_text(a);
}

static bool assign_count(const struct assignment *a)
{
	uint64_t *count = a->field;

	if (number_parse_u64(a->text, 0, LIMIT_COUNT, count)) {
		if (*count == 0)
			note(a, QUIRK_ZERO_COUNT);
		return true;
	}
	note(a, QUIRK_BAD_COUNT);
	return keep_raw_text(a);
}

static bool assign_address(const struct assignment *a)
{
	switch (address_parse(a->text, a->field)) {
	case ADDRESS_PLAIN:
		return true;
	case ADDRESS_OTHER:
		note(a, QUIRK_ADDRESS_SPELLING);
		return keep_raw(a);
	case ADDRESS_UNREADABLE:
		if (a->text.n > 0)
			note(a, QUIRK_BAD_ADDRESS);
		return keep_raw_text(a);
	}
	return true;
}

/* What the schema once had and nothing is computed from is kept as it came. */
static bool assign_retired(const struct assignment *a)
{
	note(a, QUIRK_RETIRED_ELEMENT);
	return keep_raw_text(a);
}

static bool assign_error(const struct assignment *a)
{
	const struct slice **list = a->field;
	struct report *report = a->target->owner;

	if (a->text.n == 0)
		return true;
	if (report->error_count == LIMIT_REPORT_ERRORS) {
		note(a, QUIRK_RESULTS_CUT);
		return true;
	}

	struct slice *errors =
		arena_alloc(a->target->arena, (report->error_count + 1) * sizeof(*errors));

	if (!errors)
		return false;
	if (report->error_count > 0)
		memcpy(errors, *list, report->error_count * sizeof(*errors));
	if (!arena_copy(a->target->arena, a->text, &errors[report->error_count]))
		return false;
	report->error_count++;
	*list = errors;
	return true;
}

static assign_function *const assign_functions[] = {
	[FIELD_TEXT] = assign_text,       [FIELD_REPORT_ID] = assign_report_id,
	[FIELD_NAME] = assign_name,       [FIELD_DOMAIN] = assign_domain,
	[FIELD_MAILBOX] = assign_mailbox, [FIELD_WORD] = assign_word,
	[FIELD_TIME] = assign_time,       [FIELD_PERCENT] = assign_percent,
	[FIELD_COUNT] = assign_count,     [FIELD_ADDRESS] = assign_address,
	[FIELD_ERROR] = assign_error,     [FIELD_RETIRED] = assign_retired,
};

bool field_assign(const struct field_target *target, const struct element_row *row,
		  struct slice text)
{
	struct assignment a = {
		.target = target,
		.row = row,
		.text = slice_trim(text),
		.field = (char *)target->owner + row->offset,
	};

	if (a.text.n == 0)
		note(&a, QUIRK_EMPTY_ELEMENT);
	else if (a.text.n != text.n)
		note(&a, QUIRK_PADDED_TEXT);
	return assign_functions[row->kind](&a);
}
