/* SPDX-License-Identifier: MIT */
/* Passwords that sources have in the environment, taken out of it. */
#ifndef CLI_SECRETS_H
#define CLI_SECRETS_H

#include "cli/settings.h"

struct secret_variable;

struct secrets {
	struct secret_variable *variables;
	size_t count, capacity;
};

/*
 * Gives the source its password, if that is in a variable, and takes the variable away. Done for all of
 * them before anything is started that would inherit it.
 */
void secrets_take(struct secrets *secrets, struct source_settings *s);
void secrets_release(struct secrets secrets);
SCOPE_DEFINE(secrets, struct secrets, secrets_release);

#endif
