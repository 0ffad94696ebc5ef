/* SPDX-License-Identifier: MIT */
/* The kinds of source that source_open() chooses among. */
#ifndef INGEST_SOURCE_KINDS_H
#define INGEST_SOURCE_KINDS_H

#include <sys/stat.h>

#include "ingest/source.h"

struct source *source_file_new(const char *path);
struct source *source_folder_new(const char *path);
struct source *source_maildir_new(const char *path, struct err *e);
struct source *source_stdin_new(void);
struct source *source_stream_new(const char *path, struct err *e);

/* The ledger's key of a file: where it is and what it looked like. */
void source_key_of_file(struct message *m, struct slice kind, const char *path,
			const struct stat *st);

#endif
