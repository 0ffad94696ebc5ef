/* SPDX-License-Identifier: MIT */
#include "ingest/settlement.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

Test(settlement, parse)
{
	static const struct {
		const char *text;
		enum settlement_action action;
		const char *folder;
	} good[] = {
		{ "leave", SETTLE_LEAVE, NULL },
		{ "mark", SETTLE_MARK, NULL },
		{ "delete", SETTLE_DELETE, NULL },
		{ "move:.Archive", SETTLE_MOVE, ".Archive" },
		{ "move:/a:b/c", SETTLE_MOVE, "/a:b/c" },
		{ "move::", SETTLE_MOVE, ":" },
	};
	static const char *const bad[] = {
		"", "move", "move:", "leave:", "delete:x", "mark:y", "Move:x", "leave ", ":x",
	};
	struct settlement s;
	struct err e = ERR_INIT;

	for (size_t i = 0; i < COUNT_OF(good); i++) {
		cr_assert(settlement_parse("--then", good[i].text, &s, &e), "%s", good[i].text);
		EXPECT_INT(s.action, good[i].action, good[i].text);
		cr_expect(slice_equal(slice_from(s.folder), slice_from(good[i].folder)), "%s",
			  good[i].text);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		cr_expect(!settlement_parse("--then", bad[i], &s, &e), "%s", bad[i]);
		cr_expect(e.kind == ERR_USAGE);
		cr_expect_str_eq(e.what, "not a value of --then");
	}
}

Test(settlement, every_outcome_has_its_ending)
{
	static const enum ending endings[outcome_count][2] = {
		[OUTCOME_STORED] = { ENDING_GOOD, ENDING_FAULTY },
		[OUTCOME_DUPLICATE] = { ENDING_GOOD, ENDING_FAULTY },
		[OUTCOME_CONFLICTING] = { ENDING_GOOD, ENDING_FAULTY },
		[OUTCOME_NOT_A_REPORT] = { ENDING_LEFT, ENDING_LEFT },
		[OUTCOME_BROKEN] = { ENDING_FAULTY, ENDING_FAULTY },
		[OUTCOME_TOO_LARGE] = { ENDING_LEFT, ENDING_LEFT },
		[OUTCOME_TOO_OLD] = { ENDING_FAULTY, ENDING_FAULTY },
		[OUTCOME_INVALID_DATE] = { ENDING_FAULTY, ENDING_FAULTY },
		[OUTCOME_UNSUPPORTED_KIND] = { ENDING_LEFT, ENDING_LEFT },
	};

	for (int outcome = 0; outcome < outcome_count; outcome++) {
		for (int faulty = 0; faulty < 2; faulty++)
			EXPECT_INT(outcome_ending((enum outcome)outcome, faulty),
				   endings[outcome][faulty], outcome_text((enum outcome)outcome));
	}
}

Test(settlement, takes_away)
{
	struct settlement_plan plan = { 0 };

	cr_expect(!settlement_takes_away(&plan));
	plan.by[ENDING_GOOD].action = SETTLE_MARK;
	cr_expect(!settlement_takes_away(&plan));
	plan.by[ENDING_FAULTY].action = SETTLE_DELETE;
	cr_expect(settlement_takes_away(&plan));
}
