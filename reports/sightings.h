/* SPDX-License-Identifier: MIT */
/*
 * What the mail of a window shows beyond each single record, added up for the decisions that take more
 * than one: which keys pass, with whom and when they fail, which reporters list signatures, what a
 * service does for a From domain.
 */
#ifndef REPORTS_SIGHTINGS_H
#define REPORTS_SIGHTINGS_H

#include "reports/decisions.h"
#include "reports/judged.h"

/*
 * Things that are told apart, and the bytes of their names: whoever invents more makes ruamill say that
 * it cannot tell.
 */
enum { SIGHTINGS_MAX = 1 << 16, SIGHTINGS_BYTES = 32 << 20 };

struct sightings;

struct sightings *sightings_new(void);
void sightings_free(struct sightings *s);
SCOPE_DEFINE(sightings, struct sightings *, sightings_free);

/* One more piece of mail; keeps nothing of it. */
void sightings_add(struct sightings *s, const struct judged *judged);

/* All rows of a window. ERR_LIMIT where one of them is too large to be judged. */
MUST_USE bool sightings_gather(struct sightings *s, const struct judge *judge,
			       const struct rows *rows, struct err *e);

/* What follows for one of them. Borrows from the sightings, and lasts until something is added. */
struct decisions sightings_decide(const struct sightings *s, const struct judged *judged);

#endif
