/* SPDX-License-Identifier: MIT */
/*
 * Writes a mail, or a file, that would cost far more than it weighs:
 *
 *	bomb KIND FILE [SIZE]
 *
 * SIZE says how much of it, in the kind's own unit; without it, as much as in ingestion's list of
 * hostile inputs. Nothing here is random, so that each run meets the same bytes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/file.h"
#include "base/log.h"
#include "base/number.h"

#include "base/banned.h"

enum { MIB = 1 << 20, RAW_WINDOW = -15 };

#define RAW(literal) slice_of(literal, sizeof(literal) - 1)

#define MAIL_HEADER                                                                                \
	"From: a@example.com\nTo: rua@example.com\nSubject: Report Domain: example.com\n"          \
	"Message-ID: <bomb@example.com>\nMIME-Version: 1.0\n"

#define REPORT_BEGIN                                                                               \
	"<?xml version=\"1.0\"?><feedback><report_metadata><org_name>x</org_name>"                 \
	"<report_id>1</report_id><date_range><begin>1793491200</begin><end>1793577599</end>"       \
	"</date_range></report_metadata><policy_published><domain>example.com</domain>"            \
	"<p>none</p></policy_published>"
#define REPORT_END "</feedback>"

static void put(struct buf *b, unsigned n, uint64_t value)
{
	for (; n > 0; n--, value >>= 8)
		buf_append_byte(b, (char)(unsigned char)value);
}

static void repeat(struct buf *b, const char *text, uint64_t times)
{
	size_t n = strlen(text);

	buf_reserve(b, n * times);
	for (; times > 0; times--)
		buf_append(b, slice_of(text, n));
}

/* --- deflate, from blocks that are made once ------------------------------------------------------ */

/* Deflate data, and what is known of the bytes they become. */
struct packed {
	struct buf bytes;
	uint64_t size;
	unsigned long crc;
};

/* Ends at a byte, and nothing behind it refers to it: so it may be repeated. */
static struct packed pack(struct slice text)
{
	struct packed p = { .size = text.n };
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)text.p,
		       .avail_in = (unsigned)text.n };

	p.crc = crc32(0, (const unsigned char *)text.p, (unsigned)text.n);
	if (deflateInit2(&z, 9, Z_DEFLATED, RAW_WINDOW, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	buf_reserve(&p.bytes, deflateBound(&z, text.n) + 16);
	z.next_out = (unsigned char *)p.bytes.p;
	z.avail_out = (unsigned)p.bytes.capacity;
	if (deflate(&z, Z_FULL_FLUSH) != Z_OK)
		abort();
	p.bytes.n = z.total_out;
	(void)deflateEnd(&z);
	return p;
}

static void append_packed(struct packed *to, const struct packed *p, uint64_t times)
{
	for (; times > 0; times--) {
		buf_append(&to->bytes, buf_slice(&p->bytes));
		to->crc = crc32_combine(to->crc, p->crc, (z_off_t)p->size);
		to->size += p->size;
	}
}

static void append_text(struct packed *to, struct slice text)
{
	struct packed p = pack(text);

	append_packed(to, &p, 1);
	buf_release(&p.bytes);
}

/* So many copies of a text, made in pieces of some size. */
static void append_copies(struct packed *to, const char *text, uint64_t times)
{
	uint64_t in_piece = MIB / strlen(text);
	struct buf piece = { 0 };

	repeat(&piece, text, in_piece);

	struct packed p = pack(buf_slice(&piece));

	append_packed(to, &p, times / in_piece);
	buf_release(&p.bytes);
	buf_clear(&piece);
	repeat(&piece, text, times % in_piece);
	append_text(to, buf_slice(&piece));
	buf_release(&piece);
}

static void append_zeros(struct packed *to, uint64_t mib)
{
	struct buf zeros = { 0 };

	buf_reserve(&zeros, MIB);
	memset(zeros.p, 0, MIB);
	zeros.n = MIB;

	struct packed p = pack(buf_slice(&zeros));

	append_packed(to, &p, mib);
	buf_release(&p.bytes);
	buf_release(&zeros);
}

static void end_packed(struct packed *p)
{
	buf_append(&p->bytes, RAW("\x01\x00\x00\xFF\xFF"));
}

/* comment: bytes that make the file larger, so that it seems to pack less well than it does. */
static void gzip(struct buf *out, struct packed *p, size_t comment)
{
	end_packed(p);
	buf_append(out,
		   comment ? RAW("\x1F\x8B\x08\x10\0\0\0\0\0\x03")
			   : RAW("\x1F\x8B\x08\x00\0\0\0\0\0\x03"));
	repeat(out, "x", comment);
	if (comment)
		buf_append_byte(out, '\0');
	buf_append(out, buf_slice(&p->bytes));
	put(out, 4, p->crc);
	put(out, 4, p->size);
	buf_release(&p->bytes);
}

/* --- zip ------------------------------------------------------------------------------------------ */

/* What a local header and a row of the directory have in common. */
static void put_member(struct buf *out, const struct packed *p)
{
	put(out, 2, 20);
	put(out, 2, 0);
	put(out, 2, 8);
	put(out, 4, 0x58210000);
	put(out, 4, p->crc);
	put(out, 4, p->bytes.n);
	put(out, 4, p->size);
	put(out, 2, 1);
	put(out, 2, 0);
}

/* One member, and so many rows of the directory that all name it. */
static void zip(struct buf *out, struct packed *p, uint64_t rows)
{
	end_packed(p);
	buf_append(out, RAW("PK\x03\x04"));
	put_member(out, p);
	buf_append_text(out, "a");
	buf_append(out, buf_slice(&p->bytes));

	size_t directory = out->n;

	for (uint64_t i = 0; i < rows; i++) {
		buf_append(out, RAW("PK\x01\x02\x14\x00"));
		put_member(out, p);
		put(out, 14, 0);
		buf_append_text(out, "a");
	}

	size_t end = out->n;

	buf_append(out, RAW("PK\x06\x06"));
	put(out, 8, 44);
	put(out, 4, 0x002D002D);
	put(out, 8, 0);
	put(out, 8, rows);
	put(out, 8, rows);
	put(out, 8, end - directory);
	put(out, 8, directory);
	buf_append(out, RAW("PK\x06\x07\0\0\0\0"));
	put(out, 8, end);
	put(out, 4, 1);
	buf_append(out, RAW("PK\x05\x06\0\0\0\0"));
	put(out, 2, rows < 0xFFFF ? rows : 0xFFFF);
	put(out, 2, rows < 0xFFFF ? rows : 0xFFFF);
	put(out, 4, end - directory);
	put(out, 4, directory);
	put(out, 2, 0);
	buf_release(&p->bytes);
}

/* --- kinds ---------------------------------------------------------------------------------------- */

static void zip_bomb(struct buf *out, uint64_t mib)
{
	struct packed p = { 0 };

	append_zeros(&p, mib);
	zip(out, &p, 1);
}

static void zip_rows(struct buf *out, uint64_t rows)
{
	struct packed p = { 0 };

	append_text(&p, RAW("a"));
	zip(out, &p, rows);
}

/* A member packs four times, as an honest report does: only that all are the same one makes a bomb. */
static void zip_overlapping(struct buf *out, uint64_t rows)
{
	struct packed p = { 0 };
	struct buf text = { 0 };

	buf_append_text(&text, REPORT_BEGIN);
	for (uint32_t i = 1, state = 1; i < 30000; i++) {
		state = state * 1664525 + 1013904223;
		buf_printf(&text, "<a>%u</a>", state >> 8);
	}
	buf_append_text(&text, REPORT_END);
	append_text(&p, buf_slice(&text));
	buf_release(&text);
	zip(out, &p, rows);
}

static void gzip_zeros(struct buf *out, uint64_t mib)
{
	struct packed p = { 0 };

	append_zeros(&p, mib);
	gzip(out, &p, 0);
}

/* As many records as would pass for honest: they pack 68 times. */
static void gzip_records(struct buf *out, uint64_t records)
{
	struct packed p = { 0 };

	append_text(&p, RAW(REPORT_BEGIN));
	append_copies(&p, "<record/>", records);
	append_text(&p, RAW(REPORT_END));
	gzip(out, &p, records / 9);
}

static void gzip_names(struct buf *out, uint64_t bytes)
{
	struct packed p = { 0 };
	struct buf text = { 0 };

	buf_append_text(&text, REPORT_BEGIN);
	for (unsigned i = 0; text.n < bytes; i++)
		buf_printf(&text, "<n%x/>", i);
	buf_append_text(&text, REPORT_END);
	append_text(&p, buf_slice(&text));
	buf_release(&text);
	gzip(out, &p, 0);
}

static void mime_parts(struct buf *out, uint64_t bytes)
{
	buf_append_text(out, MAIL_HEADER "Content-Type: multipart/mixed; boundary=b\n\n");
	repeat(out, "--b\n\n", (bytes - out->n) / 5);
}

static void mime_headers(struct buf *out, uint64_t bytes)
{
	buf_append_text(out, MAIL_HEADER);
	repeat(out, "a:\n", (bytes - out->n) / 3);
}

static void mime_nested(struct buf *out, uint64_t bytes)
{
	const char *line = "Content-Type: message/rfc822\n\n";

	buf_append_text(out, MAIL_HEADER);
	repeat(out, line, (bytes - out->n) / strlen(line));
}

/* --- a gzip that unpacks to itself, after R. Cox, "Zip files all the way down" --------------------- */

/* A stored block of n bytes, which are still to be put. */
static void literal(struct buf *out, unsigned n)
{
	put(out, 1, 0);
	put(out, 2, n);
	put(out, 2, ~n & 0xFFFF);
}

/* The first bit of a Huffman code is its highest. */
static void put_code(uint64_t *bits, unsigned *n, unsigned length, unsigned code)
{
	while (length-- > 0)
		*bits |= (uint64_t)(code >> length & 1) << (*n)++;
}

/*
 * The last n bytes again, 18 or 20 of them: a block of two matches, which with the distances 17 to 24 takes
 * just 40 bits (RFC 1951 3.2.5 and 3.2.6).
 */
static void again(struct buf *out, unsigned n)
{
	uint64_t bits = 1 << 1;
	unsigned at = 3;

	for (int i = 0; i < 2; i++) {
		put_code(&bits, &at, 7, n / 2 - 3 + 1);
		put_code(&bits, &at, 5, 8);
		bits |= (uint64_t)(n - 17) << at;
		at += 3;
	}
	put(out, 5, bits);
}

enum { QUINE_HEAD = 15, QUINE_TAIL = 13, QUINE_PIECE = 5 };

static void quine_head(struct buf *out, unsigned time)
{
	buf_append(out, RAW("\x1F\x8B\x08\x00"));
	put(out, 4, time);
	put(out, 2, 0x0300);
	literal(out, 0);
}

static void quine_tail(struct buf *out, uint64_t crc, size_t size)
{
	buf_append(out, RAW("\x01\x00\x00\xFF\xFF"));
	put(out, 4, crc);
	put(out, 4, size);
}

/*
 * "20" is a literal of 20 bytes, "r" the last 20 again, "5" and "0" literals of as many, "t" one of the tail
 * with "s" before it, which is the last 18 again. Each literal's content is what stands behind it.
 */
static void quine_code(struct buf *out, const char *code)
{
	for (; *code; code++) {
		if (*code == 'r' || *code == 's')
			again(out, *code == 'r' ? 20 : QUINE_TAIL + QUINE_PIECE);
		else
			literal(out,
				*code == 'L'           ? 20
					: *code == '5' ? 5
					: *code == 't' ? QUINE_TAIL + QUINE_PIECE
						       : 0);
	}
}

static void quine_bytes(struct buf *out, unsigned time, uint64_t crc, size_t size)
{
	buf_clear(out);
	quine_head(out, time);
	quine_code(out, "L");
	quine_head(out, time);
	/* in the order of the article: each line tells of the ones before it */
	quine_code(out,
		   "Lr"
		   "5r"
		   "55"
		   "Lr55L"
		   "r"
		   "LrLrL"
		   "r"
		   "Lr00t"
		   "r"
		   "00ts");
	quine_tail(out, crc, size);
	quine_code(out, "s");
	quine_tail(out, crc, size);
}

static uint32_t quine_crc(struct buf *out, unsigned time, uint32_t crc, size_t size)
{
	quine_bytes(out, time, crc, size);
	return (uint32_t)crc32(0, (const unsigned char *)out->p, (unsigned)out->n);
}

/* The checksum stands in what it is the checksum of, and is linear in it: 32 equations of 32 bits. */
static bool solve(uint64_t rows[32], uint32_t *solution_out)
{
	for (unsigned column = 0; column < 32; column++) {
		unsigned pivot = column;

		while (pivot < 32 && !(rows[pivot] >> column & 1))
			pivot++;
		if (pivot == 32)
			return false;

		uint64_t row = rows[pivot];

		rows[pivot] = rows[column];
		rows[column] = row;
		for (unsigned i = 0; i < 32; i++)
			rows[i] ^= i != column && (rows[i] >> column & 1) ? row : 0;
	}
	*solution_out = 0;
	for (unsigned i = 0; i < 32; i++)
		*solution_out |= (uint32_t)(rows[i] >> 32) << i;
	return true;
}

static void gzip_quine(struct buf *out, uint64_t time)
{
	uint64_t rows[32] = { 0 };
	uint32_t crc = 0;

	quine_bytes(out, (unsigned)time, 0, 0);

	size_t size = out->n;
	uint32_t none = quine_crc(out, (unsigned)time, 0, size);

	for (unsigned bit = 0; bit < 32; bit++) {
		uint32_t column = quine_crc(out, (unsigned)time, UINT32_C(1) << bit, size) ^ none ^
			UINT32_C(1) << bit;

		for (unsigned i = 0; i < 32; i++)
			rows[i] |= (uint64_t)(column >> i & 1) << bit;
	}
	for (unsigned i = 0; i < 32; i++)
		rows[i] |= (uint64_t)(none >> i & 1) << 32;
	if (!solve(rows, &crc))
		abort();
	quine_bytes(out, (unsigned)time, crc, size);
}

/* --- the command ---------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*make)(struct buf *out, uint64_t size);
	uint64_t size; /* when none is asked for */
} kinds[] = {
	{ "zip-bomb", zip_bomb, 4 << 10 },
	{ "zip-rows", zip_rows, 900000 },
	{ "zip-overlapping", zip_overlapping, 64 },
	{ "gzip-zeros", gzip_zeros, 10 << 10 },
	{ "gzip-records", gzip_records, 95000000 },
	{ "gzip-names", gzip_names, 8 << 20 },
	{ "gzip-quine", gzip_quine, 0 },
	{ "mime-parts", mime_parts, 64 << 20 },
	{ "mime-headers", mime_headers, 64 << 20 },
	{ "mime-nested", mime_nested, 64 << 20 },
};

static int fail(const struct err *e)
{
	log_err(LOG_LEVEL_ERROR, e);
	return 1;
}

static bool make(const char *name, const char *size_text, struct buf *out, struct err *e)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		uint64_t size = kinds[i].size;

		if (strcmp(kinds[i].name, name) != 0)
			continue;
		if (size_text &&
		    !number_parse_u64(slice_from(size_text), 0, UINT64_C(1) << 40, &size))
			return err_set(e, ERR_USAGE, "what size is that?");
		kinds[i].make(out, size);
		return true;
	}
	return err_set(e, ERR_USAGE, "there is no such kind");
}

int main(int argc, char **argv)
{
	SCOPED(buf) struct buf out = { 0 };
	struct err e = ERR_INIT;

	log_configure(LOG_LEVEL_INFO, false);
	if (argc < 3 || argc > 4)
		err_set(&e, ERR_USAGE, "bomb KIND FILE [SIZE]");
	if (e.kind != ERR_NONE || !make(argv[1], argc == 4 ? argv[3] : NULL, &out, &e) ||
	    !file_replace(argv[2], buf_slice(&out), 0644, &e))
		return fail(&e);
	return 0;
}
