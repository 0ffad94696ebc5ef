/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <time.h>

#include "base/banned.h"

int64_t clock_ms(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
