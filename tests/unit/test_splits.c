/* SPDX-License-Identifier: MIT */
/*
 * How the bytes of a document come to the parser, and those of an archive to the unpacker, makes no
 * difference: each case byte by byte, and split at every place, gives what it gives whole.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "ingest/mime.h"
#include "ingest/unpack.h"
#include "parser/parser.h"
#include "tests/unit/collector.h"
#include "tests/unit/domains_setup.h"

#include "base/banned.h"

static void setup(void)
{
	domains_setup();
	mime_start();
}

TestSuite(splits, .init = setup, .fini = domains_teardown);

enum { CASE_BYTES = 1 << 20 };

/* Feeds a case in two pieces, or in pieces of one byte, and writes down all that comes of it. */
typedef void feed_function(struct slice bytes, size_t split, struct buf *result);

enum { BYTE_BY_BYTE = 0 };

/* The length of the next piece of `rest` bytes, of which `done` went before. */
static size_t piece_length(size_t done, size_t rest, size_t split)
{
	if (split == BYTE_BY_BYTE)
		return 1;
	return done < split ? split : rest;
}

static bool push_split(struct parser *p, struct slice bytes, size_t split, struct err *e)
{
	for (size_t done = 0; done < bytes.n;) {
		struct slice rest = slice_from_offset(bytes, done);
		struct slice piece = slice_prefix(rest, piece_length(done, rest.n, split));

		if (!parser_push(p, piece, e))
			return false;
		done += piece.n;
	}
	return true;
}

static void feed_parser(struct slice bytes, size_t split, struct buf *result)
{
	struct collector c;
	struct err e = ERR_INIT;

	collector_init(&c);

	struct parser *p = parser_new(domains, &c.sink);
	enum parser_end end = PARSER_AGAIN;

	while (end == PARSER_AGAIN) {
		end = PARSER_FAILED;
		if (push_split(p, bytes, split, &e))
			end = parser_finish(p, &e);
	}
	parser_free(p);
	buf_append(result, buf_slice(&c.lines));
	err_append(result, &e);
	collector_release(&c);
}

struct document_log {
	struct receiver receiver;
	struct buf *result;
};

static struct buf *result_of(struct receiver *r)
{
	return ((struct document_log *)r)->result;
}

static bool log_begin(struct receiver *r, enum document_kind kind, bool packed,
		      struct err *e UNUSED)
{
	buf_printf(result_of(r), "\n%s %d [", document_kind_text(kind), packed);
	return true;
}

static bool log_bytes(struct receiver *r, struct slice bytes, struct err *e UNUSED)
{
	buf_append(result_of(r), bytes);
	return true;
}

static bool log_end(struct receiver *r, struct err *e UNUSED)
{
	buf_append_text(result_of(r), "]");
	return true;
}

static void log_abort(struct receiver *r, const struct err *why)
{
	buf_printf(result_of(r), "! %s", why->what);
}

/* Their order against the bytes may differ: a layer looks ahead as far as it has bytes. */
static void ignore_quirk(struct receiver *r UNUSED, enum quirk quirk UNUSED)
{
}

static const struct receiver_ops log_ops = { log_begin, log_bytes, log_end, log_abort,
					     ignore_quirk };

static void feed_unpacker(struct slice bytes, size_t split, struct buf *result)
{
	struct document_log log = { .receiver.ops = &log_ops, .result = result };
	struct budget budget = { 0 };
	struct err e = ERR_INIT;
	struct unpacker *u = unpacker_new(&budget, &log.receiver);
	bool going = true;

	for (size_t done = 0; going && done < bytes.n;) {
		struct slice rest = slice_from_offset(bytes, done);
		struct slice piece = slice_prefix(rest, piece_length(done, rest.n, split));

		going = unpacker_push(u, piece, &e);
		done += piece.n;
	}
	if (going)
		(void)!unpacker_finish(u, &e);
	unpacker_free(u);
	err_append(result, &e);
}

static void expect_same(feed_function *feed, struct slice bytes, size_t split,
			const struct buf *whole, const char *path)
{
	SCOPED(buf) struct buf result = { 0 };

	feed(bytes, split, &result);
	cr_assert(slice_equal(buf_slice(&result), buf_slice(whole)),
		  "%s, split at %zu:\n%s\nnot\n%s", path, split, buf_text(&result), whole->p);
}

static void check_case(const char *path, feed_function *feed)
{
	SCOPED(buf) struct buf bytes = { 0 };
	SCOPED(buf) struct buf whole = { 0 };
	struct err e = ERR_INIT;

	cr_assert(file_read_all(path, CASE_BYTES, &bytes, &e), "%s", e.what);
	feed(buf_slice(&bytes), bytes.n, &whole);
	expect_same(feed, buf_slice(&bytes), BYTE_BY_BYTE, &whole, path);
	for (size_t split = 1; split < bytes.n; split++)
		expect_same(feed, buf_slice(&bytes), split, &whole, path);
}

/* Of the cases in a folder those whose names begin so and end so. */
static void check_cases(const char *folder, const char *prefix, const char *suffix,
			feed_function *feed)
{
	DIR *dir = opendir(folder);
	size_t checked = 0;

	cr_assert_not_null(dir, "%s: tests are run from the top", folder);
	for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
		char *path = path_join(folder, entry->d_name);

		if (slice_starts_with(slice_from(entry->d_name), slice_from(prefix)) &&
		    slice_ends_with(slice_from(entry->d_name), slice_from(suffix))) {
			check_case(path, feed);
			checked++;
		}
		free(path);
	}
	(void)closedir(dir);
	cr_expect(checked > 0, "no case is %s/%s*%s", folder, prefix, suffix);
}

/* A test for each letter that cases begin with, so that they run side by side. */
#define PARSER_CASES(letter)                                                                       \
	Test(splits, parser_cases_##letter, .timeout = 280)                                        \
	{                                                                                          \
		check_cases("tests/cases/parser", #letter, ".xml", feed_parser);                   \
	}

PARSER_CASES(a)
PARSER_CASES(c)
PARSER_CASES(d)
PARSER_CASES(e)
PARSER_CASES(f)
PARSER_CASES(h)
PARSER_CASES(i)
PARSER_CASES(m)
PARSER_CASES(o)
PARSER_CASES(p)
PARSER_CASES(r)
PARSER_CASES(s)
PARSER_CASES(t)
PARSER_CASES(v)
PARSER_CASES(w)

/* No case is left out because of its name. */
Test(splits, know_all_letters)
{
	static const char letters[] = "acdefhimoprstvw";
	DIR *dir = opendir("tests/cases/parser");

	cr_assert_not_null(dir);
	for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
		cr_expect(entry->d_name[0] == '.' || strchr(letters, entry->d_name[0]),
			  "%s: add its letter", entry->d_name);
	(void)closedir(dir);
}

Test(splits, archive_cases, .timeout = 280)
{
	static const char *const suffixes[] = { ".gz", ".zip", ".bin", ".xml" };

	for (size_t i = 0; i < COUNT_OF(suffixes); i++)
		check_cases("tests/cases/mail", "", suffixes[i], feed_unpacker);
}
