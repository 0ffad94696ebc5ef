/* SPDX-License-Identifier: MIT */
/* A clock that nobody sets, for how long something takes. What day it is, whoever asks is told. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_ms(void);

#endif
