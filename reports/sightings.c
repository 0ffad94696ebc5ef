/* SPDX-License-Identifier: MIT */
#include "reports/sightings.h"

#include <stdlib.h>

#include "base/memory.h"
#include "reports/account.h"
#include "reports/facts.h"
#include "reports/name_set.h"

#include "base/banned.h"

enum { REPORTERS_REMEMBERED = 8, SCRATCH_BYTES = 1 << 20 };

/* Nothing in a report holds this byte: XML 1.0 has no control characters. */
#define NAME_SEPARATOR '\x1F'

/* What is told apart, by a kind and up to four names. */
enum kind {
	KIND_REPORTER = 'r', /* its name */
	KIND_KEY = 'k',      /* d=, selector */
	KIND_LOOKUP = 'l',   /* the domain of an SPF record */
	KIND_FROM = 'f',     /* service, From domain */
	KIND_ACCOUNT = 'a', /* service, d=, selector, Region: "" not told, "*" of whatever Region */
};

/* Reporters, of which only the first few matter: by their place among what was seen. */
struct few {
	unsigned count;
	size_t list[REPORTERS_REMEMBERED];
};

struct seen {
	uint64_t messages;          /* reporter: all of them */
	bool lists, copies_nothing; /* reporter: lists signatures; says fail where others' pass */

	bool passes; /* key: with anybody; From domain: passes DMARC */
	int64_t last_pass, last_failure;
	struct few direct; /* key: reporters that saw it fail on mail which came straight */

	struct few unreached;        /* key, SPF record: reporters that could not look it up */
	uint64_t unreached_messages; /* of the first of them */
	unsigned day_count;
	int64_t days[ENOUGH_DAYS];

	bool signs;             /* From domain: the service signs for it */
	bool under_from;        /* and has an envelope under it */
	struct slice envelope;  /* that passes, and is the owner's; also of an account */
	struct few unsigned_by; /* reporters that show mail of it without a signature */
	struct few failed_with; /* reporters with which mail of it fails */
};

struct sightings {
	struct arena arena;
	struct name_set names; /* each a kind and the names that go with it */
	struct seen *list;     /* by the number of the name; the first is nobody */
	size_t count, capacity;
};

struct sightings *sightings_new(void)
{
	struct sightings *s = memory_zeroed(1, sizeof(*s));

	arena_init(&s->arena, SIGHTINGS_BYTES);
	name_set_init(&s->names, &s->arena, SIGHTINGS_MAX);
	s->list = memory_grow_array(s->list, 0, &s->capacity, sizeof(*s->list));
	s->list[0] = (struct seen){ 0 };
	s->count = 1;
	return s;
}

void sightings_free(struct sightings *s)
{
	if (!s)
		return;
	name_set_release(&s->names);
	arena_release(&s->arena);
	free(s->list);
	free(s);
}

/* --- finding ------------------------------------------------------------------------------------- */

static void append_name(struct buf *b, enum kind kind, const struct slice *names, size_t count)
{
	buf_append_byte(b, (char)kind);
	for (size_t i = 0; i < count; i++) {
		buf_append(b, names[i]);
		buf_append_byte(b, NAME_SEPARATOR);
	}
}

/* Its place in the list; 0 where there is none. */
static size_t find_named(const struct sightings *s, enum kind kind, const struct slice *names,
			 size_t count)
{
	SCOPED(buf) struct buf name = { 0 };

	append_name(&name, kind, names, count);
	return name_set_find(&s->names, buf_slice(&name));
}

/* 0 where there is no room for another. */
static size_t add_named(struct sightings *s, enum kind kind, const struct slice *names,
			size_t count)
{
	SCOPED(buf) struct buf name = { 0 };
	size_t at;

	append_name(&name, kind, names, count);
	at = name_set_add(&s->names, buf_slice(&name));
	if (at == s->count) {
		s->list = memory_grow_array(s->list, s->count, &s->capacity, sizeof(*s->list));
		s->list[s->count++] = (struct seen){ .envelope = SLICE_ABSENT };
	}
	return at;
}

#define NAMES(...)                                                                                 \
	(const struct slice[]){ __VA_ARGS__ },                                                     \
		sizeof((const struct slice[]){ __VA_ARGS__ }) / sizeof(struct slice)
#define FIND(s, kind, ...) find_named(s, kind, NAMES(__VA_ARGS__))
#define ADD(s, kind, ...)  add_named(s, kind, NAMES(__VA_ARGS__))

/* The list may move while it is added to: not an index of it in one expression. */
static struct seen *seen_at(struct sightings *s, size_t at)
{
	return &s->list[at];
}

/* --- adding up ----------------------------------------------------------------------------------- */

static void add_reporter(struct few *few, size_t reporter)
{
	for (unsigned i = 0; i < few->count; i++) {
		if (few->list[i] == reporter)
			return;
	}
	if (few->count < REPORTERS_REMEMBERED)
		few->list[few->count++] = reporter;
}

static void add_day(struct seen *seen, int64_t day)
{
	for (unsigned i = 0; i < seen->day_count; i++) {
		if (seen->days[i] == day)
			return;
	}
	if (seen->day_count < ENOUGH_DAYS)
		seen->days[seen->day_count++] = day;
}

/* Exact up to what counts: who was seen on fewer days than that was seen on the first and the last. */
static void add_days(struct seen *seen, const struct stream_seen *when)
{
	if (when->days >= ENOUGH_DAYS)
		seen->day_count = ENOUGH_DAYS;
	add_day(seen, when->seen_first);
	add_day(seen, when->seen_last);
}

static void add_unreached(struct seen *seen, const struct judged *judged, size_t reporter)
{
	add_reporter(&seen->unreached, reporter);
	if (seen->unreached.list[0] == reporter)
		seen->unreached_messages += judged->stream.record.count;
	add_days(seen, &judged->seen);
}

/* One piece of mail, and what is asked of it several times. */
struct look {
	const struct judged *judged;
	struct author author;
	size_t reporter;
};

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static bool came_straight(const struct judgement *j)
{
	return j->path == PATH_DIRECT || j->dkim_cause == DKIM_BROKEN_AT_SOURCE;
}

static void add_key(struct sightings *s, const struct look *look, const struct dkim_result *dkim)
{
	const struct judged *judged = look->judged;
	struct seen *key = seen_at(s, ADD(s, KIND_KEY, dkim->domain, dkim->selector));
	enum result result = (enum result)dkim->result.value;

	if (result == RESULT_PASS) {
		key->last_pass = key->passes ? later(key->last_pass, judged->seen.seen_last)
					     : judged->seen.seen_last;
		key->passes = true;
	} else if (result == RESULT_TEMPERROR) {
		add_unreached(key, judged, look->reporter);
	} else if (account_signs(&look->author, dkim)) {
		key->last_failure = later(key->last_failure, judged->seen.seen_last);
		if (came_straight(&judged->judgement))
			add_reporter(&key->direct, look->reporter);
	}
}

/* Where the customer's envelope is in use, by account and Region: others may have lost theirs. */
static void add_account(struct sightings *s, const struct look *look,
			const struct dkim_result *dkim)
{
	const struct judgement *j = &look->judged->judgement;
	struct slice region = j->region.n > 0 ? j->region : SLICE("");
	const struct slice regions[] = { region, SLICE("*") };

	for (size_t i = 0; i < COUNT_OF(regions); i++) {
		struct seen *account = seen_at(s,
					       ADD(s, KIND_ACCOUNT, j->service->id, dkim->domain,
						   dkim->selector, regions[i]));

		if (slice_is_absent(account->envelope) &&
		    !arena_copy(&s->arena, j->spf_domain, &account->envelope))
			account->envelope = SLICE_ABSENT;
	}
}

static bool has_own_envelope(const struct look *look)
{
	const struct judgement *j = &look->judged->judgement;

	return j->spf && j->spf->result.value == RESULT_PASS &&
		!slice_is_absent(account_envelope(&look->author, j));
}

/* A machine alone proves nothing: it may have passed on what others sent. */
static bool is_known(const struct judgement *j)
{
	return j->aligned.spf || j->confidence > CONFIDENCE_LOW;
}

static bool is_under_from(const struct look *look)
{
	const struct judgement *j = &look->judged->judgement;

	return domain_is_under(j->spf_domain, look->author.from) &&
		(has_own_envelope(look) || is_known(j));
}

static void add_from(struct sightings *s, const struct look *look)
{
	const struct judgement *j = &look->judged->judgement;
	struct seen *from = seen_at(s, ADD(s, KIND_FROM, j->service->id, look->author.from));

	from->passes |= j->dmarc_pass && is_known(j);
	from->signs |= j->aligned.dkim;
	from->under_from |= is_under_from(look);
	if (has_own_envelope(look) && slice_is_absent(from->envelope) &&
	    !arena_copy(&s->arena, j->spf_domain, &from->envelope))
		from->envelope = SLICE_ABSENT;
	if (j->dkim_cause == DKIM_MISSING)
		add_reporter(&from->unsigned_by, look->reporter);
	if (!j->outcome_pass)
		add_reporter(&from->failed_with, look->reporter);
}

/* A signature passes that aligns nothing, and the reporter does not call that a pass. */
static bool shows_that_it_copies_nothing(const struct judged *judged)
{
	const struct record *r = &judged->stream.record;
	bool any = false;

	for (size_t i = 0; i < r->dkim_count; i++)
		any |= r->dkim_results[i].result.value == RESULT_PASS;
	return any && !judged->judgement.aligned.dkim && r->dkim.value != RESULT_PASS &&
		r->dkim.value != RESULT_ABSENT;
}

static void add_to_reporter(struct sightings *s, const struct look *look)
{
	struct seen *reporter = &s->list[look->reporter];
	const struct judged *judged = look->judged;

	reporter->messages += judged->stream.record.count;
	reporter->lists |= judged->judgement.dkim_cause != DKIM_MISSING &&
		judged->judgement.dkim_cause != DKIM_UNREPORTED;
	reporter->copies_nothing |= shows_that_it_copies_nothing(judged);
}

static struct look look_at(const struct judged *judged, size_t reporter)
{
	return (struct look){
		.judged = judged,
		.author = author_of(judged->subject.judge->domains, NULL, judged->evidence.policy,
				    judged->stream.record.header_from),
		.reporter = reporter,
	};
}

/* What there is no room for goes to the first of the list, of which nothing is told. */
void sightings_add(struct sightings *s, const struct judged *judged)
{
	const struct record *r = &judged->stream.record;
	const struct judgement *j = &judged->judgement;
	const struct look look = look_at(judged, ADD(s, KIND_REPORTER, judged->seen.reporter));

	add_to_reporter(s, &look);
	for (size_t i = 0; i < r->dkim_count; i++) {
		add_key(s, &look, &r->dkim_results[i]);
		if (j->service && has_own_envelope(&look) &&
		    account_signs(&look.author, &r->dkim_results[i]))
			add_account(s, &look, &r->dkim_results[i]);
	}
	if (j->spf_cause == SPF_TEMPERROR)
		add_unreached(seen_at(s, ADD(s, KIND_LOOKUP, j->spf_domain)), judged,
			      look.reporter);
	if (j->service)
		add_from(s, &look);
}

bool sightings_gather(struct sightings *s, const struct judge *judge, const struct rows *rows,
		      struct err *e)
{
	struct arena scratch;
	struct judged judged;
	bool ok = true;

	arena_init(&scratch, SCRATCH_BYTES);
	for (size_t row = 0; ok && row < rows_count(rows); row++) {
		arena_reset(&scratch);
		ok = judged_row(judge, rows, row, &scratch, &judged);
		if (ok)
			sightings_add(s, &judged);
	}
	arena_release(&scratch);
	if (!ok)
		err_set(e, ERR_LIMIT, "a stream takes too much memory to be judged");
	return ok;
}

/* --- deciding ------------------------------------------------------------------------------------ */

/* What was seen of it: nothing, where there was no room. */
static const struct seen *told_of(const struct sightings *s, size_t at)
{
	static const struct seen nothing = { .envelope = { NULL, 0 } };

	return at != 0 ? &s->list[at] : &nothing;
}

static unsigned at_most(unsigned number, unsigned most)
{
	return number < most ? number : most;
}

static enum lookup_decision decide_unreached(const struct sightings *s, const struct seen *seen,
					     bool never_passes)
{
	const struct lookup_seen lookup = {
		.reporters = at_most(seen->unreached.count, ENOUGH_REPORTERS),
		.days = seen->day_count,
		.messages = seen->unreached_messages,
		.all_mail = told_of(s, seen->unreached.list[0])->messages,
		.never_passes = never_passes,
	};

	return decide_lookup(&lookup);
}

/* Of the signature that the cause is about. */
static void decide_on_key(const struct sightings *s, const struct look *look, struct decisions *d)
{
	const struct dkim_result *dkim = look->judged->judgement.dkim;
	size_t at = dkim ? FIND(s, KIND_KEY, dkim->domain, dkim->selector) : 0;
	const struct seen *key = &s->list[at];

	if (at == 0)
		return;

	const struct key_seen seen = {
		.passes = key->passes,
		.last_pass = key->last_pass,
		.last_failure = key->last_failure,
		.direct_reporters = at_most(key->direct.count, ENOUGH_REPORTERS),
	};

	d->key = decide_key(&seen);
	d->key_passed = key->passes;
	d->key_last_pass = key->last_pass;
	if (key->unreached.count > 0)
		d->key_lookup = decide_unreached(s, key, !key->passes);
}

/* The envelope that the same account uses elsewhere; absent where none does. */
static struct slice envelope_of_account(const struct sightings *s, const struct look *look,
					const struct dkim_result *dkim)
{
	const struct judgement *j = &look->judged->judgement;
	const struct slice regions[] = { j->region.n > 0 ? j->region : SLICE("*"), SLICE("") };

	for (size_t i = 0; i < COUNT_OF(regions); i++) {
		size_t at = FIND(s, KIND_ACCOUNT, j->service->id, dkim->domain, dkim->selector,
				 regions[i]);

		if (at != 0 && !slice_is_absent(s->list[at].envelope))
			return s->list[at].envelope;
	}
	return SLICE_ABSENT;
}

static void decide_on_fallback(const struct sightings *s, const struct look *look,
			       const struct seen *from, struct decisions *d)
{
	const struct record *r = &look->judged->stream.record;
	struct fallback_seen seen = { .own_envelope = !slice_is_absent(from->envelope) };

	for (size_t i = 0; i < r->dkim_count; i++) {
		if (!account_signs(&look->author, &r->dkim_results[i]))
			continue;
		seen.signed_by_customer = true;
		if (slice_is_absent(d->own_envelope))
			d->own_envelope = envelope_of_account(s, look, &r->dkim_results[i]);
	}
	seen.same_account = !slice_is_absent(d->own_envelope);
	d->fallback = decide_fallback(&seen);
}

static void decide_on_signing(const struct sightings *s, const struct seen *from,
			      struct decisions *d)
{
	struct unsigned_seen seen = { .signed_elsewhere = from->signs };
	bool all_told = true;

	for (unsigned i = 0; i < from->unsigned_by.count; i++) {
		seen.listed |= told_of(s, from->unsigned_by.list[i])->lists;
		all_told &= from->unsigned_by.list[i] != 0;
	}
	/* where none is known to list signatures, one of which nothing is told may */
	if (seen.listed || all_told)
		d->signing = decide_unsigned(&seen);
}

static void decide_on_unseen(const struct sightings *s, const struct look *look,
			     const struct seen *from, struct decisions *d)
{
	struct unseen_pass seen = { .copies_nothing = told_of(s, look->reporter)->copies_nothing };

	for (unsigned i = 0; i < from->failed_with.count; i++)
		seen.fault_elsewhere |= from->failed_with.list[i] != look->reporter;
	d->unseen = decide_unseen(&seen);
}

static void decide_on_ownership(const struct judgement *j, const struct seen *from,
				struct decisions *d)
{
	const struct ownership_seen seen = {
		.rule = j->rule != NULL,
		.own_domain = j->spf_cause == SPF_UNALIGNED_OWN_OTHER_DOMAIN ||
			j->dkim_cause == DKIM_UNALIGNED_OWN_OTHER_DOMAIN,
		.passes = from->passes,
		.own_envelope = from->under_from,
	};

	d->ours = decide_ownership(&seen);
}

struct decisions sightings_decide(const struct sightings *s, const struct judged *judged)
{
	const struct judgement *j = &judged->judgement;
	const struct look look = look_at(judged, FIND(s, KIND_REPORTER, judged->seen.reporter));
	size_t unreached = j->spf_cause == SPF_TEMPERROR ? FIND(s, KIND_LOOKUP, j->spf_domain) : 0;
	size_t at = j->service ? FIND(s, KIND_FROM, j->service->id, look.author.from) : 0;
	const struct seen *from = told_of(s, at);
	struct decisions d = { .own_envelope = SLICE_ABSENT };

	decide_on_key(s, &look, &d);
	if (unreached != 0)
		d.spf_lookup = decide_unreached(s, &s->list[unreached], false);
	/* where there was no room to remember it, nothing follows from its not being there */
	if (at != 0)
		decide_on_fallback(s, &look, from, &d);
	decide_on_signing(s, from, &d);
	decide_on_unseen(s, &look, from, &d);
	decide_on_ownership(j, from, &d);
	return d;
}
