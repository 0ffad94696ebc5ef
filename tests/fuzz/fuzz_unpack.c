/* SPDX-License-Identifier: MIT */
/* The bytes behind the first one through the unpacker, in pieces as large as it says; 0 is whole. */
#include <stdint.h>

#include "base/bug.h"
#include "ingest/mime.h"
#include "ingest/unpack.h"

#include "base/banned.h"

static bool ready, in_document;
static volatile char touched;

static bool on_begin(struct receiver *r UNUSED, enum document_kind kind UNUSED, bool packed UNUSED,
		     struct err *e UNUSED)
{
	BUG_UNLESS(!in_document);
	return in_document = true;
}

static bool on_bytes(struct receiver *r UNUSED, struct slice bytes, struct err *e UNUSED)
{
	for (size_t i = 0; i < bytes.n; i++)
		touched = bytes.p[i];
	return in_document;
}

static bool on_end(struct receiver *r UNUSED, struct err *e UNUSED)
{
	BUG_UNLESS(in_document);
	return !(in_document = false);
}

static void on_abort(struct receiver *r UNUSED, const struct err *why)
{
	BUG_UNLESS(why->kind != ERR_NONE);
	in_document = false;
}

static void on_quirk(struct receiver *r UNUSED, enum quirk quirk UNUSED)
{
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct receiver_ops ops = { on_begin, on_bytes, on_end, on_abort, on_quirk };
	struct receiver receiver = { &ops };
	struct budget budget = { 0 };
	struct err e = ERR_INIT;
	struct unpacker *u = unpacker_new(&budget, &receiver);
	struct slice rest = slice_from_offset(slice_of((const char *)data, size), 1);
	size_t piece = size > 0 && data[0] > 0 ? data[0] : SIZE_MAX;
	bool going = true;

	if (!ready)
		mime_start();
	ready = true;
	for (; going && rest.n > 0; rest = slice_from_offset(rest, piece))
		going = unpacker_push(u, slice_prefix(rest, piece), &e);
	going = going && unpacker_finish(u, &e);
	unpacker_free(u);
	BUG_UNLESS(!in_document && going == (e.kind == ERR_NONE));
	return 0;
}
