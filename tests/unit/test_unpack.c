/* SPDX-License-Identifier: MIT */
/* Archives are made here, by the libraries that take them apart in the program. */
#include "ingest/unpack.h"

#include <stdlib.h>
#include <zip.h>
#include <zlib.h>

#include "ingest/layer.h"
#include "ingest/mime.h"
#include "parser/limits.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

TestSuite(unpack, .init = mime_start);

/* Writes down what it is told: "packed aggregate report [bytes]" and so on, line by line. */
struct collector {
	struct receiver receiver;
	struct buf log;
	uint64_t received;
	bool open;
	bool count_only;
	enum err_kind refuses; /* the bytes of a document; ERR_NONE: takes all */
};

static bool on_begin(struct receiver *r, enum document_kind kind, bool packed, struct err *e UNUSED)
{
	struct collector *c = (struct collector *)r;

	cr_expect(!c->open, "a document begins in another");
	c->open = true;
	buf_printf(&c->log, "%s%s [", packed ? "packed " : "", document_kind_text(kind));
	return true;
}

static bool on_bytes(struct receiver *r, struct slice bytes, struct err *e)
{
	struct collector *c = (struct collector *)r;

	cr_expect(c->open, "bytes outside a document");
	if (c->refuses != ERR_NONE) {
		c->open = false;
		return err_set(e, c->refuses, "refused");
	}
	c->received += bytes.n;
	if (!c->count_only)
		buf_append(&c->log, bytes);
	return true;
}

static bool on_end(struct receiver *r, struct err *e UNUSED)
{
	struct collector *c = (struct collector *)r;

	cr_expect(c->open, "an end outside a document");
	c->open = false;
	buf_append_text(&c->log, "]\n");
	return true;
}

static void on_abort(struct receiver *r, const struct err *why)
{
	struct collector *c = (struct collector *)r;

	cr_expect(why->kind != ERR_NONE, "aborted for nothing");
	cr_expect(c->open, "an abort outside a document");
	buf_append_text(&c->log, "] aborted\n");
	c->open = false;
}

static void on_quirk(struct receiver *r, enum quirk quirk)
{
	struct collector *c = (struct collector *)r;

	buf_printf(&c->log, "(%s)", quirk_text(quirk));
}

static const struct receiver_ops collector_ops = { on_begin, on_bytes, on_end, on_abort, on_quirk };

struct outcome_of_unpacking {
	struct collector collector;
	struct err e;
	bool ok;
};

static struct outcome_of_unpacking unpack_refused(struct slice bytes, size_t piece,
						  enum err_kind refuses)
{
	struct outcome_of_unpacking o = { .collector = { { &collector_ops }, .refuses = refuses } };
	struct budget budget = { 0 };
	struct unpacker *u = unpacker_new(&budget, &o.collector.receiver);

	o.collector.count_only = bytes.n > 1 << 14;
	o.ok = true;
	for (; o.ok && bytes.n > 0; bytes = slice_from_offset(bytes, piece))
		o.ok = unpacker_push(u, slice_prefix(bytes, piece), &o.e);
	o.ok = o.ok && unpacker_finish(u, &o.e);
	unpacker_free(u);
	cr_expect(o.ok == (o.e.kind == ERR_NONE), "false without an error: %s", o.e.what);
	return o;
}

static struct outcome_of_unpacking unpack(struct slice bytes, size_t piece)
{
	return unpack_refused(bytes, piece, ERR_NONE);
}

/* want_log NULL: not looked at. */
static void expect_unpacked(struct slice bytes, enum err_kind kind, const char *want_log,
			    const char *name)
{
	static const size_t pieces[] = { SIZE_MAX, 1, 2, 3, 5, 1000 };

	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		struct outcome_of_unpacking o = unpack(bytes, pieces[i]);

		EXPECT_TEXT(slice_from(err_kind_text(o.e.kind)), err_kind_text(kind), name);
		if (want_log)
			EXPECT_TEXT(buf_slice(&o.collector.log), want_log, name);
		buf_release(&o.collector.log);
	}
}

enum { GZIP_WINDOW = 15 + 16, ZLIB_WINDOW = 15, RAW_WINDOW = -15 };

static void deflate_append(struct buf *out, struct slice bytes, int window)
{
	z_stream z = { 0 };
	int code = Z_OK;

	cr_assert(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)bytes.p;
	z.avail_in = (unsigned)bytes.n;
	while (code == Z_OK) {
		unsigned char piece[4096];

		z.next_out = piece;
		z.avail_out = sizeof(piece);
		code = deflate(&z, Z_FINISH);
		buf_append(out, slice_of((const char *)piece, sizeof(piece) - z.avail_out));
	}
	cr_assert(code == Z_STREAM_END);
	(void)deflateEnd(&z);
}

static void gzip_append(struct buf *out, struct slice bytes)
{
	deflate_append(out, bytes, GZIP_WINDOW);
}

static struct buf deflated(struct slice bytes, int window)
{
	struct buf out = { 0 };

	deflate_append(&out, bytes, window);
	return out;
}

static struct buf gzip(struct slice bytes)
{
	struct buf out = { 0 };

	gzip_append(&out, bytes);
	return out;
}

static struct buf gzip_times(struct slice bytes, unsigned times)
{
	struct buf out = gzip(bytes);

	for (unsigned i = 1; i < times; i++) {
		struct buf inner = out;

		out = gzip(buf_slice(&inner));
		buf_release(&inner);
	}
	return out;
}

/* bytes absent: a folder. */
struct member {
	const char *name;
	struct slice bytes;
	bool encrypted;
};

static void add_member(zip_t *archive, const struct member *m)
{
	zip_int64_t index;

	if (slice_is_absent(m->bytes)) {
		cr_assert(zip_dir_add(archive, m->name, 0) >= 0);
		return;
	}
	index = zip_file_add(archive, m->name,
			     zip_source_buffer(archive, m->bytes.p, m->bytes.n, 0), 0);
	cr_assert(index >= 0, "%s", zip_strerror(archive));
	if (m->encrypted)
		cr_assert(zip_file_set_encryption(archive, (zip_uint64_t)index, ZIP_EM_AES_256,
						  "secret") == 0,
			  "%s", zip_strerror(archive));
}

static struct buf zip_of(const struct member *members, size_t count)
{
	struct buf out = { 0 };
	zip_error_t error;
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_t *archive = zip_open_from_source(source, ZIP_TRUNCATE, &error);
	zip_int64_t got;
	char piece[4096];

	cr_assert_not_null(archive);
	zip_source_keep(source);
	for (size_t i = 0; i < count; i++)
		add_member(archive, &members[i]);
	cr_assert(zip_close(archive) == 0, "%s", zip_strerror(archive));
	cr_assert(zip_source_open(source) == 0);
	while ((got = zip_source_read(source, piece, sizeof(piece))) > 0)
		buf_append(&out, slice_of(piece, (size_t)got));
	(void)zip_source_close(source);
	zip_source_free(source);
	return out;
}

static struct buf zip_of_many(size_t count)
{
	static char names[LIMIT_ZIP_MEMBERS + 1][8];
	static struct member members[LIMIT_ZIP_MEMBERS + 1];

	cr_assert(count <= COUNT_OF(members));
	for (size_t i = 0; i < count; i++) {
		names[i][0] = (char)('a' + (int)(i / 26));
		names[i][1] = (char)('a' + (int)(i % 26));
		members[i] = (struct member){ names[i], SLICE("x"), false };
	}
	return zip_of(members, count);
}

#define REPORT     "<feedback><record>1</record></feedback>"
#define PACKED_LOG "packed aggregate report [" REPORT "]\n"

Test(unpack, hands_on_what_is_not_packed)
{
	expect_unpacked(SLICE(REPORT), ERR_NONE, "aggregate report [" REPORT "]\n", "a report");
	expect_unpacked(SLICE(""), ERR_NONE, "empty []\n", "nothing");
	expect_unpacked(SLICE("a"), ERR_NONE, "something else [a]\n", "one byte");
	expect_unpacked(SLICE("PK"), ERR_NONE, "something else [PK]\n", "half a magic");
	expect_unpacked(SLICE("\x1f"), ERR_NONE, "something else [\x1f]\n", "half another");
	expect_unpacked(SLICE("PK\x01\x02"), ERR_NONE, "something else [PK\x01\x02]\n", "PK only");
}

Test(unpack, takes_gzip_off)
{
	SCOPED(buf) struct buf one = gzip(SLICE(REPORT));
	SCOPED(buf) struct buf empty = gzip(SLICE(""));
	SCOPED(buf) struct buf several = { 0 };

	expect_unpacked(buf_slice(&one), ERR_NONE, PACKED_LOG, "one member");
	expect_unpacked(buf_slice(&empty), ERR_NONE, "packed empty []\n", "nothing, packed");
	gzip_append(&several, SLICE("<feedback>"));
	gzip_append(&several, SLICE(""));
	gzip_append(&several, SLICE("<record>1</record>"));
	gzip_append(&several, SLICE("</feedback>"));
	expect_unpacked(buf_slice(&several), ERR_NONE, PACKED_LOG, "several members");
}

Test(unpack, tells_of_bytes_behind_gzip)
{
	static const struct {
		const char *name;
		struct slice behind;
	} cases[] = {
		{ "a line end", BYTES("\n") },
		{ "padding", BYTES("\0\0\0\0") },
		{ "half of another beginning", BYTES("\x1f") },
		{ "nearly another beginning", BYTES("\x1f\x8c") },
		{ "another member behind padding", BYTES("\0\x1f\x8b\x08") },
		{ "a magic number", BYTES("\x1f\x8b") },
		{ "one and the method", BYTES("\x1f\x8b\x08") },
		{ "one that no member follows", BYTES("\x1f\x8b\r\n") },
		{ "one with flags that are none", BYTES("\x1f\x8b\x08\x20") },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf bytes = gzip(SLICE(REPORT));

		buf_append(&bytes, cases[i].behind);
		expect_unpacked(buf_slice(&bytes), ERR_NONE, "(gzip-trailing-bytes)" PACKED_LOG,
				cases[i].name);
	}
}

Test(unpack, says_what_is_wrong_with_gzip)
{
	SCOPED(buf) struct buf begins = gzip(SLICE(REPORT));
	SCOPED(buf) struct buf checksum = gzip(SLICE(REPORT));
	SCOPED(buf) struct buf length = gzip(SLICE(REPORT));
	SCOPED(buf) struct buf method = gzip(SLICE(REPORT));

	buf_append(&begins, SLICE("\x1f\x8b\x08\x00"));
	expect_unpacked(buf_slice(&begins), ERR_INPUT, NULL, "a second member, cut off");
	checksum.p[checksum.n - 8] ^= 1;
	expect_unpacked(buf_slice(&checksum), ERR_INPUT, NULL, "checksum");
	length.p[length.n - 1] ^= 1;
	expect_unpacked(buf_slice(&length), ERR_INPUT, NULL, "length");
	method.p[2] = 7;
	expect_unpacked(buf_slice(&method), ERR_INPUT, NULL, "method");
}

Test(unpack, survives_gzip_cut_anywhere)
{
	SCOPED(buf) struct buf bytes = gzip(SLICE(REPORT));
	size_t whole = bytes.n;

	gzip_append(&bytes, SLICE("\n"));
	for (size_t n = 0; n <= bytes.n; n++) {
		bool stray = n > whole && n < whole + 4; /* of a member, four bytes are known */
		bool ok = n < 2 || n == whole || stray || n == bytes.n;
		const char *log = n < 2 ? NULL
			: n == whole    ? PACKED_LOG
			: stray         ? "(gzip-trailing-bytes)" PACKED_LOG
					: NULL;
		char name[32];

		(void)snprintf(name, sizeof(name), "cut at %zu", n);
		expect_unpacked(slice_prefix(buf_slice(&bytes), n), ok ? ERR_NONE : ERR_INPUT, log,
				name);
	}
}

static struct buf long_report(void)
{
	struct buf text = { 0 };

	buf_append_text(&text, "<feedback>");
	for (unsigned i = 0; text.n < 3 * DOCUMENT_HEAD_BYTES; i++)
		buf_printf(&text, "<a>%u</a>", i * 2654435761U);
	return text;
}

Test(unpack, takes_off_what_has_no_magic_number)
{
	static const int windows[] = { ZLIB_WINDOW, RAW_WINDOW };
	SCOPED(buf) struct buf text = long_report();
	SCOPED(buf) struct buf log = { 0 };

	buf_printf(&log, "packed aggregate report [%s]\n", buf_text(&text));
	for (size_t i = 0; i < COUNT_OF(windows); i++) {
		const char *name = windows[i] > 0 ? "zlib" : "deflate";
		SCOPED(buf) struct buf one = deflated(SLICE(REPORT), windows[i]);
		SCOPED(buf) struct buf nested = gzip(buf_slice(&one));
		SCOPED(buf) struct buf large = deflated(buf_slice(&text), windows[i]);
		SCOPED(buf) struct buf prose = deflated(SLICE("no report"), windows[i]);
		struct outcome_of_unpacking o;

		expect_unpacked(buf_slice(&one), ERR_NONE, PACKED_LOG, name);
		expect_unpacked(buf_slice(&nested), ERR_NONE, "(nested-archive)" PACKED_LOG, name);
		expect_unpacked(buf_slice(&large), ERR_NONE, buf_text(&log), name);
		o = unpack(buf_slice(&prose), SIZE_MAX);
		cr_expect(slice_starts_with(buf_slice(&o.collector.log), SLICE("something else")),
			  "%s of prose is left alone", name);
		buf_release(&o.collector.log);

		expect_unpacked(slice_prefix(buf_slice(&large), large.n - 1), ERR_INPUT, NULL,
				"cut off");
		buf_append_text(&one, "\r\n");
		expect_unpacked(buf_slice(&one), ERR_NONE, "(gzip-trailing-bytes)" PACKED_LOG,
				"stray bytes");
	}
}

Test(unpack, checks_a_zlib_stream)
{
	SCOPED(buf) struct buf text = long_report();
	SCOPED(buf) struct buf checksum = deflated(buf_slice(&text), ZLIB_WINDOW);
	SCOPED(buf) struct buf dictionary = deflated(SLICE(REPORT), ZLIB_WINDOW);

	checksum.p[checksum.n - 1] ^= 1;
	expect_unpacked(buf_slice(&checksum), ERR_INPUT, NULL, "checksum");
	/* a preset dictionary: 0x78 0xBB is such a header */
	dictionary.p[1] = '\xBB';
	expect_unpacked(buf_slice(&dictionary), ERR_NONE, NULL, "dictionary");
}

Test(unpack, aborts_a_document_whose_packing_breaks)
{
	SCOPED(buf) struct buf text = long_report();
	SCOPED(buf) struct buf bytes = gzip(buf_slice(&text));
	struct outcome_of_unpacking o = unpack(slice_prefix(buf_slice(&bytes), bytes.n - 4), 1);

	EXPECT_INT(o.e.kind, ERR_INPUT, "kind");
	EXPECT_INT(o.collector.received, text.n, "all that there was came first");
	cr_expect(slice_ends_with(buf_slice(&o.collector.log), SLICE("] aborted\n")), "aborted");
	buf_release(&o.collector.log);
}

Test(unpack, nests_so_deep_and_no_deeper)
{
	static const char *const logs[] = {
		PACKED_LOG,
		"(nested-archive)" PACKED_LOG,
		"(nested-archive)(nested-archive)" PACKED_LOG,
	};

	_Static_assert(COUNT_OF(logs) == LIMIT_NESTING, "a log for each depth");
	for (unsigned times = 1; times <= LIMIT_NESTING + 1; times++) {
		SCOPED(buf) struct buf bytes = gzip_times(SLICE(REPORT), times);
		bool ok = times <= LIMIT_NESTING;
		char name[32];

		(void)snprintf(name, sizeof(name), "%u times gzip", times);
		expect_unpacked(buf_slice(&bytes), ok ? ERR_NONE : ERR_LIMIT,
				ok ? logs[times - 1] : NULL, name);
	}
}

Test(unpack, takes_zip_off)
{
	SCOPED(buf) struct buf gz = gzip(SLICE(REPORT));
	const struct member members[] = {
		{ "folder/", SLICE_ABSENT, false }, { "folder/a.xml", SLICE(REPORT), false },
		{ "empty", SLICE(""), false },      { "b.exe", SLICE("no report"), false },
		{ "c", buf_slice(&gz), false },
	};
	SCOPED(buf) struct buf several = zip_of(members, COUNT_OF(members));
	SCOPED(buf) struct buf one = zip_of(members + 1, 1);
	SCOPED(buf) struct buf folder = zip_of(members, 1);
	const struct member outer[] = { { "inner.zip", buf_slice(&several), false } };
	SCOPED(buf) struct buf nested = zip_of(outer, 1);

	expect_unpacked(buf_slice(&one), ERR_NONE, PACKED_LOG, "one member");
	expect_unpacked(buf_slice(&folder), ERR_NONE, "", "a folder only");
	expect_unpacked(buf_slice(&several), ERR_NONE,
			PACKED_LOG "packed empty []\npacked something else [no report]\n"
				   "(nested-archive)" PACKED_LOG,
			"several members");
	expect_unpacked(buf_slice(&nested), ERR_NONE,
			"(nested-archive)" PACKED_LOG
			"packed empty []\npacked something else [no report]\n"
			"(nested-archive)" PACKED_LOG,
			"zip in zip");
	expect_unpacked(SLICE("PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), ERR_NONE, "",
			"an empty zip");
}

Test(unpack, counts_the_members_of_a_zip)
{
	SCOPED(buf) struct buf at = zip_of_many(LIMIT_ZIP_MEMBERS);
	SCOPED(buf) struct buf past = zip_of_many(LIMIT_ZIP_MEMBERS + 1);
	struct outcome_of_unpacking o = unpack(buf_slice(&at), SIZE_MAX);

	EXPECT_INT(o.e.kind, ERR_NONE, "at the limit");
	EXPECT_INT(o.collector.received, LIMIT_ZIP_MEMBERS, "a byte each");
	buf_release(&o.collector.log);
	expect_unpacked(buf_slice(&past), ERR_LIMIT, "", "past the limit");
}

Test(unpack, leaves_the_other_members_their_chance)
{
	const struct member members[] = {
		{ "a", SLICE(REPORT), true },
		{ "b", SLICE(REPORT), false },
		{ "c", SLICE("to be damaged, and long enough to be stored"), false },
		{ "d", SLICE(REPORT), false },
	};
	SCOPED(buf) struct buf locked = zip_of(members, 2);
	SCOPED(buf) struct buf damaged = zip_of(members + 1, 3);
	struct outcome_of_unpacking o = unpack(buf_slice(&locked), SIZE_MAX);

	EXPECT_TEXT(slice_from(o.e.what), "the zip is encrypted", "encrypted");
	EXPECT_TEXT(buf_slice(&o.collector.log), PACKED_LOG, "the one that is not");
	buf_release(&o.collector.log);

	/* the checksum of the second member, in its row of the directory */
	for (size_t i = 0, row = 0; i + 4 < damaged.n; i++) {
		row += slice_starts_with(slice_from_offset(buf_slice(&damaged), i),
					 SLICE("PK\x01\x02"));
		if (row == 2) {
			damaged.p[i + 16] ^= 1;
			break;
		}
	}
	o = unpack(buf_slice(&damaged), SIZE_MAX);
	EXPECT_INT(o.e.kind, ERR_INPUT, "kind");
	cr_expect(slice_starts_with(slice_from(o.e.what), SLICE("member 2 of the zip")), "%s",
		  o.e.what);
	cr_expect(slice_starts_with(buf_slice(&o.collector.log), SLICE(PACKED_LOG)) &&
			  slice_ends_with(buf_slice(&o.collector.log), SLICE(PACKED_LOG)),
		  "first and last: %s", buf_text(&o.collector.log));
	buf_release(&o.collector.log);
}

Test(unpack, survives_zip_cut_anywhere)
{
	const struct member members[] = { { "a.xml", SLICE(REPORT), false },
					  { "b.xml", SLICE("<feedback/>"), false } };
	SCOPED(buf) struct buf bytes = zip_of(members, COUNT_OF(members));

	for (size_t n = 0; n < bytes.n; n++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "cut at %zu", n);
		expect_unpacked(slice_prefix(buf_slice(&bytes), n), n < 4 ? ERR_NONE : ERR_INPUT,
				n < 4 ? NULL : "", name);
	}
}

static struct buf zeros(uint64_t n)
{
	struct buf out = { 0 };

	buf_reserve(&out, n);
	memset(out.p, 0, n);
	out.n = n;
	return out;
}

Test(unpack, stops_bombs)
{
	SCOPED(buf) struct buf free_bytes = zeros(LIMIT_INFLATED_FREE);
	SCOPED(buf) struct buf more = zeros(LIMIT_INFLATED_FREE + 1);
	SCOPED(buf) struct buf at = gzip(buf_slice(&free_bytes));
	SCOPED(buf) struct buf past = gzip(buf_slice(&more));
	const struct member members[] = { { "a", buf_slice(&more), false } };
	SCOPED(buf) struct buf zipped = zip_of(members, 1);
	struct outcome_of_unpacking o = unpack(buf_slice(&at), SIZE_MAX);

	EXPECT_INT(o.e.kind, ERR_NONE, "at the limit");
	EXPECT_INT(o.collector.received, LIMIT_INFLATED_FREE, "all of it");
	buf_release(&o.collector.log);
	o = unpack(buf_slice(&past), SIZE_MAX);
	EXPECT_INT(o.e.kind, ERR_LIMIT, "past the limit");
	cr_expect(o.collector.received <= LIMIT_INFLATED_FREE, "what is past it is not handed on");
	cr_expect(!o.collector.open, "aborted");
	buf_release(&o.collector.log);
	o = unpack(buf_slice(&zipped), SIZE_MAX);
	EXPECT_INT(o.e.kind, ERR_LIMIT, "past the limit, in a zip");
	buf_release(&o.collector.log);
}

Test(unpack, gives_the_receivers_own_error)
{
	const struct member members[] = { { "a", SLICE(REPORT), false },
					  { "b", SLICE(REPORT), false } };
	SCOPED(buf) struct buf gz = gzip(SLICE(REPORT));
	SCOPED(buf) struct buf zip = zip_of(members, COUNT_OF(members));
	static const struct {
		enum err_kind kind;
		size_t begun; /* of the two in the zip: a report's own fault stops only the report */
	} cases[] = { { ERR_INPUT, 2 }, { ERR_DATE, 2 }, { ERR_LIMIT, 1 }, { ERR_UNREACHABLE, 1 } };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *name = err_kind_text(cases[i].kind);
		struct outcome_of_unpacking o =
			unpack_refused(buf_slice(&gz), SIZE_MAX, cases[i].kind);
		size_t begun = 0;

		EXPECT_INT(o.e.kind, cases[i].kind, name);
		buf_release(&o.collector.log);
		o = unpack_refused(buf_slice(&zip), SIZE_MAX, cases[i].kind);
		EXPECT_INT(o.e.kind, cases[i].kind, name);
		for (size_t at = 0; at < o.collector.log.n; at++)
			begun += o.collector.log.p[at] == '[';
		EXPECT_INT(begun, cases[i].begun, name);
		buf_release(&o.collector.log);
	}
}

Test(unpack, knows_archives_by_their_head)
{
	static const struct {
		struct slice head;
		bool archive;
	} cases[] = {
		{ BYTES("\x1f\x8b\x08\x00"), true },
		{ BYTES("PK\x03\x04"), true },
		{ BYTES("PK\x05\x06"), true },
		{ BYTES("PK\x01\x02"), false },
		{ BYTES("PK\x07\x08"), false },
		{ BYTES("\x1f\x8c\x08\x00"), false },
		{ BYTES("<?xm"), false },
		{ BYTES(""), false },
		{ BYTES("PK\x03"), false },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		cr_expect(unpack_is_archive(cases[i].head) == cases[i].archive, "case %zu", i);
}

#define OTHER     "<?xml version=\"1.0\"?>\n<n:feedback xmlns:n=\"x\">2</n:feedback >"
#define OTHER_LOG "packed aggregate report [" OTHER "]\n"

Test(unpack, parts_reports_that_stand_one_behind_the_other)
{
	static const struct {
		const char *text, *log;
	} cases[] = {
		{ REPORT OTHER REPORT, PACKED_LOG OTHER_LOG PACKED_LOG },
		{ REPORT "\xEF\xBB\xBF" OTHER,
		  PACKED_LOG "packed aggregate report [\xEF\xBB\xBF" OTHER "]\n" },
		{ REPORT "\n<!-- x --><<?xm<feedbacks>\xEF<\xEF\xBB" OTHER,
		  "packed aggregate report [" REPORT
		  "\n<!-- x --><<?xm<feedbacks>\xEF<\xEF\xBB]\n" OTHER_LOG },
		{ REPORT "<?xml-stylesheet?><a:b:feedback><feedb",
		  "packed aggregate report [" REPORT "<?xml-stylesheet?><a:b:feedback><feedb]\n" },
		{ "<a><feedback></feedbacks></feedback:x></x/feedback><feedback></a>",
		  "packed aggregate report [<a><feedback></feedbacks></feedback:x></x/feedback>"
		  "<feedback></a>]\n" },
		{ "<feedback></feedbac><feedback></a_very_long_prefix_of_a_tag_1234:feedback\n>"
		  "<a_very_long_prefix_of_a_tag_12345:feedback/>"
		  "<a_very_long_prefix_of_a_tag_1234:feedback/>",
		  "packed aggregate report [<feedback></feedbac><feedback>"
		  "</a_very_long_prefix_of_a_tag_1234:feedback\n>"
		  "<a_very_long_prefix_of_a_tag_12345:feedback/>]\n"
		  "packed aggregate report [<a_very_long_prefix_of_a_tag_1234:feedback/>]\n" },
		{ "<other/></feedback><feedback>",
		  "packed aggregate report [<other/></feedback>]\n"
		  "packed aggregate report [<feedback>]\n" },
		{ "text </feedback><?xml ?>",
		  "packed something else [text </feedback><?xml ?>]\n" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf bytes = gzip(slice_from(cases[i].text));

		expect_unpacked(buf_slice(&bytes), ERR_NONE, cases[i].log, cases[i].text);
	}
}

Test(unpack, takes_a_report_from_each_member_of_a_gzip)
{
	SCOPED(buf) struct buf text = long_report();
	SCOPED(buf) struct buf bytes = { 0 };
	SCOPED(buf) struct buf log = { 0 };

	buf_append_text(&text, "</feedback>\n");
	gzip_append(&bytes, buf_slice(&text));
	gzip_append(&bytes, SLICE(REPORT));
	gzip_append(&bytes, buf_slice(&text));
	buf_printf(&log,
		   "packed aggregate report [%s]\n" PACKED_LOG "packed aggregate report [%s]\n",
		   buf_text(&text), buf_text(&text));
	expect_unpacked(buf_slice(&bytes), ERR_NONE, buf_text(&log), "three reports");
	bytes.n -= 4;
	expect_unpacked(buf_slice(&bytes), ERR_INPUT, NULL, "the last of them is cut off");
}

Test(unpack, counts_reports_that_stand_one_behind_the_other)
{
	SCOPED(buf) struct buf text = { 0 };

	for (unsigned i = 0; i < LIMIT_DOCUMENTS; i++)
		buf_append_text(&text, "<feedback></feedback>");
	expect_unpacked(buf_slice(&text), ERR_NONE, NULL, "at the limit");
	buf_append_text(&text, "<feedback></feedback>");
	expect_unpacked(buf_slice(&text), ERR_LIMIT, NULL, "past the limit");
}

Test(unpack, leaves_the_reports_behind_a_faulty_one_their_chance)
{
	static const struct {
		enum err_kind kind;
		size_t begun;
	} cases[] = { { ERR_INPUT, 2 }, { ERR_DATE, 2 }, { ERR_LIMIT, 1 }, { ERR_OUTPUT, 1 } };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *name = err_kind_text(cases[i].kind);
		struct outcome_of_unpacking o =
			unpack_refused(SLICE(REPORT REPORT), SIZE_MAX, cases[i].kind);
		size_t begun = 0;

		EXPECT_INT(o.e.kind, cases[i].kind, name);
		for (size_t at = 0; at < o.collector.log.n; at++)
			begun += o.collector.log.p[at] == '[';
		EXPECT_INT(begun, cases[i].begun, name);
		buf_release(&o.collector.log);
	}
}

#define HEAD      "Received: x\nFrom: a@b.example\n"
#define MAIL      HEAD "\n" REPORT
#define MAIL_LOG  "(forwarded-message)aggregate report [" REPORT "]\n"
#define MULTIPART HEAD "Content-Type: multipart/mixed; boundary=b\n\n"

Test(unpack, takes_the_parts_out_of_a_mail)
{
	SCOPED(buf) struct buf report = gzip(SLICE(REPORT));
	SCOPED(buf) struct buf attached = { 0 };
	SCOPED(buf) struct buf packed = gzip(SLICE(MAIL));
	SCOPED(buf)
	struct buf several = gzip(SLICE(MULTIPART "--b\n\n" REPORT "\n--b\n\nx\n--b--\n"));
	const struct member members[] = { { "a.eml", SLICE(MAIL), false },
					  { "b.eml", buf_slice(&packed), false } };
	SCOPED(buf) struct buf zip = zip_of(members, COUNT_OF(members));

	buf_append_text(&attached, HEAD "\n");
	buf_append(&attached, buf_slice(&report));
	expect_unpacked(SLICE(MAIL), ERR_NONE, MAIL_LOG, "as it is");
	expect_unpacked(buf_slice(&attached), ERR_NONE, "(forwarded-message)" PACKED_LOG,
			"gzip in it");
	expect_unpacked(buf_slice(&packed), ERR_NONE, MAIL_LOG, "packed");
	expect_unpacked(buf_slice(&several), ERR_NONE,
			MAIL_LOG "(forwarded-message)something else [x]\n", "of two parts");
	expect_unpacked(buf_slice(&zip), ERR_NONE, MAIL_LOG "(nested-archive)" MAIL_LOG,
			"in a zip");
}

Test(unpack, leaves_the_other_parts_of_a_mail_their_chance)
{
	SCOPED(buf) struct buf bytes = { 0 };
	struct outcome_of_unpacking o;

	buf_append_text(&bytes, MULTIPART "--b\n\n\x1f\x8b\n--b\n\n" REPORT "\n--b--\n");
	o = unpack(buf_slice(&bytes), SIZE_MAX);
	EXPECT_INT(o.e.kind, ERR_INPUT, "the damaged one");
	EXPECT_TEXT(buf_slice(&o.collector.log), "(forwarded-message)" MAIL_LOG, "the other one");
	buf_release(&o.collector.log);
}

Test(unpack, takes_mails_out_of_mails_so_deep)
{
	SCOPED(buf) struct buf text = { 0 };
	SCOPED(buf) struct buf log = { 0 };

	for (unsigned i = 0; i < LIMIT_NESTING; i++) {
		buf_append_text(&text, HEAD "\n");
		buf_append_text(&log, "(forwarded-message)");
	}
	buf_append_text(&text, MAIL);
	buf_append_text(&log, "something else [" MAIL "]\n");
	/* the innermost is prose to us: its report stands behind a header that is not read */
	expect_unpacked(buf_slice(&text), ERR_NONE, buf_text(&log), "prose that quotes mails");
}

Test(unpack, gives_back_what_only_begins_like_a_mail)
{
	expect_unpacked(SLICE("\f" HEAD "\nx"), ERR_NONE, "something else [\f" HEAD "\nx]\n",
			"a form feed before it");
}

Test(unpack, keeps_the_limits_of_mails)
{
	SCOPED(buf) struct buf lines = { 0 };
	SCOPED(buf) struct buf large = { 0 };
	struct outcome_of_unpacking o;

	for (unsigned i = 0; i <= LIMIT_MIME_HEADER_LINES; i++)
		buf_append_text(&lines, "To: x\n");
	expect_unpacked(buf_slice(&lines), ERR_LIMIT, NULL, "header lines");
	buf_append_text(&large, HEAD "\n");
	buf_reserve(&large, LIMIT_MAIL_BYTES + 1 - large.n);
	memset(large.p + large.n, 'x', LIMIT_MAIL_BYTES + 1 - large.n);
	large.n = LIMIT_MAIL_BYTES;
	o = unpack(buf_slice(&large), SIZE_MAX);
	EXPECT_INT(o.e.kind, ERR_NONE, "at the limit of its size");
	buf_release(&o.collector.log);
	large.n++;
	o = unpack(buf_slice(&large), SIZE_MAX);
	EXPECT_INT(o.e.kind, ERR_LIMIT, "past it");
	buf_release(&o.collector.log);
}

Test(unpack, knows_a_mail_by_its_head)
{
	static const struct {
		struct slice head;
		bool mail;
	} cases[] = {
		{ BYTES("Return-Path: <>\r\nRECEIVED: x\r\n y\r\n\r\n"), true },
		{ BYTES("\n\r\nX-Any: x\nMIME-Version: 1.0\nTo: y\n"), true },
		{ BYTES("From: a\nTo: b\nSubj"), true },
		{ BYTES("From: a\nTo: b"), false },
		{ BYTES("From: a\n\nTo: b\n"), false },
		{ BYTES("From: a\nand\nTo: b\n"), false },
		{ BYTES("From: a\nand so: on\nTo: b\n"), false },
		{ BYTES("From a Fri\nFrom: a\nTo: b\n"), false },
		{ BYTES("Feedback-Type: auth-failure\nVersion: 1\nFrom: x\n"), false },
		{ BYTES("<?xml?>\nFrom: a\nTo: b\n"), false },
		{ BYTES(""), false },
		{ BYTES(":\n:\n"), false },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		cr_expect(layer_is_mail(cases[i].head) == cases[i].mail, "case %zu", i);
		cr_expect(!unpack_is_archive(cases[i].head), "archive %zu", i);
	}
}

/* At level 0 the text can be read, and is not to be taken for a damaged document. */
Test(unpack, takes_off_what_is_only_stored)
{
	static const struct {
		const char *name;
		struct slice before, behind;
	} cases[] = {
		{ "zlib", BYTES("\x78\x01\x01\x72\x00\x8d\xff"), BYTES("\x68\xb3\x25\xbd") },
		{ "deflate", BYTES("\x01\x72\x00\x8d\xff"), BYTES("") },
	};
	static const char text[] =
		"<feedback><report_metadata><org_name>o</org_name></report_metadata>"
		"<record>1</record></feedback>                  ";

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		SCOPED(buf) struct buf bytes = { 0 };
		SCOPED(buf) struct buf log = { 0 };

		cr_assert(sizeof(text) - 1 == 0x72, "%zx", sizeof(text) - 1);
		buf_append(&bytes, cases[i].before);
		buf_append_text(&bytes, text);
		buf_append(&bytes, cases[i].behind);
		buf_printf(&log, "packed aggregate report [%s]\n", text);
		expect_unpacked(buf_slice(&bytes), ERR_NONE, buf_text(&log), cases[i].name);
		bytes.p[cases[i].before.n - 1] ^= 1;
		cr_expect(!layer_is_stored(buf_slice(&bytes)), "%s: another length", cases[i].name);
	}
	cr_expect(!layer_is_stored(SLICE("x\x01\x01")), "too short");
}
