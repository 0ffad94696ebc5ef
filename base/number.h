/* SPDX-License-Identifier: MIT */
/* Numbers out of text: the whole text, in range, or false with the output untouched. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdint.h>

#include "base/slice.h"

/* Decimal digits only: no sign, no blank, no base prefix. */
MUST_USE bool number_parse_u64(struct slice s, uint64_t min, uint64_t max, uint64_t *value_out);

/* The same with an optional '-' in front. */
MUST_USE bool number_parse_i64(struct slice s, int64_t min, int64_t max, int64_t *value_out);

#endif
