/* SPDX-License-Identifier: MIT */
/*
 * The passes over a document: a strict one; where that finds broken XML, one through the mender; and
 * one more where records stood before the metadata. A later pass goes on where the sink was left.
 */
#include "parser/parser.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/memory.h"
#include "parser/assembly.h"
#include "parser/mend.h"
#include "parser/scan.h"

#include "base/banned.h"

enum { PIECE_BYTES = 64 * 1024 };

struct parser {
	struct domain_cache organisations; /* for one document after the other */
	struct assembly assembly;
	struct scan *scan;     /* this pass */
	struct mender *mender; /* NULL in a strict pass */
	struct buf mended;
	struct err fault; /* what the strict pass broke at */
	bool broke_in_prologue;

	bool ignoring; /* what is left of this pass: the next one decides */
	bool failed;
	bool cut_off; /* ended with the records it had; `error` says where */
	struct err error;
};

void parser_start(void)
{
	scan_start();
}

struct parser *parser_new(const struct domains *domains, struct sink *sink)
{
	struct parser *p = memory_zeroed(1, sizeof(*p));

	assembly_init(&p->assembly, domains, &p->organisations, sink);
	p->scan = scan_new(&p->assembly);
	return p;
}

void parser_renew(struct parser *p)
{
	const struct domains *domains = p->assembly.domains;
	struct sink *sink = p->assembly.sink;

	assembly_release(&p->assembly);
	assembly_init(&p->assembly, domains, &p->organisations, sink);
	scan_renew(p->scan, false);
	mender_free(p->mender);
	p->mender = NULL;
	buf_clear(&p->mended);
	p->broke_in_prologue = p->ignoring = p->failed = p->cut_off = false;
	p->fault = p->error = (struct err)ERR_INIT;
}

void parser_free(struct parser *p)
{
	if (!p)
		return;
	scan_free(p->scan);
	mender_free(p->mender);
	buf_release(&p->mended);
	assembly_release(&p->assembly);
	free(p);
}

void parser_add_quirk(struct parser *p, enum quirk quirk)
{
	quirks_add(&p->assembly.given, quirk);
}

uint64_t parser_record_count(const struct parser *p)
{
	return p->assembly.fed_count;
}

static bool give_up(struct parser *p, const struct err *why, struct err *e)
{
	p->failed = true;
	p->cut_off = false;
	p->error = *why;
	assembly_abort(&p->assembly, why);
	*e = *why;
	return false;
}

/* What was wrong with the document itself says more than what was missing when it was mended. */
static const struct err *told_fault(const struct parser *p, const struct err *why)
{
	bool missing = why->kind == ERR_INPUT || why->kind == ERR_DATE;

	return p->mender && missing ? &p->fault : why;
}

static bool go_on(struct parser *p, enum scan_state state, struct err *e)
{
	const struct err *why = scan_error(p->scan);

	if (state == SCAN_BROKEN && !p->mender) {
		p->fault = *why;
		p->broke_in_prologue = !scan_saw_root(p->scan);
		p->ignoring = true;
	} else if (state == SCAN_BROKEN || state == SCAN_FAILED) {
		return give_up(p, told_fault(p, why), e);
	}
	return true;
}

static bool push_mended(struct parser *p, enum scan_state *state_out)
{
	*state_out = scan_push(p->scan, buf_slice(&p->mended));
	buf_clear(&p->mended);
	return *state_out == SCAN_READING || *state_out == SCAN_WHOLE;
}

/* The mender met what it must not mend, behind all that it has written. */
static bool refuse(struct parser *p, struct err *why, struct err *e)
{
	enum scan_state ignored;

	(void)push_mended(p, &ignored);
	err_where(why, "line %d", scan_line(p->scan));
	return give_up(p, why, e);
}

/* In pieces, since mending may make more of them. */
static bool mend_and_push(struct parser *p, struct slice bytes, struct err *e)
{
	struct err why = ERR_INIT;
	enum scan_state state = SCAN_READING;

	while (bytes.n > 0) {
		if (!mender_push(p->mender, slice_prefix(bytes, PIECE_BYTES), &p->mended, &why))
			return refuse(p, &why, e);
		if (!push_mended(p, &state))
			break;
		bytes = slice_from_offset(bytes, PIECE_BYTES);
	}
	return go_on(p, state, e);
}

bool parser_push(struct parser *p, struct slice bytes, struct err *e)
{
	if (p->failed)
		return give_up(p, &p->error, e);
	if (p->ignoring)
		return true;
	return p->mender ? mend_and_push(p, bytes, e) : go_on(p, scan_push(p->scan, bytes), e);
}

/* The next pass begins. */
static enum parser_end start_over(struct parser *p, bool mend, bool keep_metadata)
{
	assembly_rewind(&p->assembly, keep_metadata);
	scan_renew(p->scan, mend);
	mender_free(p->mender);
	p->mender = mend ? mender_new() : NULL;
	p->ignoring = false;
	return PARSER_AGAIN;
}

/* A document that was read again and found only cut off was not mended. */
static void note_mending(struct parser *p, enum scan_state state)
{
	struct quirks quirks;

	if (!p->mender)
		return;
	quirks = mender_quirks(p->mender);
	if (p->broke_in_prologue && !quirks_have(&quirks, QUIRK_WRAPPED_FEEDBACK))
		quirks_add(&quirks, QUIRK_BROKEN_PROLOGUE);
	if (state != SCAN_CUT_OFF || quirks_any(&quirks))
		quirks_add(&quirks, QUIRK_RECOVERED_XML);
	quirks_merge(&p->assembly.given, &quirks);
}

static enum parser_end finish_whole(struct parser *p, struct err *e)
{
	struct err why = ERR_INIT;

	if (assembly_end(&p->assembly, &why))
		return PARSER_DONE;
	(void)give_up(p, told_fault(p, &why), e);
	return PARSER_FAILED;
}

/* A document that is cut off: its complete records count, if there are any. */
static enum parser_end finish_cut_off(struct parser *p, struct err *e)
{
	struct assembly *a = &p->assembly;
	SCOPED(buf) struct buf text = { 0 };

	p->error = *scan_error(p->scan);
	if (a->fed_count == 0) {
		(void)give_up(p, told_fault(p, scan_error(p->scan)), e);
		return PARSER_FAILED;
	}
	p->cut_off = true;
	assembly_drop_open(a);
	parser_add_quirk(p, QUIRK_TRUNCATED);
	err_append(&text, &p->error);
	if (!arena_copy(&a->report_arena, buf_slice(&text), &a->report.broken_off))
		a->report.broken_off = SLICE("it is cut off"); /* no room to say where */
	return finish_whole(p, e);
}

static enum scan_state finish_scan(struct parser *p, struct err *e)
{
	struct err why = ERR_INIT;
	enum scan_state state = SCAN_READING;

	if (p->mender && !mender_finish(p->mender, &p->mended, &why)) {
		(void)refuse(p, &why, e);
		return SCAN_FAILED;
	}
	if (p->mender && !push_mended(p, &state))
		return state;
	return scan_finish(p->scan);
}

enum parser_end parser_finish(struct parser *p, struct err *e)
{
	const struct assembly *a = &p->assembly;

	if (p->failed) {
		*e = p->error;
		return PARSER_FAILED;
	}

	enum scan_state state = p->ignoring ? SCAN_BROKEN : finish_scan(p, e);

	if (!p->ignoring && (p->failed || !go_on(p, state, e)))
		return PARSER_FAILED;
	if (p->ignoring)
		return start_over(p, true, false);
	if (a->looking_ahead && a->metadata_complete && a->policy_complete)
		return start_over(p, p->mender != NULL, true);
	note_mending(p, state);
	return state == SCAN_CUT_OFF ? finish_cut_off(p, e) : finish_whole(p, e);
}

const struct err *parser_cut_off(const struct parser *p)
{
	return p->cut_off ? &p->error : NULL;
}

void parser_abort(struct parser *p, const struct err *why)
{
	p->failed = true;
	p->error = *why;
	assembly_abort(&p->assembly, why);
}
