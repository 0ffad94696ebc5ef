/* SPDX-License-Identifier: MIT */
/* Foreign text made harmless, and the strict readers of numbers and times; first byte: the cut. */
#include <inttypes.h>

#include "base/bug.h"
#include "base/number.h"
#include "base/text.h"
#include "base/timestamp.h"

#include "base/banned.h"

static void check_harmless(struct slice s, size_t max)
{
	SCOPED(buf) struct buf once = { 0 };
	SCOPED(buf) struct buf twice = { 0 };

	text_append_harmless(&once, s, max);
	BUG_UNLESS(utf8_is_valid(buf_slice(&once)));
	for (size_t i = 0; i < once.n; i++)
		BUG_UNLESS((unsigned char)once.p[i] >= 0x20 && once.p[i] != 0x7F);
	text_append_harmless(&twice, buf_slice(&once), SIZE_MAX);
	BUG_UNLESS(slice_equal(buf_slice(&once), buf_slice(&twice)));
}

static void check_utf8(struct slice s, size_t max)
{
	struct slice cut = utf8_prefix(s, max);
	SCOPED(buf) struct buf back = { 0 };

	BUG_UNLESS(cut.n <= max && cut.n <= s.n && (s.n <= max ? cut.n == s.n : cut.n + 3 >= max));
	BUG_UNLESS(!utf8_is_valid(s) || utf8_is_valid(cut));
	for (struct slice rest = s; rest.n > 0;) {
		uint32_t point;
		size_t length = utf8_decode(rest, &point);

		BUG_UNLESS(length >= 1 && length <= 4 && length <= rest.n);
		utf8_append(&back, point);
		rest = slice_from_offset(rest, length);
	}
	BUG_UNLESS(utf8_is_valid(buf_slice(&back)));
	BUG_UNLESS(utf8_is_valid(s) == slice_equal(s, buf_slice(&back)));
}

/* What was read is written and read again as the same. */
static void check_values(struct slice s)
{
	int64_t value, again;
	char text[32];

	if (number_parse_i64(s, INT64_MIN, INT64_MAX, &value)) {
		BUG_UNLESS(text_format(text, sizeof(text), "%" PRId64, value));
		BUG_UNLESS(number_parse_i64(slice_from(text), value, value, &again) &&
			   again == value);
		timestamp_format(value, text);
		BUG_UNLESS(!timestamp_parse(slice_from(text), &again) || again == value);
	}
	if (timestamp_parse(s, &value)) {
		timestamp_format(value, text);
		BUG_UNLESS(text[0] == '-' || slice_starts_with(slice_from(text), SLICE("0000-")) ||
			   (timestamp_parse(slice_from(text), &again) && again == value));
	}
	if (date_parse(s, &value)) {
		date_format(value, text);
		BUG_UNLESS(slice_equal(slice_from(text), s));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = size > 0 ? slice_of((const char *)data + 1, size - 1) : SLICE("");
	size_t max = size > 0 ? data[0] : 0;

	check_harmless(s, max);
	check_utf8(s, max);
	check_values(s);
	(void)text_nearest(s, (const char *const[]){ "senders", "report", "hosts", "db", NULL });
	return 0;
}
