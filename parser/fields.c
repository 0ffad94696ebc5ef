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
	struct slice text; /* trimmed, in the arena */
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

/* Keeps the spelling, if it is not the one that the value shows. */
static bool keep_raw(const struct assignment *a, struct slice shown)
{
	struct raw_list *raw = a->target->raw;
	SCOPED(buf) struct buf name = { 0 };
	struct slice field;

	if (slice_equal(a->text, shown))
		return true;
	element_field_name(&name, a->row, a->target->index);
	if (raw->count == raw->capacity && !raw_grow(a->target->arena, raw))
		return false;
	if (!arena_copy(a->target->arena, buf_slice(&name), &field))
		return false;
	raw->fields[raw->count++] = (struct raw_field){ field, a->text };
	return true;
}

static bool assign_text(const struct assignment *a)
{
	*(struct slice *)a->field = a->text;
	return true;
}

static bool assign_report_id(const struct assignment *a)
{
	struct slice id = a->text;

	if (id.n >= 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		id = slice_trim(slice_of(id.p + 1, id.n - 2));
	*(struct slice *)a->field = id;
	return keep_raw(a, id);
}

static bool assign_name(const struct assignment *a)
{
	if (a->text.n > LIMIT_NAME_BYTES)
		note(a, QUIRK_TEXT_CUT);
	*(struct slice *)a->field = utf8_prefix(a->text, LIMIT_NAME_BYTES);
	return true;
}

static bool assign_domain_text(const struct assignment *a, struct slice name)
{
	struct slice *domain = a->field;
	bool valid = true;

	if (name.n > LIMIT_NAME_BYTES)
		note(a, QUIRK_TEXT_CUT);
	if (!domain_normalise(a->target->arena, utf8_prefix(name, LIMIT_NAME_BYTES), domain,
			      &valid))
		return false;
	if (domain->n > 0 && !valid)
		note(a, QUIRK_BAD_DOMAIN);
	return keep_raw(a, *domain);
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
	return assign_domain_text(a, name);
}

static bool assign_word(const struct assignment *a)
{
	char *lower = arena_alloc(a->target->arena, a->text.n + 1);
	struct word *word = a->field;

	if (!lower)
		return false;
	for (size_t i = 0; i < a->text.n; i++)
		lower[i] = byte_lower(a->text.p[i]);

	struct slice folded = utf8_prefix(slice_of(lower, a->text.n), LIMIT_NAME_BYTES);

	switch (word_fold(a->row->words, folded, word)) {
	case WORD_KNOWN:
		break;
	case WORD_ALIASED:
		note(a, QUIRK_LEGACY_WORD);
		break;
	case WORD_UNKNOWN:
		note(a, QUIRK_UNKNOWN_WORD);
		break;
	}
	return keep_raw(a, word->text);
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
		return keep_raw(a, SLICE_ABSENT);
	}
	*(int64_t *)a->field = seconds;
	if (!odd)
		return true;
	note(a, QUIRK_ODD_TIMESTAMP);
	return keep_raw(a, SLICE_ABSENT);
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
	return keep_raw(a, SLICE_ABSENT);
}

static bool assign_count(const struct assignment *a)
{
	uint64_t *count = a->field;

	if (number_parse_u64(a->text, 0, LIMIT_COUNT, count))
		return true;
	note(a, QUIRK_BAD_COUNT);
	return keep_raw(a, SLICE_ABSENT);
}

/* The plain form of IPv4, which has one spelling. */
static bool is_dotted(struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '.' && !byte_is_digit(text.p[i]))
			return false;
	}
	return true;
}

static bool assign_address(const struct assignment *a)
{
	char shown[ADDRESS_TEXT_SIZE];
	struct address *address = a->field;

	if (!address_parse(a->text, address) && a->text.n > 0)
		note(a, QUIRK_BAD_ADDRESS);
	if (address->family == ADDRESS_V4 && is_dotted(a->text))
		return true;
	address_format(address, shown);
	return keep_raw(a, slice_from(shown));
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
	errors[report->error_count++] = a->text;
	*list = errors;
	return true;
}

static assign_function *const assign_functions[] = {
	[FIELD_TEXT] = assign_text,       [FIELD_REPORT_ID] = assign_report_id,
	[FIELD_NAME] = assign_name,       [FIELD_DOMAIN] = assign_domain,
	[FIELD_MAILBOX] = assign_mailbox, [FIELD_WORD] = assign_word,
	[FIELD_TIME] = assign_time,       [FIELD_PERCENT] = assign_percent,
	[FIELD_COUNT] = assign_count,     [FIELD_ADDRESS] = assign_address,
	[FIELD_ERROR] = assign_error,
};

bool field_assign(const struct field_target *target, const struct element_row *row,
		  struct slice text)
{
	struct assignment a = {
		.target = target,
		.row = row,
		.field = (char *)target->owner + row->offset,
	};

	return arena_copy(target->arena, slice_trim(text), &a.text) &&
		assign_functions[row->kind](&a);
}
