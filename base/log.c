/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#include "base/banned.h"

/* An error holds at most this much; a longer line is somebody's attempt to flood the log. */
enum { LOG_MAX_LINE = 2048, DEFAULT_COLUMNS = 80 };

static struct {
	enum log_level level;
	bool progress;
	bool line_drawn;
	bool journal;
} sink = { .level = LOG_LEVEL_INFO };

/* As the service manager says: "device:inode" of the stream that the journal reads. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char ours[64];
	struct stat st;

	return stream && fstat(STDERR_FILENO, &st) == 0 &&
		text_format(ours, sizeof(ours), "%llu:%llu", (unsigned long long)st.st_dev,
			    (unsigned long long)st.st_ino) &&
		strcmp(stream, ours) == 0;
}

void log_configure(enum log_level level, bool progress)
{
	sink.level = level;
	sink.journal = stderr_is_journal();
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

/* What journald takes off the front of a line, see sd-daemon(3). */
static const char *const priorities[] = {
	[LOG_LEVEL_ERROR] = "<3>",
	[LOG_LEVEL_WARNING] = "<4>",
	[LOG_LEVEL_INFO] = "<6>",
	[LOG_LEVEL_DEBUG] = "<7>",
};

static void write_line(enum log_level level, struct slice text)
{
	int saved = errno;
	struct buf line = { 0 };

	if (sink.journal)
		buf_append_text(&line, priorities[level]);
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

/* The last column stays free: some terminals wrap there. */
size_t log_progress_columns(void)
{
	struct winsize size;
	bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;

	return (known ? size.ws_col : DEFAULT_COLUMNS) - 1;
}

/* What is cut off ends with an ellipsis, which has to fit, too. */
static size_t progress_room(size_t n)
{
	enum { ELLIPSIS = 3 };
	size_t columns = log_progress_columns();

	return n <= columns || columns <= ELLIPSIS ? columns : columns - ELLIPSIS;
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
	text_append_harmless(&line, buf_slice(&text), progress_room(text.n));
	(void)fwrite(line.p, 1, line.n, stderr);
	(void)fflush(stderr);
	sink.line_drawn = true;
	buf_release(&text);
	buf_release(&line);
}
