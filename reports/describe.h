/* SPDX-License-Identifier: MIT */
/* The views that analysts query, in the words of their comments. */
#ifndef REPORTS_DESCRIBE_H
#define REPORTS_DESCRIBE_H

#include "base/output.h"
#include "store/connection.h"

/*
 * One view with its columns, by its name with or without the schema, or all of them where it is NULL.
 * ERR_USAGE where there is none of the name.
 */
MUST_USE bool describe_views(struct connection *c, const char *name, unsigned width,
			     struct output *out, struct err *e);

#endif
