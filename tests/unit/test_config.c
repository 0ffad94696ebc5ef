/* SPDX-License-Identifier: MIT */
#include "cli/config.h"

#include "cli/config_keys.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static struct config *read_text(const char *text, struct err *e)
{
	*e = (struct err)ERR_INIT;
	return config_read("x.conf", slice_from(text), e);
}

Test(config, what_counts_where_nothing_is_said)
{
	struct err e;
	SCOPED(config) struct config *c = read_text("", &e);

	cr_assert(c);
	EXPECT_TEXT(slice_from(c->db), NULL, "db");
	EXPECT_TEXT(slice_from(c->jobs), NULL, "jobs");
	EXPECT_TEXT(slice_from(c->lookup.timeout), "5000", "timeout");
	EXPECT_TEXT(slice_from(c->lookup.limit), "100000", "limit");
	EXPECT_TEXT(slice_from(c->retention.keep), NULL, "keep");
	cr_expect(!c->lookup_enabled && !c->store_payload);
	EXPECT_INT(c->source_count, 0, "sources");
}

Test(config, all_of_it)
{
	static const char text[] =
		"\xEF\xBB\xBF# a comment\r\n"
		"[database]\r\n"
		"connect = host=db dbname=dmarc\r\n"
		"store_payload=yes\n"
		"; another\n"
		"[source office]\n"
		"   from: imaps://rua@mail.example.org/INBOX   ; behind a blank\n"
		"\tthen = move:Archive\n"
		"  trust = mx1.example.org   mx2.example.org\n"
		"[lookup]\n"
		"enabled = yes\n"
		"timeout = 200ms\n"
		"[source old.mail-1]\n"
		"from = /srv/mail\n"
		"plaintext = no\n"
		"[retention]\n"
		"keep = 400d\n"
		"detail = 400";
	struct err e;
	SCOPED(config) struct config *c = read_text(text, &e);

	cr_assert(c, "%s: %s", e.what, e.where);
	EXPECT_TEXT(slice_from(c->db), "host=db dbname=dmarc", "db");
	cr_expect(c->store_payload && c->lookup_enabled);
	EXPECT_TEXT(slice_from(c->lookup.timeout), "200ms", "timeout");
	EXPECT_TEXT(slice_from(c->lookup.tries), "2", "tries");
	EXPECT_TEXT(slice_from(c->retention.detail), "400", "detail");
	EXPECT_INT(c->source_count, 2, "sources");

	const struct config_source *s = c->sources;

	EXPECT_TEXT(slice_from(s[0].name), "office", "name");
	EXPECT_INT(s[0].line, 6, "line");
	EXPECT_TEXT(slice_from(s[0].settings.from), "imaps://rua@mail.example.org/INBOX", "from");
	EXPECT_TEXT(slice_from(s[0].settings.then), "move:Archive", "then");
	EXPECT_TEXT(slice_from(s[0].settings.if_broken), "leave", "if_broken");
	EXPECT_INT(s[0].settings.trusted.count, 2, "trust");
	EXPECT_TEXT(slice_from(s[0].settings.trusted.values[1]), "mx2.example.org", "trust");
	EXPECT_TEXT(slice_from(s[1].name), "old.mail-1", "name");
	EXPECT_TEXT(slice_from(s[1].settings.from), "/srv/mail", "from");
	EXPECT_INT(s[1].settings.trusted.count, 0, "trust");
}

#define SOURCE "[source a]\nfrom = /a\n"
#define LONG   "0123456789012345678901234567890123456789"

/* Each with where it is told, what is said, and what is to be done. */
static const struct mistake {
	const char *text, *where, *what, *remedy;
} mistakes[] = {
	{ "jobs = 1", "x.conf:1", "stands in no section", "[database]" },
	{ "[databse]\n", "x.conf:1", "unknown section [databse]", "did you mean [database]?" },
	{ "[nothing at all]\n", "x.conf:1", "unknown section [nothing at all]", "[source NAME]" },
	{ "[ingest x]\n", "x.conf:1", "unknown section [ingest x]", "[ingest]" },
	{ "[ingest]\njob = 1", "x.conf:2", "unknown key 'job' in [ingest]", "did you mean jobs?" },
	{ "[ingest]\nverbosity = 1", "x.conf:2", "unknown key 'verbosity'", "there are jobs" },
	{ SOURCE "paswordfile = /x", "x.conf:3", "unknown key 'paswordfile' in [source a]",
	  "did you mean password_file?" },
	{ SOURCE "password = hush", "x.conf:3", "unknown key 'password'",
	  "no password stands in here" },
	{ "[database]\npassword = hush", "x.conf:2", "unknown key 'password'", "~/.pgpass" },
	{ "[database]\nconnect = host=x password=hush", "x.conf:2: connect", "a password in it",
	  "pgpass" },
	{ "[database]\nconnect = hots=x", "x.conf:2: connect", "libpq does not understand",
	  "host=" },
	{ "[ingest]\njobs = 0", "x.conf:2: jobs", "not a number of jobs", "like 4" },
	{ "[ingest]\njobs = 17", "x.conf:2: jobs", "too large", "like 4" },
	{ "[ingest]\njobs =", "x.conf:2", "'jobs' has no value", "jobs = 2" },
	{ "[lookup]\nenabled = true", "x.conf:2: enabled", "neither yes nor no", "yes or no" },
	{ "[lookup]\nserver = one", "x.conf:2: server", "", "" },
	{ "[retention]\nkeep = 400w", "x.conf:2: keep", "not a number of days", "like 400d" },
	{ "[retention]\nkeep = 30d\ndetail = 31d", "x.conf:1", "cannot be kept longer",
	  "keep = 30d" },
	{ "[source a]\nfrom = Maildir", "x.conf:2: from", "neither an absolute path", "imaps://" },
	{ "[source a]\nfrom = imaps://host/x", "x.conf:2: from", "", "" },
	{ SOURCE "then = archive", "x.conf:3: then", "not a value of then", "move:FOLDER" },
	{ SOURCE "password_file = x", "x.conf:3: password_file", "not an absolute path",
	  "from / on" },
	{ SOURCE "password_credential = a/b", "x.conf:3: password_credential", "not a name",
	  "password_file" },
	{ SOURCE "token_command = x\npassword_command = y", "x.conf:1", "more than one way",
	  "keep one of" },
	{ "[source a]\nthen = mark", "x.conf:1", "source a has no 'from'", "from = " },
	{ SOURCE "then = move:done", "x.conf:1", "moves mail to a relative path", ".Archive" },
	{ "[source]\nfrom = /a", "x.conf:1", "wants a name", "[source office]" },
	{ "[source a b]\nfrom = /a", "x.conf:1", "wants a name", "[source office]" },
	{ "[source " LONG "]\nfrom = /a", "x.conf:1", "wants a name", "up to 32" },
	{ "[source " LONG LONG "]\nfrom = /a", "x.conf:1", "neither a key", "[section]" },
	{ "[lookup]\n\n[lookup]", "x.conf:3", "section lookup stands there twice", "line 1" },
	{ SOURCE SOURCE, "x.conf:3", "source a stands there twice", "line 1" },
	{ SOURCE "\nfrom = /b", "x.conf:4", "key from stands there twice", "line 2" },
	{ "[lookup]\n[lookup", "x.conf:2", "neither a key", "[section]" },
	{ "[lookup", "x.conf:1", "neither a key", "[section]" },
	{ "[lookup]\nenabled", "x.conf:2", "neither a key", "key = value" },
	{ "[lookup]\n\n\nenabled\n\n", "x.conf:4", "neither a key", "key = value" },
	{ "[lookup]\nen;abled ;= yes", "x.conf:2", "neither a key", "key = value" },
};

Test(config, mistakes_are_told_with_their_line)
{
	for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
		const struct mistake *m = &mistakes[i];
		struct err e;
		SCOPED(config) struct config *c = read_text(m->text, &e);

		cr_expect(!c, "%zu: %s", i, m->text);
		EXPECT_INT(e.kind, ERR_CONFIG, m->text);
		cr_expect(slice_starts_with(slice_from(e.where), slice_from(m->where)),
			  "%zu: where: %s, not %s", i, e.where, m->where);
		cr_expect(strstr(e.what, m->what), "%zu: what: %s, not %s", i, e.what, m->what);
		cr_expect(strstr(e.remedy, m->remedy), "%zu: remedy: %s, not %s", i, e.remedy,
			  m->remedy);
		cr_expect(!strstr(e.what, "hush") && !strstr(e.where, "hush") &&
				  !strstr(e.remedy, "hush"),
			  "%zu: a secret is told", i);
	}
}

/* libinih has room for 200 bytes a line, and would go on with the rest as with another one. */
Test(config, a_line_is_whole_or_refused)
{
	for (size_t n = 190; n < 205; n++) {
		SCOPED(buf) struct buf text = { 0 };
		struct err e;

		buf_append_text(&text, SOURCE);

		size_t start = text.n;

		buf_append_text(&text, "password_command = ");
		while (text.n - start < n)
			buf_append_byte(&text, 'x');
		buf_append_byte(&text, '\n');

		SCOPED(config) struct config *c = read_text(buf_text(&text), &e);

		if (n <= 198) {
			cr_assert(c, "%zu: %s", n, e.what);
			EXPECT_INT(strlen(c->sources[0].settings.access.password_command), n - 19,
				   "length");
		} else {
			cr_expect(!c, "%zu", n);
			EXPECT_TEXT(slice_from(e.where), "x.conf:3", "where");
		}
	}
}

Test(config, no_text)
{
	static const char text[] = "[ingest]\njobs\0 = 1\n";
	struct err e = ERR_INIT;
	SCOPED(config)
	struct config *c = config_read("x.conf", slice_of(text, sizeof(text) - 1), &e);

	cr_expect(!c);
	EXPECT_TEXT(slice_from(e.where), "x.conf:2", "where");
}

Test(config, many_sources)
{
	SCOPED(buf) struct buf text = { 0 };
	struct err e;

	for (int i = 0; i < 100; i++)
		buf_printf(&text, "[source s%d]\nfrom = /s%d\n", i, i);

	SCOPED(config) struct config *c = read_text(buf_text(&text), &e);

	cr_assert(c, "%s", e.what);
	EXPECT_INT(c->source_count, 100, "sources");
	EXPECT_TEXT(slice_from(c->sources[99].settings.from), "/s99", "the last");
	buf_append_text(&text, "[source more]\nfrom = /more\n");

	SCOPED(config) struct config *more = read_text(buf_text(&text), &e);

	cr_expect(!more);
	EXPECT_TEXT(slice_from(e.where), "x.conf:201", "where");
}

/* As a user does it: takes # away from a line of a key, or of a section. */
static void uncomment(struct buf *text, struct slice sample, struct slice without)
{
	struct slice line;

	while (slice_cut(&sample, '\n', &line)) {
		bool says = line.n > 1 && line.p[0] == '#' && line.p[1] != ' ';
		struct slice bare = says ? slice_from_offset(line, 1) : line;

		if (says && without.n > 0 && slice_starts_with(bare, without))
			continue;
		buf_printf(text, "%.*s\n", SLICE_ARG(bare));
	}
}

Test(config, the_sample_is_good_as_it_is)
{
	SCOPED(buf) struct buf sample = { 0 };
	struct err e;

	config_append_sample(&sample);

	SCOPED(config) struct config *c = read_text(buf_text(&sample), &e);

	cr_assert(c, "%s: %s", e.what, e.where);
	EXPECT_INT(c->source_count, 0, "sources");
}

Test(config, each_key_of_the_sample_can_be_uncommented)
{
	SCOPED(buf) struct buf sample = { 0 };
	SCOPED(buf) struct buf all = { 0 };
	SCOPED(buf) struct buf text = { 0 };
	struct err e;

	config_append_sample(&sample);
	uncomment(&all, buf_slice(&sample), SLICE("password_"));
	for (size_t i = 0; i < config_key_count; i++) {
		if (!slice_starts_with(slice_from(config_keys[i].name), SLICE("password_")))
			cr_expect(strstr(buf_text(&all), config_keys[i].name), "%s",
				  config_keys[i].name);
	}

	struct slice rest = buf_slice(&all), line;

	while (slice_cut(&rest, '\n', &line)) {
		if (slice_equal(line, SLICE("[source NAME]")))
			line = SLICE("[source name]");
		buf_printf(&text, "%.*s\n", SLICE_ARG(line));
	}

	SCOPED(config) struct config *c = read_text(buf_text(&text), &e);

	cr_assert(c, "%s: %s", e.what, e.where);
	EXPECT_TEXT(slice_from(c->jobs), "2", "jobs");
	EXPECT_TEXT(slice_from(c->retention.payload), "30d", "payload");
	EXPECT_TEXT(slice_from(c->sources[0].settings.access.token_command),
		    "/usr/local/bin/print-my-token", "token");
}
