/* SPDX-License-Identifier: MIT */
/* ruamill: DMARC aggregate reports in, answers out. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/command.h"

#include "base/banned.h"

static const struct command *const commands[] = {
	&command_ingest, &command_report,  &command_explain, &command_show, &command_senders,
	&command_hosts,  &command_nightly, &command_check,   &command_db,   NULL,
};

static enum exit_status print_text(struct slice text)
{
	struct output out;
	struct err e = ERR_INIT;

	if (!output_open(&out, NULL, &e))
		return command_fail(&e);
	output_write(&out, text);
	return command_finish_output(&out, STATUS_DONE);
}

static enum exit_status print_version(void)
{
	SCOPED(buf) struct buf text = { 0 };

	buf_printf(&text, "ruamill %s\n", command_version());
	return print_text(buf_slice(&text));
}

static enum exit_status print_usage(void)
{
	SCOPED(buf) struct buf text = { 0 };

	buf_append_text(&text,
			"usage: ruamill COMMAND [OPTION ...] [ARGUMENT ...]\n\n"
			"Reads DMARC aggregate reports, and tells which service sent mail that\n"
			"fails SPF or DKIM alignment, why, and what to publish to put it right.\n"
			"\nCommands:\n");
	for (const struct command *const *c = commands; *c; c++)
		buf_printf(&text, "  %-10s %s\n", (*c)->name, (*c)->summary);
	buf_append_text(&text,
			"\n'ruamill COMMAND --help' shows a command's options, "
			"'man ruamill' everything.\n"
			"Start with: ruamill ingest ~/Maildir && ruamill report\n");
	return print_text(buf_slice(&text));
}

static enum exit_status unknown_command(const char *name)
{
	const char *names[COUNT_OF(commands)] = { NULL };
	struct err e = ERR_INIT;

	for (size_t i = 0; commands[i]; i++)
		names[i] = commands[i]->name;

	const char *nearest = text_nearest(slice_from(name), names);

	err_set(&e, ERR_USAGE, "unknown command");
	err_where(&e, "%s", name);
	if (nearest)
		err_remedy(&e, "did you mean '%s'?", nearest);
	else
		err_remedy(&e, "'ruamill --help' lists the commands");
	return command_fail(&e);
}

static bool is_one_of(const char *word, const char *a, const char *b)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

/*
 * Where a standard descriptor is closed, the next thing that is opened would get its number, and what is
 * printed would go to the database. Each gets one that cannot be used: that is an error, as it was.
 */
static void keep_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	keep_standard_descriptors();
	/* a reader that goes away (head, less) is an error of write(), not a silent death */
	(void)signal(SIGPIPE, SIG_IGN);
	/* and so is a file that may not grow further */
	(void)signal(SIGXFSZ, SIG_IGN);
	if (!argv[0] || !argv[1]) {
		(void)print_usage();
		return STATUS_USAGE;
	}
	if (is_one_of(argv[1], "--help", "-h") || strcmp(argv[1], "help") == 0)
		return (int)print_usage();
	if (is_one_of(argv[1], "--version", "-V"))
		return (int)print_version();
	for (const struct command *const *c = commands; *c; c++) {
		if (strcmp((*c)->name, argv[1]) == 0)
			return (int)command_run(*c, "", (const char **)argv + 2);
	}
	return (int)unknown_command(argv[1]);
}
