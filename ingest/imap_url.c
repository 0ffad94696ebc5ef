/* SPDX-License-Identifier: MIT */
#include "ingest/imap_url.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"

#include "base/banned.h"

enum { PORT_IMAP = 143, PORT_IMAPS = 993, HOST_BYTES = 253 };

static bool refuse(struct err *e, const char *what)
{
	err_set(e, ERR_USAGE, "%s", what);
	err_remedy(e, "write it as imaps://user@host/Folder");
	return false;
}

bool imap_url_is(struct slice spec)
{
	return slice_starts_with_icase(spec, SLICE("imap://")) ||
		slice_starts_with_icase(spec, SLICE("imaps://"));
}

static int hex_digit(char c)
{
	if (byte_is_digit(c))
		return c - '0';
	c = byte_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Without its %xx; NULL for what is no text. Ours, free(). */
static char *decode(struct slice text)
{
	struct buf b = { 0 };
	bool good = true;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '%') {
			int high = i + 2 < text.n ? hex_digit(text.p[i + 1]) : -1;
			int low = high >= 0 ? hex_digit(text.p[i + 2]) : -1;

			good = good && low >= 0;
			if (low >= 0)
				c = (char)(high * 16 + low);
			i += 2;
		}
		good = good && (unsigned char)c >= ' ' && c != 0x7f;
		buf_append_byte(&b, c);
	}
	if (good && b.n > 0 && utf8_is_valid(buf_slice(&b)))
		return buf_detach(&b);
	buf_release(&b);
	return NULL;
}

static bool parse_port(struct slice text, struct imap_url *url, struct err *e)
{
	uint64_t port = url->tls ? PORT_IMAPS : PORT_IMAP;

	if (text.n > 0 &&
	    (text.p[0] != ':' ||
	     !number_parse_u64(slice_from_offset(text, 1), 1, UINT16_MAX, &port)))
		return refuse(e, "the port of the server is not a number");
	url->port = (uint16_t)port;
	return true;
}

static bool is_host(struct slice host, bool literal)
{
	bool good = host.n > 0 && host.n <= HOST_BYTES && host.p[0] != '-';

	for (size_t i = 0; i < host.n && good; i++) {
		char c = host.p[i];

		good = byte_is_digit(c) || byte_is_letter(c) || c == '.' ||
			(literal ? c == ':' : c == '-');
	}
	return good;
}

/* host, host:port, [address], [address]:port */
static bool parse_host(struct slice text, struct imap_url *url, struct err *e)
{
	bool literal = text.n > 0 && text.p[0] == '[';
	struct slice host = literal ? slice_from_offset(text, 1) : text;
	size_t end = slice_find(host, literal ? ']' : ':');

	if ((literal && end == host.n) || !is_host(slice_prefix(host, end), literal))
		return refuse(e, "the server's name is none");
	url->host = memory_copy(slice_prefix(host, end));
	for (char *c = url->host; *c != '\0'; c++)
		*c = byte_lower(*c);
	return parse_port(slice_from_offset(host, literal ? end + 1 : end), url, e);
}

static bool parse_authority(struct slice text, struct imap_url *url, struct err *e)
{
	size_t at = text.n;

	while (at > 0 && text.p[at - 1] != '@')
		at--;
	if (at == 0)
		return refuse(e, "it names no user");

	struct slice user = slice_prefix(text, at - 1);

	if (slice_find(user, ':') < user.n) {
		err_set(e, ERR_USAGE, "a password does not belong into a command line");
		err_remedy(e, "use --password-file, and %%3A for a colon in a user's name");
		return false;
	}
	url->user = decode(user);
	if (!url->user)
		return refuse(e, "it names no user");
	return parse_host(slice_from_offset(text, at), url, e);
}

static bool parse_folder(struct slice text, struct imap_url *url, struct err *e)
{
	url->folder = decode(text.n == 0 ? SLICE("INBOX") : text);
	if (!url->folder)
		return refuse(e, "the folder's name is none");
	if (slice_equal_icase(slice_from(url->folder), SLICE("INBOX")))
		memcpy(url->folder, "INBOX", 5);
	return true;
}

bool imap_url_parse(struct slice spec, struct imap_url *url_out, struct err *e)
{
	*url_out = (struct imap_url){ .tls = slice_starts_with_icase(spec, SLICE("imaps:")) };

	struct slice rest = slice_from_offset(spec, url_out->tls ? 8 : 7);
	size_t slash = slice_find(rest, '/');

	return parse_authority(slice_prefix(rest, slash), url_out, e) &&
		parse_folder(slice_from_offset(rest, slash + 1), url_out, e);
}

void imap_url_release(struct imap_url *url)
{
	free(url->user);
	free(url->host);
	free(url->folder);
	*url = (struct imap_url){ 0 };
}

bool imap_url_has_own_port(const struct imap_url *url)
{
	return url->port != PORT_IMAP && url->port != PORT_IMAPS;
}

void imap_url_append(struct buf *b, const struct imap_url *url, const char *folder)
{
	bool literal = strchr(url->host, ':') != NULL;

	buf_printf(b, "imap://%s@%s%s%s", url->user, literal ? "[" : "", url->host,
		   literal ? "]" : "");
	if (imap_url_has_own_port(url))
		buf_printf(b, ":%u", (unsigned)url->port);
	buf_printf(b, "/%s", folder);
}

bool imap_url_is_loopback(const struct imap_url *url)
{
	struct slice host = slice_from(url->host);

	for (size_t i = 0; slice_starts_with(host, SLICE("127.")) && i <= host.n; i++) {
		if (i == host.n)
			return true;
		if (!byte_is_digit(host.p[i]) && host.p[i] != '.')
			break;
	}
	return slice_equal(host, SLICE("localhost")) || slice_equal(host, SLICE("::1"));
}
