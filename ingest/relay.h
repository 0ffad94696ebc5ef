/* SPDX-License-Identifier: MIT */
/*
 * A sink in front of another: it passes on what it is given, at once, or from some point on by a thread of
 * its own while the next records are parsed. Whoever feeds it gets the same results, only an error perhaps
 * some records later.
 */
#ifndef INGEST_RELAY_H
#define INGEST_RELAY_H

#include "base/scope.h"
#include "parser/sink.h"

struct relay;

/* to: borrowed. */
struct relay *relay_new(struct sink *to);
void relay_free(struct relay *r);
SCOPE_DEFINE(relay, struct relay *, relay_free);

/* Valid as long as the relay. The documents of the other sink are not its business. */
struct sink *relay_sink(struct relay *r);

/* The records of the report at hand take the other way from here on, if a thread can be had. */
void relay_go_aside(struct relay *r);

/*
 * True, with its error, where the other sink has refused a record that was passed on aside: that came before
 * whatever the feeder has met since. To be asked behind the end or the abortion.
 */
bool relay_refused(const struct relay *r, struct err *e);

/* Gives up what was neither ended nor aborted, without telling the other sink. */
void relay_stop(struct relay *r);

#endif
