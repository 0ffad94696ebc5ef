/* SPDX-License-Identifier: MIT */
/*
 * The corpora of `make bench`: reports that nobody sent, shaped like those that people get, the same
 * bytes for the same options.
 *
 *	corpus [--seed N] [--mails N] [--records N] [--first-day N] [--days N] [--owners N] [--flows N]
 *		[--relayed BYTES] maildir|mail|gz|xml PATH
 *
 * Days count from 1970. Of mails that were relayed so many bytes are what relays have added.
 *
 * 92 % of the reports have 1 to 20 records, 7 % to 400, 1 % 500 to 5,000, scaled so that all together
 * have --records of them. PATH.manifest tells what is in PATH; where it says that this is there
 * already, nothing is made. It is printed in any case.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "tests/bench/packing.h"
#include "tests/bench/report_size.h"

#include "base/banned.h"

/* What is made changes: so must this. */
enum { CORPUS_VERSION = 2 };

/* Periods begin on 2026-08-01 to 2026-10-30. */
enum { FIRST_DAY = 20666, DAYS = 91, DAY = 86400, OWNERS = 60, FLOWS = 40, MANY_FLOWS = 3000 };

enum { FORM_MAILDIR, FORM_MAIL, FORM_GZ, FORM_XML, FORM_COUNT };
static const char *const forms[FORM_COUNT] = { "maildir", "mail", "gz", "xml" };

struct options {
	uint64_t seed, mails, records;
	uint64_t first_day, days, owners, flows; /* 0: as always */
	uint64_t relayed;
	unsigned form;
	const char *path;
};

struct totals {
	uint64_t records, messages, largest, xml_bytes, packed_bytes;
};

struct corpus {
	const struct options *options;
	struct owner owners[OWNERS];
	size_t owner_count;
	uint32_t *sizes; /* records of each report; ours, free() */
	struct totals totals;
};

/* -- how large each report is */

/* The bounds of a report's class: what a correction must keep to. */
static void class_of(uint32_t size, uint32_t *low_out, uint32_t *high_out)
{
	*low_out = size <= REPORT_SMALL ? 1
		: size <= REPORT_MEDIUM ? REPORT_SMALL + 1
					: REPORT_LARGE_FROM;
	*high_out = size <= REPORT_SMALL ? REPORT_SMALL
		: size <= REPORT_MEDIUM  ? REPORT_MEDIUM
					 : REPORT_LARGE;
}

/* Brings the sum nearer to what it should be, each size staying in its class. */
static uint64_t correct_sizes(struct corpus *c, uint64_t sum, uint32_t smallest)
{
	const struct options *o = c->options;

	for (size_t i = 0; i < o->mails && sum != o->records; i++) {
		uint32_t low, high, size = c->sizes[i];
		uint32_t step = 1 + size / 50;

		class_of(size, &low, &high);
		if (size < smallest)
			continue;
		if (sum + step <= o->records && size + step <= high) {
			c->sizes[i] += step;
			sum += step;
		} else if (sum >= o->records + step && size >= low + step) {
			c->sizes[i] -= step;
			sum -= step;
		}
	}
	return sum;
}

/* False when no sizes of these classes add up. */
static bool plan_sizes(struct corpus *c)
{
	const struct options *o = c->options;
	struct random r = random_of(o->seed, 2, 0);
	uint32_t smallest = REPORT_SMALL + 1;
	uint64_t sum = 0;

	c->sizes = memory_resize_array(NULL, o->mails, sizeof(*c->sizes));
	for (size_t i = 0; i < o->mails; i++)
		sum += c->sizes[i] = report_size(&r);
	if (o->mails == 1)
		sum = c->sizes[0] = (uint32_t)o->records;
	while (sum != o->records) {
		uint64_t before = sum;

		sum = correct_sizes(c, sum, smallest);
		if (sum == before && smallest == 0)
			return false;
		if (sum == before)
			smallest = 0;
	}
	return true;
}

/* -- one report */

enum { TEXT_PIECE = 256 * 1024 };

struct job {
	struct corpus *corpus;
	struct random random;
	struct report_frame frame;
	struct mail_frame mail;
	uint32_t records;
	enum packing packing;
	bool in_mail;
};

static void push_and_clear(struct packer *p, struct buf *text, struct totals *t)
{
	t->xml_bytes += text->n;
	packer_push(p, buf_slice(text));
	buf_clear(text);
}

static void write_report(struct job *job, struct packer *p)
{
	struct totals *t = &job->corpus->totals;
	SCOPED(buf) struct buf text = { 0 };

	report_text_begin(&text, &job->frame);
	for (uint32_t i = 0; i < job->records; i++) {
		uint64_t count;

		report_text_record(&text, &job->frame, &job->random, &count);
		t->messages += count;
		if (text.n > TEXT_PIECE)
			push_and_clear(p, &text, t);
	}
	report_text_end(&text, &job->frame);
	push_and_clear(p, &text, t);
	t->packed_bytes += packer_finish(p);
	t->records += job->records;
	if (job->records > t->largest)
		t->largest = job->records;
}

static bool write_file(struct job *job, const char *path, struct err *e)
{
	SCOPED(buf) struct buf text = { 0 };
	SCOPED(buf) struct buf member = { 0 };
	struct output out;

	if (!output_open(&out, path, e))
		return false;
	if (job->in_mail)
		mail_text_begin(&text, &job->mail);
	output_write(&out, buf_slice(&text));
	buf_clear(&text);
	buf_printf(&member, "%.*s.xml", (int)strcspn(job->mail.attachment, "."),
		   job->mail.attachment);

	SCOPED(packer)
	struct packer *p = packer_new(&out, job->packing, buf_text(&member), job->in_mail);

	write_report(job, p);
	if (job->in_mail)
		mail_text_end(&text, &job->mail);
	output_write(&out, buf_slice(&text));

	bool ok = output_finish(&out, e);

	output_release(&out);
	return ok;
}

static const char *path_of_mail(struct buf *path, const struct options *o,
				const struct mail_frame *mail)
{
	bool seen = mail->number % 4 != 0;

	if (o->form != FORM_MAILDIR)
		return o->path;
	buf_printf(path, "%s/%s/%lld.M%lluP1.mx.rua.example%s", o->path, seen ? "cur" : "new",
		   (long long)mail->sent, (unsigned long long)mail->number, seen ? ":2,S" : "");
	return buf_text(path);
}

/* "receiver!domain!begin!end.xml.gz" */
static void name_attachment(struct buf *name, const struct report_frame *frame)
{
	static const char *const endings[] = {
		[PACK_GZIP] = "xml.gz", [PACK_ZIP] = "zip", [PACK_PLAIN] = "xml"
	};

	buf_printf(name, "%s!%s!%lld!%lld.%s", frame->dialect->receiver, frame->owner->domain,
		   (long long)frame->begin, (long long)frame->end,
		   endings[frame->dialect->packing]);
}

static bool write_one(struct corpus *c, uint64_t number, struct err *e)
{
	const struct options *o = c->options;
	struct job job = { .corpus = c, .random = random_of(o->seed, 3, number) };
	struct random *r = &job.random;
	const struct dialect *d = &dialects[o->mails == 1 ? 2 : random_lower(r, DIALECT_COUNT)];
	SCOPED(buf) struct buf id = { 0 };
	SCOPED(buf) struct buf path = { 0 };
	SCOPED(buf) struct buf name = { 0 };
	char digits[32];

	job.frame = (struct report_frame){ .dialect = d };
	job.frame.owner = &c->owners[random_skewed(r, c->owner_count)];
	job.frame.begin = ((int64_t)(o->first_day ? o->first_day : FIRST_DAY) +
			   (int64_t)random_below(r, o->days ? o->days : DAYS)) *
			DAY +
		(int64_t)d->begin_hour * 3600;
	job.frame.end = job.frame.begin + DAY - 1;
	BUG_UNLESS(text_format(digits, sizeof(digits), "%llu", (unsigned long long)random_next(r)));
	template_append(&id, d->id_form, digits, d->receiver, job.frame.owner->domain);
	job.frame.id = buf_text(&id);
	name_attachment(&name, &job.frame);
	job.mail = (struct mail_frame){ &job.frame, buf_text(&name), job.frame.end, number,
					o->relayed };
	job.mail.sent += 1800 + (int64_t)random_below(r, 36000);
	job.records = c->sizes[number];
	job.in_mail = o->form == FORM_MAILDIR || o->form == FORM_MAIL;
	job.packing = o->form == FORM_GZ ? PACK_GZIP
		: o->form == FORM_XML    ? PACK_PLAIN
					 : d->packing;
	return write_file(&job, path_of_mail(&path, o, &job.mail), e);
}

/* -- all of them */

/* Left by a run that did not come to its end, or made another way. */
static void empty_folder(const char *path)
{
	SCOPED(dir) DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		char *file = path_join(path, entry->d_name);

		if (entry->d_name[0] != '.')
			(void)unlink(file);
		free(file);
	}
}

static bool make_folder(const char *path, struct err *e)
{
	if (mkdir(path, 0755) == 0 || errno == EEXIST)
		return true;
	err_set_errno(e, ERR_OUTPUT, errno, "cannot make the folder");
	return err_where(e, "%s", path);
}

static bool make_maildir(const char *path, struct err *e)
{
	static const char *const folders[] = { "cur", "new", "tmp" };
	bool ok = make_folder(path, e);

	for (size_t i = 0; i < COUNT_OF(folders) && ok; i++) {
		char *folder = path_join(path, folders[i]);

		ok = make_folder(folder, e);
		empty_folder(folder);
		free(folder);
	}
	return ok;
}

static bool make_corpus(struct corpus *c, struct err *e)
{
	const struct options *o = c->options;
	bool ok = o->form != FORM_MAILDIR || make_maildir(o->path, e);
	size_t flows;

	if (!plan_sizes(c))
		return err_set(e, ERR_USAGE, "%llu reports of these sizes cannot have %llu records",
			       (unsigned long long)o->mails, (unsigned long long)o->records);
	c->owner_count = o->owners ? o->owners : o->mails == 1 ? 1 : OWNERS;
	flows = o->flows ? o->flows : o->mails == 1 ? MANY_FLOWS : FLOWS;
	for (unsigned i = 0; i < c->owner_count; i++)
		owner_init(&c->owners[i], o->seed, i, flows);
	for (uint64_t i = 0; i < o->mails && ok; i++)
		ok = write_one(c, i, e);
	for (size_t i = 0; i < c->owner_count; i++)
		owner_release(&c->owners[i]);
	free(c->sizes);
	return ok;
}

/* -- the manifest */

static void describe_options(struct buf *text, const struct options *o)
{
	buf_printf(text, "made version=%d seed=%llu mails=%llu records=%llu", CORPUS_VERSION,
		   (unsigned long long)o->seed, (unsigned long long)o->mails,
		   (unsigned long long)o->records);
	buf_printf(text, " days=%llu+%llu owners=%llu flows=%llu relayed=%llu form=%s\n",
		   (unsigned long long)o->first_day, (unsigned long long)o->days,
		   (unsigned long long)o->owners, (unsigned long long)o->flows,
		   (unsigned long long)o->relayed, forms[o->form]);
}

static void describe_totals(struct buf *text, const struct corpus *c)
{
	const struct totals *t = &c->totals;

	buf_printf(text,
		   "mails %llu\nreports %llu\nrecords %llu\nmessages %llu\nlargest %llu\n"
		   "xml_bytes %llu\npacked_bytes %llu\n",
		   (unsigned long long)c->options->mails, (unsigned long long)c->options->mails,
		   (unsigned long long)t->records, (unsigned long long)t->messages,
		   (unsigned long long)t->largest, (unsigned long long)t->xml_bytes,
		   (unsigned long long)t->packed_bytes);
}

static bool make_if_missing(const struct options *o, struct buf *text, struct err *e)
{
	SCOPED(buf) struct buf made = { 0 };
	SCOPED(buf) struct buf manifest = { 0 };
	struct corpus c = { .options = o };

	buf_printf(&manifest, "%s.manifest", o->path);
	describe_options(&made, o);
	if (file_read_all(manifest.p, 65536, text, &(struct err)ERR_INIT) &&
	    slice_starts_with(buf_slice(text), buf_slice(&made)) && access(o->path, R_OK) == 0)
		return true;
	(void)unlink(manifest.p);
	if (!make_corpus(&c, e))
		return false;
	buf_clear(text);
	buf_append(text, buf_slice(&made));
	describe_totals(text, &c);
	return file_replace(manifest.p, buf_slice(text), 0644, e);
}

static bool parse_options(struct options *o, int argc, char **argv)
{
	const struct {
		const char *name;
		uint64_t *value, max;
	} numbers[] = {
		{ "--seed", &o->seed, UINT32_MAX },     { "--mails", &o->mails, 10000000 },
		{ "--records", &o->records, 10000000 }, { "--first-day", &o->first_day, 100000 },
		{ "--days", &o->days, 1000 },           { "--owners", &o->owners, OWNERS },
		{ "--flows", &o->flows, MANY_FLOWS },   { "--relayed", &o->relayed, 1 << 20 },
	};
	int at = 1;

	for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
		bool known = false;

		for (size_t i = 0; i < COUNT_OF(numbers); i++) {
			if (strcmp(argv[at], numbers[i].name) == 0)
				known = number_parse_u64(slice_from(argv[at + 1]), 1,
							 numbers[i].max, numbers[i].value);
		}
		if (!known)
			return false;
	}
	if (argc - at != 2)
		return false;
	for (o->form = 0; o->form < FORM_COUNT && strcmp(argv[at], forms[o->form]) != 0;)
		o->form++;
	o->path = argv[at + 1];
	return o->form < FORM_COUNT && (o->form == FORM_MAILDIR || o->mails == 1);
}

int main(int argc, char **argv)
{
	struct options o = { .seed = 1, .mails = 1, .records = 1000 };
	SCOPED(buf) struct buf text = { 0 };
	struct output out;
	struct err e = ERR_INIT;

	if (!parse_options(&o, argc, argv)) {
		log_line(LOG_LEVEL_ERROR,
			 "usage: corpus [--seed N] [--mails N] [--records N] [--first-day N]"
			 " [--days N] [--owners N] [--flows N] [--relayed BYTES]"
			 " maildir|mail|gz|xml PATH");
		return 64;
	}
	if (!make_if_missing(&o, &text, &e) || !output_open(&out, NULL, &e)) {
		log_err(LOG_LEVEL_ERROR, &e);
		return 1;
	}
	output_write(&out, buf_slice(&text));
	return output_finish(&out, &e) ? 0 : 1;
}
