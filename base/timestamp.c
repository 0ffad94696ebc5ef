/* SPDX-License-Identifier: MIT */
#include "base/timestamp.h"

#include "base/number.h"
#include "base/text.h"

#include "base/banned.h"

enum { DAY = 86400, DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400, DAYS_TO_EPOCH = 719468 };

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/*
 * The Gregorian calendar repeats every 400 years. Within such an era a year is taken to begin in
 * March, so that the leap day is its last day and month lengths follow one formula.
 */
struct date date_from_days(int64_t days)
{
	int64_t shifted = days + DAYS_TO_EPOCH;
	int64_t era = floor_div(shifted, DAYS_PER_ERA);
	int64_t day_of_era = shifted - era * DAYS_PER_ERA;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t march_month = (5 * day_of_year + 2) / 153;
	int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;

	return (struct date){
		.year = year_of_era + era * YEARS_PER_ERA + (month <= 2),
		.month = (unsigned)month,
		.day = (unsigned)(day_of_year - (153 * march_month + 2) / 5 + 1),
	};
}

int64_t date_to_days(struct date d)
{
	int64_t year = d.year - (d.month <= 2);
	int64_t era = floor_div(year, YEARS_PER_ERA);
	int64_t year_of_era = year - era * YEARS_PER_ERA;
	int64_t march_month = d.month > 2 ? (int64_t)d.month - 3 : (int64_t)d.month + 9;
	int64_t day_of_year = (153 * march_month + 2) / 5 + (int64_t)d.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH;
}

int64_t timestamp_to_days(int64_t seconds)
{
	return floor_div(seconds, DAY);
}

void date_format(int64_t days, char text[static DATE_TEXT_SIZE])
{
	bool sane = days >= timestamp_to_days(-TIMESTAMP_LAST / 2) &&
		days <= timestamp_to_days(TIMESTAMP_LAST);
	struct date d = sane ? date_from_days(days) : (struct date){ .year = -1 };

	if (d.year < 0 ||
	    !text_format(text, DATE_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)d.year, d.month, d.day))
		memcpy(text, "-", 2);
}

void timestamp_format(int64_t seconds, char text[static TIMESTAMP_TEXT_SIZE])
{
	char date[DATE_TEXT_SIZE];
	int64_t days = timestamp_to_days(seconds);
	/* not `seconds - days * DAY`, which the smallest value would overflow */
	unsigned rest = (unsigned)((seconds % DAY + DAY) % DAY);

	date_format(days, date);
	if (date[0] == '-' ||
	    !text_format(text, TIMESTAMP_TEXT_SIZE, "%sT%02u:%02u:%02uZ", date, rest / 3600,
			 rest / 60 % 60, rest % 60))
		memcpy(text, "-", 2);
}

/* Cuts n digits off the front of *s. */
static bool cut_digits(struct slice *s, size_t n, uint64_t min, uint64_t max, uint64_t *value_out)
{
	if (s->n < n || !number_parse_u64(slice_prefix(*s, n), min, max, value_out))
		return false;
	*s = slice_from_offset(*s, n);
	return true;
}

static bool cut_byte(struct slice *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = slice_from_offset(*s, 1);
	return true;
}

static bool cut_date(struct slice *s, int64_t *days_out)
{
	uint64_t year, month, day;

	if (!cut_digits(s, 4, 1, 9999, &year) || !cut_byte(s, '-') ||
	    !cut_digits(s, 2, 1, 12, &month) || !cut_byte(s, '-') || !cut_digits(s, 2, 1, 31, &day))
		return false;

	struct date d = { (int64_t)year, (unsigned)month, (unsigned)day };
	int64_t days = date_to_days(d);

	if (date_from_days(days).day != d.day) /* 31 February */
		return false;
	*days_out = days;
	return true;
}

bool date_parse(struct slice s, int64_t *days_out)
{
	int64_t days;

	if (!cut_date(&s, &days) || s.n > 0)
		return false;
	*days_out = days;
	return true;
}

static bool cut_clock(struct slice *s, int64_t *seconds_out)
{
	uint64_t hour, minute, second;

	if (!cut_digits(s, 2, 0, 23, &hour) || !cut_byte(s, ':') ||
	    !cut_digits(s, 2, 0, 59, &minute) || !cut_byte(s, ':') ||
	    !cut_digits(s, 2, 0, 60, &second))
		return false;
	*seconds_out = (int64_t)(hour * 3600 + minute * 60 + second);
	return true;
}

static bool cut_zone(struct slice *s, int64_t *offset_out)
{
	uint64_t hour, minute;
	bool west = s->n > 0 && s->p[0] == '-';

	*offset_out = 0;
	if (s->n == 0 || cut_byte(s, 'Z') || cut_byte(s, 'z'))
		return true;
	if (!cut_byte(s, west ? '-' : '+') || !cut_digits(s, 2, 0, 23, &hour))
		return false;
	(void)cut_byte(s, ':');
	if (!cut_digits(s, 2, 0, 59, &minute))
		return false;
	*offset_out = (int64_t)(hour * 3600 + minute * 60) * (west ? -1 : 1);
	return true;
}

bool timestamp_parse(struct slice s, int64_t *seconds_out)
{
	int64_t days, clock, offset;

	if (!cut_date(&s, &days) || !(cut_byte(&s, 'T') || cut_byte(&s, ' ')) ||
	    !cut_clock(&s, &clock))
		return false;
	if (cut_byte(&s, '.')) {
		while (s.n > 0 && byte_is_digit(s.p[0]))
			s = slice_from_offset(s, 1);
	}
	if (!cut_zone(&s, &offset) || s.n > 0)
		return false;
	*seconds_out = days * DAY + clock - offset;
	return true;
}
