/* SPDX-License-Identifier: MIT */
#include "reports/grid.h"

#include "tests/unit/captured.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

enum { WIDTH = 40 };

/* A number, two texts that give way from 6 on, and a last one that does not. */
static struct grid *sample_grid(void)
{
	struct grid *g = grid_new();

	grid_add_column(g, "N", GRID_RIGHT, GRID_WHOLE);
	grid_add_column(g, "FIRST", GRID_LEFT, 6);
	grid_add_column(g, "SECOND", GRID_LEFT, 6);
	grid_add_column(g, "LAST", GRID_LEFT, GRID_WHOLE);
	return g;
}

static void add_row(struct grid *g, struct slice first, struct slice second)
{
	grid_add_row(g);
	grid_add_cell(g, SLICE("1,234"));
	grid_add_cell(g, first);
	grid_add_cell(g, second);
	grid_add_cell(g, SLICE("the end"));
}

/* The table of one row, with a bar at the end of each line. */
static void expect_row(const char *name, struct slice first, struct slice second, const char *want)
{
	struct captured c;
	SCOPED(grid) struct grid *g = sample_grid();

	captured_open(&c);
	add_row(g, first, second);
	grid_print(g, WIDTH, &c.out);
	EXPECT_TEXT(captured_text(&c), want, name);
	captured_close(&c);
}

Test(grid, gives_each_column_what_it_needs)
{
	expect_row("short", SLICE("a"), SLICE("b"),
		   "    N FIRST SECOND LAST\n"
		   "1,234 a     b      the end\n");
	expect_row("empty", SLICE(""), SLICE_ABSENT,
		   "    N FIRST SECOND LAST\n"
		   "1,234              the end\n");
	expect_row("all 40 columns", SLICE("0123456789"), SLICE("abcdefghijklmno"),
		   "    N FIRST      SECOND          LAST\n"
		   "1,234 0123456789 abcdefghijklmno the end\n");
}

Test(grid, marks_what_it_cuts)
{
	expect_row("one too many", SLICE("0123456789"), SLICE("abcdefghijklmnop"),
		   "    N FIRST      SECOND          LAST\n"
		   "1,234 0123456789 abcdefghijklm.. the end\n");
	expect_row("both too long", SLICE("0123456789012345678901234"),
		   SLICE("abcdefghijklmnopqrstuvwxy"),
		   "    N FIRST         SECOND       LAST\n"
		   "1,234 01234567890.. abcdefghij.. the end\n");
}

Test(grid, makes_cells_harmless)
{
	expect_row("escape and override", SLICE("a\x1b[2J"), SLICE("\xe2\x80\xae x"),
		   "    N FIRST    SECOND   LAST\n"
		   "1,234 a\\x1b[2J \\u202e x the end\n");
	expect_row("not ASCII", SLICE("M\xc3\xbcller"), SLICE("x"),
		   "    N FIRST         SECOND LAST\n"
		   "1,234 M\\xc3\\xbcller x      the end\n");
}

Test(grid, takes_its_least_where_there_is_no_room)
{
	struct captured c;
	SCOPED(grid) struct grid *g = grid_new();

	captured_open(&c);
	grid_add_column(g, "A", GRID_LEFT, 15);
	grid_add_column(g, "B", GRID_LEFT, 6);
	grid_add_row(g);
	grid_add_cell(g, SLICE("2001:db8:1:2:3:4:5:6"));
	grid_add_cell(g, SLICE("example.com"));
	grid_print(g, 22, &c.out);
	EXPECT_TEXT(captured_text(&c),
		    "A               B\n"
		    "2001:db8:1:2:.. exam..\n",
		    "22 columns");
	captured_close(&c);
}

Test(grid, keeps_its_widths_over_pieces)
{
	struct captured c;
	SCOPED(grid) struct grid *g = sample_grid();

	captured_open(&c);
	add_row(g, SLICE("0123456789"), SLICE("b"));
	grid_print(g, WIDTH, &c.out);
	grid_clear(g);
	EXPECT_INT(grid_rows(g), 0, "cleared");
	grid_print(g, WIDTH, &c.out);
	add_row(g, SLICE("a"), SLICE("b"));
	EXPECT_INT(grid_rows(g), 1, "filled again");
	grid_print(g, WIDTH, &c.out);
	EXPECT_TEXT(captured_text(&c),
		    "    N FIRST      SECOND LAST\n"
		    "1,234 0123456789 b      the end\n"
		    "    N FIRST      SECOND LAST\n"
		    "1,234 a          b      the end\n",
		    "two pieces");
	captured_close(&c);
}
