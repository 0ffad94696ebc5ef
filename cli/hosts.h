/* SPDX-License-Identifier: MIT */
/* The command of "ruamill hosts" that has a file of its own. */
#ifndef CLI_HOSTS_H
#define CLI_HOSTS_H

#include "cli/command.h"

extern const struct command hosts_lookup;

#endif
