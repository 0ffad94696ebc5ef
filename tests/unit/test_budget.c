/* SPDX-License-Identifier: MIT */
#include "ingest/budget.h"

#include "parser/limits.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

/* Enough that no ratio is reached. */
#define PLENTY (UINT64_C(1) << 40)

Test(budget, bounds_what_is_unpacked)
{
	static const struct {
		const char *name;
		struct budget before;
		uint64_t bytes;
		bool ok;
	} cases[] = {
		{ "nothing", { 0, 0, 0 }, 0, true },
		{ "free", { 0, 0, 0 }, LIMIT_INFLATED_FREE, true },
		{ "one more than free", { 0, 0, 0 }, LIMIT_INFLATED_FREE + 1, false },
		{ "free in two", { 0, LIMIT_INFLATED_FREE - 1, 0 }, 1, true },
		{ "one more, in two", { 0, LIMIT_INFLATED_FREE, 0 }, 1, false },
		{ "at the ratio",
		  { LIMIT_INFLATED_FREE, 0, 0 },
		  LIMIT_INFLATED_FREE * LIMIT_INFLATED_RATIO,
		  true },
		{ "past the ratio",
		  { LIMIT_INFLATED_FREE, 0, 0 },
		  (LIMIT_INFLATED_FREE + 1) * LIMIT_INFLATED_RATIO,
		  false },
		{ "at the limit", { PLENTY, 0, 0 }, LIMIT_INFLATED_BYTES, true },
		{ "past the limit", { PLENTY, 0, 0 }, LIMIT_INFLATED_BYTES + 1, false },
		{ "past it in two", { PLENTY, LIMIT_INFLATED_BYTES, 0 }, 1, false },
		{ "nothing at the limit", { PLENTY, LIMIT_INFLATED_BYTES, 0 }, 0, true },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct budget b = cases[i].before;
		struct err e = ERR_INIT;

		EXPECT_INT(budget_inflate(&b, cases[i].bytes, &e), cases[i].ok, cases[i].name);
		EXPECT_INT(e.kind, cases[i].ok ? ERR_NONE : ERR_LIMIT, cases[i].name);
		EXPECT_INT(b.inflated, cases[i].before.inflated + cases[i].bytes, cases[i].name);
	}
}

Test(budget, says_which_bound_was_reached)
{
	struct budget large = { PLENTY, 0, 0 }, dense = { 1, 0, 0 }, many = { 0 };
	struct err e = ERR_INIT;

	cr_expect(!budget_inflate(&large, LIMIT_INFLATED_BYTES + 1, &e));
	cr_expect_str_eq(e.what, "it unpacks to more than 4096 MiB");
	cr_expect(!budget_inflate(&dense, LIMIT_INFLATED_FREE + 1, &e));
	cr_expect_str_eq(e.what, "it unpacks to more than 100 times its size");
	cr_expect(!budget_records(&many, LIMIT_RECORDS + 1, &e));
	cr_expect_str_eq(e.what, "it holds more than 10000000 records");
}

Test(budget, bounds_records)
{
	struct budget b = { 0 };
	struct err e = ERR_INIT;

	cr_expect(budget_records(&b, 0, &e), "none");
	cr_expect(budget_records(&b, LIMIT_RECORDS - 1, &e), "one less than the limit");
	cr_expect(budget_records(&b, 1, &e), "at the limit");
	EXPECT_INT(e.kind, ERR_NONE, "at the limit");
	cr_expect(!budget_records(&b, 1, &e), "past the limit");
	EXPECT_INT(e.kind, ERR_LIMIT, "past the limit");
	EXPECT_INT(b.inflated, 0, "records are no bytes");
}

Test(budget, bounds_the_density_of_records)
{
	static const struct {
		uint64_t records, bytes;
		bool ok;
	} cases[] = {
		{ 0, 0, true },
		{ LIMIT_RECORDS_FREE, 0, true },
		{ LIMIT_RECORDS_FREE + 1, 0, false },
		{ LIMIT_RECORDS_FREE + 1, (LIMIT_RECORDS_FREE + 1) * 64, true },
		{ LIMIT_RECORDS_FREE + 1, (LIMIT_RECORDS_FREE + 1) * 64 - 1, false },
		{ UINT64_MAX, UINT64_MAX, false },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e = ERR_INIT;

		cr_expect(budget_record_size(cases[i].records, cases[i].bytes, &e) == cases[i].ok,
			  "case %zu", i);
		EXPECT_INT(e.kind, cases[i].ok ? ERR_NONE : ERR_LIMIT, "kind");
	}
}

Test(budget, bounds_processor_time)
{
	static const struct {
		uint64_t inflated, seconds;
		bool ok;
	} cases[] = {
		{ 0, LIMIT_SECONDS, true },
		{ 0, LIMIT_SECONDS + 1, false },
		{ LIMIT_BYTES_OF_A_SECOND - 1, LIMIT_SECONDS + 1, false },
		{ LIMIT_BYTES_OF_A_SECOND, LIMIT_SECONDS + 1, true },
		{ LIMIT_INFLATED_BYTES, 264, true },
		{ LIMIT_INFLATED_BYTES, 265, false },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct budget b = { 0, cases[i].inflated, 0 };
		struct err e = ERR_INIT;

		EXPECT_INT(budget_time(&b, cases[i].seconds, &e), cases[i].ok, "case");
		EXPECT_INT(e.kind, cases[i].ok ? ERR_NONE : ERR_LIMIT, "kind");
	}
}
