/* SPDX-License-Identifier: MIT */
/*
 * Puts a report together from its elements as they open and close, and feeds the sink. Knows the
 * order of things: a record goes out once the metadata and the policy it belongs to are complete.
 * Where records come first, this pass over the document only looks for the metadata behind them, and
 * the next one feeds.
 */
#ifndef PARSER_ASSEMBLY_H
#define PARSER_ASSEMBLY_H

#include "base/arena.h"
#include "parser/alignment.h"
#include "parser/elements.h"
#include "parser/fields.h"
#include "parser/limits.h"
#include "parser/sink.h"

struct domains;

struct assembly {
	const struct domains *domains;
	struct domain_cache *organisations;
	struct sink *sink;
	bool begun; /* the sink knows the report */
	bool ended;
	bool metadata_complete, policy_complete;
	bool looking_ahead; /* a record came before them: this pass feeds nothing */

	struct quirks given; /* of the packing and the encoding: true of every pass */
	struct arena report_arena;
	struct report report;
	struct raw_list report_raw;

	/* the record under construction */
	struct field_target
		targets[OWNER_COUNT]; /* where a leaf goes; of a list to its open item */
	struct arena record_arena;
	struct record record;
	struct raw_list record_raw;
	struct dkim_result dkim[LIMIT_DKIM_RESULTS];
	struct spf_result spf[LIMIT_SPF_RESULTS];
	struct override_reason reasons[LIMIT_REASONS];
	bool skipped;          /* it is not to be fed, in this pass or again */
	bool counted;          /* it has a count */
	bool evaluated;        /* it has a policy_evaluated */
	struct quirks settled; /* as they were behind the last record that was fed */
	uint64_t record_count; /* opened in this pass */
	uint64_t fed_count;    /* taken by the sink, in all passes */
	uint64_t fed_before;   /* in the passes before this one */
	int fed_line;          /* where the last of them ended, for the scan */

	char author_name[LIMIT_NAME_BYTES + 1]; /* whom the author is known of */
	struct author author;
};

/* All borrowed. */
void assembly_init(struct assembly *a, const struct domains *domains,
		   struct domain_cache *organisations, struct sink *sink);
void assembly_release(struct assembly *a);

/* A container of ours opens or closes. */
MUST_USE bool assembly_open(struct assembly *a, enum element element, struct err *e);
MUST_USE bool assembly_close(struct assembly *a, enum element element, struct err *e);

/* Is there anything to be done with what such a container holds? */
bool assembly_wants(const struct assembly *a, enum element element);

/* A leaf closes with this text. */
MUST_USE bool assembly_leaf(struct assembly *a, const struct element_row *row, struct slice text,
			    struct err *e);

/*
 * The document will be read once more, from its start. What the sink has been fed stays fed: the
 * records before that are skipped. If it has not heard of the report yet, all is forgotten but, with
 * `keep_metadata`, the metadata and the policy.
 */
void assembly_rewind(struct assembly *a, bool keep_metadata);

/* The document ended within a record or behind the last one: what was met since is not to count. */
void assembly_drop_open(struct assembly *a);

/* The document is complete. */
MUST_USE bool assembly_end(struct assembly *a, struct err *e);

/* It will not be: tells the sink, if that knows of the report. */
void assembly_abort(struct assembly *a, const struct err *why);

#endif
