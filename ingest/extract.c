/* SPDX-License-Identifier: MIT */
#include "ingest/extract.h"

#include <stddef.h>

#include "base/bug.h"
#include "base/memory.h"
#include "ingest/authentication.h"
#include "ingest/parsing.h"
#include "ingest/parts.h"
#include "ingest/reread.h"
#include "ingest/unpack.h"
#include "parser/limits.h"

#include "base/banned.h"

/* What has been found in one message so far. */
struct findings {
	unsigned reports;       /* fed to the sink, whole */
	unsigned packed_others; /* out of an archive, and not a report */
	struct err first_fault; /* of a report that could not be read; ERR_NONE if all could */
	struct err fatal;       /* ends the run; ERR_NONE if nothing does */
	enum document_kind other_kind;
};

/* What a part calls itself, as far as its content can contradict it. */
enum declared_type { DECLARED_OTHER, DECLARED_TEXT, DECLARED_GZIP, DECLARED_ZIP };

/* Receives documents and parses those that are reports. Also listens to the parts of a mail. */
struct extraction {
	struct receiver receiver;
	struct mime_listener listener;
	struct mail_watch watch;
	const struct extractor *extractor;
	struct mail_origin *origin; /* of the message */
	int fd;
	struct budget budget;
	uint64_t pieces;  /* of documents */
	uint64_t started; /* budget_clock() at the first look */
	uint64_t reread;  /* bytes that were walked through again */
	struct findings found;
	bool is_mail;               /* a header was read, of the message itself */
	struct mime_summary packed; /* what is known of a mail that was packed as a whole */

	struct parsing *parsing;   /* of the open document, if it is a report */
	uint64_t records_told;     /* of it, to the ticker */
	struct quirks quirks;      /* of the packing, waiting for the next report */
	struct unpacker *unpacker; /* of the open part */
	struct document_place place;
	enum declared_type declared;
	bool part_begun; /* its first bytes have been seen */
	bool part_forwarded;
	bool part_failed;
};

static struct extraction *of_receiver(struct receiver *r)
{
	return (struct extraction *)(void *)((char *)r - offsetof(struct extraction, receiver));
}

static struct extraction *of_listener(struct mime_listener *l)
{
	return (struct extraction *)(void *)((char *)l - offsetof(struct extraction, listener));
}

static struct extraction *of_watch(struct mail_watch *w)
{
	return (struct extraction *)(void *)((char *)w - offsetof(struct extraction, watch));
}

static void note_quirk(struct receiver *r, enum quirk quirk)
{
	struct extraction *x = of_receiver(r);

	if (x->parsing)
		parsing_add_quirk(x->parsing, quirk);
	else
		quirks_add(&x->quirks, quirk);
}

static void give_quirks(struct extraction *x)
{
	for (int quirk = 0; quirk < quirk_count; quirk++) {
		if (quirks_have(&x->quirks, (enum quirk)quirk))
			parsing_add_quirk(x->parsing, (enum quirk)quirk);
	}
	x->quirks = (struct quirks){ 0 };
	if (x->found.reports > 0)
		parsing_add_quirk(x->parsing, QUIRK_SEVERAL_REPORTS);
	if (x->part_forwarded)
		parsing_add_quirk(x->parsing, QUIRK_FORWARDED_MESSAGE);
}

static bool document_begin(struct receiver *r, enum document_kind kind, bool packed,
			   struct err *e UNUSED)
{
	struct extraction *x = of_receiver(r);

	BUG_UNLESS(!x->parsing);
	x->place.document++;
	if (kind == DOCUMENT_REPORT) {
		const struct extractor *with = x->extractor;

		parser_renew(with->parser);
		x->parsing = parsing_new(with->parser, with->relay, with->sink, with->aside);
		x->records_told = 0;
		give_quirks(x);
		return true;
	}
	if (document_is_unsupported(kind) || kind == DOCUMENT_PLACEHOLDER ||
	    (packed && x->found.other_kind == DOCUMENT_OTHER))
		x->found.other_kind = kind;
	x->found.packed_others += packed;
	return true;
}

static void drop_parsing(struct extraction *x)
{
	parsing_free(x->parsing);
	x->parsing = NULL;
}

static void document_abort(struct receiver *r, const struct err *why)
{
	struct extraction *x = of_receiver(r);

	if (x->parsing)
		parsing_abort(x->parsing, why);
	drop_parsing(x);
}

static void tell_records(struct extraction *x)
{
	struct ticker *ticker = x->extractor->ticker;
	uint64_t records = parsing_records(x->parsing);

	if (ticker)
		ticker->tick(ticker, records - x->records_told);
	x->records_told = records;
}

/* The clock is dear to read, and none of the pieces takes long: most mails have but three. */
static bool check_time(struct extraction *x, struct err *e)
{
	enum { PIECES_A_LOOK = 8 };

	if (++x->pieces % PIECES_A_LOOK != 0)
		return true;
	if (x->pieces == PIECES_A_LOOK)
		x->started = budget_clock();

	uint64_t aside = x->parsing ? parsing_seconds(x->parsing) : 0;

	return budget_time(&x->budget, budget_clock() - x->started + aside, e);
}

static bool document_bytes(struct receiver *r, struct slice bytes, struct err *e)
{
	struct extraction *x = of_receiver(r);

	if (!check_time(x, e)) {
		document_abort(r, e);
		return false;
	}
	if (!x->parsing)
		return true;

	bool ok = parsing_push(x->parsing, bytes, e);

	tell_records(x);
	if (!ok)
		drop_parsing(x);
	return ok;
}

/* As many passes as the parser wants. */
static enum parser_end finish_parsing(struct extraction *x, struct err *e)
{
	enum parser_end end = parsing_finish(x->parsing, e);

	while (end == PARSER_AGAIN) {
		if (!reread_document(x->fd, x->place, parsing_parser(x->parsing), &x->reread, e)) {
			parsing_abort(x->parsing, e);
			return PARSER_FAILED;
		}
		end = parsing_finish(x->parsing, e);
	}
	return end;
}

static bool document_end(struct receiver *r, struct err *e)
{
	struct extraction *x = of_receiver(r);

	if (!x->parsing)
		return true;

	bool ok = finish_parsing(x, e) == PARSER_DONE &&
		budget_records(&x->budget, parsing_records(x->parsing), e);

	const struct err *cut = ok ? parser_cut_off(parsing_parser(x->parsing)) : NULL;

	/* it is stored as far as it goes, and still somebody should know */
	if (cut && x->found.first_fault.kind == ERR_NONE)
		x->found.first_fault = *cut;
	x->found.reports += ok;
	drop_parsing(x);
	return ok;
}

static const struct receiver_ops document_ops = {
	document_begin, document_bytes, document_end, document_abort, note_quirk,
};

/*
 * A fault in one part leaves the others their chance; false only for what must end the reading. Too much
 * outweighs broken, since the message is then to be kept, not mended.
 */
static bool note_fault(struct extraction *x, const struct err *fault)
{
	struct findings *found = &x->found;
	struct err earlier = ERR_INIT;

	/* what was wrong in the bytes before counts, also when it is found later */
	if (x->parsing && !parsing_sync(x->parsing, &earlier))
		fault = &earlier;
	document_abort(&x->receiver, fault);
	x->part_failed = true;
	if (!err_is_of_message(fault)) {
		found->fatal = *fault;
		return false;
	}
	if (found->first_fault.kind == ERR_NONE ||
	    (fault->kind == ERR_LIMIT && found->first_fault.kind != ERR_LIMIT))
		found->first_fault = *fault;
	return true;
}

static bool part_push(struct extraction *x, struct slice bytes)
{
	struct err fault = ERR_INIT;

	return x->part_failed || unpacker_push(x->unpacker, bytes, &fault) || note_fault(x, &fault);
}

/* "application/x-zip-compressed" and "application/gzip" alike; gzip holds the other word. */
static enum declared_type declared_type(struct slice type)
{
	if (slice_contains_icase(type, SLICE("gzip")))
		return DECLARED_GZIP;
	if (slice_contains_icase(type, SLICE("zip")))
		return DECLARED_ZIP;
	return slice_starts_with_icase(type, SLICE("text/")) ? DECLARED_TEXT : DECLARED_OTHER;
}

static bool content_contradicts(enum declared_type declared, struct slice head)
{
	bool zip = slice_starts_with(head, SLICE("PK"));
	bool gzip = slice_starts_with(head, SLICE("\x1F\x8B"));

	switch (declared) {
	case DECLARED_OTHER:
		return false;
	case DECLARED_TEXT:
		return zip || gzip;
	case DECLARED_GZIP:
		return !gzip;
	case DECLARED_ZIP:
		return !zip;
	}
	return false;
}

/* The topmost field of a trusted server: those below it may have come with the mail. */
static void read_authentication(const struct extractor *extractor, const struct mime_head *head,
				struct mail_origin *origin)
{
	struct slice from = slice_from(origin->from_domain);
	struct authentication result;
	const char *value;
	int place = 0;

	while ((value = mime_head_field(head, "Authentication-Results", &place)) != NULL) {
		if (!authentication_read(slice_from(value), extractor->trust, extractor->domains,
					 from, &result))
			continue;
		origin->proof = result.proof;
		if (result.signer[0] != '\0')
			origin->signer = memory_copy(slice_from(result.signer));
		return;
	}
}

static void take_head(struct extraction *x, const struct mime_head *head)
{
	x->is_mail = true;
	mail_origin_set_from(x->origin, mime_head_from(head));
	if (x->extractor->trust && x->extractor->trust->count > 0)
		read_authentication(x->extractor, head, x->origin);
}

static void head_is_read(struct mime_listener *l, const struct mime_head *head)
{
	take_head(of_listener(l), head);
}

static void packed_head_is_read(struct mail_watch *w, const struct mime_head *head)
{
	take_head(of_watch(w), head);
}

/* A Maildir of Dovecot may keep its mails as gzip. */
static void packed_mail_is_read(struct mail_watch *w, const struct mime_summary *summary)
{
	struct extraction *x = of_watch(w);

	x->packed = *summary;
	x->packed.message_id = memory_copy(slice_from(summary->message_id));
}

static bool part_begins(struct mime_listener *l, const struct mime_part *part, struct err *e UNUSED)
{
	struct extraction *x = of_listener(l);

	x->declared = declared_type(part->type);
	x->place = (struct document_place){ .part = part->number };
	x->part_forwarded = part->forwarded;
	x->part_begun = false;
	x->part_failed = false;
	x->quirks = (struct quirks){ 0 };
	x->unpacker = unpacker_new(&x->budget, &x->receiver);
	if (!x->is_mail)
		unpacker_watch(x->unpacker, &x->watch);
	return true;
}

static bool part_bytes(struct mime_listener *l, struct slice bytes, struct err *e UNUSED)
{
	struct extraction *x = of_listener(l);

	if (!x->part_begun && content_contradicts(x->declared, bytes))
		quirks_add(&x->quirks, QUIRK_DECLARED_TYPE_WRONG);
	x->part_begun = true;
	return part_push(x, bytes);
}

static bool part_ends(struct mime_listener *l, struct err *e UNUSED)
{
	struct extraction *x = of_listener(l);
	struct err fault = ERR_INIT;
	bool go_on =
		x->part_failed || unpacker_finish(x->unpacker, &fault) || note_fault(x, &fault);

	unpacker_free(x->unpacker);
	x->unpacker = NULL;
	return go_on;
}

/* False for what ends the run; all else has been noted. */
static bool walk_message(struct extraction *x, struct mime_summary *summary, struct err *e)
{
	struct err fault = ERR_INIT;

	if (!parts_walk(x->fd, &x->listener, summary, &fault) && x->found.fatal.kind == ERR_NONE &&
	    fault.kind != ERR_NONE)
		(void)note_fault(x, &fault);
	unpacker_free(x->unpacker); /* of a part that the walk did not bring to its end */
	x->unpacker = NULL;
	if (x->found.fatal.kind == ERR_NONE)
		return true;
	*e = x->found.fatal;
	return false;
}

static void verdict_set(struct verdict_of_message *verdict, enum outcome outcome, const char *what)
{
	verdict->outcome = outcome;
	if (what)
		err_set(&verdict->reason, ERR_INPUT, "%s", what);
}

static enum outcome outcome_of_fault(const struct err *fault)
{
	if (fault->kind == ERR_LIMIT)
		return OUTCOME_TOO_LARGE;
	return fault->kind == ERR_DATE ? OUTCOME_INVALID_DATE : OUTCOME_BROKEN;
}

/* No report, and nothing that tried to be one: what is it then? */
static void judge_other(const struct findings *found, enum mail_kind mail,
			struct verdict_of_message *verdict)
{
	bool is_mail = mail == MAIL_ORDINARY;

	if (mail_kind_is_unsupported(mail))
		verdict_set(verdict, OUTCOME_UNSUPPORTED_KIND, mail_kind_text(mail));
	else if (document_is_unsupported(found->other_kind))
		verdict_set(verdict, OUTCOME_UNSUPPORTED_KIND,
			    document_kind_text(found->other_kind));
	else if (!is_mail)
		verdict_set(verdict, OUTCOME_NOT_A_REPORT, mail_kind_text(mail));
	else if (found->other_kind == DOCUMENT_PLACEHOLDER)
		verdict_set(
			verdict, OUTCOME_BROKEN,
			"the attachment is a placeholder (the word \"unused\"), without a report");
	else if (found->packed_others > 0)
		verdict_set(verdict, OUTCOME_NOT_A_REPORT, "its archive holds no aggregate report");
	else
		verdict_set(verdict, OUTCOME_NOT_A_REPORT, NULL);
}

static void judge(const struct extraction *x, enum mail_kind mail,
		  struct verdict_of_message *verdict)
{
	const struct findings *found = &x->found;
	const struct err *fault = &found->first_fault;

	*verdict = (struct verdict_of_message){ .outcome = OUTCOME_STORED, .reason = *fault };
	if (found->reports > 0 && fault->kind != ERR_LIMIT)
		return;
	if (fault->kind == ERR_REFUSED)
		err_set(&verdict->reason, ERR_INPUT, "refused by the database: %s", fault->what);
	if (fault->kind != ERR_NONE)
		verdict->outcome = outcome_of_fault(fault);
	else
		judge_other(found, mail, verdict);
}

static bool is_too_large(const struct message *message, struct verdict_of_message *verdict)
{
	if (message->size <= LIMIT_MAIL_BYTES)
		return false;
	*verdict = (struct verdict_of_message){ .outcome = OUTCOME_TOO_LARGE };
	err_set(&verdict->reason, ERR_LIMIT, "it has %llu bytes, more than %llu",
		(unsigned long long)message->size, (unsigned long long)LIMIT_MAIL_BYTES);
	return true;
}

bool extract_message(const struct extractor *extractor, int fd, struct message *message,
		     struct verdict_of_message *verdict_out, struct err *e)
{
	struct extraction x = {
		.receiver.ops = &document_ops,
		.listener = { head_is_read, part_begins, part_bytes, part_ends },
		.watch = { packed_head_is_read, packed_mail_is_read },
		.extractor = extractor,
		.origin = &message->origin,
		.fd = fd,
	};
	struct mime_summary summary;

	if (is_too_large(message, verdict_out))
		return true;

	bool walked = walk_message(&x, &summary, e);

	if (x.packed.kind != MAIL_NONE)
		summary = x.packed;
	message->message_id = summary.message_id;
	if (walked)
		judge(&x, summary.kind, verdict_out);
	else
		verdict_out->reports = x.place.document;
	return walked;
}
