/* SPDX-License-Identifier: MIT */
/*
 * Downloads mails from a server, and does nothing with them:
 *
 *	download PASSWORD-FILE CA-FILE imaps://...            all, as ingest does
 *	download --one-by-one N PASSWORD-FILE CA-FILE imaps://...    N at most, by a FETCH each
 *
 * Prints mails, their bytes, and seconds: of ours from before the connection, of the other from behind it.
 */
#define _DEFAULT_SOURCE /* clock_gettime */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/file.h"
#include "base/log.h"
#include "base/number.h"
#include "base/output.h"
#include "ingest/imap_access.h"
#include "ingest/imap_curl.h"
#include "ingest/imap_name.h"
#include "ingest/imap_secret.h"
#include "ingest/imap_session.h"
#include "ingest/source.h"

#include "base/banned.h"

/* As many as a worker of ingest gets at a time, and as many to come. */
enum { AHEAD = 512, AT_ONCE = 256 };

struct haul {
	uint64_t mails, bytes;
	double seconds;
};

static double seconds_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* --- as ingest does ------------------------------------------------------------------------------ */

static bool take_in(struct source *s, struct message *m, struct haul *haul, struct err *e)
{
	SCOPED(fd) int fd = s->ops->open(s, m, e);

	message_release(m);
	if (fd < 0)
		return false;
	haul->mails++;
	haul->bytes += (uint64_t)lseek(fd, 0, SEEK_END);
	return true;
}

static bool haul_all(const char *spec, const struct imap_access *access, struct haul *haul,
		     struct err *e)
{
	SCOPED(source) struct source *s = source_open(spec, access, e);
	struct message ahead[AHEAD];
	size_t count = 0;
	int more = 1;

	while (s && (more > 0 || count > 0)) {
		size_t taken = count < AT_ONCE ? count : AT_ONCE;

		for (; more > 0 && count<AHEAD; count += more> 0) {
			more = s->ops->next(s, &ahead[count], e);
			if (more > 0)
				s->ops->will_open(s, &ahead[count]);
		}
		for (size_t i = 0; i < taken; i++) {
			if (!take_in(s, &ahead[i], haul, e))
				return false;
		}
		count -= taken;
		memmove(ahead, ahead + taken, count * sizeof(*ahead));
	}
	return s && more == 0;
}

/* --- one by one ---------------------------------------------------------------------------------- */

struct counter {
	struct imap_watcher watcher;
	struct haul *haul;
};

static bool on_data(struct imap_watcher *w UNUSED, const struct imap_response *r UNUSED,
		    struct err *e UNUSED)
{
	return true;
}

static bool on_body(struct imap_watcher *w, uint64_t size UNUSED, struct err *e UNUSED)
{
	((struct counter *)w)->haul->mails++;
	return true;
}

static bool on_bytes(struct imap_watcher *w, struct slice bytes, struct err *e UNUSED)
{
	((struct counter *)w)->haul->bytes += bytes.n;
	return true;
}

static bool fetch_each(struct imap_session *s, const uint32_t *uids, size_t count,
		       struct haul *haul, struct err *e)
{
	static const struct imap_watcher_ops ops = { on_data, on_body, on_bytes };
	struct counter counter = { { &ops }, haul };
	SCOPED(buf) struct buf line = { 0 };

	for (size_t i = 0; i < count; i++) {
		buf_clear(&line);
		buf_printf(&line, "UID FETCH %lu (UID BODY.PEEK[])", (unsigned long)uids[i]);
		if (!imap_must(s, buf_slice(&line), &counter.watcher, "give a mail", e))
			return false;
	}
	return true;
}

static bool enter(struct imap_session *s, struct imap_credentials *credentials, const char *folder,
		  struct err *e)
{
	SCOPED(buf) struct buf mailbox = { 0 };

	return imap_connect(s, e) && imap_login(s, credentials, e) &&
		imap_append_mailbox(&mailbox, slice_from(folder), s->delimiter, e) &&
		imap_select(s, buf_slice(&mailbox), false, e);
}

static bool haul_each(const char *spec, const struct imap_access *access, size_t most,
		      struct haul *haul, struct err *e)
{
	struct imap_url url;
	struct imap_secret secret;
	struct imap_session session;
	struct imap_transport *transport;
	uint32_t *uids = NULL;
	size_t count = 0;
	bool ok;

	if (!imap_url_parse(slice_from(spec), &url, e)) {
		imap_url_release(&url);
		return false;
	}
	transport = imap_curl_new(&url, access);
	imap_secret_init(&secret, url.user, access);
	imap_session_init(&session, transport, url.host);
	ok = enter(&session, &secret.credentials, url.folder, e) &&
		imap_search_all(&session, &(struct imap_criteria){ 0 }, &uids, &count, e);
	haul->seconds = seconds_now();
	ok = ok && fetch_each(&session, uids, count < most ? count : most, haul, e);
	haul->seconds = seconds_now() - haul->seconds;
	free(uids);
	imap_session_release(&session);
	imap_curl_free(transport);
	imap_url_release(&url);
	return ok;
}

static bool run(int argc, char **argv, struct haul *haul, struct err *e)
{
	uint64_t most = 0;
	bool each = argc == 6 && strcmp(argv[1], "--one-by-one") == 0 &&
		number_parse_u64(slice_from(argv[2]), 1, UINT32_MAX, &most);

	if (!each && argc != 4)
		return err_set(e, ERR_USAGE,
			       "usage: download [--one-by-one N] PASSWORD-FILE CA-FILE URL");
	argv += argc - 3;

	const struct imap_access access = { .password_file = argv[0], .ca_file = argv[1] };

	if (each)
		return haul_each(argv[2], &access, (size_t)most, haul, e);
	haul->seconds = seconds_now();

	bool ok = haul_all(argv[2], &access, haul, e);

	haul->seconds = seconds_now() - haul->seconds;
	return ok;
}

int main(int argc, char **argv)
{
	struct haul haul = { 0 };
	struct err e = ERR_INIT;
	struct output out;

	if (!run(argc, argv, &haul, &e) || !output_open(&out, NULL, &e)) {
		log_err(LOG_LEVEL_ERROR, &e);
		return 1;
	}
	output_printf(&out, "%llu %llu %.6f\n", (unsigned long long)haul.mails,
		      (unsigned long long)haul.bytes, haul.seconds);
	return output_finish(&out, &e) ? 0 : 1;
}
