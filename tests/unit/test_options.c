/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include "tests/unit/expect.h"

#include "base/banned.h"

struct target {
	bool quiet, verbose;
	const char *output, *since;
	struct option_list tags;
};

static const struct option common[] = {
	OPT_FLAG("--quiet", 'q', struct target, quiet, "say less"),
	OPT_FLAG("--verbose", 'v', struct target, verbose, "say more"),
	OPTIONS_END,
};
static const struct option own[] = {
	OPT_VALUE("--output", 'o', "FILE", struct target, output, "where to"),
	OPT_VALUE("--since-the-beginning", 0, "DATE", struct target, since, "from when"),
	OPT_LIST("--tag", 't', "WORD", struct target, tags, "what for"),
	OPTIONS_END,
};
static const struct option *const tables[] = { common, own, NULL };

enum { MAX_ARGUMENTS = 8 };

struct parsed {
	struct target target;
	struct arguments arguments;
	const char *argv[MAX_ARGUMENTS];
	struct err e;
	bool ok;
};

static void parse(struct parsed *p, const char *const *argv)
{
	*p = (struct parsed){ 0 };
	for (size_t i = 0; argv[i]; i++) {
		cr_assert(i + 1 < MAX_ARGUMENTS);
		p->argv[i] = argv[i];
	}
	p->ok = options_parse(tables, p->argv, &p->target, &p->arguments, &p->e);
}

Test(options, keeps_all_values_of_a_list)
{
	static const char *const argv[MAX_ARGUMENTS] = { "--tag", "a",      "x", "--tag=b=c",
							 "-qtd",  "--tag=", NULL };
	static const char *const want[] = { "a", "b=c", "d", "" };
	struct parsed p;

	parse(&p, argv);
	cr_assert(p.ok, "%s", p.e.what);
	EXPECT_INT(p.target.tags.count, COUNT_OF(want), "values");
	for (size_t i = 0; i < COUNT_OF(want); i++)
		EXPECT_TEXT(slice_from(p.target.tags.values[i]), want[i], "in their order");
	cr_expect(p.target.quiet);
	EXPECT_TEXT(slice_from(p.arguments.operands[0]), "x", "operand");
	options_release(tables, &p.target);
	EXPECT_INT(p.target.tags.count, 0, "released");
	options_release(tables, &p.target);
}

Test(options, reads_all_forms)
{
	static const struct {
		const char *name;
		const char *argv[MAX_ARGUMENTS];
		bool quiet, verbose;
		const char *output, *since;
		const char *operands[MAX_ARGUMENTS];
	} cases[] = {
		{ .name = "nothing" },
		{ "long flag", { "--quiet" }, .quiet = true },
		{ "short flag", { "-q" }, .quiet = true },
		{ "twice", { "-q", "--quiet" }, .quiet = true },
		{ "cluster", { "-qv" }, .quiet = true, .verbose = true },
		{ "long value", { "--output", "f" }, .output = "f" },
		{ "long value with =", { "--output=f" }, .output = "f" },
		{ "= in the value", { "--output=a=b" }, .output = "a=b" },
		{ "empty value", { "--output=" }, .output = "" },
		{ "empty value apart", { "--output", "" }, .output = "" },
		{ "short value", { "-o", "f" }, .output = "f" },
		{ "attached", { "-of" }, .output = "f" },
		{ "cluster with value",
		  { "-qvof" },
		  .quiet = true,
		  .verbose = true,
		  .output = "f" },
		{ "cluster, value apart", { "-qo", "f" }, .quiet = true, .output = "f" },
		{ "flags' letters in a value", { "-oqv" }, .output = "qv" },
		{ "the last counts", { "-o", "a", "-o", "b" }, .output = "b" },
		{ "a value like an option", { "-o", "--quiet" }, .output = "--quiet" },
		{ "no letter", { "--since-the-beginning=2026-01-01" }, .since = "2026-01-01" },
		{ "operands", { "a", "b" }, .operands = { "a", "b" } },
		{ "options between",
		  { "a", "-q", "b", "--output", "f", "c" },
		  .quiet = true,
		  .output = "f",
		  .operands = { "a", "b", "c" } },
		{ "stdin", { "-", "-q" }, .quiet = true, .operands = { "-" } },
		{ "an empty operand", { "", "-q" }, .quiet = true, .operands = { "" } },
		{ "behind --",
		  { "-q", "--", "-v", "--output", "--" },
		  .quiet = true,
		  .operands = { "-v", "--output", "--" } },
		{ "-- as a value", { "-o", "--", "-q" }, .quiet = true, .output = "--" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct parsed p;
		size_t n = 0;

		parse(&p, cases[i].argv);
		cr_expect(p.ok, "%s: %s", cases[i].name, p.e.what);
		EXPECT_INT(p.target.quiet, cases[i].quiet, cases[i].name);
		EXPECT_INT(p.target.verbose, cases[i].verbose, cases[i].name);
		EXPECT_TEXT(slice_from(p.target.output), cases[i].output, cases[i].name);
		EXPECT_TEXT(slice_from(p.target.since), cases[i].since, cases[i].name);
		for (; cases[i].operands[n]; n++)
			EXPECT_TEXT(slice_from(p.arguments.operands[n]), cases[i].operands[n],
				    cases[i].name);
		EXPECT_INT(p.arguments.count, n, cases[i].name);
		cr_expect_null(p.arguments.operands[n], "%s: the end", cases[i].name);
	}
}

Test(options, says_what_is_wrong)
{
	static const struct {
		const char *name;
		const char *argv[MAX_ARGUMENTS];
		const char *want;
	} cases[] = {
		{ "value missing",
		  { "--output" },
		  "the option needs a value: --output: --output FILE" },
		{ "short value missing",
		  { "-o" },
		  "the option needs a value: --output: --output FILE" },
		{ "a list's value missing",
		  { "--tag" },
		  "the option needs a value: --tag: --tag WORD" },
		{ "value missing in a cluster",
		  { "-qo" },
		  "the option needs a value: --output: --output FILE" },
		{ "a flag's value", { "--quiet=yes" }, "the option takes no value: --quiet" },
		{ "a flag's empty value", { "--quiet=" }, "the option takes no value: --quiet" },
		{ "mistyped", { "--quite" }, "unknown option: --quite: did you mean --quiet?" },
		{ "mistyped with a value",
		  { "--ouput=f" },
		  "unknown option: --ouput: did you mean --output?" },
		{ "nothing like it",
		  { "--frobnicate" },
		  "unknown option: --frobnicate: --help lists the options" },
		{ "no abbreviations",
		  { "--out", "f" },
		  "unknown option: --out: --help lists the options" },
		{ "letter", { "-x" }, "unknown option: -x: --help lists the options" },
		{ "letter in a cluster",
		  { "-qx" },
		  "unknown option: -x: --help lists the options" },
		{ "a single dash", { "-quiet" }, "unknown option: -u: --help lists the options" },
		{ "only =", { "--=x" }, "unknown option: --: --help lists the options" },
		{ "behind operands",
		  { "a", "--nope" },
		  "unknown option: --nope: --help lists the options" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct parsed p;
		SCOPED(buf) struct buf text = { 0 };

		parse(&p, cases[i].argv);
		cr_expect(!p.ok, "%s", cases[i].name);
		EXPECT_INT(p.e.kind, ERR_USAGE, cases[i].name);
		err_append(&text, &p.e);
		EXPECT_TEXT(buf_slice(&text), cases[i].want, cases[i].name);
	}
}

Test(options, describes_its_tables)
{
	SCOPED(buf) struct buf out = { 0 };

	options_describe(&out, tables);
	EXPECT_TEXT(buf_slice(&out),
		    "  -q, --quiet             say less\n"
		    "  -v, --verbose           say more\n"
		    "  -o, --output FILE       where to\n"
		    "      --since-the-beginning DATE\n"
		    "                          from when\n"
		    "  -t, --tag WORD          what for\n",
		    "help");
}

Test(options, chooses_one_of_a_list)
{
	static const char *const choices[] = { "table", "csv", "json", NULL };
	static const char *const others[] = { "", "tabl", "tables", "CSV" };
	struct err e = ERR_INIT;
	size_t index = 77;

	for (size_t i = 0; choices[i]; i++) {
		cr_expect(options_choose("--format", choices[i], choices, &index, &e));
		EXPECT_INT(index, i, choices[i]);
	}
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		struct err why = ERR_INIT;

		cr_expect(!options_choose("--format", others[i], choices, &index, &why));
		EXPECT_INT(why.kind, ERR_USAGE, others[i]);
		cr_expect_str_eq(why.what, "not a value of --format");
		cr_expect_str_eq(why.remedy, "choose one of: table, csv, json");
	}
}
