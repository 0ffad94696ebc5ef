/* SPDX-License-Identifier: MIT */
/*
 * One message from its bytes to its outcome: told apart by content (report, archive or mail), unpacked
 * under one budget, every report in it fed to a sink.
 */
#ifndef INGEST_EXTRACT_H
#define INGEST_EXTRACT_H

#include "parser/message.h"

struct domains;
struct parser;
struct relay;
struct trust;

/* Told every so many bytes how many records came out of them, by the thread that reads them. */
struct ticker {
	void (*tick)(struct ticker *t, uint64_t records);
};

struct extractor {
	const struct domains *domains; /* borrowed */
	struct sink *sink;             /* borrowed */
	struct relay *relay;           /* borrowed; in front of the sink */
	struct parser *parser;         /* borrowed; of the relay: renewed for each document */
	struct ticker *ticker;         /* borrowed; NULL: nobody wants to know */
	bool aside;                    /* a long document may be parsed by a thread of its own */
	const struct trust *trust;     /* borrowed; NULL: no server is trusted */
};

/*
 * Reads the message behind the descriptor. False only where the sink cannot go on, or with ERR_NO_INPUT
 * where the file cannot be read, and then verdict_out->reports were begun; whatever is wrong with the
 * message itself is its verdict. Sets message->message_id where the mail has one, and before the sink gets
 * anything message->origin.
 */
MUST_USE bool extract_message(const struct extractor *x, int fd, struct message *message,
			      struct verdict_of_message *verdict_out, struct err *e);

#endif
