/* SPDX-License-Identifier: MIT */
/* ruamill senders: the catalogue, and what the judge makes of a made-up record. */
#include "base/log.h"
#include "cli/command.h"
#include "cli/knowledge.h"
#include "cli/owner.h"
#include "parser/domain.h"
#include "reports/catalogue.h"
#include "reports/judgement_print.h"
#include "reports/sender_print.h"
#include "reports/trial.h"

#include "base/banned.h"

/* A list and one remedy are read by people. */
enum { ANSWER_BYTES = 16 << 20 };

static enum exit_status unexpected_operand(const struct arguments *arguments)
{
	struct err e = ERR_INIT;

	err_set(&e, ERR_USAGE, "one argument too many");
	err_where(&e, "%s", arguments->operands[arguments->count - 1]);
	return command_fail(&e);
}

/* --- list --------------------------------------------------------------------------------------- */

struct list_options {
	struct common_options common;
	const char *format;
	const char *output;
};

static const struct option list_options[] = {
	OPT_VALUE("--format", 0, "table|csv|json", struct list_options, format,
		  "how to print it (default: table)"),
	OUTPUT_OPTION(struct list_options),
	OPTIONS_END,
};

static enum exit_status run_list(void *given, const struct arguments *arguments)
{
	const struct list_options *o = given;
	enum answer_format format = ANSWER_TABLE;
	struct answer answer;
	struct arena arena;
	struct output out;
	struct err e = ERR_INIT;

	if (arguments->count > 0)
		return unexpected_operand(arguments);
	if (!command_answer_format(o->format, &format, &e))
		return command_fail(&e);

	SCOPED(catalogue) struct catalogue *catalogue = catalogue_load(&e);

	if (!catalogue || !output_open(&out, o->output, &e))
		return command_fail(&e);
	arena_init(&arena, ANSWER_BYTES);

	bool ok = senders_answer(catalogue, &arena, &answer);

	if (ok)
		answer_print(&answer, format, output_width(&out), &out);
	else
		err_set(&e, ERR_LIMIT, "the catalogue is too large for a list");
	arena_release(&arena);
	return command_end_output(&out, ok, &e);
}

/* --- show --------------------------------------------------------------------------------------- */

static const struct option show_options[] = {
	OPT_VALUE("--format", 0, "text|json", struct list_options, format,
		  "how to print it (default: text)"),
	OUTPUT_OPTION(struct list_options),
	OPTIONS_END,
};

static const struct sender *find_sender(const struct catalogue *catalogue, const char *id,
					struct err *e)
{
	const struct sender *sender = catalogue_find(catalogue, slice_from(id));

	if (sender)
		return sender;

	struct slice nearest = catalogue_nearest(catalogue, slice_from(id));
	err_set(e, ERR_USAGE, "not a sender of the catalogue");
	err_where(e, "%s", id);
	if (nearest.n > 0)
		err_remedy(e, "did you mean %.*s?", SLICE_ARG(nearest));
	else
		err_remedy(e, "'ruamill senders list' lists them");
	return NULL;
}

static enum exit_status run_show(void *given, const struct arguments *arguments)
{
	const struct list_options *o = given;
	enum text_format format = FORMAT_TEXT;
	struct output out;
	struct err e = ERR_INIT;

	if (arguments->count == 0)
		return command_wrong_arguments("which sender?",
					       "give an ID of 'ruamill senders "
					       "list'");
	if (arguments->count > 1)
		return unexpected_operand(arguments);
	if (!command_text_format(o->format, &format, &e))
		return command_fail(&e);

	SCOPED(catalogue) struct catalogue *catalogue = catalogue_load(&e);
	const struct sender *sender =
		catalogue ? find_sender(catalogue, arguments->operands[0], &e) : NULL;

	if (!sender || !output_open(&out, o->output, &e))
		return command_fail(&e);

	bool printed = format == FORMAT_JSON
		? sender_print_json(catalogue, sender, &out, &e)
		: sender_print_text(catalogue, sender, output_width(&out), &out, &e);

	return command_end_output(&out, printed, &e);
}

/* --- test --------------------------------------------------------------------------------------- */

struct test_options {
	struct common_options common;
	const char *from, *ip;
	const char *ptr;
	bool ptr_unconfirmed, ptr_unknown;
	const char *envelope_from;
	struct option_list spf, dkim;
	const char *adkim, *aspf;
	struct option_list reasons;
	const char *claimed_dkim, *claimed_spf;
	const char *policy, *policy_domain, *discovery;
	const char *disposition;
	struct option_list owned, rules;
	const char *format;
	const char *output;
};

static const struct option test_options[] = {
	OPT_VALUE("--from", 0, "DOMAIN", struct test_options, from, "the domain of From"),
	OPT_VALUE("--ip", 0, "ADDRESS", struct test_options, ip, "the address it came from"),
	OPT_VALUE("--ptr", 0, "NAME", struct test_options, ptr,
		  "its host name, confirmed (default: looked up, and no name)"),
	OPT_FLAG("--ptr-unconfirmed", 0, struct test_options, ptr_unconfirmed,
		 "the name does not resolve back to the address"),
	OPT_FLAG("--ptr-unknown", 0, struct test_options, ptr_unknown,
		 "the name was not looked up"),
	OPT_VALUE("--envelope-from", 0, "DOMAIN", struct test_options, envelope_from,
		  "the envelope sender's; empty for a bounce"),
	OPT_LIST("--spf", 0, "DOMAIN=RESULT[/SCOPE]", struct test_options, spf, "an SPF result"),
	OPT_LIST("--dkim", 0, "DOMAIN:SELECTOR=RESULT", struct test_options, dkim, "a signature"),
	OPT_VALUE("--adkim", 0, "r|s", struct test_options, adkim, "the mode for DKIM"),
	OPT_VALUE("--aspf", 0, "r|s", struct test_options, aspf, "the mode for SPF"),
	OPT_LIST("--reason", 0, "TYPE[:COMMENT]", struct test_options, reasons,
		 "why the policy was not applied"),
	OPT_VALUE("--claimed-dkim", 0, "RESULT", struct test_options, claimed_dkim,
		  "what the reporter says of DKIM"),
	OPT_VALUE("--claimed-spf", 0, "RESULT", struct test_options, claimed_spf,
		  "what the reporter says of SPF"),
	OPT_VALUE("--policy", 0, "none|quarantine|reject", struct test_options, policy,
		  "the published policy"),
	OPT_VALUE("--policy-domain", 0, "DOMAIN", struct test_options, policy_domain,
		  "where it is published (default: at the From domain)"),
	OPT_VALUE("--discovery", 0, "psl|treewalk", struct test_options, discovery,
		  "how the reporter found it"),
	OPT_VALUE("--disposition", 0, "none|quarantine|reject|pass", struct test_options,
		  disposition, "what the reporter did"),
	KNOWLEDGE_OPTIONS(struct test_options),
	OPT_VALUE("--format", 0, "text|json", struct test_options, format,
		  "how to print it (default: text)"),
	OUTPUT_OPTION(struct test_options),
	OPTIONS_END,
};

/* Where the value came from is what a person looks for. */
static bool set(struct trial *t, const char *option, const char *value, trial_setter *setter,
		struct err *e)
{
	return !value || setter(t, slice_from(value), e) || err_where(e, "%s %s", option, value);
}

static bool add_all(struct trial *t, const char *option, const struct option_list *list,
		    trial_setter *setter, struct err *e)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!set(t, option, list->values[i], setter, e))
			return false;
	}
	return true;
}

static bool set_host(struct trial *t, const struct test_options *o, struct err *e)
{
	if (o->ptr_unknown && (o->ptr || o->ptr_unconfirmed))
		return err_set(e, ERR_USAGE, "--ptr-unknown and a name contradict each other");
	if (o->ptr_unconfirmed && !o->ptr)
		return err_set(e, ERR_USAGE, "--ptr-unconfirmed says nothing without --ptr");
	if (!set(t, "--ptr", o->ptr, trial_set_host, e))
		return false;
	if (o->ptr_unconfirmed)
		t->host.state = HOST_UNCONFIRMED;
	if (o->ptr_unknown)
		t->host.state = HOST_NOT_LOOKED_UP;
	return true;
}

static bool make_up(struct trial *t, const struct test_options *o, struct err *e)
{
	const struct {
		const char *option, *value;
		trial_setter *setter;
	} single[] = {
		{ "--from", o->from, trial_set_from },
		{ "--ip", o->ip, trial_set_address },
		{ "--envelope-from", o->envelope_from, trial_set_envelope },
		{ "--adkim", o->adkim, trial_set_adkim },
		{ "--aspf", o->aspf, trial_set_aspf },
		{ "--claimed-dkim", o->claimed_dkim, trial_set_claimed_dkim },
		{ "--claimed-spf", o->claimed_spf, trial_set_claimed_spf },
		{ "--policy", o->policy, trial_set_policy },
		{ "--policy-domain", o->policy_domain, trial_set_policy_domain },
		{ "--discovery", o->discovery, trial_set_discovery },
		{ "--disposition", o->disposition, trial_set_disposition },
	};

	for (size_t i = 0; i < COUNT_OF(single); i++) {
		if (!set(t, single[i].option, single[i].value, single[i].setter, e))
			return false;
	}
	return add_all(t, "--spf", &o->spf, trial_add_spf, e) &&
		add_all(t, "--dkim", &o->dkim, trial_add_dkim, e) &&
		add_all(t, "--reason", &o->reasons, trial_add_reason, e) && set_host(t, o, e);
}

static enum exit_status print_judgement(const struct judge *judge, const struct evidence *evidence,
					const struct test_options *o, enum text_format format)
{
	struct judgement judgement;
	struct remedy remedy;
	struct arena arena;
	struct output out;
	struct err e = ERR_INIT;

	judge_record(judge, evidence, &judgement);

	const struct remedy_subject subject = { judge, evidence, &judgement };

	if (!output_open(&out, o->output, &e))
		return command_fail(&e);
	arena_init(&arena, ANSWER_BYTES);

	bool ok = remedy_of(&subject, &arena, &remedy);

	if (!ok)
		err_set(&e, ERR_LIMIT, "the remedy is too long");
	else if (format == FORMAT_JSON)
		judgement_print_json(&subject, &remedy, &out);
	else
		judgement_print_text(&subject, &remedy, output_width(&out), &out);
	arena_release(&arena);
	return command_end_output(&out, ok, &e);
}

static enum exit_status judge_trial(struct trial *t, const struct test_options *o,
				    enum text_format format)
{
	struct err e = ERR_INIT;
	SCOPED(domains) struct domains *domains = command_domains(&e);
	SCOPED(catalogue) struct catalogue *catalogue = domains ? catalogue_load(&e) : NULL;
	struct knowledge knowledge;

	if (!catalogue)
		return command_fail(&e);
	knowledge_init(&knowledge, catalogue, domains);

	enum exit_status status = STATUS_USAGE;

	if (command_knowledge(&knowledge, &o->owned, &o->rules, &e)) {
		const struct owner owner = knowledge_owner(&knowledge);
		const struct judge judge = { catalogue, domains, &owner };
		const struct evidence evidence = trial_evidence(t, &judge);

		status = print_judgement(&judge, &evidence, o, format);
	} else {
		status = command_fail(&e);
	}
	knowledge_release(&knowledge);
	return status;
}

static enum exit_status run_test(void *given, const struct arguments *arguments)
{
	const struct test_options *o = given;
	enum text_format format = FORMAT_TEXT;
	struct trial trial;
	struct err e = ERR_INIT;

	if (arguments->count > 0)
		return unexpected_operand(arguments);
	if (!o->from || !o->ip)
		return command_wrong_arguments("a record has a From domain and an address",
					       "give --from DOMAIN and --ip ADDRESS");
	trial_init(&trial);

	bool ok = command_text_format(o->format, &format, &e) && make_up(&trial, o, &e);

	if (ok && trial.impossible)
		log_line(LOG_LEVEL_WARNING,
			 "one of the names is none that DNS could have: it is "
			 "judged as a report would have it");

	enum exit_status status = ok ? judge_trial(&trial, o, format) : command_fail(&e);

	trial_release(&trial);
	return status;
}

static const struct command senders_list = {
	.name = "list",
	.arguments = "[OPTION ...]",
	.summary = "the senders that ruamill knows",
	.options = list_options,
	.options_size = sizeof(struct list_options),
	.run = run_list,
};

static const struct command senders_show = {
	.name = "show",
	.arguments = "[OPTION ...] ID",
	.summary = "how one is recognised, and what its customers publish",
	.options = show_options,
	.options_size = sizeof(struct list_options),
	.run = run_show,
};

static const struct command senders_test = {
	.name = "test",
	.arguments = "--from DOMAIN --ip ADDRESS [OPTION ...]",
	.summary = "judge one made-up record: who sent it, why it fails, what to publish",
	.details = "For example:\n"
		   "  ruamill senders test --from example.com --ip 54.240.9.92 \\\n"
		   "      --ptr a9-92.smtp-out.amazonses.com --spf amazonses.com=pass \\\n"
		   "      --dkim amazonses.com:224i4yxa5dv7c2xz3womw6peuasteono=pass\n",
	.options = test_options,
	.options_size = sizeof(struct test_options),
	.run = run_test,
};

static const struct command *const children[] = {
	&senders_list, &senders_show,   &senders_test,        &senders_add,   &senders_remove,
	&senders_own,  &senders_disown, &senders_acknowledge, &senders_rules, NULL,
};

static const struct option no_options[] = { OPTIONS_END };

const struct command command_senders = {
	.name = "senders",
	.arguments = "COMMAND",
	.summary = "the catalogue of sending services, and what you know better",
	.options = no_options,
	.children = children,
};
