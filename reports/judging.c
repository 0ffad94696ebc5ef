/* SPDX-License-Identifier: MIT */
#include "reports/judging.h"

#include "base/bug.h"
#include "base/digest.h"
#include "reports/judged.h"
#include "reports/remedy.h"
#include "reports/streams.h"
#include "store/copy.h"
#include "store/key_set.h"
#include "store/tray.h"

#include "base/banned.h"

/* What one pair needs while it is judged; then it is forgotten. */
enum { SCRATCH_BYTES = 2 << 20, REMEDY_KEY_VERSION = 6 };

enum { COLUMN_KEY = STREAMS_COLUMN_COUNT, COLUMN_CLASS };

#define JUDGEMENT_COLUMNS                                                                          \
	"stream_key, host_class, service, infrastructure, last_hop, path, confidence, spf_cause, " \
	"dkim_cause, verdict, severity, flags, organisation, mailfrom, region, tenant, "           \
	"spf_aligned, dkim_aligned, spf_agreement, dkim_agreement, dmarc_pass, outcome_pass, "     \
	"remedy_key, version"
enum { JUDGEMENT_COLUMN_COUNT = 24 };

#define REMEDY_COLUMNS "key, title, body, dns"
enum { REMEDY_COLUMN_COUNT = 4 };

static const struct tray judgements =
	TRAY("new_judgement", JUDGEMENT_COLUMNS, "like dmarc.judgement");
static const struct tray remedies = TRAY("new_remedy", REMEDY_COLUMNS, "like dmarc.remedy");

/* What was thought of a pair before gives way. */
static const char insert_judgements[] = "with " TRAY_TAKEN(
	"new_judgement") " insert into dmarc.judgement (" JUDGEMENT_COLUMNS
			 ") select " JUDGEMENT_COLUMNS
			 " from given order by stream_key, host_class "
			 "on conflict (stream_key, host_class) do update set (" JUDGEMENT_COLUMNS
			 ") = row (excluded.*)";

static const char insert_remedies[] =
	"with " TRAY_TAKEN("new_remedy") " insert into dmarc.remedy (" REMEDY_COLUMNS
					 ") select " REMEDY_COLUMNS " from given "
					 "order by key on conflict (key) do nothing";

static const char fetch[] = "fetch 4000 from pair";

struct work {
	const struct judging *judging;
	struct arena scratch;
	struct digest *digest;
	struct key_set known_remedies; /* that were sent in this run */
	struct buf judgements, remedies;
};

/* -- what to do */

static bool is_record(const struct remedy_line *line)
{
	return line->kind == REMEDY_RECORD || line->kind == REMEDY_GATE;
}

static void append_body(struct buf *body, const struct remedy *remedy)
{
	for (size_t i = 0; i < remedy->count; i++) {
		const struct remedy_line *line = &remedy->lines[i];
		struct slice part = slice_from(remedy_part_text(line->part));
		bool first = i == 0 || line[-1].part != line->part;

		if (i > 0)
			buf_append_byte(body, '\n');
		if (first && part.n > 0 && !is_record(line) && !slice_starts_with(line->text, part))
			buf_printf(body, "%.*s: ", SLICE_ARG(part));
		buf_append(body, line->text);
		if (line->kind == REMEDY_GATE)
			buf_printf(body, " (%s)", remedy_kind_text(line->kind));
	}
}

static void encode_remedy(struct buf *out, const struct uuid *key, struct slice title,
			  struct slice body, const struct remedy *remedy)
{
	size_t records = 0, length_at;

	for (size_t i = 0; i < remedy->count; i++)
		records += is_record(&remedy->lines[i]);
	copy_row(out, REMEDY_COLUMN_COUNT);
	copy_uuid(out, key);
	copy_text(out, title);
	copy_text(out, body);
	length_at = copy_array(out, records);
	for (size_t i = 0; i < remedy->count; i++) {
		if (is_record(&remedy->lines[i]))
			copy_text(out, remedy->lines[i].text);
	}
	copy_end(out, length_at);
}

/* The text of a remedy is its key: mail of thousands of kinds shares some dozens. */
static bool send_remedy(struct work *w, const struct remedy_subject *subject, struct uuid *key_out,
			bool *any_out)
{
	SCOPED(buf) struct buf body = { 0 };
	unsigned char bytes[DIGEST_SIZE];
	struct remedy remedy;
	struct slice title;

	if (!remedy_of(subject, &w->scratch, &remedy) ||
	    !remedy_verdict_sentence(subject, &w->scratch, &title))
		return false;
	*any_out = remedy.task;
	if (!remedy.task)
		return true;
	append_body(&body, &remedy);
	digest_add(w->digest, title);
	digest_add(w->digest, buf_slice(&body));
	digest_take(w->digest, bytes);
	memcpy(key_out->bytes, bytes, UUID_SIZE);
	if (key_set_add(&w->known_remedies, key_out))
		encode_remedy(&w->remedies, key_out, title, buf_slice(&body), &remedy);
	return true;
}

/* -- one pair */

struct pair {
	struct judged judged; /* but for who saw it */
	struct slice class;
	struct uuid key;
};

static void encode_flags(struct buf *out, const struct judgement *j, const struct record *r)
{
	SCOPED(buf) struct buf name = { 0 };
	size_t count = 0, next = 0, length_at;

	while (judgement_next_flag(j, r, &next, &name)) {
		count++;
		buf_clear(&name);
	}
	length_at = copy_array(out, count);
	for (next = 0; judgement_next_flag(j, r, &next, &name); buf_clear(&name))
		copy_text(out, buf_slice(&name));
	copy_end(out, length_at);
}

static void encode_judgement(struct work *w, const struct pair *p, const struct uuid *remedy)
{
	struct buf *out = &w->judgements;
	const struct judgement *j = &p->judged.judgement;
	const struct record *r = &p->judged.stream.record;

	copy_row(out, JUDGEMENT_COLUMN_COUNT);
	copy_uuid(out, &p->key);
	copy_text(out, p->class);
	copy_text(out, sender_id(j->service));
	copy_text(out, sender_id(j->infrastructure));
	copy_text(out, sender_id(j->last_hop));
	copy_field(out, slice_from(path_text(j->path)));
	copy_field(out, slice_from(confidence_text(j->confidence)));
	copy_field(out, slice_from(spf_cause_text(j->spf_cause)));
	copy_field(out, slice_from(dkim_cause_text(j->dkim_cause)));
	copy_field(out, slice_from(verdict_text(j->verdict)));
	copy_field(out, slice_from(severity_text(j->severity)));
	encode_flags(out, j, r);
	copy_text(out, domain_organisation(w->judging->judge->domains, r->header_from));
	copy_text(out, j->spf_domain);
	copy_text(out, j->region);
	copy_text(out, j->tenant);
	copy_boolean(out, j->aligned.spf);
	copy_boolean(out, j->aligned.dkim);
	copy_field(out, slice_from(agreement_text(j->aligned.spf_agreement)));
	copy_field(out, slice_from(agreement_text(j->aligned.dkim_agreement)));
	copy_boolean(out, j->dmarc_pass);
	copy_boolean(out, j->outcome_pass);
	if (remedy)
		copy_uuid(out, remedy);
	else
		copy_field(out, SLICE_ABSENT);
	copy_field(out, slice_from(w->judging->version));
}

/* What is told of a class of addresses must not name the one that stands for it. */
static bool judge_pair(struct work *w, struct pair *p)
{
	struct judged *judged = &p->judged;
	struct record told = judged->stream.record;
	struct evidence evidence = judged->evidence;
	const struct remedy_subject subject = { w->judging->judge, &evidence, &judged->judgement };
	struct uuid remedy;
	bool any = false;

	judge_record(w->judging->judge, &judged->evidence, &judged->judgement);
	told.source_ip = (struct address){ .family = ADDRESS_NONE };
	evidence.record = &told;
	if (!send_remedy(w, &subject, &remedy, &any))
		return false;
	encode_judgement(w, p, any ? &remedy : NULL);
	return true;
}

static bool read_pair(struct work *w, const struct rows *rows, size_t row, struct pair *p)
{
	p->class = rows_text(rows, row, COLUMN_CLASS);
	BUG_UNLESS(uuid_parse(rows_text(rows, row, COLUMN_KEY), &p->key));
	return judged_read(w->judging->judge, rows, row, p->class, &w->scratch, &p->judged);
}

static bool judge_rows(struct work *w, const struct rows *rows, struct err *e)
{
	for (size_t row = 0; row < rows_count(rows); row++) {
		struct pair p;

		arena_reset(&w->scratch);
		if (!read_pair(w, rows, row, &p) || !judge_pair(w, &p)) {
			err_set(e, ERR_LIMIT, "a stream takes too much memory to be judged");
			return false;
		}
	}
	return true;
}

/* -- all of them */

static bool store(struct work *w, struct err *e)
{
	struct connection *c = w->judging->connection;
	bool ok = tray_fill(c, &judgements, buf_slice(&w->judgements), e) &&
		connection_execute(c, insert_judgements, NULL, 0, e) &&
		(w->remedies.n == 0 ||
		 (tray_fill(c, &remedies, buf_slice(&w->remedies), e) &&
		  connection_execute(c, insert_remedies, NULL, 0, e)));

	buf_clear(&w->judgements);
	buf_clear(&w->remedies);
	return ok;
}

static bool judge_all(struct work *w, uint64_t *judged, struct err *e)
{
	size_t count = 0;

	do {
		SCOPED(rows) struct rows *rows = NULL;

		if (!connection_query(w->judging->connection, fetch, NULL, 0, &rows, e) ||
		    !judge_rows(w, rows, e))
			return false;
		count = rows_count(rows);
		*judged += count;
		if (count > 0 && !store(w, e))
			return false;
	} while (count > 0);
	return true;
}

bool judging_ready(struct connection *c, struct err *e)
{
	return tray_make(c, &judgements, e) && tray_make(c, &remedies, e);
}

bool judging_run(const struct judging *j, const char *pairs, const char *const *values,
		 size_t count, uint64_t *judged_out, struct err *e)
{
	struct work w = { .judging = j, .digest = digest_new(REMEDY_KEY_VERSION) };
	bool ok;

	arena_init(&w.scratch, SCRATCH_BYTES);
	key_set_init(&w.known_remedies, NULL);
	*judged_out = 0;
	ok = connection_execute(j->connection, pairs, values, count, e) &&
		judge_all(&w, judged_out, e) &&
		connection_execute(j->connection, "close pair", NULL, 0, e);
	key_set_release(&w.known_remedies);
	arena_release(&w.scratch);
	digest_free(w.digest);
	buf_release(&w.judgements);
	buf_release(&w.remedies);
	return ok;
}
