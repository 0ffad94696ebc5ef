/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/text.h"

#include "base/banned.h"

/* An error holds at most this much; a longer line is somebody's attempt to flood the log. */
enum { LOG_MAX_LINE = 2048, LOG_MAX_PROGRESS = 79 };

static struct {
	enum log_level level;
	bool progress;
	bool line_drawn;
} sink = { .level = LOG_LEVEL_INFO };

void log_configure(enum log_level level, bool progress)
{
	sink.level = level;
	sink.progress = progress && level >= LOG_LEVEL_INFO && isatty(STDERR_FILENO);
}

void log_progress_end(void)
{
	if (!sink.line_drawn)
		return;
	(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
	sink.line_drawn = false;
}

static void write_line(enum log_level level, struct slice text)
{
	int saved = errno;
	struct buf line = { 0 };

	if (level <= LOG_LEVEL_WARNING)
		buf_append_text(&line, "ruamill: ");
	text_append_harmless(&line, text, LOG_MAX_LINE);
	buf_append_byte(&line, '\n');
	log_progress_end();
	(void)fwrite(line.p, 1, line.n, stderr);
	buf_release(&line);
	errno = saved;
}

void log_line(enum log_level level, const char *format, ...)
{
	va_list args;
	struct buf text = { 0 };

	if (level > sink.level)
		return;
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	write_line(level, buf_slice(&text));
	buf_release(&text);
}

void log_err(enum log_level level, const struct err *e)
{
	struct buf text = { 0 };

	if (level > sink.level)
		return;
	err_append(&text, e);
	write_line(level, buf_slice(&text));
	buf_release(&text);
}

void log_progress(const char *format, ...)
{
	va_list args;
	struct buf text = { 0 }, line = { 0 };

	if (!sink.progress)
		return;
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	buf_append_text(&line, "\r\033[K");
	text_append_harmless(&line, buf_slice(&text), LOG_MAX_PROGRESS);
	(void)fwrite(line.p, 1, line.n, stderr);
	(void)fflush(stderr);
	sink.line_drawn = true;
	buf_release(&text);
	buf_release(&line);
}
