/* SPDX-License-Identifier: MIT */
/* What a mail without an aggregate report is, by its header and by the types of its parts. */
#ifndef INGEST_MAIL_KIND_H
#define INGEST_MAIL_KIND_H

#include "base/slice.h"
#include "base/table.h"

#define MAIL_KIND_LIST(X)                                                                          \
	X(MAIL_NONE, "it is neither a report nor a mail that can be read")                         \
	X(MAIL_ORDINARY, "mail")                                                                   \
	X(MAIL_FAILURE_REPORT, "failure report (RUF)")                                             \
	X(MAIL_TLS_REPORT, "TLS report")                                                           \
	X(MAIL_BOUNCE, "delivery status notification")                                             \
	X(MAIL_AUTO_REPLY, "automatic reply")                                                      \
	X(MAIL_RECEIPT, "read receipt")                                                            \
	X(MAIL_TNEF, "TNEF (winmail.dat)")                                                         \
	X(MAIL_OUTLOOK, "Outlook message (.msg)")
ENUM_TABLE_DECLARE(mail_kind, MAIL_KIND_LIST);

/* MAIL_ORDINARY where it says nothing: "message/feedback-report", and the "tlsrpt" of a multipart. */
enum mail_kind mail_kind_of_type(struct slice type);
enum mail_kind mail_kind_of_report_type(struct slice report_type);

/* The header fields to ask for, first things first, NULL behind the last; and what one's value says. */
const char *mail_kind_field(size_t i);
enum mail_kind mail_kind_of_field(size_t i, struct slice value);

/* A report, or the wrapping of one, that is not for us; everything else is merely no report. */
bool mail_kind_is_unsupported(enum mail_kind kind);

#endif
