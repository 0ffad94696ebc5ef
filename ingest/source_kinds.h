/* SPDX-License-Identifier: MIT */
/* The kinds of source that source_open() chooses among. */
#ifndef INGEST_SOURCE_KINDS_H
#define INGEST_SOURCE_KINDS_H

#include "ingest/source.h"

struct imap_transport;

struct source *source_file_new(const char *path, struct err *e);
struct source *source_mbox_new(const char *path, struct err *e);
struct source *source_folder_new(const char *path, struct err *e);
struct source *source_maildir_new(const char *path, struct err *e);
struct source *source_stdin_new(const char *spec, struct err *e);
struct source *source_stream_new(const char *path, struct err *e);

/* Does the folder have cur, new and tmp? */
bool source_is_maildir(const char *path);

/* Can a Maildir move its mails there? ERR_USAGE. */
MUST_USE bool source_maildir_can_move(const char *folder, struct err *e);

/* Checked before, with access. */
struct source *source_imap_new(const char *spec, const struct imap_access *access, struct err *e);

/* The same over another transport than libcurl's: borrowed. */
struct source *source_imap_over(const char *spec, const struct imap_access *access,
				struct imap_transport *transport, struct err *e);

/* Without asking anybody. ERR_USAGE. */
MUST_USE bool source_imap_check(const char *spec, const struct imap_access *access, struct err *e);
MUST_USE bool source_imap_can_move(const char *folder, struct err *e);

#endif
