/* SPDX-License-Identifier: MIT */
/* Numbers and shares as people read them. */
#ifndef REPORTS_AMOUNTS_H
#define REPORTS_AMOUNTS_H

#include <stdint.h>

#include "base/buf.h"

/* 1,234,567 */
void number_append_grouped(struct buf *b, uint64_t number);

enum share_precision { SHARE_WHOLE, SHARE_TENTHS };

/* "46 %" or "45.6 %", of 0 "-"; neither nothing nor all unless it is. */
void share_append(struct buf *b, uint64_t number, uint64_t total, enum share_precision precision);

/* Of hundredths: "1,235", below ten "9.9"; what is not nothing is 0.1 at least. */
void rate_append(struct buf *b, uint64_t hundredths);

#endif
