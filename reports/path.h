/* SPDX-License-Identifier: MIT */
/* Did the mail come straight from its sender, or did somebody pass it on? Inside the judge only. */
#ifndef REPORTS_PATH_H
#define REPORTS_PATH_H

#include "reports/attribution.h"

struct route {
	enum path path;
	bool rewritten; /* a mailbox provider put its tenant's envelope in the place of ours */
};

struct route route_of(const struct facts *f, const struct attribution *a);

#endif
