/* SPDX-License-Identifier: MIT */
#include "reports/task_line.h"

#include "reports/causes.h"

#include "base/banned.h"

static void append_from(struct buf *line, const struct task_subject *s, const char *before)
{
	if (s->header_from.n > 0)
		buf_printf(line, "%s%.*s", before, SLICE_ARG(s->header_from));
}

static void append_service(struct buf *line, const struct task_subject *s)
{
	if (s->service.n > 0)
		buf_printf(line, " at %.*s", SLICE_ARG(s->service));
}

static void append_signing(struct buf *line, const struct task_subject *s)
{
	buf_append_text(line, "Turn on DKIM signing");
	append_from(line, s, " as ");
	append_service(line, s);
}

/* Of a service that does not authenticate: its signature carries DMARC, whatever SPF does. */
static void append_set_up(struct buf *line, const struct task_subject *s)
{
	switch (s->dkim_cause) {
	case DKIM_KEY_ERROR:
	case DKIM_BROKEN_AT_SOURCE:
		buf_append_text(line, "Look at the DKIM key");
		append_from(line, s, " of ");
		append_service(line, s);
		break;
	case DKIM_TEMPERROR:
		buf_append_text(line, "If it goes on: look at your name servers");
		break;
	case DKIM_NOT_ACCEPTED:
		buf_append_text(line, "Let it sign with an RSA key of 2048 bits");
		append_service(line, s);
		break;
	case DKIM_UNREPORTED:
	case DKIM_MISSING:
	case DKIM_ALIGNED:
	case DKIM_STRICT_MISMATCH:
	case DKIM_BROKEN_IN_TRANSIT:
	case DKIM_UNRECOGNISED:
	case DKIM_UNALIGNED_OWN_OTHER_DOMAIN:
	case DKIM_UNALIGNED_ESP_SIGNATURE:
	case DKIM_UNALIGNED_INTERMEDIARY:
	case DKIM_UNALIGNED_OTHER_DOMAIN:
	case DKIM_NONPASS_OTHER_DOMAIN:
		append_signing(line, s);
		break;
	}
}

/* Whoever passed it on: the signature was bad before. */
static bool is_broken_at_source(const struct task_subject *s)
{
	return s->dkim_cause == DKIM_BROKEN_AT_SOURCE;
}

static void append_forwarded(struct buf *line, const struct task_subject *s)
{
	if (is_broken_at_source(s)) {
		append_set_up(line, s);
	} else if (severity_of(s->verdict, s->spf_cause, s->dkim_cause) == SEVERITY_WARN) {
		buf_append_text(line, "Sign it at its source");
		append_from(line, s, " as ");
		buf_append_text(line, ": forwarded copies then survive");
	} else {
		buf_append_text(line, "Nothing: it was changed on the way");
	}
}

static void append_strict(struct buf *line, const struct task_subject *s)
{
	bool of_dkim = s->dkim_cause == DKIM_STRICT_MISMATCH;
	bool of_spf = s->spf_cause == SPF_STRICT_MISMATCH;

	buf_append_text(line, "Take ");
	buf_append_text(line, of_dkim ? "adkim=s" : "");
	buf_append_text(line, of_dkim && of_spf ? " and " : "");
	buf_append_text(line, of_spf ? "aspf=s" : "");
	buf_append_text(line, " out of the DMARC record");
	if (of_dkim)
		append_from(line, s, ", or sign as ");
}

static void append_own_server(struct buf *line, const struct task_subject *s)
{
	bool signs = s->dkim_cause == DKIM_BROKEN_AT_SOURCE || s->dkim_cause == DKIM_KEY_ERROR;
	bool broken = s->spf_cause == SPF_PERMERROR;

	buf_append_text(line, signs ? "Look at the server's DKIM key" : "Let the server sign");
	buf_append_text(line, broken ? ", and mend the SPF record" : ", and list it in SPF");
	buf_append_text(line, ", if it is yours");
}

void task_line_append(struct buf *line, const struct task_subject *s)
{
	switch (s->verdict) {
	case VERDICT_ALIGNED_SPF_ONLY:
		append_signing(line, s);
		buf_append_text(line, ": forwarding breaks SPF");
		break;
	case VERDICT_ALIGNED_BOTH:
	case VERDICT_FORWARDED_DKIM_SURVIVED:
	case VERDICT_ALIGNED_DKIM_ONLY:
		if (s->failing)
			buf_append_text(
				line,
				"Nothing to publish: the reporter failed what passes by its "
				"own results");
		break;
	case VERDICT_STRICT_MODE_MISALIGNMENT:
		append_strict(line, s);
		break;
	case VERDICT_MAILING_LIST:
	case VERDICT_FORWARDED_BROKEN:
		append_forwarded(line, s);
		break;
	case VERDICT_SENDER_NOT_AUTHENTICATED:
		append_set_up(line, s);
		break;
	case VERDICT_OWN_SERVER_NOT_AUTHORISED:
		append_own_server(line, s);
		break;
	case VERDICT_UNKNOWN_SENDER:
		buf_append_text(line, "Find out who it is; publish nothing before");
		break;
	case VERDICT_UNDETERMINED:
		buf_append_text(line, "Nothing: the reporter does not say enough");
		break;
	case VERDICT_LIKELY_SPOOF:
		buf_append_text(line, "Nothing: p=reject is for this");
		break;
	}
}

bool task_line_is_work(const struct task_subject *s)
{
	switch (s->verdict) {
	case VERDICT_ALIGNED_BOTH:
	case VERDICT_FORWARDED_DKIM_SURVIVED:
	case VERDICT_ALIGNED_DKIM_ONLY:
	case VERDICT_UNDETERMINED:
	case VERDICT_LIKELY_SPOOF:
		return false;
	case VERDICT_MAILING_LIST:
	case VERDICT_FORWARDED_BROKEN:
		return is_broken_at_source(s) ||
			severity_of(s->verdict, s->spf_cause, s->dkim_cause) == SEVERITY_WARN;
	case VERDICT_ALIGNED_SPF_ONLY:
	case VERDICT_STRICT_MODE_MISALIGNMENT:
	case VERDICT_SENDER_NOT_AUTHENTICATED:
	case VERDICT_OWN_SERVER_NOT_AUTHORISED:
	case VERDICT_UNKNOWN_SENDER:
		return true;
	}
	return true;
}
