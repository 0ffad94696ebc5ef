/* SPDX-License-Identifier: MIT */
#include "store/upkeep.h"

#include "base/banned.h"

/*
 * The message goes to the log behind all that was committed, so that this commit waits for all of it; by
 * the time the statistics are made most of it is on the disk.
 */
static const char after_load[] =
	"select pg_logical_emit_message(true, 'ruamill', ''), dmarc.refresh_statistics()";

bool upkeep_after_load(struct connection *c, struct err *e)
{
	return connection_execute(c, after_load, NULL, 0, e);
}
