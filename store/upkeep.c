/* SPDX-License-Identifier: MIT */
#include "store/upkeep.h"

#include "base/banned.h"

/* A record of the log by itself, behind all that was committed: the server waits for the disk. */
bool upkeep_reach_disk(struct connection *c, struct err *e)
{
	return connection_execute(c, "select pg_logical_emit_message(true, 'ruamill', '')", NULL, 0,
				  e);
}

bool upkeep_after_load(struct connection *c, struct err *e)
{
	return connection_execute(c, "select dmarc.refresh_statistics()", NULL, 0, e);
}
