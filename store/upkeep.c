/* SPDX-License-Identifier: MIT */
#include "store/upkeep.h"

#include "base/banned.h"

/*
 * The message goes to the log behind all that was committed, so that this commit waits for all of it; by
 * the time the statistics are made most of it is on the disk.
 */
#define WAIT_AND_LOOK_AT_PARTITIONS                                                                \
	"select pg_logical_emit_message(true, 'ruamill', ''), dmarc.refresh_statistics(true)"
#define LOOK_AT_OTHERS "select dmarc.refresh_statistics(false)"

bool upkeep_after_load(struct connection *c, struct connection *other, struct err *e)
{
	struct err inner = ERR_INIT;

	if (!other)
		return connection_execute(c, WAIT_AND_LOOK_AT_PARTITIONS "; " LOOK_AT_OTHERS, NULL,
					  0, e);

	bool begun = connection_begin(other, LOOK_AT_OTHERS, e);
	bool ok = connection_execute(c, WAIT_AND_LOOK_AT_PARTITIONS, NULL, 0, begun ? e : &inner);

	return (!begun || connection_await(other, ok ? e : &inner)) && begun && ok;
}
