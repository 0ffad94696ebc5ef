/* SPDX-License-Identifier: MIT */
#include "cli/pruning.h"

#include "base/interrupt.h"
#include "base/log.h"
#include "cli/judging.h"

#include "base/banned.h"

/* "400d"; the first day that is kept. */
static bool parse_age(const char *option, const char *text, int64_t today, int64_t *first_out,
		      struct err *e)
{
	uint64_t days;

	*first_out = PRUNE_NOTHING;
	if (!text)
		return true;
	if (!options_number(option, text, &settings_days, &days, e))
		return false;
	*first_out = today - (int64_t)days;
	return true;
}

bool pruning_is_wanted(const struct retention_settings *given)
{
	return given->keep || given->detail || given->payload;
}

bool pruning_choose(const struct retention_settings *given, int64_t today,
		    struct prune_bounds *bounds_out, struct err *e)
{
	struct prune_bounds b = { 0 };

	if (!parse_age("--keep", given->keep, today, &b.all, e) ||
	    !parse_age("--detail", given->detail, today, &b.detail, e) ||
	    !parse_age("--payload", given->payload, today, &b.payload, e))
		return false;
	if (given->keep && given->detail && b.detail < b.all) {
		err_set(e, ERR_USAGE, "detail cannot be kept longer than all else");
		err_where(e, "--detail %s", given->detail);
		return false;
	}
	if (!given->detail)
		b.detail = b.all;
	if (b.detail != PRUNE_NOTHING)
		b.detail = prune_month(b.detail);
	if (b.all != PRUNE_NOTHING)
		b.all = prune_month(b.all);
	*bounds_out = b;
	return true;
}

/* -- telling */

/* Of a rehearsal to standard output, else as talk. */
struct telling {
	struct prune_listener listener;
	const struct prune_bounds *bounds;
	struct output *out; /* NULL: it is done, too */
	int64_t items, freed, reused;
};

/* Behind a word that says whether it is done. */
static void tell_line(const struct telling *t, const char *rehearsed, const char *done,
		      const struct buf *line)
{
	if (t->out)
		output_printf(t->out, "%s%.*s\n", rehearsed, SLICE_ARG(buf_slice(line)));
	else
		log_line(LOG_LEVEL_INFO, "%s%.*s", done, SLICE_ARG(buf_slice(line)));
}

static void append_size(struct buf *b, int64_t bytes)
{
	if (bytes < 1 << 20)
		buf_printf(b, "%lld KiB", (long long)bytes >> 10);
	else
		buf_printf(b, "%.1f MiB", (double)bytes / (1 << 20));
}

static void on_item(struct prune_listener *l, const struct prune_item *item)
{
	struct telling *t = (struct telling *)l;
	SCOPED(buf) struct buf line = { 0 };

	bool month = item->month[0] != '\0';

	buf_append_text(&line, item->what);
	if (month)
		buf_printf(&line, " of %.7s", item->month);
	buf_printf(&line, ": %lld, %s", (long long)item->rows, month ? "" : "about ");
	append_size(&line, item->bytes);
	tell_line(t, "would drop ", "dropping ", &line);
	t->items++;
	*(month ? &t->freed : &t->reused) += item->bytes;
}

static void on_left(struct prune_listener *l UNUSED, const char *why)
{
	log_line(LOG_LEVEL_INFO, "%s", why);
}

static void append_bound(struct buf *line, const char *what, int64_t first)
{
	char day[DATE_TEXT_SIZE];

	if (first == PRUNE_NOTHING)
		return;
	date_format(first, day);
	buf_printf(line, "%s%s from %s on", line->n == 0 ? "" : ", ", what, day);
}

static void tell_bounds(const struct telling *t)
{
	const struct prune_bounds *b = t->bounds;
	SCOPED(buf) struct buf line = { 0 };

	append_bound(&line, "records", b->detail);
	append_bound(&line, "all else", b->all);
	append_bound(&line, "payloads", b->payload);
	if (b->detail != PRUNE_NOTHING)
		buf_append_text(&line, "; months are kept whole");
	tell_line(t, "kept: ", "kept: ", &line);
}

static void tell_total(const struct telling *t)
{
	SCOPED(buf) struct buf line = { 0 };

	if (t->items == 0) {
		buf_append_text(&line, "nothing is older");
	} else {
		buf_append_text(&line, "that frees ");
		append_size(&line, t->freed);
		buf_append_text(&line, " of disk, and about ");
		append_size(&line, t->reused);
		buf_append_text(&line, " for what comes next");
	}
	tell_line(t, "", "", &line);
}

static bool look(struct connection *c, struct telling *t, struct err *e)
{
	tell_bounds(t);
	if (!prune_look(c, t->bounds, &t->listener, e))
		return false;
	tell_total(t);
	return true;
}

bool pruning_look(struct connection *c, const struct prune_bounds *bounds, struct output *out,
		  struct err *e)
{
	struct telling t = { { on_item, on_left }, bounds, out, 0, 0, 0 };

	return look(c, &t, e);
}

/* -- doing */

/* Facts are rolled up before their detail goes; more may come meanwhile, but not for ever. */
enum { ROUNDS = 10 };

static bool prune(struct connection *c, struct telling *t, const struct domains *domains,
		  struct err *e)
{
	bool late = true;

	for (int round = 0; late && round < ROUNDS; round++) {
		if (!judging_catch_up(c, domains, e) ||
		    !prune_run(c, t->bounds, &t->listener, &late, e))
			return false;
	}
	if (late) {
		err_set(e, ERR_UNREACHABLE, "reports keep coming for the days that are to go");
		return err_remedy(e, "run it again when no ingestion is under way");
	}
	/* whoever ingested meanwhile has left his marks to us */
	return judging_catch_up(c, domains, e);
}

bool pruning_run(struct connection *c, const struct prune_bounds *bounds,
		 const struct domains *domains, int64_t *items_out, struct err *e)
{
	struct telling t = { { on_item, on_left }, bounds, NULL, 0, 0, 0 };

	interrupt_install();
	if (!look(c, &t, e) || !prune(c, &t, domains, e))
		return false;
	*items_out = t.items;
	return true;
}
