/* SPDX-License-Identifier: MIT */
/* IMAP's transport by libcurl: names, proxies, TLS and STARTTLS; the log-in and all else is ours. */
#ifndef INGEST_IMAP_CURL_H
#define INGEST_IMAP_CURL_H

#include "ingest/imap_access.h"
#include "ingest/imap_transport.h"
#include "ingest/imap_url.h"

/* Both borrowed. */
struct imap_transport *imap_curl_new(const struct imap_url *url, const struct imap_access *access);
void imap_curl_free(struct imap_transport *t);

#endif
