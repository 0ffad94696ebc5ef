/* SPDX-License-Identifier: MIT */
/*
 * Talk: everything that goes to stderr, through one sink that makes foreign text harmless, so no
 * caller can forget. Data goes to stdout through output.h.
 *
 * Where the systemd journal reads it, each line begins with its priority.
 *
 * The level and the progress line are mutable state at file scope, since one sink is the point of it.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Lines above `level` are dropped. Progress is drawn only where stderr is a terminal. */
void log_configure(enum log_level level, bool progress);

/* One line, "ruamill: " in front for errors and warnings. errno is kept. */
void log_line(enum log_level level, const char *format, ...) PRINTF_LIKE(2, 3);

/* `ruamill: what: where: what to do`. */
void log_err(enum log_level level, const struct err *e);

/* Draws a line that the next one replaces; log_progress_end() removes it. */
void log_progress(const char *format, ...) PRINTF_LIKE(1, 2);
void log_progress_end(void);

/* So many fit into that line, as wide as the terminal is now. */
size_t log_progress_columns(void);

#endif
