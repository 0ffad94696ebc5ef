/* SPDX-License-Identifier: MIT */
#include "tests/bench/packing.h"

#include <glib.h>
#include <stdlib.h>
#include <zip.h>
#include <zlib.h>

#include "base/bug.h"
#include "base/memory.h"
#include "base/timestamp.h"

#include "base/banned.h"

/* 16 asks zlib for the gzip header. */
enum { GZIP_WINDOW = 15 + 16, PIECE_BYTES = 48 * 1024 };

struct packer {
	struct output *out; /* borrowed */
	enum packing packing;
	const char *name; /* borrowed */
	bool base64;
	gint base64_state, base64_save;
	z_stream stream;
	struct buf kept; /* the text of a zip */
	uint64_t packed;
};

struct packer *packer_new(struct output *out, enum packing packing, const char *name, bool base64)
{
	struct packer *p = memory_zeroed(1, sizeof(*p));

	p->out = out;
	p->packing = packing;
	p->name = name;
	p->base64 = base64;
	if (packing == PACK_GZIP)
		BUG_UNLESS(deflateInit2(&p->stream, 6, Z_DEFLATED, GZIP_WINDOW, 8,
					Z_DEFAULT_STRATEGY) == Z_OK);
	return p;
}

void packer_free(struct packer *p)
{
	if (!p)
		return;
	if (p->packing == PACK_GZIP)
		(void)deflateEnd(&p->stream);
	buf_release(&p->kept);
	free(p);
}

static void put(struct packer *p, struct slice bytes)
{
	/* four letters for three bytes, and a line end for each 72 letters */
	char text[PIECE_BYTES / 3 * 4 + PIECE_BYTES / 48 + 16];

	p->packed += bytes.n;
	while (bytes.n > 0 && p->base64) {
		struct slice piece = slice_prefix(bytes, PIECE_BYTES);
		size_t n = g_base64_encode_step((const guchar *)piece.p, piece.n, TRUE, text,
						&p->base64_state, &p->base64_save);

		output_write(p->out, slice_of(text, n));
		bytes = slice_from_offset(bytes, piece.n);
	}
	output_write(p->out, bytes);
}

static void deflate_and_put(struct packer *p, struct slice text, int flush)
{
	unsigned char packed[PIECE_BYTES];
	int code;

	/* zlib reads through this pointer only, but its type predates const */
	p->stream.next_in = (unsigned char *)(uintptr_t)text.p;
	p->stream.avail_in = (unsigned)text.n;
	do {
		p->stream.next_out = packed;
		p->stream.avail_out = sizeof(packed);
		code = deflate(&p->stream, flush);
		BUG_UNLESS(code != Z_STREAM_ERROR);
		put(p, slice_of((const char *)packed, sizeof(packed) - p->stream.avail_out));
	} while (p->stream.avail_out == 0);
}

void packer_push(struct packer *p, struct slice text)
{
	if (p->packing == PACK_GZIP)
		deflate_and_put(p, text, Z_NO_FLUSH);
	else if (p->packing == PACK_ZIP)
		buf_append(&p->kept, text);
	else
		put(p, text);
}

/* libzip writes into memory; what it has written is read from the same source. */
static void zip_and_put(struct packer *p)
{
	zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *archive = zip_open_from_source(target, ZIP_TRUNCATE, NULL);
	zip_source_t *text = zip_source_buffer(archive, p->kept.p, p->kept.n, 0);
	char piece[PIECE_BYTES];
	zip_int64_t got;

	BUG_UNLESS(target && archive && text);
	zip_source_keep(target);
	BUG_UNLESS(zip_file_add(archive, p->name, text, 0) == 0);
	/* the same bytes on every day */
	BUG_UNLESS(zip_file_set_dostime(archive, 0, 0, 0x5D01, 0) == 0);
	BUG_UNLESS(zip_close(archive) == 0 && zip_source_open(target) == 0);
	while ((got = zip_source_read(target, piece, sizeof(piece))) > 0)
		put(p, slice_of(piece, (size_t)got));
	(void)zip_source_close(target);
	zip_source_free(target);
}

uint64_t packer_finish(struct packer *p)
{
	char rest[16];

	if (p->packing == PACK_GZIP)
		deflate_and_put(p, SLICE(""), Z_FINISH);
	else if (p->packing == PACK_ZIP)
		zip_and_put(p);
	if (p->base64) {
		size_t n = g_base64_encode_close(TRUE, rest, &p->base64_state, &p->base64_save);

		output_write(p->out, slice_of(rest, n));
	}
	return p->packed;
}

/* -- mails */

static void put_date(struct buf *out, int64_t seconds)
{
	static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int64_t day = timestamp_to_days(seconds);
	struct date date = date_from_days(day);
	unsigned rest = (unsigned)(seconds - day * 86400);

	buf_printf(out, "%s, %u %s %lld %02u:%02u:%02u +0000", days[day % 7], date.day,
		   months[date.month - 1], (long long)date.year, rest / 3600, rest / 60 % 60,
		   rest % 60);
}

/* Signatures of the path, which nobody here reads. */
static void put_relays(struct buf *out, uint64_t bytes)
{
	static const char line[] =
		"\tq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8SNFZ4kKvN7xI0\n";
	size_t first = out->n;

	while (out->n - first < bytes) {
		buf_append_text(out, "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=relay.example; b=\n");
		for (unsigned i = 0; i < 5 && out->n - first < bytes; i++)
			buf_append_text(out, line);
	}
}

static void put_headers(struct buf *out, const struct mail_frame *mail)
{
	const struct report_frame *r = mail->report;
	const struct dialect *d = r->dialect;

	buf_printf(out,
		   "Return-Path: <%s>\n"
		   "Received: from mail.%s (mail.%s [198.51.100.7])\n"
		   "\tby mx.rua.example (Postfix) with ESMTPS id %llX\n\tfor <dmarc@rua.example>; ",
		   d->email, d->receiver, d->receiver, (unsigned long long)mail->number);
	put_date(out, mail->sent);
	buf_append_text(out, "\n");
	put_relays(out, mail->relayed);
	buf_append_text(out, "Date: ");
	put_date(out, mail->sent);
	buf_printf(out, "\nFrom: \"DMARC Aggregate Report\" <%s>\nTo: dmarc@rua.example\nSubject: ",
		   d->email);
	template_append(out, d->subject, r->id, d->receiver, r->owner->domain);
	buf_printf(out, "\nMessage-ID: <%llu.%lld@%s>\nMIME-Version: 1.0\n",
		   (unsigned long long)mail->number, (long long)mail->sent, d->receiver);
}

static void put_text_parts(struct buf *out, const struct mail_frame *mail)
{
	const char *domain = mail->report->owner->domain;
	const struct dialect *d = mail->report->dialect;

	buf_append_text(out,
			"Content-Type: multipart/mixed;\n\tboundary=\"=_outer\"\n\n--=_outer\n");
	if (d->shape == SHAPE_ALTERNATIVE)
		buf_append_text(out,
				"Content-Type: multipart/alternative; boundary=\"=_inner\"\n\n"
				"--=_inner\n");
	buf_printf(out,
		   "Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\n"
		   "This is a DMARC aggregate report for %s by %s.\n\n",
		   domain, d->receiver);
	if (d->shape == SHAPE_ALTERNATIVE)
		buf_printf(
			out,
			"--=_inner\nContent-Type: text/html; charset=us-ascii\n\n<html><body><p>This is"
			" a DMARC aggregate report for <b>%s</b>.</p></body></html>\n--=_inner--\n\n",
			domain);
	buf_append_text(out, "--=_outer\n");
}

void mail_text_begin(struct buf *out, const struct mail_frame *mail)
{
	const struct dialect *d = mail->report->dialect;

	put_headers(out, mail);
	if (d->shape != SHAPE_BARE)
		put_text_parts(out, mail);
	buf_printf(out,
		   "Content-Type: %s;\n\tname=\"%s\"\nContent-Disposition: attachment;\n"
		   "\tfilename=\"%s\"\nContent-Transfer-Encoding: base64\n\n",
		   d->media_type, mail->attachment, mail->attachment);
}

void mail_text_end(struct buf *out, const struct mail_frame *mail)
{
	if (mail->report->dialect->shape != SHAPE_BARE)
		buf_append_text(out, "\n--=_outer--\n");
}
