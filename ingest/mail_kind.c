/* SPDX-License-Identifier: MIT */
#include "ingest/mail_kind.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(mail_kind, MAIL_KIND_LIST)

struct sign {
	struct slice text;
	enum mail_kind kind;
};

/* A type of a part tells more than the header does, and is certain. */
static const struct sign types[] = {
	{ { "message/feedback-report", 23 }, MAIL_FAILURE_REPORT },
	{ { "message/delivery-status", 23 }, MAIL_BOUNCE },
	{ { "message/global-delivery-status", 30 }, MAIL_BOUNCE },
	{ { "message/disposition-notification", 32 }, MAIL_RECEIPT },
	{ { "message/global-disposition-notification", 39 }, MAIL_RECEIPT },
	{ { "application/tlsrpt+gzip", 23 }, MAIL_TLS_REPORT },
	{ { "application/tlsrpt+json", 23 }, MAIL_TLS_REPORT },
	{ { "application/ms-tnef", 19 }, MAIL_TNEF },
	{ { "application/vnd.ms-tnef", 23 }, MAIL_TNEF },
	{ { "application/vnd.ms-outlook", 26 }, MAIL_OUTLOOK },
};

static const struct sign report_types[] = {
	{ { "feedback-report", 15 }, MAIL_FAILURE_REPORT },
	{ { "delivery-status", 15 }, MAIL_BOUNCE },
	{ { "disposition-notification", 24 }, MAIL_RECEIPT },
	{ { "tlsrpt", 6 }, MAIL_TLS_REPORT },
};

/*
 * A field whose value holds the text; an empty text is in any. "Auto-Submitted: auto-generated" says
 * nothing: reports have it. Of mails with several signs the first row counts: bounces reply by
 * themselves too.
 */
static const struct {
	struct slice name;
	struct sign value;
} fields[] = {
	{ { "TLS-Report-Domain", 17 }, { { "", 0 }, MAIL_TLS_REPORT } },
	{ { "X-Failed-Recipients", 19 }, { { "", 0 }, MAIL_BOUNCE } },
	{ { "From", 4 }, { { "mailer-daemon", 13 }, MAIL_BOUNCE } },
	{ { "Auto-Submitted", 14 }, { { "auto-replied", 12 }, MAIL_AUTO_REPLY } },
	{ { "X-Autoreply", 11 }, { { "", 0 }, MAIL_AUTO_REPLY } },
	{ { "X-Autorespond", 13 }, { { "", 0 }, MAIL_AUTO_REPLY } },
	{ { "Precedence", 10 }, { { "auto_reply", 10 }, MAIL_AUTO_REPLY } },
};

static enum mail_kind find(const struct sign *signs, size_t count, struct slice text)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_equal_icase(signs[i].text, text))
			return signs[i].kind;
	}
	return MAIL_ORDINARY;
}

enum mail_kind mail_kind_of_type(struct slice type)
{
	return find(types, COUNT_OF(types), type);
}

enum mail_kind mail_kind_of_report_type(struct slice report_type)
{
	return find(report_types, COUNT_OF(report_types), report_type);
}

const char *mail_kind_field(size_t i)
{
	return i < COUNT_OF(fields) ? fields[i].name.p : NULL;
}

enum mail_kind mail_kind_of_field(size_t i, struct slice value)
{
	return slice_contains_icase(value, fields[i].value.text) ? fields[i].value.kind
								 : MAIL_ORDINARY;
}

bool mail_kind_is_unsupported(enum mail_kind kind)
{
	switch (kind) {
	case MAIL_FAILURE_REPORT:
	case MAIL_TLS_REPORT:
	case MAIL_TNEF:
	case MAIL_OUTLOOK:
		return true;
	case MAIL_NONE:
	case MAIL_ORDINARY:
	case MAIL_BOUNCE:
	case MAIL_AUTO_REPLY:
	case MAIL_RECEIPT:
		return false;
	}
	return false;
}
