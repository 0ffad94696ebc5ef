/* SPDX-License-Identifier: MIT */
/*
 * Sending services as their own help pages describe them: which envelope and which signature they use
 * by default, and which once a customer has published what they ask for. Knows nothing of the catalogue:
 * what ruamill prints is tried on it.
 */
#ifndef TESTS_VENDOR_MODEL_H
#define TESTS_VENDOR_MODEL_H

#include "base/slice.h"

/* --- a DNS of the few records that were printed ------------------------------------------------- */

enum { DNS_RECORDS_MAX = 32, DNS_TEXT_MAX = 400 };

struct dns_record {
	char name[DNS_TEXT_MAX]; /* without the dot at its end */
	char type[8];
	char data[DNS_TEXT_MAX]; /* of TXT: without the quotes */
};

struct dns {
	size_t count;
	struct dns_record records[DNS_RECORDS_MAX];
};

/* NULL, or what is wrong with "NAME TYPE DATA" as a line of a zone file. */
const char *dns_publish(struct dns *dns, struct slice line);

/* --- the services ------------------------------------------------------------------------------- */

enum { VENDOR_KEYS_MAX = 6 };

/*
 * In patterns * stands for anything within a label, {from} for the From domain, {dashed} for it with
 * dashes; an absent field asks for nothing.
 */
struct vendor {
	const char *id;
	const char *on;       /* the service whose evidence is seen, where it has none of its own */
	const char *host;     /* a confirmed name of its machines */
	const char *envelope; /* MAIL FROM domain, before anything is set up */
	const char *signature; /* "D S" then; NULL: none */
	const char *owned;     /* what the owner must have told for it to be his account */

	struct {
		const char *host;   /* a MAIL FROM under From that a record brings about */
		const char *mx;     /* the one MX it must have */
		const char *zone;   /* what its SPF record must include */
		const char *alias;  /* or where its CNAME must lead */
		const char *server; /* or what it is delegated to, four times */
		const char *proof;  /* a TXT at From */
	} spf;
	struct {
		const char *domain;                /* d=, by default {from} */
		const char *keys[VENDOR_KEYS_MAX]; /* "SELECTOR TYPE DATA", all of them */
		const char *proof;
	} dkim;
};

extern const struct vendor vendors[];
extern const size_t vendor_count;

/*
 * Which MAIL FROM domain the vendor uses, given what is published: the one that a customer set up, else
 * its own. Borrows from the two.
 */
const char *vendor_envelope(const struct vendor *v, const struct dns *dns, const char *from);

/* Does SPF pass for the domain, for mail of the vendor's? */
bool vendor_spf_passes(const struct vendor *v, const struct dns *dns, const char *domain);

/* "D S" of the signature that aligns, in the array; false where it only signs for itself. */
bool vendor_signs(const struct vendor *v, const struct dns *dns, const char *from,
		  char signature[static DNS_TEXT_MAX]);

/* Fills {from} and {dashed} in. */
void vendor_fill(const char *pattern, const char *from, char text[static DNS_TEXT_MAX]);

#endif
