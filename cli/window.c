/* SPDX-License-Identifier: MIT */
#include "cli/window.h"

#include "base/number.h"
#include "base/timestamp.h"
#include "parser/domain.h"
#include "reports/question.h"

#include "base/banned.h"

enum { MAX_DAYS = 36500 };

static bool parse_day(const char *option, const char *text, int64_t *day_out, struct err *e)
{
	if (date_parse(slice_from(text), day_out))
		return true;
	err_set(e, ERR_USAGE, "not a date");
	err_where(e, "%s %s", option, text);
	return err_remedy(e, "write it like 2026-11-21");
}

bool window_number(const char *option, const char *text, const char *of_what, uint64_t most,
		   uint64_t *number_out, struct err *e)
{
	if (!text || number_parse_u64(slice_from(text), 1, most, number_out))
		return true;
	err_set(e, ERR_USAGE, "not a number of %s", of_what);
	err_where(e, "%s %s", option, text);
	return err_remedy(e, "give a whole number from 1 to %llu", (unsigned long long)most);
}

/* Lower-case A-labels without a dot at the end. */
bool window_domain(const struct window_options *o, struct arena *arena, const char **domain_out,
		   struct err *e)
{
	struct slice domain;
	bool valid = false;

	if (!o->domain)
		return true;
	if (domain_normalise(arena, slice_from(o->domain), &domain, &valid) && valid) {
		*domain_out = domain.p; /* the arena's copies are terminated */
		return true;
	}
	err_set(e, ERR_USAGE, "not a domain");
	err_where(e, "--domain %s", o->domain);
	return err_remedy(e, "write it like example.com");
}

bool window_days(const struct window_options *o, int64_t *since, int64_t *until, uint64_t *days,
		 struct err *e)
{
	if ((o->since && !parse_day("--since", o->since, since, e)) ||
	    (o->until && !parse_day("--until", o->until, until, e)) ||
	    !window_number("--days", o->days, "days", MAX_DAYS, days, e))
		return false;
	if (o->since && o->days)
		return err_set(e, ERR_USAGE, "--since and --days say the same: give one of them");
	if (o->since && o->until && *since > *until)
		return err_set(e, ERR_USAGE, "--since lies after --until");
	return true;
}

bool window_check(const struct window_options *o, struct arena *arena, struct window *w,
		  struct err *e)
{
	uint64_t days;

	return window_domain(o, arena, &w->domain, e) &&
		window_days(o, &w->since, &w->until, &days, e);
}

void window_fill(const struct window_options *o, int64_t newest, uint64_t days, int64_t *since,
		 int64_t *until)
{
	if (!o->until)
		*until = newest;
	if (!o->since)
		*since = *until - (int64_t)days + 1;
	else if (!o->until && *until < *since)
		*until = *since;
}

bool window_complete(const struct window_options *o, struct connection *c, struct window *w,
		     bool *any_out, struct err *e)
{
	uint64_t days = WINDOW_DEFAULT_DAYS;
	int64_t newest = 0;

	if (!window_days(o, &w->since, &w->until, &days, e) ||
	    !question_newest_day(c, w->domain, any_out, &newest, e))
		return false;
	window_fill(o, newest, days, &w->since, &w->until);
	return true;
}
