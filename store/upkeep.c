/* SPDX-License-Identifier: MIT */
#include "store/upkeep.h"

#include "base/banned.h"

bool upkeep_after_load(struct connection *c, struct err *e)
{
	return connection_execute(c, "select dmarc.refresh_statistics()", NULL, 0, e);
}
