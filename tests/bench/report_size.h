/* SPDX-License-Identifier: MIT */
/* How many records ordinary reports have: 92 % 1 to 20, 7 % to 400, 1 % 500 to 5,000; some 31 on average. */
#ifndef TESTS_BENCH_REPORT_SIZE_H
#define TESTS_BENCH_REPORT_SIZE_H

#include "tests/bench/random.h"

enum {
	REPORT_SMALL = 20,
	REPORT_MEDIUM = 400,
	REPORT_LARGE_FROM = 500,
	REPORT_LARGE = 5000,
};

/* low to high, the smaller ones more often */
static inline uint32_t report_size_between(struct random *r, uint32_t low, uint32_t high)
{
	return low + (uint32_t)random_skewed(r, high - low + 1);
}

static inline uint32_t report_size(struct random *r)
{
	uint64_t at = random_below(r, 1000);

	if (at < 920)
		return report_size_between(r, 1, REPORT_SMALL);
	if (at < 990)
		return report_size_between(r, REPORT_SMALL + 1, REPORT_MEDIUM);
	return report_size_between(r, REPORT_LARGE_FROM, REPORT_LARGE);
}

#endif
