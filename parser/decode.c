/* SPDX-License-Identifier: MIT */
#include "parser/decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"

#include "base/banned.h"

/* A declaration is looked for in so many bytes; no registered name of an encoding is longer than 40. */
enum { HEAD_BYTES = 1024, ENCODING_BYTES = 40 };

enum { REPLACEMENT = 0xFFFD };

struct decoder {
	struct buf held; /* not decoded yet: the head, then characters that lack their end */
	bool decided;
	bool undeclared;
	iconv_t converter; /* ours, iconv_close(); NO_CONVERTER: it is UTF-8 */
	size_t unit;       /* bytes that a converter is to go on behind, at what it cannot read */
	struct quirks quirks;
};

#define NO_CONVERTER ((iconv_t)-1)

bool xml_allows(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} allowed[] = {
		{ 0x20, 0xD7FF },   { '\t', '\n' },        { '\r', '\r' },
		{ 0xE000, 0xFFFD }, { 0x10000, 0x10FFFF },
	};

	for (size_t i = 0; i < COUNT_OF(allowed); i++) {
		if (point >= allowed[i].first && point <= allowed[i].last)
			return true;
	}
	return false;
}

struct decoder *decoder_new(void)
{
	struct decoder *d = memory_zeroed(1, sizeof(*d));

	d->converter = NO_CONVERTER;
	d->unit = 1;
	return d;
}

void decoder_free(struct decoder *d)
{
	if (!d)
		return;
	if (d->converter != NO_CONVERTER)
		(void)iconv_close(d->converter);
	buf_release(&d->held);
	free(d);
}

struct quirks decoder_quirks(const struct decoder *d)
{
	return d->quirks;
}

/* --- which encoding --- */

static bool is_encoding_byte(char c)
{
	char lower = byte_lower(c);

	return byte_is_digit(c) || (lower >= 'a' && lower <= 'z') || c == '.' || c == '_' ||
		c == ':' || c == '-';
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || (unsigned char)c >= 0x80; /* typographic ones, too */
}

/* What stands behind `encoding` and `=`, quotes or none around it; absent where there is no such. */
static struct slice declared_value(struct slice behind)
{
	struct slice rest = slice_skip_blanks(behind);
	size_t n = 0;

	if (rest.n == 0 || rest.p[0] != '=')
		return SLICE_ABSENT;
	rest = slice_skip_blanks(slice_from_offset(rest, 1));
	while (rest.n > 0 && is_quote(rest.p[0]))
		rest = slice_from_offset(rest, 1);
	while (n < rest.n && !is_quote(rest.p[n]) && !byte_is_blank(rest.p[n]) && rest.p[n] != '?')
		n++;
	return n > 0 ? slice_prefix(rest, n) : SLICE_ABSENT;
}

/* XMLDecl of XML 1.0, 2.8, as far as it can be made out. Absent: no encoding is declared. */
static struct slice declared_encoding(struct slice head)
{
	struct slice rest = slice_skip_blanks(head);
	struct slice value = SLICE_ABSENT;

	if (!slice_starts_with_icase(rest, SLICE("<?xml")))
		return SLICE_ABSENT;
	rest = slice_prefix(rest, slice_find(rest, '>'));
	for (; rest.n > 0 && slice_is_absent(value); rest = slice_from_offset(rest, 1)) {
		if (slice_starts_with_icase(rest, SLICE("encoding")))
			value = declared_value(slice_from_offset(rest, strlen("encoding")));
	}
	return value;
}

/*
 * An encoding in which the declaration that names it reads otherwise is not the document's: UTF-16
 * said of single bytes, mostly.
 */
static bool is_ascii_based(iconv_t converter)
{
	char declaration[] = "<?xml", got[sizeof(declaration)];
	char *from = declaration, *to = got;
	size_t left = strlen(declaration), room = sizeof(got);

	return iconv(converter, &from, &left, &to, &room) != (size_t)-1 &&
		slice_equal(slice_of(got, sizeof(got) - room), SLICE("<?xml")) &&
		iconv(converter, NULL, NULL, NULL, NULL) != (size_t)-1;
}

/* A name that nobody knows leaves it at UTF-8. */
static void use_declared(struct decoder *d, struct slice name)
{
	char terminated[ENCODING_BYTES + 1];

	for (size_t i = 0; i < name.n; i++) {
		if (!is_encoding_byte(name.p[i]))
			return;
	}
	if (slice_equal_icase(name, SLICE("UTF-8")) || slice_equal_icase(name, SLICE("UTF8")) ||
	    !text_copy(terminated, sizeof(terminated), name))
		return;
	d->converter = iconv_open("UTF-8", terminated);
	if (d->converter != NO_CONVERTER && !is_ascii_based(d->converter)) {
		(void)iconv_close(d->converter);
		d->converter = NO_CONVERTER;
	}
}

/* XML 1.0, appendix F.1, without what no reporter can be thought to send. */
static void decide(struct decoder *d)
{
	enum { UTF16_BYTES = 2 };
	static const struct {
		const char *head;
		size_t head_bytes, mark_bytes;
		const char *encoding; /* NULL: UTF-8 */
	} signs[] = {
		{ "\xEF\xBB\xBF", 3, 3, NULL },   { "\xFF\xFE", 2, 2, "UTF-16LE" },
		{ "\xFE\xFF", 2, 2, "UTF-16BE" }, { "<\0", 2, 0, "UTF-16LE" },
		{ "\0<", 2, 0, "UTF-16BE" },
	};
	struct slice head = slice_prefix(buf_slice(&d->held), HEAD_BYTES);

	d->decided = true;
	for (size_t i = 0; i < COUNT_OF(signs); i++) {
		if (!slice_starts_with(head, slice_of(signs[i].head, signs[i].head_bytes)))
			continue;
		if (signs[i].encoding) {
			d->converter = iconv_open("UTF-8", signs[i].encoding);
			d->unit = UTF16_BYTES;
		}
		buf_drop_front(&d->held, signs[i].mark_bytes);
		return;
	}

	struct slice name = declared_encoding(head);

	d->undeclared = slice_is_absent(name);
	if (!d->undeclared)
		use_declared(d, name);
}

/* --- decoding --- */

static uint32_t windows_1252(unsigned char byte)
{
	static const uint16_t from_80[] = {
		0x20AC,      REPLACEMENT, 0x201A, 0x0192, 0x201E, 0x2026,      0x2020, 0x2021,
		0x02C6,      0x2030,      0x0160, 0x2039, 0x0152, REPLACEMENT, 0x017D, REPLACEMENT,
		REPLACEMENT, 0x2018,      0x2019, 0x201C, 0x201D, 0x2022,      0x2013, 0x2014,
		0x02DC,      0x2122,      0x0161, 0x203A, 0x0153, REPLACEMENT, 0x017E, 0x0178,
	};

	return byte >= 0x80 && byte < 0xA0 ? from_80[byte - 0x80] : byte;
}

static void append_invalid(struct decoder *d, char byte, struct buf *out)
{
	quirks_add(&d->quirks, d->undeclared ? QUIRK_UNDECLARED_ENCODING : QUIRK_INVALID_UTF8);
	utf8_append(out, d->undeclared ? windows_1252((unsigned char)byte) : REPLACEMENT);
}

/* How much of s can stand as it is, up to a fault that is so many bytes long. */
static size_t sound_length(struct slice s, size_t *fault_out)
{
	size_t n = 0;

	while (n < s.n) {
		unsigned char c = (unsigned char)s.p[n];

		if (c >= 0x20 && c < 0x80) {
			n++;
			continue;
		}

		uint32_t point;
		size_t length = utf8_decode(slice_from_offset(s, n), &point);

		if ((length == 1 && c >= 0x80) || !xml_allows(point)) {
			*fault_out = length;
			break;
		}
		n += length;
	}
	return n;
}

/* The bytes that a character has, by its first one. */
static size_t promised_length(char lead)
{
	unsigned char c = (unsigned char)lead;

	return c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
}

/* Appends s; returns how much of it: all, but for a character that lacks its end. */
static size_t append_utf8(struct decoder *d, struct slice s, bool final, struct buf *out)
{
	struct slice rest = s;

	for (;;) {
		size_t fault = 0;
		size_t sound = sound_length(rest, &fault);

		buf_append(out, slice_prefix(rest, sound));
		rest = slice_from_offset(rest, sound);
		if (rest.n == 0 || (!final && promised_length(rest.p[0]) > rest.n))
			return s.n - rest.n;
		if (fault == 1 && (unsigned char)rest.p[0] >= 0x80) {
			append_invalid(d, rest.p[0], out);
		} else {
			quirks_add(&d->quirks, QUIRK_INVALID_CHARACTER);
			utf8_append(out, REPLACEMENT);
		}
		rest = slice_from_offset(rest, fault);
	}
}

/* One call of iconv(3): 0 or its error number. `from` NULL: what an encoding with states keeps. */
static int convert(struct decoder *d, char **from, size_t *left, struct buf *out)
{
	char converted[4096], *to = converted;
	size_t room = sizeof(converted);
	bool done = iconv(d->converter, from, left, &to, &room) != (size_t)-1;
	int fault = done ? 0 : errno;
	size_t got = sizeof(converted) - room;

	(void)append_utf8(d, slice_of(converted, got), true, out);
	/* a converter that stands still must not hang us */
	return fault == E2BIG && got == 0 ? EILSEQ : fault;
}

/* The same as append_utf8() of all that is held, by iconv. */
static size_t append_converted(struct decoder *d, bool final, struct buf *out)
{
	char *from = d->held.p;
	size_t left = d->held.n;

	while (left > 0) {
		int fault = convert(d, &from, &left, out);

		if (fault == EINVAL && !final)
			break;
		if (fault == EINVAL || fault == EILSEQ) {
			size_t skipped = left < d->unit ? left : d->unit;

			append_invalid(d, *from, out);
			from += skipped;
			left -= skipped;
		}
	}
	if (final)
		(void)convert(d, NULL, NULL, out);
	return d->held.n - left;
}

static void decode(struct decoder *d, bool final, struct buf *out)
{
	if (!d->decided)
		decide(d);
	buf_drop_front(&d->held,
		       d->converter == NO_CONVERTER
			       ? append_utf8(d, buf_slice(&d->held), final, out)
			       : append_converted(d, final, out));
}

void decoder_push(struct decoder *d, struct slice bytes, struct buf *out)
{
	buf_append(&d->held, bytes);
	if (d->decided || d->held.n >= HEAD_BYTES)
		decode(d, false, out);
}

void decoder_finish(struct decoder *d, struct buf *out)
{
	decode(d, true, out);
}
