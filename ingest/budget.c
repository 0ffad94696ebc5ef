/* SPDX-License-Identifier: MIT */
#include "ingest/budget.h"

#include <time.h>

#include "parser/limits.h"

#include "base/banned.h"

bool budget_inflate(struct budget *b, uint64_t bytes, struct err *e)
{
	b->inflated += bytes;
	if (b->inflated > LIMIT_INFLATED_BYTES)
		return err_set(e, ERR_LIMIT, "it unpacks to more than %llu MiB",
			       (unsigned long long)(LIMIT_INFLATED_BYTES >> 20));
	if (b->inflated > LIMIT_INFLATED_FREE && b->inflated / LIMIT_INFLATED_RATIO > b->packed)
		return err_set(e, ERR_LIMIT, "it unpacks to more than %d times its size",
			       LIMIT_INFLATED_RATIO);
	return true;
}

bool budget_records(struct budget *b, uint64_t records, struct err *e)
{
	b->records += records;
	if (b->records > LIMIT_RECORDS)
		return err_set(e, ERR_LIMIT, "it holds more than %llu records",
			       (unsigned long long)LIMIT_RECORDS);
	return true;
}

bool budget_record_size(uint64_t records, uint64_t bytes, struct err *e)
{
	if (records <= LIMIT_RECORDS_FREE || bytes / LIMIT_RECORD_MEAN_BYTES >= records)
		return true;
	return err_set(e, ERR_LIMIT,
		       "its records have fewer than %llu bytes each: they say nothing",
		       (unsigned long long)LIMIT_RECORD_MEAN_BYTES);
}

uint64_t budget_clock(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec;
}

bool budget_time(const struct budget *b, uint64_t seconds, struct err *e)
{
	uint64_t limit = LIMIT_SECONDS + b->inflated / LIMIT_BYTES_OF_A_SECOND;

	if (seconds <= limit)
		return true;
	return err_set(e, ERR_LIMIT, "it takes more than %llu seconds of processor time",
		       (unsigned long long)limit);
}
