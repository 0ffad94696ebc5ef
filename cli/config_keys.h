/* SPDX-License-Identifier: MIT */
/*
 * Every key of ruamill.conf: a row each says its section, what may stand there, what counts where it does
 * not, and what it is for. Reading, the commented sample and the check of the manual page go by these.
 */
#ifndef CLI_CONFIG_KEYS_H
#define CLI_CONFIG_KEYS_H

#include "base/buf.h"
#include "base/table.h"
#include "cli/options.h"

#define CONFIG_SECTION_LIST(X)                                                                     \
	X(CONFIG_DATABASE, "database")                                                             \
	X(CONFIG_INGEST, "ingest")                                                                 \
	X(CONFIG_SOURCE, "source") /* any number of them, each with a name */                      \
	X(CONFIG_LOOKUP, "lookup")                                                                 \
	X(CONFIG_RETENTION, "retention")
ENUM_TABLE_DECLARE(config_section, CONFIG_SECTION_LIST);

enum config_type {
	CONFIG_TEXT,
	CONFIG_SWITCH,   /* yes or no: a bool */
	CONFIG_NUMBER,   /* as `number` says */
	CONFIG_PATH,     /* absolute: nobody knows from where it is run */
	CONFIG_PLACE,    /* an absolute path, or a mailbox on a server */
	CONFIG_ACTION,   /* leave, mark, move:FOLDER, delete */
	CONFIG_SERVERS,  /* addresses of name servers */
	CONFIG_CONNINFO, /* what libpq takes, without a password */
	CONFIG_WORDS,    /* apart by blanks: a struct option_list */
	CONFIG_NAME,     /* of a variable or a credential: no path */
};

struct config_key {
	enum config_section section;
	enum config_type type;
	const char *name;
	const struct option_number *number;
	const char *initial; /* what counts where the key is not there; NULL: nothing */
	const char *example; /* for the sample, where there is no initial value */
	const char *help;
	size_t offset; /* in struct config; of a source in struct config_source */
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;

/* May this stand there? ERR_CONFIG with what is expected. */
MUST_USE bool config_check_value(const struct config_key *key, const char *value, struct err *e);

/* Known to be good. */
bool config_switch_value(const char *value);

/* A file with every key and its help, all of them commented out. */
void config_append_sample(struct buf *text);

#endif
