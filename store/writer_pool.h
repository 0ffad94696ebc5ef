/* SPDX-License-Identifier: MIT */
/* Writers to one database, each with a connection of its own, made when they are first asked for. */
#ifndef STORE_WRITER_POOL_H
#define STORE_WRITER_POOL_H

#include "store/writer.h"

struct writer_pool;

/* The connection says which database, and is borrowed. settings: as for writer_new(). */
struct writer_pool *writer_pool_new(const struct connection *c, struct writer_settings settings);
void writer_pool_free(struct writer_pool *p);
SCOPE_DEFINE(writer_pool, struct writer_pool *, writer_pool_free);

/* The ledger of the nth writer; NULL where there are no more, or the database takes no more. */
struct ledger *writer_pool_ledger(struct writer_pool *p, size_t n);

/* The connection of a writer that has nothing to do any more; NULL: there is none. */
struct connection *writer_pool_idle(const struct writer_pool *p);

#endif
