/* SPDX-License-Identifier: MIT */
#include "cli/judging.h"

#include "base/log.h"
#include "cli/command.h"
#include "reports/rollup.h"

#include "base/banned.h"

bool judging_setup_load(struct judging_setup *s, const struct domains *domains,
			struct connection *c, struct err *e)
{
	*s = (struct judging_setup){ .domains = domains, .catalogue = catalogue_load(e) };
	if (!s->catalogue)
		return false;
	knowledge_init(&s->knowledge, s->catalogue, domains);
	if (!senders_load(c, &s->knowledge, e))
		return false;
	s->owner = knowledge_owner(&s->knowledge);
	s->judge = (struct judge){ s->catalogue, domains, &s->owner };
	judge_fingerprint(&s->judge, command_version(), s->version);
	return true;
}

void judging_setup_release(struct judging_setup *s)
{
	knowledge_release(&s->knowledge);
	catalogue_free(s->catalogue);
	*s = (struct judging_setup){ 0 };
}

static void show_progress(void *context UNUSED, uint64_t done, uint64_t total, const char *what)
{
	log_progress("judging: %llu of %llu %s", (unsigned long long)done,
		     (unsigned long long)total, what);
}

typedef bool (*rollup_job)(const struct rollup *r, struct err *e);

static bool work_as(struct connection *c, const struct judging_setup *s, rollup_job job,
		    struct err *e)
{
	struct rollup rollup = { c, &s->judge, s->version, show_progress, NULL };
	bool ok = senders_publish(c, s->catalogue, e) && job(&rollup, e);

	log_progress_end();
	return ok;
}

static bool work(struct connection *c, const struct domains *domains, rollup_job job, struct err *e)
{
	struct judging_setup s;
	bool ok = judging_setup_load(&s, domains, c, e) && work_as(c, &s, job, e);

	judging_setup_release(&s);
	return ok;
}

bool judging_catch_up(struct connection *c, const struct domains *domains, struct err *e)
{
	return work(c, domains, rollup_run, e);
}

bool judging_catch_up_as(struct connection *c, const struct judging_setup *s, struct err *e)
{
	return work_as(c, s, rollup_run, e);
}

bool judging_do_again(struct connection *c, const struct domains *domains, struct err *e)
{
	return work(c, domains, rollup_rejudge, e);
}

bool judging_tell_unfinished(struct connection *c, struct err *e)
{
	bool due = false;

	if (!rollup_is_due(c, &due, e))
		return false;
	if (due)
		log_line(LOG_LEVEL_WARNING,
			 "some reports are stored and not judged yet: the next 'ruamill ingest' or "
			 "'ruamill db rejudge' does it");
	return true;
}
