/* SPDX-License-Identifier: MIT */
/*
 * The names of many addresses, out of DNS: hundreds of questions under way, so many a second, each asked
 * again when nobody answers. A name counts as confirmed when it resolves back to its address. Knows no
 * database: a client says which addresses, and is told what became of each.
 */
#ifndef REPORTS_LOOKUP_H
#define REPORTS_LOOKUP_H

#include "reports/judge.h"
#include "reports/lookup_servers.h"

/* Questions under way, as many as a socket's buffer has room for when all are answered at once. */
enum { LOOKUP_IN_FLIGHT = 256 };

struct lookup_settings {
	struct lookup_servers servers;
	unsigned timeout_ms; /* of one question */
	unsigned tries;      /* at each server */
	unsigned rate;       /* questions a second; 0: as fast as they are answered */
};

/* What is asked for; the number is the client's. */
struct lookup_subject {
	struct address address;
	size_t number;
};

struct lookup_client {
	/* False: there are no more. */
	bool (*next)(struct lookup_client *client, struct lookup_subject *subject_out);
	/*
	 * In any order. HOST_NOT_LOOKED_UP: nobody could tell, it may be asked another time. The name is
	 * valid during the call. False ends the run.
	 */
	bool (*found)(struct lookup_client *client, const struct lookup_subject *subject,
		      const struct host *host, struct err *e);
};

/*
 * Until the client has no more. False with ERR_UNREACHABLE when no name server answers, or with
 * ERR_INTERRUPTED after a signal: what was begun is dropped, what was found has been told.
 */
MUST_USE bool lookup_run(const struct lookup_settings *settings, struct lookup_client *client,
			 struct err *e);

#endif
