/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <errno.h>

#include "tests/unit/expect.h"

#include "base/banned.h"

static void expect_text(const struct err *e, const char *want, const char *name)
{
	SCOPED(buf) struct buf b = { 0 };

	err_append(&b, e);
	EXPECT_TEXT(buf_slice(&b), want, name);
}

Test(err, is_told_as_what_where_and_remedy)
{
	struct err e = ERR_INIT;

	expect_text(&e, "", "nothing");
	cr_expect(!err_set(&e, ERR_INPUT, "line %d", 7));
	EXPECT_INT(e.kind, ERR_INPUT, "kind");
	expect_text(&e, "line 7", "what");
	cr_expect(!err_remedy(&e, "do %s", "this"));
	expect_text(&e, "line 7: do this", "what and remedy");
	cr_expect(!err_where(&e, "attachment %d", 2));
	expect_text(&e, "line 7: attachment 2: do this", "all three");
	cr_expect(!err_where(&e, "inbox/%d.mail", 17));
	expect_text(&e, "line 7: inbox/17.mail: attachment 2: do this", "from the inside out");
	cr_expect(!err_set(&e, ERR_LIMIT, "again"));
	EXPECT_INT(e.kind, ERR_LIMIT, "kind");
	expect_text(&e, "again", "set anew");
}

Test(err, names_the_system_error)
{
	struct err e = ERR_INIT;

	cr_expect(!err_set_errno(&e, ERR_NO_INPUT, ENOENT, "cannot open %s", "x"));
	EXPECT_INT(e.kind, ERR_NO_INPUT, "kind");
	expect_text(&e, "cannot open x: No such file or directory", "ENOENT");
}

/* 479 bytes fit; a longer text ends in "..." within them. */
Test(err, cuts_a_long_text)
{
	static const struct {
		int length;
		bool cut;
	} cases[] = { { 478, false }, { 479, false }, { 480, true }, { 5000, true } };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e = ERR_INIT;

		err_set(&e, ERR_INPUT, "%0*d", cases[i].length, 7);

		struct slice what = slice_from(e.what);

		EXPECT_INT(what.n, cases[i].length < 480 ? cases[i].length : 479, "length");
		EXPECT_INT(slice_ends_with(what, SLICE("0...")), cases[i].cut, "dots");
		EXPECT_INT(slice_ends_with(what, SLICE("07")), !cases[i].cut, "the end");
	}
}

Test(err, keeps_the_outer_place_whole_when_both_do_not_fit)
{
	struct err e = ERR_INIT;

	err_where(&e, "%0*d", 200, 7);
	err_where(&e, "%0*d", 117, 8);
	EXPECT_INT(strlen(e.where), 319, "both fit");
	cr_expect(slice_ends_with(slice_from(e.where), SLICE("7")), "the inner one is whole");

	e = (struct err)ERR_INIT;
	err_where(&e, "%0*d", 200, 7);
	err_where(&e, "%0*d", 118, 8);
	cr_expect(slice_starts_with(slice_from(e.where), SLICE("000")), "the outer one is there");
	cr_expect(slice_contains_icase(slice_from(e.where), SLICE("8: 00")),
		  "and some of the inner");
	cr_expect(slice_ends_with(slice_from(e.where), SLICE("...")), "cut with dots");
	EXPECT_INT(strlen(e.where), 319, "as much as fits");
}

Test(err, cuts_the_system_error_that_does_not_fit)
{
	struct err e = ERR_INIT;

	err_set_errno(&e, ERR_OUTPUT, ENOENT, "%0*d", 460, 7);
	cr_expect(slice_contains_icase(slice_from(e.what), SLICE("7: No such")), "its beginning");
	cr_expect(slice_ends_with(slice_from(e.what), SLICE("...")), "cut with dots");
	EXPECT_INT(strlen(e.what), 479, "as much as fits");
}

Test(err, knows_whose_fault_it_is)
{
	for (int kind = 0; kind < err_kind_count; kind++) {
		struct err e = { .kind = (enum err_kind)kind };
		bool own = kind == ERR_INPUT || kind == ERR_DATE || kind == ERR_LIMIT ||
			kind == ERR_REFUSED;

		EXPECT_INT(err_is_of_message(&e), own, err_kind_text((enum err_kind)kind));
	}
}
