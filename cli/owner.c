/* SPDX-License-Identifier: MIT */
/* ruamill senders add, remove, own, disown, acknowledge, rules: what the owner knows, in the database. */
#include "cli/owner.h"

#include "base/log.h"
#include "reports/owner_store.h"

#include "base/banned.h"

/* A list of rules is read by people. */
enum { ANSWER_BYTES = 16 << 20 };

struct owner_options {
	struct common_options common;
	struct database_settings database;
	const char *format, *output;
	struct option_list addresses, envelopes, signers, selectors;
	bool undo;
};

/* clang-format off */
#define RULE_OPTIONS                                                                               \
	OPT_LIST("--ip", 0, "NETWORK", struct owner_options, addresses,                            \
		 "an address or network it sends from"),                                           \
	OPT_LIST("--mailfrom", 0, "HOST", struct owner_options, envelopes,                         \
		 "the domain of its envelope"),                                                    \
	OPT_LIST("--dkim", 0, "DOMAIN", struct owner_options, signers,                             \
		 "the domain it signs with (d=)"),                                                 \
	OPT_LIST("--selector", 0, "SELECTOR", struct owner_options, selectors,                     \
		 "the selector of its key under a domain of yours")
/* clang-format on */

static const struct option rule_options[] = {
	RULE_OPTIONS,
	DATABASE_OPTIONS(struct owner_options),
	OPTIONS_END,
};

static const struct option domain_options[] = {
	DATABASE_OPTIONS(struct owner_options),
	OPTIONS_END,
};

static const struct option acknowledge_options[] = {
	OPT_FLAG("--undo", 0, struct owner_options, undo, "it is not known after all"),
	DATABASE_OPTIONS(struct owner_options),
	OPTIONS_END,
};

static const struct option list_options[] = {
	OPT_VALUE("--format", 0, "table|csv|json", struct owner_options, format,
		  "how to print it (default: table)"),
	OUTPUT_OPTION(struct owner_options),
	DATABASE_OPTIONS(struct owner_options),
	OPTIONS_END,
};

/* What every one of them needs. */
struct setup {
	struct connection *connection;
	struct domains *domains;
	struct catalogue *catalogue;
	struct knowledge knowledge;
};

static void setup_release(struct setup *s)
{
	knowledge_release(&s->knowledge);
	catalogue_free(s->catalogue);
	domains_free(s->domains);
	connection_close(s->connection);
}

static bool setup_open(struct setup *s, const struct database_settings *database, struct err *e)
{
	*s = (struct setup){ 0 };
	s->connection = command_connect(database, e);
	if (!s->connection)
		return false;
	s->domains = command_domains(e);
	s->catalogue = s->domains ? catalogue_load(e) : NULL;
	if (!s->catalogue)
		return false;
	knowledge_init(&s->knowledge, s->catalogue, s->domains);
	return true;
}

/* Whoever names the first of his domains sets all others apart. */
static bool tell_foreign(struct setup *s, struct err *e)
{
	uint64_t count = 0;

	if (!owner_foreign_domains(s->connection, &count, e))
		return false;
	if (count > 0)
		log_line(
			LOG_LEVEL_WARNING,
			"there are reports on %llu other %s, which answers leave out from now on: name "
			"what is yours, 'ruamill report problems' lists the rest",
			(unsigned long long)count, count == 1 ? "domain" : "domains");
	return true;
}

typedef bool owner_change(struct setup *s, const char *operand, const struct owner_options *o,
			  struct err *e);

/* On each operand, all in one transaction; says what it takes for history to know of it. */
static enum exit_status make_changes(const struct owner_options *o,
				     const struct arguments *arguments, owner_change *change,
				     bool (*then)(struct setup *s, struct err *e))
{
	struct setup s;
	struct err e = ERR_INIT;
	bool ok = setup_open(&s, &o->database, &e) &&
		connection_execute(s.connection, "begin", NULL, 0, &e);

	for (size_t i = 0; ok && i < arguments->count; i++)
		ok = change(&s, arguments->operands[i], o, &e);
	ok = ok && connection_execute(s.connection, "commit", NULL, 0, &e) &&
		(!then || then(&s, &e));
	setup_release(&s);
	if (!ok)
		return command_fail(&e);
	log_line(LOG_LEVEL_INFO, "noted; 'ruamill db rejudge' applies it to what is stored");
	return STATUS_DONE;
}

/* --- rules -------------------------------------------------------------------------------------- */

static bool each_value(struct setup *s, const char *sender, enum rule_kind kind,
		       const struct option_list *values,
		       bool (*store)(struct connection *c, const struct knowledge *k,
				     struct err *e),
		       struct err *e)
{
	for (size_t i = 0; i < values->count; i++) {
		if (!knowledge_add_rule(&s->knowledge, kind, slice_from(values->values[i]),
					slice_from(sender), e))
			return err_where(e, "--%s %s", rule_kind_text(kind), values->values[i]);
		if (!store(s->connection, &s->knowledge, e))
			return false;
	}
	return true;
}

static bool each_rule(struct setup *s, const char *sender, const struct owner_options *o,
		      bool (*store)(struct connection *c, const struct knowledge *k, struct err *e),
		      struct err *e)
{
	return each_value(s, sender, RULE_BY_ADDRESS, &o->addresses, store, e) &&
		each_value(s, sender, RULE_BY_MAILFROM, &o->envelopes, store, e) &&
		each_value(s, sender, RULE_BY_DKIM, &o->signers, store, e) &&
		each_value(s, sender, RULE_BY_SELECTOR, &o->selectors, store, e);
}

static bool add_sender(struct setup *s, const char *operand, const struct owner_options *o,
		       struct err *e)
{
	return each_rule(s, operand, o, owner_store_rule, e);
}

/* What sender the rule named does not matter: any that is known will do. */
static bool remove_rules(struct setup *s, const char *operand UNUSED, const struct owner_options *o,
			 struct err *e)
{
	return each_rule(s, catalogue_at(s->catalogue, 0)->id.p, o, owner_forget_rule, e);
}

static bool has_rules(const struct owner_options *o)
{
	return o->addresses.count + o->envelopes.count + o->signers.count + o->selectors.count > 0;
}

static enum exit_status run_add(void *given, const struct arguments *arguments)
{
	const struct owner_options *o = given;

	if (arguments->count != 1)
		return command_wrong_arguments(
			"which sender?",
			"give one ID of 'ruamill senders list', or a name of "
			"your own");
	if (!has_rules(o))
		return command_wrong_arguments("how is it recognised?",
					       "give --ip, --mailfrom, --dkim or --selector");
	return make_changes(o, arguments, add_sender, NULL);
}

static enum exit_status run_remove(void *given, const struct arguments *arguments)
{
	const char *once[] = { "" };
	const struct arguments all = { .operands = once, .count = 1 };

	if (arguments->count > 0)
		return command_wrong_arguments(
			"the command takes options only",
			"give the rules that are to go, such as --ip ADDRESS");
	if (!has_rules(given))
		return command_wrong_arguments("which rule?",
					       "give --ip, --mailfrom, --dkim or --selector");
	return make_changes(given, &all, remove_rules, NULL);
}

/* --- domains ------------------------------------------------------------------------------------ */

/* Where everybody may have an account, nobody owns the domain. */
static bool refuse_anybodys(const struct setup *s, struct err *e)
{
	struct slice domain = s->knowledge.owned[s->knowledge.owned_count - 1];

	if (!catalogue_is_consumer(s->catalogue, domain))
		return true;
	err_set(e, ERR_USAGE, "anybody can have an account there: nobody owns it");
	err_where(e, "%.*s", SLICE_ARG(domain));
	return err_remedy(e, "own the domains in your From only");
}

static bool own(struct setup *s, const char *operand, const struct owner_options *o UNUSED,
		struct err *e)
{
	return knowledge_own(&s->knowledge, slice_from(operand), e) && refuse_anybodys(s, e) &&
		owner_store_domain(s->connection, &s->knowledge, e);
}

static bool disown(struct setup *s, const char *operand, const struct owner_options *o UNUSED,
		   struct err *e)
{
	return knowledge_own(&s->knowledge, slice_from(operand), e) &&
		owner_forget_domain(s->connection, &s->knowledge, e);
}

static enum exit_status run_domains(const struct owner_options *o,
				    const struct arguments *arguments, owner_change *change)
{
	if (arguments->count == 0)
		return command_wrong_arguments("which domain?", "give one or several");
	return make_changes(o, arguments, change, tell_foreign);
}

static enum exit_status run_own(void *given, const struct arguments *arguments)
{
	return run_domains(given, arguments, own);
}

static enum exit_status run_disown(void *given, const struct arguments *arguments)
{
	return run_domains(given, arguments, disown);
}

/* --- acknowledged ------------------------------------------------------------------------------- */

static bool acknowledge(struct setup *s, const char *operand, const struct owner_options *o,
			struct err *e)
{
	return owner_acknowledge(s->connection, operand, !o->undo, e);
}

static enum exit_status run_acknowledge(void *given, const struct arguments *arguments)
{
	if (arguments->count == 0)
		return command_wrong_arguments("which sender?", "give one ID or several");
	return make_changes(given, arguments, acknowledge, NULL);
}

/* --- all of it ---------------------------------------------------------------------------------- */

static bool print_rules(struct setup *s, enum answer_format format, struct output *out,
			struct err *e)
{
	struct answer answer;
	struct arena arena;
	bool ok;

	arena_init(&arena, ANSWER_BYTES);
	ok = owner_answer(s->connection, &arena, &answer, e);
	if (ok)
		answer_print(&answer, format, output_width(out), out);
	arena_release(&arena);
	return ok;
}

static enum exit_status run_rules(void *given, const struct arguments *arguments)
{
	const struct owner_options *o = given;
	enum answer_format format = ANSWER_TABLE;
	struct output out;
	struct setup s;
	struct err e = ERR_INIT;

	if (arguments->count > 0)
		return command_wrong_arguments("the command takes no arguments", "see --help");
	if (!command_answer_format(o->format, &format, &e) || !output_open(&out, o->output, &e))
		return command_fail(&e);

	bool ok = setup_open(&s, &o->database, &e) && print_rules(&s, format, &out, &e);

	setup_release(&s);
	return command_end_output(&out, ok, &e);
}

#define OWNER_COMMAND(variable, word, args, text, more, table, function)                           \
	const struct command variable = {                                                          \
		.name = word,                                                                      \
		.arguments = args,                                                                 \
		.summary = text,                                                                   \
		.details = more,                                                                   \
		.options = table,                                                                  \
		.options_size = sizeof(struct owner_options),                                      \
		.run = function,                                                                   \
	}

OWNER_COMMAND(
	senders_add, "add", "SENDER [OPTION ...]", "say what a sender is recognised by",
	"SENDER is an ID of the catalogue, or a name of your own for a service that is not in it.\n"
	"  ruamill senders add kaizen --mailfrom bounce.example.com\n"
	"  ruamill senders add 'Our CRM' --ip 192.0.2.0/28\n",
	rule_options, run_add);
OWNER_COMMAND(senders_remove, "remove", "[OPTION ...]", "take such rules back", NULL, rule_options,
	      run_remove);
OWNER_COMMAND(
	senders_own, "own", "DOMAIN ...", "say which domains are yours",
	"All below a domain is yours too. Mail that authenticates as one of them is not a "
	"stranger's,\nand reports on other domains are left out of answers: name all of yours.\n",
	domain_options, run_own);
OWNER_COMMAND(senders_disown, "disown", "DOMAIN ...", "take that back", NULL, domain_options,
	      run_disown);
OWNER_COMMAND(senders_acknowledge, "acknowledge", "[OPTION ...] ID ...",
	      "say that a sender is known to you", NULL, acknowledge_options, run_acknowledge);
OWNER_COMMAND(senders_rules, "rules", "[OPTION ...]", "what you have said of senders and domains",
	      NULL, list_options, run_rules);
