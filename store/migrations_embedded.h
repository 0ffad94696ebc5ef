/* SPDX-License-Identifier: MIT */
/* The files of sql/migrations/, compiled in, in the order of their numbers. */
#ifndef STORE_MIGRATIONS_EMBEDDED_H
#define STORE_MIGRATIONS_EMBEDDED_H

#include <stddef.h>

#include "base/embed.h"

extern const struct embedded embedded_migrations[];
extern const size_t embedded_migrations_count;

#endif
