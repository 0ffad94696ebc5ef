/* SPDX-License-Identifier: MIT */
/*
 * The JSON writer: the one place that escapes for JSON. Commas and colons place themselves. Bytes that
 * are not UTF-8 become U+FFFD; control characters and what steers a terminal are written as \uXXXX, so
 * that the text is the same to a parser and harmless to a person.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

enum { JSON_MAX_DEPTH = 16 };

struct json {
	struct buf *out; /* borrowed */
	unsigned depth;
	bool has_items[JSON_MAX_DEPTH];
	bool after_key;
};

struct json json_into(struct buf *out);

void json_object_begin(struct json *j);
void json_object_end(struct json *j);
void json_array_begin(struct json *j);
void json_array_end(struct json *j);
void json_key(struct json *j, const char *key);
void json_key_slice(struct json *j, struct slice key);

/* An absent slice is null. */
void json_string(struct json *j, struct slice s);
void json_integer(struct json *j, int64_t value);
void json_unsigned(struct json *j, uint64_t value);
void json_hundredths(struct json *j, uint64_t hundredths); /* 1234: 12.34 */
void json_boolean(struct json *j, bool value);
void json_null(struct json *j);

/* key and value in one. */
void json_string_at(struct json *j, const char *key, struct slice s);

#endif
