/* SPDX-License-Identifier: MIT */
/* Those of the commands of `senders` that write down what the owner knows. */
#ifndef CLI_OWNER_H
#define CLI_OWNER_H

#include "cli/command.h"

extern const struct command senders_add, senders_remove, senders_own, senders_disown,
	senders_acknowledge, senders_rules;

#endif
