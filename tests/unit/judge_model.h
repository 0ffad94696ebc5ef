/* SPDX-License-Identifier: MIT */
/*
 * The rules of judging one record written down a second time, over a small world in which everything
 * is known beforehand: whose each domain is, and which organisation it belongs to. It asks nothing of
 * reports/ but who sent the record, which is settled by another part and tested by itself.
 */
#ifndef TESTS_JUDGE_MODEL_H
#define TESTS_JUDGE_MODEL_H

#include "reports/judge.h"

enum model_kind {
	MODEL_NOBODY,
	MODEL_SERVICE,
	MODEL_MAILBOX,
	MODEL_GATEWAY,
	MODEL_FORWARDER,
	MODEL_LIST
};

struct model_vendor {
	const char *id;
	enum model_kind kind;
};

/* A domain and what there is to know of it. */
struct model_name {
	const char *text, *organisation;
	const struct model_vendor *spf, *dkim; /* whose it is as an envelope, as d= */
	bool helo;                             /* a name of machines, never of an envelope */
	bool consumer;                         /* anybody may have an account there */
	const char *tenant_of; /* the organisation that a tenant's name stands for */
	bool tenant;
};

extern const struct model_name model_names[];
extern const size_t model_name_count;

enum { MODEL_SPF_MAX = 3, MODEL_DKIM_MAX = 4, MODEL_REASONS_MAX = 2 };

/* A record before it is one. NULL names are empty. */
struct model_spf {
	const struct model_name *name;
	enum result result;
	enum scope scope;
};

struct model_dkim {
	const struct model_name *name;
	enum result result;
	const char *human; /* NULL: not sent */
};

struct model_reason {
	enum reason type;
	const char *comment; /* NULL: not sent */
};

struct model_record {
	const struct model_name *from;
	const char *policy_domain;
	bool treewalk, dkim_strict, spf_strict, testing;
	enum policy p, sp, np;
	int pct;
	struct model_spf spf[MODEL_SPF_MAX];
	struct model_dkim dkim[MODEL_DKIM_MAX];
	struct model_reason reasons[MODEL_REASONS_MAX];
	size_t spf_count, dkim_count, reason_count;
	enum result claimed_dkim, claimed_spf;
	enum disposition disposition;
	const char *envelope_from; /* NULL: not sent */
	enum host_state host_state;
	const char *host;  /* NULL: none */
	const char *owned; /* NULL: none */
};

/* Who sent it, as the judge found. */
struct model_source {
	const char *service, *infrastructure; /* NULL: unknown */
	enum model_kind service_kind, last_hop_kind;
	const char *last_hop;
	bool proven; /* by a signature or an envelope that passes */
};

struct model_answer {
	enum path path;
	enum spf_cause spf;
	enum dkim_cause dkim;
	enum verdict verdict;
	enum severity severity;
	enum agreement dkim_grade, spf_grade;
	bool dmarc, outcome;
	uint32_t flags;
};

struct model_answer model_judge(const struct model_record *record,
				const struct model_source *source);

#endif
