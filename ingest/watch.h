/* SPDX-License-Identifier: MIT */
/*
 * Sources that are looked at again and again: when they say that something is new, else now and then. One
 * that cannot be reached is tried until it can, which is told once, and once more when it is back.
 */
#ifndef INGEST_WATCH_H
#define INGEST_WATCH_H

#include <poll.h>

#include "ingest/source.h"

struct watch_reader;
struct watch_reader_ops {
	/* The source of that number, from 0; NULL with an error: it cannot be reached. */
	struct source *(*open)(struct watch_reader *r, size_t number, struct err *e);

	/* Reads all that it lists. An error ends the watch, unless it is the source's. */
	bool (*read)(struct watch_reader *r, size_t number, struct source *s, struct err *e);

	/* Nothing else is to be read for the moment. An error ends the watch. */
	bool (*rest)(struct watch_reader *r, struct err *e);
};

/* First member of every reader. */
struct watch_reader {
	const struct watch_reader_ops *ops;
};

/* The clock and the rest of the world, for tests to stand in. */
struct watch_world;
struct watch_world_ops {
	int64_t (*now_ms)(struct watch_world *w);
	void (*wait)(struct watch_world *w, struct pollfd *polled, size_t count, int milliseconds);
	bool (*is_over)(struct watch_world *w);
};
struct watch_world {
	const struct watch_world_ops *ops;
};

/* This one, which is over with a signal. */
struct watch_world watch_real_world(void);

struct watch_settings {
	size_t count;        /* of sources */
	int64_t interval_ms; /* between looks at a source that does not tell by itself */
};

/*
 * Until the world is over: true. False for what no further try can mend; a source that was never read has to
 * be there, or at least its server may be away.
 */
MUST_USE bool watch_run(const struct watch_settings *settings, struct watch_reader *reader,
			struct watch_world *world, struct err *e);

#endif
