/* SPDX-License-Identifier: MIT */
#include "ingest/progress.h"

#include <time.h>

#include "base/log.h"

#include "base/banned.h"

enum { DRAW_EVERY_MS = 200, JUDGE_AFTER_MS = 1000 };

enum { SECOND = 1000, MINUTE = 60, HOUR = 60 * MINUTE };

/* Left out when the line would be too long, and so are no others: each part stands for itself. */
static void append_part(struct buf *line, const struct buf *part, size_t columns)
{
	size_t separator = line->n > 0 ? 2 : 0;

	if (part->n == 0 || line->n + separator + part->n > columns)
		return;
	if (separator > 0)
		buf_append_text(line, ", ");
	buf_append(line, buf_slice(part));
}

static void append_count(struct buf *part, uint64_t count, const char *what)
{
	buf_printf(part, "%llu %s", (unsigned long long)count, what);
}

static void part_done(struct buf *part, const struct progress_counts *c)
{
	uint64_t rate = c->milliseconds < JUDGE_AFTER_MS ? 0 : c->done * SECOND / c->milliseconds;

	if (c->done <= c->total)
		buf_printf(part, "%llu of %llu messages", (unsigned long long)c->done,
			   (unsigned long long)c->total);
	else
		append_count(part, c->done, "messages");
	if (rate > 0)
		buf_printf(part, " (%llu/s)", (unsigned long long)rate);
}

/* Rounded up: nothing is left only when all is done. */
static void part_left(struct buf *part, const struct progress_counts *c)
{
	if (c->milliseconds < JUDGE_AFTER_MS || c->done == 0 || c->done > c->total)
		return;

	double ms = (double)(c->total - c->done) * (double)c->milliseconds / (double)c->done;
	unsigned long long left = (unsigned long long)(ms / SECOND);

	left += (double)left * SECOND < ms;
	if (left >= HOUR)
		buf_printf(part, "%llu:%02llu:%02llu left", left / HOUR, left % HOUR / MINUTE,
			   left % MINUTE);
	else
		buf_printf(part, "%llu:%02llu left", left / MINUTE, left % MINUTE);
}

static void part_reports(struct buf *part, const struct progress_counts *c)
{
	append_count(part, c->reports, "reports");
}

static void part_records(struct buf *part, const struct progress_counts *c)
{
	append_count(part, c->records, "records");
}

void progress_append(struct buf *line, const struct progress_counts *counts, size_t columns)
{
	static void (*const parts[])(struct buf * part, const struct progress_counts *c) = {
		part_done,
		part_left,
		part_reports,
		part_records,
	};

	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		SCOPED(buf) struct buf part = { 0 };

		parts[i](&part, counts);
		append_part(line, &part, columns);
	}
}

static uint64_t now_ms(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec / 1000000;
}

struct progress progress_begin(void)
{
	return (struct progress){ .begun = now_ms() };
}

bool progress_is_long(const struct progress *p)
{
	return now_ms() - p->begun >= JUDGE_AFTER_MS;
}

void progress_draw(struct progress *p, struct progress_counts counts)
{
	SCOPED(buf) struct buf line = { 0 };
	uint64_t now = now_ms();

	if (p->drawn != 0 && now - p->drawn < DRAW_EVERY_MS)
		return;
	p->drawn = now;
	counts.milliseconds = now - p->begun;
	progress_append(&line, &counts, log_progress_columns());
	log_progress("%s", buf_text(&line));
}
