/* SPDX-License-Identifier: MIT */
/*
 * What a command is, and what all of them share. A command's file holds its option table and wires
 * the other folders together; it has no logic of its own.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdint.h>

#include "base/output.h"
#include "cli/settings.h"
#include "reports/answer.h"

/* The statuses a caller may rely on, and no others. */
enum exit_status {
	STATUS_DONE = 0,
	STATUS_SOME_BROKEN = 1,
	STATUS_USAGE = 64,
	STATUS_NO_INPUT = 66,
	STATUS_OUTPUT_FAILED = 74,
	STATUS_TRY_AGAIN = 75,
	STATUS_CONFIGURATION = 78,
};

enum exit_status status_of_err(const struct err *e);

/* Options that every command takes. First member of every command's own struct. */
struct common_options {
	bool help, quiet, verbose, no_progress;
};
extern const struct option common_options[];

/* Of commands that use the database: for a struct with a member `database`. */
/* clang-format off */
#define DATABASE_OPTIONS(type)                                                                     \
	OPT_VALUE("--db", 0, "CONNINFO", type, database.db,                                        \
		  "the database (default: as configured, libpq's environment, or private)"),                \
	CONFIG_OPTION(type)

/* Of commands that go by the configuration. */
#define CONFIG_OPTION(type)                                                                        \
	OPT_VALUE("--config", 0, "FILE", type, database.config,                                    \
		  "the configuration (default: the user's or the system's ruamill.conf)")
/* clang-format on */

/* Of commands that print data. */
#define OUTPUT_OPTION(type)                                                                        \
	OPT_VALUE("--output", 'o', "FILE", type, output, "write to FILE instead of standard output")

/* Of commands that print tables. */
#define COLOR_OPTION(type)                                                                         \
	OPT_VALUE("--color", 0, "auto|always|never", type, color,                                  \
		  "colours in tables (default: on a terminal, unless NO_COLOR is set)")

struct command {
	const char *name;
	const char *arguments; /* "[SOURCE ...]" */
	const char *summary;   /* one line */
	const char *details;   /* for --help; may be NULL */
	const struct option *options;
	size_t options_size; /* of the struct that the table fills */

	/* Has told its errors when it returns; options is that struct. */
	enum exit_status (*run)(void *options, const struct arguments *arguments);

	const struct command *const *children; /* of "db"; NULL else, then run is set */
};

extern const struct command command_ingest, command_show, command_report, command_explain,
	command_senders, command_hosts, command_nightly, command_check;
extern const struct command command_db;

/* argv starts behind the command's name. */
enum exit_status command_run(const struct command *command, const char *parent, const char **argv);

/* Tells the error; returns its status. */
enum exit_status command_fail(const struct err *e);

/* Says that operands are missing, or too many; 64. */
enum exit_status command_wrong_arguments(const char *what, const char *remedy);

/* Finishes the output; the status given, unless writing failed. */
enum exit_status command_finish_output(struct output *out, enum exit_status status);

/* The same of what was printed whole; else tells the error, and a file of -o stays what it was. */
enum exit_status command_end_output(struct output *out, bool whole, const struct err *e);

/* The value of --format for an answer; leaves the format as it is where none is given. */
MUST_USE bool command_answer_format(const char *given, enum answer_format *format_out,
				    struct err *e);

/* The same of commands that print texts. */
enum text_format { FORMAT_TEXT, FORMAT_JSON };
MUST_USE bool command_text_format(const char *given, enum text_format *format_out, struct err *e);

/* The value of --color; "auto" where none is given. */
enum colours { COLOURS_AUTO, COLOURS_ALWAYS, COLOURS_NEVER };
MUST_USE bool command_colours(const char *given, enum colours *colours_out, struct err *e);

/* Says so to the output, which must be open. */
void command_choose_colours(enum colours colours, struct output *out);

/* The program's version: "0.1.0". */
const char *command_version(void);

/* domains_load(); which list it is can be seen with --verbose. */
struct domains;
struct domains *command_domains(struct err *e);

/*
 * To a database whose tables are up to date; connection_close(). The one of --db, else of the configuration,
 * else of libpq's environment, else the private one.
 */
struct connection;
struct connection *command_connect(const struct database_settings *database, struct err *e);

/* The same where it is known which; NULL: neither --db nor the configuration name one. */
struct connection *command_connect_to(const char *db, struct err *e);

/* As connection_open(), whatever its tables are like. */
struct connection *command_open(const struct database_settings *database, struct err *e);

/* Today in UTC, or $RUAMILL_TODAY; false and ERR_CONFIG when that is no date. */
MUST_USE bool command_today(int64_t *day_out, struct err *e);

#endif
