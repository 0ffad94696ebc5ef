/* SPDX-License-Identifier: MIT */
/* Names of addresses out of DNS, as commands share it. */
#ifndef CLI_LOOKING_UP_H
#define CLI_LOOKING_UP_H

#include "cli/command.h"
#include "reports/hosts_lookup.h"

struct looking_up {
	struct hosts_wanted wanted;
	struct lookup_settings settings;
};

/* From words: those of the command line, and of the configuration for what it does not say. */
MUST_USE bool looking_up_choose(const struct lookup_settings_given *given,
				struct looking_up *looking_out, struct err *e);

/* Does a name server answer? It is asked for the name of 127.0.0.1. ERR_UNREACHABLE. */
MUST_USE bool looking_up_try(const struct looking_up *l, struct err *e);

/* What is left for another run, and for nobody. */
void looking_up_tell_waiting(const struct hosts_waiting *w);

/* Asks for what is waiting, stores the answers and judges by them, and tells what was found. */
MUST_USE bool looking_up_run(const struct looking_up *l, struct connection *c,
			     const struct domains *domains, struct hosts_found *found_out,
			     struct err *e);

#endif
