/* SPDX-License-Identifier: MIT */
/* Numbers that are the same on every machine for the same seed: splitmix64. */
#ifndef TESTS_BENCH_RANDOM_H
#define TESTS_BENCH_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *r)
{
	uint64_t z = r->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* A stream of numbers of its own for a thing that three numbers name. */
static inline struct random random_of(uint64_t seed, uint64_t a, uint64_t b)
{
	struct random r = { seed * 1000003 + a };

	r.state = random_next(&r) + b;
	(void)random_next(&r);
	return r;
}

/* 0 to n - 1. */
static inline uint64_t random_below(struct random *r, uint64_t n)
{
	return random_next(r) % n;
}

static inline bool random_chance(struct random *r, unsigned percent)
{
	return random_below(r, 100) < percent;
}

/* 0 to n - 1, the lower the likelier, in a straight line. */
static inline uint64_t random_lower(struct random *r, uint64_t n)
{
	uint64_t either = random_below(r, n), other = random_below(r, n);

	return either < other ? either : other;
}

/* 0 to n - 1, the first ones far more often: what mail traffic looks like. */
static inline uint64_t random_skewed(struct random *r, uint64_t n)
{
	uint64_t u = random_next(r) >> 44; /* 20 bits each: three of them fit into 64 */

	return (u * u >> 20) * u / ((UINT64_C(1) << 40) / n + 1);
}

#endif
