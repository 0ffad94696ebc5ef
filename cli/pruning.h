/* SPDX-License-Identifier: MIT */
/* What is older than wanted goes, as commands share it. */
#ifndef CLI_PRUNING_H
#define CLI_PRUNING_H

#include "cli/command.h"
#include "store/prune.h"

bool pruning_is_wanted(const struct retention_settings *given);

/* From words. ERR_USAGE. */
MUST_USE bool pruning_choose(const struct retention_settings *given, int64_t today,
			     struct prune_bounds *bounds_out, struct err *e);

/* What would go, as data. */
MUST_USE bool pruning_look(struct connection *c, const struct prune_bounds *bounds,
			   struct output *out, struct err *e);

/* It goes, and is told; how many kinds of things went. */
MUST_USE bool pruning_run(struct connection *c, const struct prune_bounds *bounds,
			  const struct domains *domains, int64_t *items_out, struct err *e);

#endif
