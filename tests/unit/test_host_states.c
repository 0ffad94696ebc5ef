/* SPDX-License-Identifier: MIT */
/* Not having asked for an address's name is not the same as its having none: flag and text say so. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "reports/remedy.h"
#include "tests/unit/judge_rows.h"

#include "base/banned.h"

enum { REMEDY_MEMORY = 1 << 20 };

static const char look_up[] = "look it up first";

static void append_remedy(struct buf *text, const struct judge *judge, const struct judge_case *c,
			  const struct judgement *j)
{
	const struct remedy_subject subject = { judge, &c->evidence, j };
	struct remedy remedy;
	struct arena arena;

	arena_init(&arena, REMEDY_MEMORY);
	cr_assert(remedy_of(&subject, &arena, &remedy));
	for (size_t i = 0; i < remedy.count; i++)
		buf_printf(text, "%.*s\n", SLICE_ARG(remedy.lines[i].text));
	arena_release(&arena);
}

Test(host_states, say_to_look_the_name_up_where_nobody_did)
{
	static const struct {
		const char *name;
		struct judge_row row;
		enum verdict verdict;
		bool asks; /* where the name was not looked up */
	} cases[] = {
		{ "a spoof",
		  { "example.com", .spf = "example.com fail", .claim = "fail/fail" },
		  VERDICT_LIKELY_SPOOF,
		  true },
		{ "an unknown sender",
		  { "example.com", .spf = "example.net pass", .claim = "fail/fail" },
		  VERDICT_UNKNOWN_SENDER,
		  true },
		{ "an unknown account",
		  { "example.com", .spf = "gmail.com pass", .claim = "fail/fail" },
		  VERDICT_UNKNOWN_SENDER,
		  true },
		{ "what passes needs no name",
		  { "example.com", .spf = "example.com pass", .claim = "fail/pass" },
		  VERDICT_ALIGNED_SPF_ONLY,
		  false },
	};
	static const struct {
		const char *host;
		bool looked_up;
	} hosts[] = { { "?", false },
		      { NULL, true },
		      { "~mx.example.net", true },
		      { "mx.example.net", true } };
	struct judge judge = judge_rows_open();

	for (size_t i = 0; i < COUNT_OF(cases) * COUNT_OF(hosts); i++) {
		size_t at = i / COUNT_OF(hosts), host = i % COUNT_OF(hosts);
		struct judge_row row = cases[at].row;
		SCOPED(buf) struct buf text = { 0 };
		struct judge_case c;
		struct judgement j;

		row.host = hosts[host].host;
		j = judge_row_judge(&judge, &row, &c);
		cr_expect_str_eq(verdict_text(j.verdict), verdict_text(cases[at].verdict), "%s",
				 cases[at].name);
		cr_expect_eq(judgement_has(&j, JUDGE_FLAG_HOST_NOT_LOOKED_UP),
			     !hosts[host].looked_up, "%s: flag", cases[at].name);
		append_remedy(&text, &judge, &c, &j);
		cr_expect_eq(strstr(buf_text(&text), look_up) != NULL,
			     cases[at].asks && !hosts[host].looked_up, "%s at %s:\n%s",
			     cases[at].name, row.host ? row.host : "(no name)", buf_text(&text));
	}
	judge_rows_close(&judge);
}
