/* SPDX-License-Identifier: MIT */
/* The commands of "ruamill db" that have files of their own. */
#ifndef CLI_DB_H
#define CLI_DB_H

#include "cli/command.h"

extern const struct command db_prune, db_payload;

#endif
