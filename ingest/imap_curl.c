/* SPDX-License-Identifier: MIT */
#include "ingest/imap_curl.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"

#include "base/banned.h"

enum { PIECE_BYTES = 16 * 1024 };

/*
 * How long we wait for a server that is not silent, in all since we last sent anything: so often as long
 * as for a silent one, and as its bytes allow.
 */
enum { WAITS = 5, SLOWEST_BYTES_A_MS = 8 };

/* What may arrive while we send: a server that says more without reading is stuck. */
enum { INBOUND_BYTES = 8 << 20 };

/* Between attempts we wait for this part of our patience, doubled by each. */
enum { PAUSES = 60, DOUBLED = 5 };

struct imap_curl {
	struct imap_transport transport;
	const struct imap_url *url;
	const struct imap_access *access;
	CURL *easy;
	curl_socket_t socket;
	int patience_ms;
	struct buf inbound; /* arrived while we were sending */
	int64_t waited_ms;  /* since we last sent */
	int64_t received;   /* bytes, since then */
	char why[CURL_ERROR_SIZE];
};

static struct imap_curl *of_transport(struct imap_transport *t)
{
	return (struct imap_curl *)t;
}

/* --- connecting ---------------------------------------------------------------------------------- */

/* libcurl shows us the greeting as a header. */
static size_t on_line(char *line, size_t size, size_t count, void *transport)
{
	struct imap_curl *c = transport;
	struct slice text = slice_of(line, size * count);

	if (slice_starts_with_icase(text, SLICE("* PREAUTH")))
		c->transport.preauthenticated = true;
	return text.n;
}

/* Asked about every second: what is not zero ends connecting. */
static int on_progress(void *transport UNUSED, curl_off_t in UNUSED, curl_off_t got UNUSED,
		       curl_off_t out UNUSED, curl_off_t sent UNUSED)
{
	return interrupt_requested();
}

static bool is_plain(const struct imap_curl *c)
{
	return c->access->plaintext && !c->url->tls;
}

static long level_of_tls(const struct imap_curl *c)
{
	if (is_plain(c))
		return CURLUSESSL_NONE;
	/* nobody listens on the loopback; where STARTTLS is offered it is used and verified all the same */
	return !c->url->tls && imap_url_is_loopback(c->url) ? CURLUSESSL_TRY : CURLUSESSL_ALL;
}

static CURLcode set_trust(struct imap_curl *c)
{
	const struct imap_access *a = c->access;
	CURLcode code = CURLE_OK;

	/* the system's folder of certificates would be trusted beside the file */
	if (a->ca_file)
		code = curl_easy_setopt(c->easy, CURLOPT_CAINFO, a->ca_file);
	if (a->ca_file && code == CURLE_OK)
		code = curl_easy_setopt(c->easy, CURLOPT_CAPATH, NULL);
	if (a->client_certificate && code == CURLE_OK)
		code = curl_easy_setopt(c->easy, CURLOPT_SSLCERT, a->client_certificate);
	if (a->client_key && code == CURLE_OK)
		code = curl_easy_setopt(c->easy, CURLOPT_SSLKEY, a->client_key);
	return code;
}

static bool set_options(struct imap_curl *c)
{
	const struct imap_url *url = c->url;
	bool literal = strchr(url->host, ':') != NULL;
	SCOPED(buf) struct buf text = { 0 };
	CURLcode code;

	buf_printf(&text, "imap%s://%s%s%s:%u/", url->tls ? "s" : "", literal ? "[" : "", url->host,
		   literal ? "]" : "", (unsigned)url->port);

#define SET(option, value)                                                                         \
	if (code == CURLE_OK)                                                                      \
	code = curl_easy_setopt(c->easy, (option), (value))
	code = set_trust(c);
	SET(CURLOPT_URL, buf_text(&text));
	SET(CURLOPT_PROTOCOLS_STR, "imap,imaps");
	SET(CURLOPT_CONNECT_ONLY, 1L);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_USE_SSL, level_of_tls(c));
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)c->patience_ms);
	SET(CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(c->patience_ms / 1000));
	SET(CURLOPT_NOPROGRESS, 0L);
	SET(CURLOPT_XFERINFOFUNCTION, on_progress);
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
	SET(CURLOPT_HEADERFUNCTION, on_line);
	SET(CURLOPT_HEADERDATA, c);
	SET(CURLOPT_ERRORBUFFER, c->why);
	/* others by all_proxy and no_proxy */
	if (imap_url_is_loopback(url))
		SET(CURLOPT_PROXY, "");
#undef SET
	return code == CURLE_OK;
}

static bool stopped(struct err *e)
{
	err_set(e, ERR_INTERRUPTED, "stopped by a signal");
	err_remedy(e, "what was read by then is stored; run it again for the rest");
	return false;
}

static bool at_server(const struct imap_curl *c, struct err *e)
{
	return err_where(e, "%s:%u", c->url->host, (unsigned)c->url->port);
}

static bool cannot_trust(struct err *e, const char *why)
{
	err_set(e, ERR_CONFIG, "the server's certificate cannot be verified: %s", why);
	err_remedy(e, "give the name that is in it, or its CA with --tls-ca-file");
	return false;
}

static bool cannot_connect(const struct imap_curl *c, CURLcode code, struct err *e)
{
	const char *why = c->why[0] ? c->why : curl_easy_strerror(code);

	switch (code) {
	case CURLE_ABORTED_BY_CALLBACK:
		stopped(e);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		cannot_trust(e, why);
		break;
	case CURLE_SSL_CACERT_BADFILE:
		err_set(e, ERR_CONFIG, "the CA file cannot be used: %s", why);
		err_remedy(e, "give --tls-ca-file a file with PEM certificates");
		break;
	case CURLE_SSL_CERTPROBLEM:
		err_set(e, ERR_CONFIG, "the client certificate cannot be used: %s", why);
		err_remedy(e, "check --tls-certificate and --tls-key");
		break;
	case CURLE_USE_SSL_FAILED:
		err_set(e, ERR_CONFIG, "the server does not do STARTTLS, and TLS is required");
		err_remedy(e, "use imaps://; --plaintext would show the password to the network");
		break;
	default:
		err_set(e, ERR_UNREACHABLE, "cannot connect to the mail server: %s", why);
		err_remedy(e, "check its name and the network; the next run tries again");
		break;
	}
	return at_server(c, e);
}

/* What libcurl was asked for is what we have: this is the last look before a password is sent. */
static bool check_security(struct imap_curl *c, struct err *e)
{
	curl_off_t handshake = 0;

	c->transport.secure =
		curl_easy_getinfo(c->easy, CURLINFO_APPCONNECT_TIME_T, &handshake) == CURLE_OK &&
		handshake > 0;
	if (c->transport.secure || is_plain(c) || imap_url_is_loopback(c->url))
		return true;
	err_set(e, ERR_CONFIG, "the connection is without TLS");
	err_remedy(e, "use imaps://");
	return at_server(c, e);
}

static void curl_shut(struct imap_transport *t)
{
	struct imap_curl *c = of_transport(t);

	if (c->easy)
		curl_easy_cleanup(c->easy);
	c->easy = NULL;
	buf_clear(&c->inbound);
}

static bool curl_open(struct imap_transport *t, struct err *e)
{
	struct imap_curl *c = of_transport(t);
	CURLcode code;

	curl_shut(t);
	t->preauthenticated = false;
	c->why[0] = '\0';
	c->waited_ms = c->received = 0;
	c->easy = curl_easy_init();
	if (!c->easy || !set_options(c)) {
		err_set(e, ERR_CONFIG, "libcurl cannot do IMAP over TLS here");
		return at_server(c, e);
	}
	code = curl_easy_perform(c->easy);
	if (code != CURLE_OK)
		return cannot_connect(c, code, e);
	if (curl_easy_getinfo(c->easy, CURLINFO_ACTIVESOCKET, &c->socket) != CURLE_OK ||
	    c->socket == CURL_SOCKET_BAD) {
		err_set(e, ERR_UNREACHABLE, "the connection is gone again");
		return at_server(c, e);
	}
	(void)fcntl(c->socket, F_SETFD, FD_CLOEXEC);
	return check_security(c, e);
}

/* --- bytes --------------------------------------------------------------------------------------- */

static bool too_slow(struct err *e)
{
	err_set(e, ERR_UNREACHABLE, "the mail server does not answer in time");
	err_remedy(e, "the next run tries again");
	return false;
}

static bool wait_for(struct imap_curl *c, short events, struct err *e)
{
	struct pollfd p = { .fd = c->socket, .events = events };
	int64_t began = clock_ms();
	int ready = interrupt_poll(&p, 1, c->patience_ms);

	if (interrupt_requested())
		return stopped(e);
	c->waited_ms += clock_ms() - began;
	if (ready == 0 ||
	    c->waited_ms > (int64_t)WAITS * c->patience_ms + c->received / SLOWEST_BYTES_A_MS)
		return too_slow(e);
	return ready > 0 || errno == EINTR ||
		err_set_errno(e, ERR_UNREACHABLE, errno, "cannot wait for the mail server");
}

static ssize_t read_now(struct imap_curl *c, char *bytes, size_t n, struct err *e)
{
	size_t got = 0;
	CURLcode code = curl_easy_recv(c->easy, bytes, n, &got);

	if (code == CURLE_AGAIN)
		return IMAP_NOTHING_YET;
	if (code != CURLE_OK) {
		err_set(e, ERR_UNREACHABLE, "the connection to the mail server broke: %s",
			curl_easy_strerror(code));
		err_remedy(e, "the next run tries again");
		return -1;
	}
	c->received += (int64_t)got;
	return (ssize_t)got;
}

static ssize_t curl_arrived(struct imap_transport *t, char *bytes, size_t n, struct err *e)
{
	struct imap_curl *c = of_transport(t);

	if (interrupt_requested()) {
		stopped(e);
		return -1;
	}
	if (c->inbound.n > 0) {
		struct slice piece = slice_prefix(buf_slice(&c->inbound), n);

		memcpy(bytes, piece.p, piece.n);
		buf_drop_front(&c->inbound, piece.n);
		return (ssize_t)piece.n;
	}
	return read_now(c, bytes, n, e);
}

static ssize_t curl_receive(struct imap_transport *t, char *bytes, size_t n, struct err *e)
{
	for (;;) {
		ssize_t got = curl_arrived(t, bytes, n, e);

		if (got != IMAP_NOTHING_YET)
			return got;
		if (!wait_for(of_transport(t), POLLIN, e))
			return -1;
	}
}

static int curl_descriptor(const struct imap_transport *t)
{
	return ((const struct imap_curl *)t)->socket;
}

/* Takes in what the server says meanwhile: else both might wait for each other. */
static bool drain(struct imap_curl *c, struct err *e)
{
	char piece[PIECE_BYTES];
	ssize_t got;

	while ((got = read_now(c, piece, sizeof(piece), e)) > 0) {
		if (c->inbound.n + (size_t)got > INBOUND_BYTES)
			return too_slow(e);
		buf_append(&c->inbound, slice_of(piece, (size_t)got));
	}
	return got != -1;
}

/* A call that is made again has the same address and not less to send: the TLS library insists. */
static bool curl_send(struct imap_transport *t, struct slice bytes, struct err *e)
{
	struct imap_curl *c = of_transport(t);

	c->waited_ms = c->received = 0;
	while (bytes.n > 0) {
		size_t sent = 0;
		CURLcode code = curl_easy_send(c->easy, bytes.p, bytes.n, &sent);

		if (code == CURLE_OK) {
			bytes = slice_from_offset(bytes, sent);
			continue;
		}
		if (code != CURLE_AGAIN) {
			err_set(e, ERR_UNREACHABLE, "the connection to the mail server broke: %s",
				curl_easy_strerror(code));
			err_remedy(e, "the next run tries again");
			return false;
		}
		if (!wait_for(c, POLLIN | POLLOUT, e) || !drain(c, e))
			return false;
	}
	return true;
}

static void curl_back_off(struct imap_transport *t, unsigned attempts)
{
	int ms = of_transport(t)->patience_ms / PAUSES << (attempts < DOUBLED ? attempts : DOUBLED);

	if (!interrupt_requested())
		(void)interrupt_poll(NULL, 0, ms);
}

static const struct imap_transport_ops curl_ops = { curl_open,    curl_send,       curl_receive,
						    curl_arrived, curl_descriptor, curl_shut,
						    curl_back_off };

struct imap_transport *imap_curl_new(const struct imap_url *url, const struct imap_access *access)
{
	struct imap_curl *c = memory_zeroed(1, sizeof(*c));

	c->transport.ops = &curl_ops;
	c->url = url;
	c->access = access;
	c->patience_ms = 1000 *
		(int)(access->patience_seconds ? access->patience_seconds : IMAP_PATIENCE_SECONDS);
	return &c->transport;
}

void imap_curl_free(struct imap_transport *t)
{
	if (!t)
		return;
	curl_shut(t);
	buf_release(&of_transport(t)->inbound);
	free(t);
}
