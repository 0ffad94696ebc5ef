/* SPDX-License-Identifier: MIT */
/* ruamill ingest --watch: what comes is read, stored and judged until a signal ends it. */
#ifndef CLI_WATCHING_H
#define CLI_WATCHING_H

#include "cli/ingesting.h"

/* Has told its errors when it returns. */
enum exit_status watching_run(const struct ingesting *g, struct connection *c,
			      const struct source_settings *sources, size_t count,
			      uint64_t interval_seconds);

#endif
