/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bug.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(err_kind, ERR_KIND_LIST)

/* The one place where cutting text short is right: better half a message than none. */
static void PRINTF_LIKE(3, 0) format_cut(char *array, size_t size, const char *format, va_list args)
{
	int length = vsnprintf(array, size, format, args);

	BUG_UNLESS(length >= 0);
	if ((size_t)length >= size)
		memcpy(array + size - 4, "...", 4);
}

/* ": more" behind what is there, cut likewise. */
static void append_cut(char *array, size_t size, const char *more)
{
	size_t have = strlen(array);
	int length = snprintf(array + have, size - have, ": %s", more);

	BUG_UNLESS(length >= 0);
	if ((size_t)length >= size - have)
		memcpy(array + size - 4, "...", 4);
}

bool err_set(struct err *e, enum err_kind kind, const char *format, ...)
{
	va_list args;

	*e = (struct err){ .kind = kind };
	va_start(args, format);
	format_cut(e->what, sizeof(e->what), format, args);
	va_end(args);
	return false;
}

bool err_where(struct err *e, const char *format, ...)
{
	char inner[sizeof(e->where)];
	va_list args;

	memcpy(inner, e->where, sizeof(inner));
	va_start(args, format);
	format_cut(e->where, sizeof(e->where), format, args);
	va_end(args);
	if (inner[0] != '\0')
		append_cut(e->where, sizeof(e->where), inner);
	return false;
}

bool err_remedy(struct err *e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	format_cut(e->remedy, sizeof(e->remedy), format, args);
	va_end(args);
	return false;
}

bool err_set_errno(struct err *e, enum err_kind kind, int number, const char *format, ...)
{
	char reason[128];
	va_list args;

	*e = (struct err){ .kind = kind };
	va_start(args, format);
	format_cut(e->what, sizeof(e->what), format, args);
	va_end(args);
	if (strerror_r(number, reason, sizeof(reason)) == 0)
		append_cut(e->what, sizeof(e->what), reason);
	return false;
}

void err_append(struct buf *b, const struct err *e)
{
	const char *parts[] = { e->what, e->where, e->remedy };
	bool first = true;

	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (parts[i][0] == '\0')
			continue;
		if (!first)
			buf_append_text(b, ": ");
		buf_append_text(b, parts[i]);
		first = false;
	}
}
