/* SPDX-License-Identifier: MIT */
/*
 * A sink takes a report apart from where it came: begin, any number of records, then end or abort.
 * The database writer, the writers of `show` and the tests' collector are sinks; whoever feeds one
 * does not know which.
 *
 * A call that returns false ends the feeding: abort() follows and no more. begin() that failed is
 * followed by nothing. What end() is given may know more than what begin() was given, since errors
 * and quirks are found on the way.
 */
#ifndef PARSER_SINK_H
#define PARSER_SINK_H

#include "base/err.h"
#include "parser/report.h"

struct sink;

struct sink_ops {
	bool (*begin)(struct sink *sink, const struct report *report, struct err *e);
	bool (*record)(struct sink *sink, const struct report *report, const struct record *record,
		       struct err *e);
	bool (*end)(struct sink *sink, const struct report *report, struct err *e);

	/* why: the error that ended the report. */
	void (*abort)(struct sink *sink, const struct report *report, const struct err *why);
};

/*
 * For a sink that keeps what it was sent: the bytes of each document, as they were unpacked and once,
 * however often the parser wants them. All of them come before end() of the report that they hold.
 */
struct document_ops {
	void (*begin)(struct sink *sink);
	bool (*bytes)(struct sink *sink, struct slice bytes, struct err *e);
};

/* First member of every sink. */
struct sink {
	const struct sink_ops *ops;
	const struct document_ops *documents; /* NULL: nothing is kept */
};

#endif
