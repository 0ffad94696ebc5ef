/* SPDX-License-Identifier: MIT */
/* One answer with a column of every kind, in every format, in two widths, with colours and without. */
#include "reports/answer.h"

#include "tests/unit/captured.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

enum { NARROW = 60, WIDE = 100 };

static const struct column columns[] = {
	{ .name = "name", .title = "NAME" },
	{ .name = "messages", .title = "MESSAGES", .kind = COLUMN_COUNT, .tone = TONE_BAD },
	{ .name = "passed", .title = "PASS", .kind = COLUMN_SHARE },
	{ .name = "cost", .title = "A DAY", .kind = COLUMN_RATE },
	{ .name = "parked", .title = "PARKED", .kind = COLUMN_BOOLEAN },
	{ .name = "code" },
	{ .title = "DO", .kind = COLUMN_COUNT, .below_width = WIDE },
	{ .name = "what_to_do", .title = "WHAT TO DO", .from_width = WIDE },
};

#define TEXT(s)                                                                                    \
	{                                                                                          \
		.text = BYTES(s)                                                                   \
	}
#define NUMBER(n)                                                                                  \
	{                                                                                          \
		.number = (n)                                                                      \
	}

static const struct cell cells[] = {
	TEXT("a.test"),     NUMBER(1234567), { .number = 1, .total = 2, .tone = TONE_GOOD },
	NUMBER(123456),     NUMBER(1),       TEXT("=1"),
	NUMBER(1),          TEXT("Sign it"),

	TEXT("b\x1b.test"), NUMBER(0),       { .absent = true },
	NUMBER(1205),       NUMBER(0),       { .text = { NULL, 0 } },
	{ .absent = true }, TEXT(""),
};

static const struct slice headline[] = { BYTES("Two rows.") };
static const struct slice notes[] = { BYTES("Sign it") };
static const struct slice footnotes[] = { BYTES("Read it so.") };
static const struct figure figures[] = { { "messages", 1234567 } };

static struct answer sample_answer(void)
{
	return (struct answer){
		.question = "sample",
		.since = BYTES("2026-11-01"),
		.until = BYTES("2026-11-02"),
		.headline = headline,
		.headline_count = COUNT_OF(headline),
		.figures = figures,
		.figure_count = COUNT_OF(figures),
		.columns = columns,
		.column_count = COUNT_OF(columns),
		.cells = cells,
		.row_count = COUNT_OF(cells) / COUNT_OF(columns),
		.not_shown = 1,
		.notes = notes,
		.note_count = COUNT_OF(notes),
		.notes_below = WIDE,
		.footnotes = footnotes,
		.footnote_count = COUNT_OF(footnotes),
	};
}

static void expect_printed(const char *name, enum answer_format format, unsigned width,
			   bool colours, const char *want)
{
	const struct answer a = sample_answer();
	struct captured c;

	captured_open(&c);
	c.out.colours = colours;
	answer_print(&a, format, width, &c.out);
	EXPECT_TEXT(captured_text(&c), want, name);
	captured_close(&c);
}

Test(answer, prints_a_table_that_fits_with_notes)
{
	expect_printed("narrow", ANSWER_TABLE, NARROW, false,
		       "Two rows.\n"
		       "\n"
		       "NAME        MESSAGES PASS A DAY PARKED DO\n"
		       "a.test     1,234,567 50 % 1,235    yes  1\n"
		       "b\\x1b.test         0    -    12     no  -\n"
		       "\n"
		       "1. Sign it\n"
		       "\n"
		       "1 more row not shown: a larger --limit shows more.\n"
		       "Read it so.\n");
}

Test(answer, says_in_a_wide_table_what_notes_say_below_a_narrow_one)
{
	expect_printed("wide", ANSWER_TABLE, WIDE, false,
		       "Two rows.\n"
		       "\n"
		       "NAME        MESSAGES PASS A DAY PARKED WHAT TO DO\n"
		       "a.test     1,234,567 50 % 1,235    yes Sign it\n"
		       "b\\x1b.test         0    -    12     no -\n"
		       "\n"
		       "1 more row not shown: a larger --limit shows more.\n"
		       "Read it so.\n");
}

Test(answer, colours_what_means_something)
{
	expect_printed("colours", ANSWER_TABLE, NARROW, true,
		       "Two rows.\n"
		       "\n"
		       "NAME        MESSAGES PASS A DAY PARKED DO\n"
		       "a.test     \x1b[31m1,234,567\x1b[0m \x1b[32m50 %\x1b[0m 1,235    yes  1\n"
		       "b\\x1b.test         0    -    12     no  -\n"
		       "\n"
		       "1. Sign it\n"
		       "\n"
		       "1 more row not shown: a larger --limit shows more.\n"
		       "Read it so.\n");
}

Test(answer, writes_csv)
{
	expect_printed(
		"csv", ANSWER_CSV, NARROW, true,
		"\"name\",\"messages\",\"passed\",\"cost\",\"parked\",\"code\",\"what_to_do\"\r\n"
		"\"a.test\",1234567,1,1234.56,true,\"'=1\",\"Sign it\"\r\n"
		"\"b\\x1b.test\",0,,12.05,false,\"\",\"\"\r\n");
}

Test(answer, writes_json)
{
	expect_printed("json", ANSWER_JSON, NARROW, true,
		       "{\"question\":\"sample\",\"since\":\"2026-11-01\",\"until\":\"2026-11-02\","
		       "\"headline\":[\"Two rows.\"],\"figures\":{\"messages\":1234567},\"rows\":["
		       "{\"name\":\"a.test\",\"messages\":1234567,\"passed\":1,\"cost\":1234.56,"
		       "\"parked\":true,\"code\":\"=1\",\"what_to_do\":\"Sign it\"},"
		       "{\"name\":\"b\\u001b.test\",\"messages\":0,\"passed\":null,\"cost\":12.05,"
		       "\"parked\":false,\"code\":null,\"what_to_do\":\"\"}],"
		       "\"not_shown\":1,\"findings\":[]}\n");
}

Test(answer, numbers_notes_once)
{
	struct slice list[3];
	size_t count = 0;

	EXPECT_INT(answer_note(list, &count, SLICE("one")), 1, "the first");
	EXPECT_INT(answer_note(list, &count, SLICE("two")), 2, "another");
	EXPECT_INT(answer_note(list, &count, SLICE("one")), 1, "the first again");
	EXPECT_INT(answer_note(list, &count, SLICE_ABSENT), 0, "none");
	EXPECT_INT(count, 2, "two are kept");
}
