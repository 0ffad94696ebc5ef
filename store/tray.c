/* SPDX-License-Identifier: MIT */
#include "store/tray.h"

#include "store/copy.h"

#include "base/banned.h"

bool tray_make(struct connection *c, const struct tray *tray, struct err *e)
{
	return connection_once(c, tray->make, e);
}

bool tray_fill(struct connection *c, const struct tray *tray, struct slice rows, struct err *e)
{
	return connection_copy_begin(c, tray->fill, e) && connection_copy_put(c, rows, e) &&
		connection_copy_end(c, e);
}
