/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include "base/bug.h"
#include "base/text.h"

#include "base/banned.h"

struct json json_into(struct buf *out)
{
	return (struct json){ .out = out };
}

static void before_value(struct json *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (j->depth == 0)
		return;
	if (j->has_items[j->depth - 1])
		buf_append_byte(j->out, ',');
	j->has_items[j->depth - 1] = true;
}

static void begin(struct json *j, char bracket)
{
	before_value(j);
	BUG_UNLESS(j->depth < JSON_MAX_DEPTH);
	j->has_items[j->depth++] = false;
	buf_append_byte(j->out, bracket);
}

static void end(struct json *j, char bracket)
{
	BUG_UNLESS(j->depth > 0 && !j->after_key);
	j->depth--;
	buf_append_byte(j->out, bracket);
}

void json_object_begin(struct json *j)
{
	begin(j, '{');
}

void json_object_end(struct json *j)
{
	end(j, '}');
}

void json_array_begin(struct json *j)
{
	begin(j, '[');
}

void json_array_end(struct json *j)
{
	end(j, ']');
}

/* Above the basic plane JSON wants two halves. */
static void append_escape(struct buf *out, uint32_t point)
{
	if (point < 0x10000) {
		buf_printf(out, "\\u%04x", (unsigned)point);
		return;
	}
	point -= 0x10000;
	buf_printf(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + (point >> 10)),
		   (unsigned)(0xDC00 + (point & 0x3FF)));
}

static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static void append_string(struct buf *out, struct slice s)
{
	buf_append_byte(out, '"');
	while (s.n > 0) {
		size_t plain = 0;
		uint32_t point;

		while (plain < s.n && is_plain(s.p[plain]))
			plain++;
		buf_append(out, slice_prefix(s, plain));
		s = slice_from_offset(s, plain);
		if (s.n == 0)
			break;

		size_t length = utf8_decode(s, &point);

		if (point == '"' || point == '\\')
			buf_printf(out, "\\%c", (int)point);
		else if (point == '\n')
			buf_append_text(out, "\\n");
		else if (point == '\t')
			buf_append_text(out, "\\t");
		else if (text_is_harmful(point))
			append_escape(out, point);
		else
			utf8_append(out, point);
		s = slice_from_offset(s, length);
	}
	buf_append_byte(out, '"');
}

void json_key_slice(struct json *j, struct slice key)
{
	before_value(j);
	append_string(j->out, key);
	buf_append_byte(j->out, ':');
	j->after_key = true;
}

void json_key(struct json *j, const char *key)
{
	json_key_slice(j, slice_from(key));
}

void json_string(struct json *j, struct slice s)
{
	before_value(j);
	if (slice_is_absent(s))
		buf_append_text(j->out, "null");
	else
		append_string(j->out, s);
}

void json_integer(struct json *j, int64_t value)
{
	before_value(j);
	buf_printf(j->out, "%lld", (long long)value);
}

void json_unsigned(struct json *j, uint64_t value)
{
	before_value(j);
	buf_printf(j->out, "%llu", (unsigned long long)value);
}

void json_hundredths(struct json *j, uint64_t hundredths)
{
	before_value(j);
	buf_printf(j->out, "%llu.%02u", (unsigned long long)(hundredths / 100),
		   (unsigned)(hundredths % 100));
}

void json_boolean(struct json *j, bool value)
{
	before_value(j);
	buf_append_text(j->out, value ? "true" : "false");
}

void json_null(struct json *j)
{
	before_value(j);
	buf_append_text(j->out, "null");
}

void json_string_at(struct json *j, const char *key, struct slice s)
{
	json_key(j, key);
	json_string(j, s);
}
