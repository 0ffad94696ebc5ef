/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <signal.h>
#include <stdlib.h>

#include "tests/unit/expect.h"

#include "base/banned.h"

static void check(struct buf *b, struct slice want, const char *name)
{
	EXPECT_BYTES(buf_slice(b), want, name);
	cr_assert(b->p && b->n < b->capacity, "%s: no room for the terminator", name);
	cr_expect(b->p[b->n] == '\0', "%s: not terminated", name);
}

Test(buf, grows_and_stays_terminated)
{
	struct buf b = { 0 };

	buf_append(&b, SLICE_ABSENT);
	check(&b, SLICE(""), "absent");
	buf_append_text(&b, "ab");
	check(&b, SLICE("ab"), "text");
	buf_append_byte(&b, '\0');
	check(&b, SLICE("ab\0"), "byte");
	buf_append(&b, SLICE("c\0d"));
	check(&b, SLICE("ab\0c\0d"), "bytes with a NUL");
	buf_printf(&b, "%d-%s", -7, "x");
	check(&b, SLICE("ab\0c\0d-7-x"), "printf");
	buf_clear(&b);
	check(&b, SLICE(""), "clear");
	buf_release(&b);
	EXPECT_TEXT(buf_slice(&b), "", "released");
}

Test(buf, holds_every_length)
{
	struct buf b = { 0 };
	char want[600];

	for (size_t i = 0; i < sizeof(want); i++) {
		want[i] = (char)('a' + i % 26);
		buf_append_byte(&b, want[i]);
		check(&b, slice_of(want, i + 1), "byte by byte");
	}
	buf_release(&b);
}

Test(buf, prints_at_every_fill)
{
	for (size_t fill = 0; fill < 70; fill++) {
		SCOPED(buf) struct buf b = { 0 };
		char want[128];

		memset(want, 'x', fill);
		memcpy(want + fill, "12345678", 8);
		buf_append(&b, slice_of(want, fill));
		buf_printf(&b, "%08d", 12345678);
		check(&b, slice_of(want, fill + 8), "printf");
	}
}

Test(buf, forgets_its_front)
{
	struct buf b = { 0 };

	buf_drop_front(&b, 0);
	buf_append_text(&b, "abc");
	buf_drop_front(&b, 0);
	check(&b, SLICE("abc"), "nothing");
	buf_drop_front(&b, 2);
	check(&b, SLICE("c"), "some");
	buf_drop_front(&b, 1);
	check(&b, SLICE(""), "all");
	buf_release(&b);
}

Test(buf, forgets_no_more_than_there_is, .signal = SIGABRT)
{
	struct buf b = { 0 };

	buf_drop_front(&b, 1);
}

Test(buf, reserves_room)
{
	struct buf b = { 0 };

	buf_reserve(&b, 1000);
	cr_expect(b.capacity > 1000, "capacity %zu", b.capacity);

	const char *before = b.p;

	for (size_t i = 0; i < 1000; i++)
		buf_append_byte(&b, 'x');
	cr_expect(b.p == before, "what was reserved needs no other memory");
	buf_release(&b);
}

Test(buf, gives_text_that_is_never_null)
{
	struct buf b = { 0 };

	cr_expect_str_eq(buf_text(&b), "");
	buf_append_text(&b, "abc");
	cr_expect_str_eq(buf_text(&b), "abc");
	buf_release(&b);
	buf_clear(&b);
	cr_expect_str_eq(buf_text(&b), "");
	buf_release(&b);
}

Test(buf, hands_its_bytes_over)
{
	struct buf b = { 0 };
	char *empty = buf_detach(&b);

	cr_expect_str_eq(empty, "");
	free(empty);
	buf_append_text(&b, "abc");

	char *text = buf_detach(&b);

	cr_expect_str_eq(text, "abc");
	EXPECT_INT(b.n, 0, "length afterwards");
	cr_expect_null(b.p);
	free(text);
}

Test(buf, refuses_sizes_that_would_wrap, .signal = SIGABRT)
{
	struct buf b = { 0 };

	buf_reserve(&b, SIZE_MAX / 2);
}
