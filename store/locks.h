/* SPDX-License-Identifier: MIT */
/*
 * The database's advisory locks that are ours, as expressions of SQL. PostgreSQL knows them by numbers, so a
 * name that is spelled otherwise somewhere is another lock, which nobody waits for. "nightly" has one by the
 * name of what is to be alone, see exclusive.h.
 */
#ifndef STORE_LOCKS_H
#define STORE_LOCKS_H

#define LOCK_KEY(name) "hashtextextended('dmarc." name "', 0)"

/* Tables and rights are changed by one session at a time. */
#define LOCK_MIGRATE LOCK_KEY("migrate")

/* One session at a time rolls up and judges, and none while another drops what is old. */
#define LOCK_ROLLUP LOCK_KEY("rollup")

/* Whoever claims reports shares it; alone, no report of a day that is being closed comes in. */
#define LOCK_RETENTION LOCK_KEY("retention")

/* Whoever counts on streams that are there already shares it; alone, those that nothing needs may go. */
#define LOCK_STREAMS LOCK_KEY("streams")

/* Months of detail are made by one session at a time; functions of the database take it, too. */
#define LOCK_MONTHS LOCK_KEY("ensure_month")

#endif
