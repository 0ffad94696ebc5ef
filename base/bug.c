/* SPDX-License-Identifier: MIT */
#include "base/bug.h"

#include <stdlib.h>

#include "base/log.h"

#include "base/banned.h"

void bug_at(const char *file, int line, const char *what)
{
	log_line(LOG_LEVEL_ERROR, "bug in ruamill: %s: %s:%d: please report it", what, file, line);
	abort();
}
