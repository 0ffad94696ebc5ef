/* SPDX-License-Identifier: MIT */
#include "reports/catalogue.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static struct catalogue *shipped(void)
{
	struct err e = ERR_INIT;
	struct catalogue *c = catalogue_load(&e);

	cr_assert(c, "%s: %s", e.where, e.what);
	return c;
}

#define ROUND_TRIP(tag)                                                                            \
	do {                                                                                       \
		for (int i = 0; i < tag##_count; i++) {                                            \
			enum tag found;                                                            \
                                                                                                   \
			cr_assert(tag##_find(slice_from(tag##_text((enum tag)i)), &found));        \
			EXPECT_INT(found, i, #tag);                                                \
		}                                                                                  \
	} while (0)

Test(catalogue, words_find_their_values)
{
	ROUND_TRIP(sender_kind);
	ROUND_TRIP(sender_status);
	ROUND_TRIP(spf_possible);
	ROUND_TRIP(leg);
	ROUND_TRIP(advice_kind);
	ROUND_TRIP(placeholder);
	ROUND_TRIP(name_use);
}

Test(catalogue, ships_with_the_senders_in_their_order)
{
	SCOPED(catalogue) struct catalogue *c = shipped();

	EXPECT_INT(catalogue_count(c), 71, "senders");
	EXPECT_TEXT(catalogue_at(c, 0)->id, "amazon-ses", "first");
	EXPECT_TEXT(catalogue_at(c, 70)->id, "forwardemail", "last");
	cr_expect(slice_starts_with(slice_from(catalogue_version(c)), SLICE("71 senders, ")));
	for (size_t i = 0; i < catalogue_count(c); i++) {
		const struct sender *s = catalogue_at(c, i);

		EXPECT_INT(s->order, i, "order");
		cr_expect_eq(catalogue_find(c, s->id), s, "%.*s is not found", SLICE_ARG(s->id));
	}
	cr_expect_null(catalogue_find(c, SLICE("nobody")));
}

/* What is printed as an instruction must be known, and must not cost the owner mail or his policy. */
Test(catalogue, ships_with_sound_advice)
{
	SCOPED(catalogue) struct catalogue *c = shipped();

	for (size_t i = 0; i < catalogue_count(c); i++) {
		const struct sender *s = catalogue_at(c, i);

		for (size_t j = 0; j < s->advice_count; j++) {
			struct slice text = s->advice[j].text;
			bool record = s->advice[j].kind == ADVICE_RECORD ||
				s->advice[j].kind == ADVICE_GATE;

			cr_expect(!record || s->status != SENDER_HEARSAY,
				  "%.*s: a record by hearsay", SLICE_ARG(s->id));
			cr_expect(!slice_contains_icase(text, SLICE("-all")) &&
					  !slice_contains_icase(text, SLICE("_dmarc")) &&
					  !slice_contains_icase(text, SLICE("p=none")) &&
					  !slice_contains_icase(text, SLICE(" mail.{")),
				  "%.*s: %.*s", SLICE_ARG(s->id), SLICE_ARG(text));
			cr_expect(!slice_starts_with(text, SLICE("mail.")),
				  "%.*s: mail. as a label", SLICE_ARG(s->id));
		}
	}
}

Test(catalogue, finds_names_by_their_longest_suffix)
{
	static const struct {
		enum name_use use;
		const char *name;
		const char *ids; /* "" none */
	} rows[] = {
		{ NAME_SPF, "amazonses.com", "amazon-ses" },
		{ NAME_SPF, "eu-west-1.amazonses.com", "amazon-ses" },
		{ NAME_SPF, "notamazonses.com", "" },
		{ NAME_SPF, "amazonses.com.evil.test", "" },
		{ NAME_SPF, "com", "" },
		{ NAME_SPF, "", "" },
		{ NAME_SPF, ".", "" },
		{ NAME_SPF, "..", "" },
		{ NAME_SPF, ".amazonses.com", "amazon-ses" },
		{ NAME_SPF, "AmazonSES.COM", "amazon-ses" },
		{ NAME_SPF, "amazonses.com.", "amazon-ses" },
		{ NAME_SPF, "mail.eu.sparkpostmail.com", "sparkpost-eu" },
		{ NAME_SPF, "mail.sparkpostmail.com", "sparkpost" },
		{ NAME_SPF, "x.outbound.protection.outlook.com", "outlook-com" },
		{ NAME_HELO, "x.outbound.protection.outlook.com", "microsoft-365" },
		{ NAME_HELO, "outlook.com", "" },
		{ NAME_PTR, "x.outbound.protection.outlook.com", "microsoft-365 outlook-com" },
		{ NAME_PTR, "x.protection.outlook.com", "microsoft-365" },
		{ NAME_PTR, "mail-lf1-f47.google.com", "google-workspace gmail" },
		{ NAME_PTR, "1.bc.googleusercontent.com", "" },
		{ NAME_PTR, "a4-3.smtp-out.eu-west-1.amazonses.com", "amazon-ses" },
		{ NAME_PTR, "mta.atlassian.net.sparkpostmail.com", "sparkpost" },
		{ NAME_SPF, "cmail1.com", "campaign-monitor" },
		{ NAME_SPF, "x.cmail29.com", "campaign-monitor" },
		{ NAME_SPF, "cmail.com", "" },
		{ NAME_SPF, "xcmail1.com", "" },
		{ NAME_SPF, "cmail1x.com", "" },
		{ NAME_DKIM, "gappssmtp.com", "google-workspace" },
		{ NAME_PTR, "ec2-1.eu-west-1.compute.amazonaws.com", "" },
		{ NAME_PTR, "vps-1.vps.ovh.net", "" },
		{ NAME_DKIM, "sendgrid.info", "sendgrid" },
		{ NAME_SPF, "sendgrid.info", "" },
	};
	SCOPED(catalogue) struct catalogue *c = shipped();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct suffix_match match =
			catalogue_match(c, rows[i].use, slice_from(rows[i].name));
		SCOPED(buf) struct buf ids = { 0 };

		for (size_t j = 0; j < match.count; j++)
			buf_printf(&ids, "%s%.*s", j > 0 ? " " : "",
				   SLICE_ARG(match.senders[j]->id));
		cr_expect_str_eq(buf_text(&ids), rows[i].ids, "%s '%s': %s, not %s",
				 name_use_text(rows[i].use), rows[i].name, buf_text(&ids),
				 rows[i].ids);
	}
}

Test(catalogue, finds_claimants_by_unique_selectors)
{
	static const struct {
		const char *domain, *selector, *ids;
	} rows[] = {
		{ "example.com", "mte1", "mandrill" },
		{ "example.com", "MTE2", "mandrill" },
		{ "mandrillapp.com", "mte1", "" },
		{ "example.com", "mte3", "" },
		{ "example.com", "xmte1", "" },
		{ "example.com", "mte11", "" },
		{ "example.com", "resend", "resend" },
		{ "example.com", "resend12", "resend" },
		{ "example.com", "s1", "" },
		{ "example.com", "google", "" },
		{ "example.com", "scph0717", "sparkpost" },
		{ "example.com", "20240101000000pm", "postmark" },
		{ "x.gappssmtp.com", "20230601", "google-workspace" },
		{ "example.com", "20230601", "" },
		{ "a.onmicrosoft.com", "selector2-a-b-onmicrosoft-com", "microsoft-365" },
		{ "a.onmicrosoft.com", "selector2--onmicrosoft-com", "" },
		{ "example.com", "atlassian-0a1b2c", "atlassian" },
		{ "example.com", "atlassian-0a1b2g", "" },
		{ "example.com", "ovhmo123-selector1", "ovh" },
		{ "example.com", "ovhmo-selector-2", "ovh" },
		{ "example.com", "", "" },
	};
	SCOPED(catalogue) struct catalogue *c = shipped();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		SCOPED(buf) struct buf ids = { 0 };
		const struct sender *s;
		size_t next = 0;

		while ((s = catalogue_claimant(c, slice_from(rows[i].domain),
					       slice_from(rows[i].selector), &next)))
			buf_printf(&ids, "%s%.*s", ids.n > 0 ? " " : "", SLICE_ARG(s->id));
		cr_expect_str_eq(buf_text(&ids), rows[i].ids, "%s s=%s: %s, not %s", rows[i].domain,
				 rows[i].selector, buf_text(&ids), rows[i].ids);
	}
}

Test(catalogue, keeps_what_a_sender_is_recognised_by)
{
	static const char *const names[] = { "amazonses.com", "amazonses.com",
					     "smtp-out.amazonses.com", "smtp-out.*.amazonses.com",
					     "amazonses.com" };
	SCOPED(catalogue) struct catalogue *c = shipped();
	const struct sender *ses = catalogue_find(c, SLICE("amazon-ses"));
	size_t n = 0;

	cr_assert(ses);
	for (const struct sender_name *name = ses->names; name; name = name->next, n++) {
		cr_assert_lt(n, COUNT_OF(names));
		EXPECT_TEXT(name->suffix, names[n], "in the order of the text");
	}
	EXPECT_INT(n, COUNT_OF(names), "names");
	EXPECT_TEXT(ses->selectors[0].text, "[a-z2-7]{32}", "selector");
}

Test(catalogue, finds_ranges_and_rented_machines)
{
	SCOPED(catalogue) struct catalogue *c = shipped();
	const struct address inside = { ADDRESS_V4, { 199, 255, 195, 255 } };
	const struct address outside = { ADDRESS_V4, { 199, 255, 196, 0 } };
	const struct address first = { ADDRESS_V4, { 0 } };
	const struct address v6 = { ADDRESS_V6, { 199, 255, 195, 255 } };
	const struct address none = { 0 };
	const struct sender_range *range = catalogue_range(c, &inside);

	cr_assert(range);
	EXPECT_TEXT(range->sender->id, "amazon-ses", "whose it is");
	EXPECT_TEXT(range->seen, "2025-2026", "when it was seen");
	cr_expect_null(catalogue_range(c, &outside));
	cr_expect_null(catalogue_range(c, &first));
	cr_expect_null(catalogue_range(c, &v6));
	cr_expect_null(catalogue_range(c, &none));
	EXPECT_TEXT(catalogue_rented(c, SLICE("ec2-1.eu-west-1.compute.amazonaws.com")),
		    "Amazon EC2", "EC2");
	EXPECT_TEXT(catalogue_rented(c, SLICE("1.bc.googleusercontent.com")), "Google Cloud",
		    "GCE");
	EXPECT_TEXT(catalogue_rented(c, SLICE("vm.westeurope.cloudapp.azure.com")),
		    "Microsoft Azure", "Azure");
	EXPECT_TEXT(catalogue_rented(c, SLICE("notcompute.amazonaws.com")), NULL, "nobody");
	EXPECT_TEXT(catalogue_nearest(c, SLICE("kaizn")), "kaizen", "nearest");
	EXPECT_TEXT(catalogue_nearest(c, SLICE("xyzzy")), NULL, "none is near");
}

Test(catalogue, lists_resellers_that_show_nothing_of_themselves)
{
	SCOPED(catalogue) struct catalogue *c = shipped();
	const struct sender *ses = catalogue_find(c, SLICE("amazon-ses")), *reseller;
	SCOPED(buf) struct buf ids = { 0 };
	size_t next = 0;

	while ((reseller = catalogue_reseller(c, ses, &next)))
		buf_printf(&ids, " %.*s", SLICE_ARG(reseller->id));
	cr_expect_str_eq(buf_text(&ids),
			 " kaizen xtremepush-ses xmpie-xes spotme loops stripe braze iterable "
			 "moengage",
			 "%s", buf_text(&ids));
}

Test(catalogue, knows_who_runs_on_whom)
{
	SCOPED(catalogue) struct catalogue *c = shipped();
	const struct sender *spotme = catalogue_find(c, SLICE("spotme"));
	const struct sender *mandrill = catalogue_find(c, SLICE("mandrill"));

	cr_assert(spotme && mandrill);
	EXPECT_INT(spotme->runs_on_count, 2, "spotme");
	EXPECT_TEXT(spotme->runs_on[0]->id, "amazon-ses", "in the order of the text");
	EXPECT_TEXT(spotme->runs_on[1]->id, "mandrill", "in the order of the text");
	cr_expect(sender_runs_on(spotme, mandrill) && !sender_runs_on(mandrill, spotme));
	cr_expect(sender_is_kin(mandrill, spotme));
	cr_expect(catalogue_is_consumer(c, SLICE("gmail.com")));
	cr_expect(!catalogue_is_consumer(c, SLICE("mail.gmail.com")), "the very name only");
	cr_expect(!catalogue_is_consumer(c, SLICE("amazonses.com")));
}

#define NEEDED "kind esp\nstatus V\nspf-possible yes\nalign-spf x\nalign-dkim x\n"

#define TWO_BLOCKS                                                                                 \
	"# a comment\n\n[a]\nname A\n  and B\n" NEEDED                                             \
	"record spf {mailfrom} TXT\n \"v=spf1 ~all\"\n\r\n[b]\nname B\n" NEEDED "runs-on a\n"

Test(catalogue, reads_blocks)
{
	struct err e = ERR_INIT;
	SCOPED(catalogue) struct catalogue *c = catalogue_parse(SLICE(TWO_BLOCKS), "t", &e);

	cr_assert(c, "%s: %s", e.where, e.what);
	EXPECT_INT(catalogue_count(c), 2, "blocks");
	EXPECT_TEXT(catalogue_at(c, 0)->name, "A and B", "continued");
	EXPECT_TEXT(catalogue_at(c, 0)->advice[2].text, "{mailfrom} TXT \"v=spf1 ~all\"", "record");
	EXPECT_TEXT(catalogue_at(c, 1)->runs_on[0]->id, "a", "runs-on");
}

Test(catalogue, counts_the_lines_that_were_joined)
{
	struct err e = ERR_INIT;

	cr_expect_null(catalogue_parse(SLICE(TWO_BLOCKS "odd x\n"), "t", &e));
	cr_expect_str_eq(e.where, "t: line 22: odd", "%s", e.where);
}

Test(catalogue, versions_differ_with_the_text)
{
	struct err e = ERR_INIT;
	SCOPED(catalogue)
	struct catalogue *a = catalogue_parse(SLICE("[a]\nname A\n" NEEDED), "t", &e);
	SCOPED(catalogue)
	struct catalogue *b = catalogue_parse(SLICE("[a]\nname B\n" NEEDED), "t", &e);

	cr_assert(a && b);
	cr_expect_str_neq(catalogue_version(a), catalogue_version(b));
}

/* clang-format off */
static const struct {
	const char *name, *text, *where, *what;
} errors[] = {
	{ "a field before a block", "\nname A\n", "t: line 2: name", "before the first [sender]" },
	{ "a field nobody knows", "[a]\nnam A\n", "t: line 2: nam", "unknown field" },
	{ "no value", "[a]\nname\n", "t: line 2: name", "no value" },
	{ "twice", "[a]\nname A\nname B\n", "t: line 3: name", "twice" },
	{ "a block twice", "[a]\nname A\n" NEEDED "[a]\n", "t: line 8: block", "[a] stands there twice" },
	{ "a block without its end", "[a\n", "t: line 1: block", "not an [id]" },
	{ "an empty id", "[]\n", "t: line 1: block", "not an [id]" },
	{ "a bracket", "[\n", "t: line 1: block", "not an [id]" },
	{ "an id in capitals", "[A]\n", "t: line 1: block", "not an [id]" },
	{ "what is missing at the end", "\n[a]\nname A\n", "t: line 2: kind", "missing in the block [a]" },
	{ "what is missing before the next", "[a]\n" NEEDED "[b]\nname A\n", "t: line 1: name", "missing" },
	{ "no such kind", "[a]\nkind isp\n", "t: line 2: kind", "unknown word \"isp\"" },
	{ "no such status", "[a]\nstatus X all\n", "t: line 2: status", "unknown word \"X\"" },
	{ "no such spf-possible", "[a]\nspf-possible maybe\n", "t: line 2: spf-possible", "unknown word" },
	{ "no domain", "[a]\nspf Example.COM\n", "t: line 2: spf", "no domain in lower case" },
	{ "a top-level domain", "[a]\nptr com\n", "t: line 2: ptr", "no domain" },
	{ "an empty label", "[a]\ndkim a..b\n", "t: line 2: dkim", "no domain" },
	{ "a domain twice", "[a]\nspf a.b\nspf a.b\n", "t: line 3: spf", "twice" },
	{ "no weight", "[a]\nselector customer strong x\n", "t: line 2: selector", "unknown word \"strong\"" },
	{ "no domain of d=", "[a]\nselector anybody weak x\n", "t: line 2: selector", "unknown word" },
	{ "no pattern", "[a]\nselector customer weak\n", "t: line 2: selector", "empty pattern" },
	{ "a set without its end", "[a]\nselector customer weak x[ab\n", "t: line 2: selector", "a set" },
	{ "an empty set", "[a]\nselector customer weak x[]\n", "t: line 2: selector", "empty set" },
	{ "a range backwards", "[a]\nselector customer weak [z-a]\n", "t: line 2: selector", "range" },
	{ "a brace without its end", "[a]\nselector customer weak x{3\n", "t: line 2: selector", "without '}'" },
	{ "a count of none", "[a]\nselector customer weak x{0}\n", "t: line 2: selector", "count" },
	{ "a count too high", "[a]\nselector customer weak x{64}\n", "t: line 2: selector", "count" },
	{ "a pattern too long", "[a]\nselector customer weak x{40}y{24}\n", "t: line 2: selector",
	  "more than 63" },
	{ "a quantifier of nothing", "[a]\nselector customer weak ?x\n", "t: line 2: selector", "neither" },
	{ "a regular expression", "[a]\nselector customer weak (a|b)\n", "t: line 2: selector", "neither" },
	{ "a consumer domain of another", "[a]\nconsumer a.b\n", "t: line 2: consumer", "not under one of" },
	{ "no default Region", "[a]\nregions a.b\n", "t: line 2: regions", "no default" },
	{ "no networks", "[a]\nnet 2026\n", "t: line 2: net", "no networks" },
	{ "no network", "[a]\nnet 2026 192.0.2.1/24\n", "t: line 2: net", "not the first address" },
	{ "no address", "[a]\nnet 2026 192.0.2.0/24 x\n", "t: line 2: net", "not an address: \"x\"" },
	{ "a range within another's", "[a]\nname A\n" NEEDED "net 2026 192.0.2.0/24\n[b]\nnet 2026 192.0.2.8/29\n",
	  "t: line 10: net", "overlaps a range of [a]" },
	{ "a range around its own", "[a]\nnet 2026 192.0.2.8/29 192.0.0.0/16\n", "t: line 2: net",
	  "overlaps a range of [a]" },
	{ "no landlord", "[a]\nrented vps.a.b\n", "t: line 2: rented", "not SUFFIX NAME" },
	{ "no way of tenants", "[a]\ntenants a.b odd\n", "t: line 2: tenants", "unknown word \"odd\"" },
	{ "no text for a note", "[a]\nnote-for a.b\n", "t: line 2: note-for", "no text" },
	{ "no such service", "[a]\nname A\n" NEEDED "runs-on b\n", "t: line 1: runs-on", "\"b\" is unknown" },
	{ "runs on itself", "[a]\nname A\n" NEEDED "runs-on a\n", "t: line 1: runs-on", "\"a\" is unknown" },
	{ "no such leg", "[a]\nstatus V\nrecord arc a TXT b\n", "t: line 3: record", "unknown word \"arc\"" },
	{ "no record", "[a]\nstatus V\nrecord spf a.b TXT\n", "t: line 3: record", "NAME TYPE DATA" },
	{ "no such type", "[a]\nstatus V\nrecord spf a.b SPF x\n", "t: line 3: record", "NAME TYPE DATA" },
	{ "a record by hearsay", "[a]\nstatus K\nrecord spf a.b TXT x\n", "t: line 3: record", "status K" },
	{ "a gate by hearsay", "[a]\nstatus K\ngate spf a.b TXT x\n", "t: line 3: gate", "status K" },
	{ "-all", "[a]\nstatus V\nrecord spf a.b TXT \"v=spf1 -all\"\n", "t: line 3: record", "~all" },
	{ "?all", "[a]\nstatus V\ngate spf a.b TXT \"v=spf1 ?all\"\n", "t: line 3: gate", "~all" },
	{ "a DMARC record", "[a]\nstatus V\nrecord dkim _dmarc.{from} TXT \"v=DMARC1; p=none\"\n",
	  "t: line 3: record", "DMARC" },
	{ "a placeholder nobody fills in", "[a]\nalign-spf see {form}\n", "t: line 2: align-spf",
	  "unknown placeholder \"{form}\"" },
	{ "a placeholder without its end", "[a]\nnote {from\n", "t: line 2: note", "unknown placeholder" },
	{ "a blank in front", "[a]\n\n  name A\n", "t: line 3: line", "a blank in front" },
	{ "a control character", "[a]\nname A\x1b[31m\n", "t: line 2: line", "printable ASCII" },
	{ "UTF-8", "[a]\nname \xc3\x84\n", "t: line 2: line", "printable ASCII" },
};
/* clang-format on */

Test(catalogue, names_file_line_and_field_of_errors)
{
	for (size_t i = 0; i < COUNT_OF(errors); i++) {
		struct err e = ERR_INIT;
		struct catalogue *c = catalogue_parse(slice_from(errors[i].text), "t", &e);

		cr_expect_null(c, "%s: taken", errors[i].name);
		cr_expect_str_eq(e.where, errors[i].where, "%s: where is '%s', not '%s' (%s)",
				 errors[i].name, e.where, errors[i].where, e.what);
		cr_expect(strstr(e.what, errors[i].what), "%s: '%s' says nothing of '%s'",
			  errors[i].name, e.what, errors[i].what);
		catalogue_free(c);
	}
}

static void expect_limit(const char *name, const char *line, size_t count, bool good)
{
	SCOPED(buf) struct buf text = { 0 };
	struct err e = ERR_INIT;

	buf_append_text(&text, "[a]\nname A\n" NEEDED);
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "%s\n", line);

	SCOPED(catalogue) struct catalogue *c = catalogue_parse(buf_slice(&text), "t", &e);

	cr_expect_eq(c != NULL, good, "%s, %zu times: %s", name, count, e.what);
}

Test(catalogue, bounds)
{
	expect_limit("selectors", "selector customer weak x", SENDER_SELECTORS_MAX, true);
	expect_limit("selectors", "selector customer weak x", SENDER_SELECTORS_MAX + 1, false);
	/* two are in every block */
	expect_limit("advice", "align-spf x", SENDER_ADVICE_MAX - 2, true);
	expect_limit("advice", "align-spf x", SENDER_ADVICE_MAX - 1, false);
	expect_limit("comments", "#", 3 << 20, false);
}

Test(catalogue, bounds_those_who_share_a_name)
{
	for (int sharing = SUFFIX_SHARED_MAX; sharing <= SUFFIX_SHARED_MAX + 1; sharing++) {
		SCOPED(buf) struct buf text = { 0 };
		struct err e = ERR_INIT;

		for (int i = 0; i < sharing; i++)
			buf_printf(&text, "[a%d]\nname A\nptr a.b\n" NEEDED, i);

		SCOPED(catalogue) struct catalogue *c = catalogue_parse(buf_slice(&text), "t", &e);

		cr_expect_eq(c != NULL, sharing == SUFFIX_SHARED_MAX, "%d: %s", sharing, e.what);
	}
}

/* Cut anywhere, or with any byte changed, it is taken or refused: no crash, no leak. */
Test(catalogue, survives_damage)
{
	SCOPED(buf) struct buf text = { 0 };
	struct err e = ERR_INIT;

	buf_append_text(
		&text,
		"[a]\nname A\nspf a.b\nptr *.c.d\ndkim e#.f\nselector customer unique [a-z]{3,}\n" NEEDED
		"regions a.b c\ntenants a.b plain\nrecord spf {mailfrom} TXT \"v=spf1 ~all\"\n"
		"[b]\nname B\nruns-on a\n" NEEDED);
	for (size_t i = 0; i <= text.n; i++)
		catalogue_free(catalogue_parse(slice_prefix(buf_slice(&text), i), "t", &e));
	for (size_t i = 0; i < text.n; i++) {
		char was = text.p[i];

		for (int c = 0; c < 256; c += 5) {
			text.p[i] = (char)c;
			catalogue_free(catalogue_parse(buf_slice(&text), "t", &e));
		}
		text.p[i] = was;
	}
}

Test(pattern, matches)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} rows[] = {
		{ "abc", "abc", true },
		{ "abc", "ABC", true },
		{ "abc", "ab", false },
		{ "abc", "abcd", false },
		{ "a?b", "b", true },
		{ "a?b", "ab", true },
		{ "a?b", "aab", false },
		{ "a*", "", true },
		{ "a*b*c*", "", true },
		{ "a*b", "aaab", true },
		{ "a+b", "b", false },
		{ "a+b", "aab", true },
		{ "[a-c0]+", "a0cb", true },
		{ "[a-c0]+", "a1", false },
		{ "x{3}", "xxx", true },
		{ "x{3}", "xx", false },
		{ "x{3}", "xxxx", false },
		{ "x{2,}", "x", false },
		{ "x{2,}y", "xxxxxy", true },
		{ "x{63}", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		  true },
		{ "a.b", "a.b", true },
		{ "a.b", "axb", false },
		{ "[a-]", "-", true },
		{ "a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		  false },
		{ "a", "\xe4", false },
	};
	struct arena arena;

	arena_init(&arena, 1 << 20);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err e = ERR_INIT;
		struct pattern p;

		cr_assert(pattern_compile(&arena, slice_from(rows[i].pattern), &p, &e), "%s: %s",
			  rows[i].pattern, e.what);
		cr_expect_eq(pattern_matches(&p, slice_from(rows[i].text)), rows[i].matches,
			     "%s against '%s'", rows[i].pattern, rows[i].text);
	}
	arena_release(&arena);
}
