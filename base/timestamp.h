/* SPDX-License-Identifier: MIT */
/*
 * Moments as seconds since 1970 and days as days since 1970-01-01, both in UTC, both signed. No time
 * zone, no static buffer, no clock.
 */
#ifndef BASE_TIMESTAMP_H
#define BASE_TIMESTAMP_H

#include <stdint.h>

#include "base/slice.h"

/* 2012-01-01, before which no DMARC report was sent, and the end of the year 9999. */
#define TIMESTAMP_FIRST INT64_C(1325376000)
#define TIMESTAMP_LAST  INT64_C(253402300799)

enum {
	DATE_TEXT_SIZE = sizeof("2026-11-21"),
	TIMESTAMP_TEXT_SIZE = sizeof("2026-11-21T12:20:00Z"),
};

struct date {
	int64_t year;
	unsigned month; /* 1 to 12 */
	unsigned day;   /* 1 to 31 */
};

struct date date_from_days(int64_t days);
int64_t date_to_days(struct date d);

/* The day that a moment falls in, rounded down also before 1970. */
int64_t timestamp_to_days(int64_t seconds);

/* "2026-11-21" and "2026-11-21T12:20:00Z". A year that has not four digits shows as "-". */
void date_format(int64_t days, char text[static DATE_TEXT_SIZE]);
void timestamp_format(int64_t seconds, char text[static TIMESTAMP_TEXT_SIZE]);

/* "2026-11-21", a day that exists. */
MUST_USE bool date_parse(struct slice s, int64_t *days_out);

/* "2026-11-21T12:20:00" with 'T' or a blank, fraction dropped, and 'Z', "+hh:mm" or nothing (UTC). */
MUST_USE bool timestamp_parse(struct slice s, int64_t *seconds_out);

#endif
