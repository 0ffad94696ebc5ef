/* SPDX-License-Identifier: MIT */
#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

#include "base/banned.h"

enum { DEFAULT_WIDTH = 80, NARROWEST = 40 };

/* A device or a pipe is written to as it is: there is no "whole" to wait for. */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static bool open_temporary(struct output *out, const char *path, struct err *e)
{
	struct buf name = { 0 };
	mode_t mask = umask(0);

	(void)umask(mask);
	buf_printf(&name, "%s.XXXXXX", path);

	int fd = file_make(name.p);

	if (fd < 0) {
		err_set_errno(e, ERR_OUTPUT, errno, "cannot create the output file");
		buf_release(&name);
		return err_where(e, "%s", path);
	}
	(void)fchmod(fd, 0666 & ~mask);
	out->temporary = buf_detach(&name);
	out->stream = fdopen(fd, "w");
	if (!out->stream)
		memory_exhausted(); /* there is no other reason */
	return true;
}

bool output_open(struct output *out, const char *path, struct err *e)
{
	*out = (struct output){ 0 };
	if (!path) {
		out->stream = stdout;
		return true;
	}
	out->path = memory_copy(slice_from(path));
	if (!is_special(path))
		return open_temporary(out, path, e);
	out->stream = fopen(path, "we");
	if (out->stream)
		return true;
	err_set_errno(e, ERR_OUTPUT, errno, "cannot open the output file");
	return err_where(e, "%s", path);
}

static void note_error(struct output *out, bool failed)
{
	if (failed && out->error == 0)
		out->error = errno != 0 ? errno : EIO;
}

void output_write(struct output *out, struct slice bytes)
{
	errno = 0;
	note_error(out, bytes.n > 0 && fwrite(bytes.p, 1, bytes.n, out->stream) != bytes.n);
}

void output_text(struct output *out, const char *text)
{
	output_write(out, slice_from(text));
}

void output_printf(struct output *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	errno = 0;
	note_error(out, vfprintf(out->stream, format, args) < 0);
	va_end(args);
}

bool output_check(const struct output *out, struct err *e)
{
	return out->error == 0 || err_set(e, ERR_OUTPUT, "cannot write the output");
}

void output_flush(struct output *out)
{
	errno = 0;
	note_error(out, fflush(out->stream) != 0);
}

bool output_is_terminal(const struct output *out)
{
	return isatty(fileno(out->stream));
}

unsigned output_width(const struct output *out)
{
	struct winsize size;

	if (output_is_terminal(out) && ioctl(fileno(out->stream), TIOCGWINSZ, &size) == 0 &&
	    size.ws_col >= NARROWEST)
		return size.ws_col;
	return DEFAULT_WIDTH;
}

bool output_finish(struct output *out, struct err *e)
{
	output_flush(out);
	if (out->path) {
		note_error(out, fclose(out->stream) != 0);
		out->stream = NULL;
		if (out->error == 0 && out->temporary)
			note_error(out, rename(out->temporary, out->path) != 0);
	}
	if (out->error == 0) {
		free(out->temporary);
		out->temporary = NULL;
		return true;
	}
	err_set_errno(e, ERR_OUTPUT, out->error, "cannot write the output");
	return err_where(e, "%s", out->path ? out->path : "standard output");
}

void output_release(struct output *out)
{
	if (out->path && out->stream)
		(void)fclose(out->stream);
	if (out->temporary)
		(void)unlink(out->temporary);
	free(out->temporary);
	free(out->path);
	*out = (struct output){ 0 };
}
