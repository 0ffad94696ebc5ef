/* SPDX-License-Identifier: MIT */
/*
 * What one mail may still cost: one budget shared by all its parts and layers, so that many small
 * bombs are one large one.
 */
#ifndef INGEST_BUDGET_H
#define INGEST_BUDGET_H

#include <stdint.h>

#include "base/err.h"

struct budget {
	uint64_t packed;   /* bytes that came in */
	uint64_t inflated; /* bytes that unpacking made of them, all layers together */
	uint64_t records;
};

MUST_USE bool budget_inflate(struct budget *b, uint64_t bytes, struct err *e);
MUST_USE bool budget_records(struct budget *b, uint64_t records, struct err *e);

/* Of a document at hand: so many records in so many bytes. */
MUST_USE bool budget_record_size(uint64_t records, uint64_t bytes, struct err *e);

/* Seconds of processor time that this thread has taken, and whether so many are too many. */
uint64_t budget_clock(void);
MUST_USE bool budget_time(const struct budget *b, uint64_t seconds, struct err *e);

#endif
