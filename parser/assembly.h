/* SPDX-License-Identifier: MIT */
/*
 * Puts a report together from its elements as they open and close, and feeds the sink. Knows the
 * order of things: a record goes out once the metadata and the policy it belongs to are complete;
 * records that come before are held, within LIMIT_HELD_MEMORY.
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
struct held_record;

struct assembly {
	const struct domains *domains;
	struct sink *sink;
	bool begun; /* the sink knows the report */
	bool ended;
	bool metadata_complete, policy_complete;

	struct arena report_arena;
	struct report report;
	struct raw_list report_raw;

	/* the record under construction */
	struct arena record_arena;
	struct record record;
	struct raw_list record_raw;
	size_t item;       /* of the list element that is open */
	bool item_dropped; /* it is past the list's limit */
	struct dkim_result dkim[LIMIT_DKIM_RESULTS];
	struct spf_result spf[LIMIT_SPF_RESULTS];
	struct override_reason reasons[LIMIT_REASONS];
	bool counted;          /* it has a count */
	bool evaluated;        /* it has a policy_evaluated */
	uint64_t record_count; /* opened */
	uint64_t fed_count;    /* taken by the sink */

	char author_name[LIMIT_NAME_BYTES + 1]; /* whom the author is known of */
	struct author author;

	struct arena held_arena;
	struct held_record *held_first, **held_last;
};

void assembly_init(struct assembly *a, const struct domains *domains, struct sink *sink);
void assembly_release(struct assembly *a);

/* A container of ours opens or closes. */
MUST_USE bool assembly_open(struct assembly *a, enum element element, struct err *e);
MUST_USE bool assembly_close(struct assembly *a, enum element element, struct err *e);

/* A leaf closes with this text. */
MUST_USE bool assembly_leaf(struct assembly *a, const struct element_row *row, struct slice text,
			    struct err *e);

/* The document is complete. */
MUST_USE bool assembly_end(struct assembly *a, struct err *e);

/* It will not be: tells the sink, if that knows of the report. */
void assembly_abort(struct assembly *a, const struct err *why);

#endif
