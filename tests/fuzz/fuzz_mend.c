/* SPDX-License-Identifier: MIT */
/*
 * Tag soup through the mender: how it is cut makes no difference, libxml2 reads what is mended, and
 * that needs no mending. The first byte says how large the pieces are, and if a head comes first.
 */
#include <libxml/parser.h>
#include <stdint.h>

#include "base/bug.h"
#include "parser/mend.h"

#include "base/banned.h"

static enum err_kind mend(struct slice rest, size_t piece, struct buf *out, struct quirks *quirks)
{
	SCOPED(mender) struct mender *m = mender_new();
	struct err e = ERR_INIT;
	bool ok = true;

	for (; ok && rest.n > 0; rest = slice_from_offset(rest, piece))
		ok = mender_push(m, slice_prefix(rest, piece), out, &e);
	BUG_UNLESS(ok ? !mender_finish(m, out, &e) || e.kind == ERR_NONE : e.kind != ERR_NONE);
	*quirks = mender_quirks(m);
	return e.kind;
}

/* It may be cut off, and its namespaces may be wrong. */
static void on_error(void *context UNUSED, xmlErrorPtr e)
{
	BUG_UNLESS(e->level < XML_ERR_FATAL || e->code == XML_ERR_DOCUMENT_END ||
		   e->code == XML_ERR_DOCUMENT_EMPTY || e->code == XML_ERR_TAG_NOT_FINISHED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t piece = size > 0 && data[0] & 0x7F ? data[0] & 0x7F : SIZE_MAX;
	SCOPED(buf) struct buf in = { 0 }, whole = { 0 }, cut = { 0 }, again = { 0 };
	struct quirks of_whole, of_cut, of_again;
	xmlSAXHandler handlers = { .initialized = XML_SAX2_MAGIC, .serror = on_error };
	xmlParserCtxtPtr xml = xmlCreatePushParserCtxt(&handlers, NULL, NULL, 0, NULL);
	/* a head, that the decoder waits for */
	while (size > 0 && data[0] & 0x80 && in.n < 1024)
		buf_append_byte(&in, '\n');
	buf_append(&in, slice_from_offset(slice_of((const char *)data, size), 1));

	enum err_kind kind = mend(buf_slice(&in), SIZE_MAX, &whole, &of_whole);

	BUG_UNLESS(mend(buf_slice(&in), piece, &cut, &of_cut) == kind);
	if (kind == ERR_NONE) {
		BUG_UNLESS(slice_equal(buf_slice(&whole), buf_slice(&cut)) &&
			   memcmp(&of_whole, &of_cut, sizeof(of_whole)) == 0);
		(void)xmlParseChunk(xml, buf_text(&whole), (int)whole.n, 1);
		BUG_UNLESS(mend(buf_slice(&whole), SIZE_MAX, &again, &of_again) == ERR_NONE);
		BUG_UNLESS(slice_equal(buf_slice(&whole), buf_slice(&again)) &&
			   (of_again.bits[0] | of_again.bits[1]) == 0);
	}
	xmlFreeParserCtxt(xml);
	return 0;
}
