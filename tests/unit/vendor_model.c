/* SPDX-License-Identifier: MIT */
#include "tests/unit/vendor_model.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/table.h"
#include "base/text.h"

#include "base/banned.h"

/* --- DNS --------------------------------------------------------------------------------------- */

static bool is_name(const char *name)
{
	size_t label = 0, n = strlen(name);

	for (size_t i = 0; i < n; i++) {
		if (name[i] == '.') {
			if (label == 0)
				return false;
			label = 0;
		} else if (!isalnum((unsigned char)name[i]) && !strchr("-_", name[i])) {
			return false;
		} else if (++label > 63) {
			return false;
		}
	}
	return label > 0 && n <= 253;
}

/* Off with the dot at the end; false where there is none, or no name before it. */
static bool root(char *name)
{
	size_t n = strlen(name);

	if (n < 2 || name[n - 1] != '.')
		return false;
	name[n - 1] = '\0';
	return is_name(name);
}

/* Where a host name stands in the data of the type; NULL: the type is none of ours. */
static char *target_of(struct dns_record *r)
{
	char *blank = strchr(r->data, ' ');

	if (strcmp(r->type, "CNAME") == 0 || strcmp(r->type, "NS") == 0)
		return r->data;
	return strcmp(r->type, "MX") == 0 && blank ? blank + 1 : NULL;
}

static const char *read_data(struct dns_record *r)
{
	size_t n = strlen(r->data);
	char *target = target_of(r);

	if (target)
		return root(target) ? NULL : "a target that is no name with a dot at its end";
	if (strcmp(r->type, "TXT") != 0)
		return "an unknown type, or no data";
	if (n < 3 || n > 257 || r->data[0] != '"' || strchr(r->data + 1, '"') != r->data + n - 1)
		return "a TXT that is not one quoted string";
	memmove(r->data, r->data + 1, n - 2);
	r->data[n - 2] = '\0';
	return NULL;
}

static bool is_spf(const struct dns_record *r)
{
	return strcmp(r->type, "TXT") == 0 && strncmp(r->data, "v=spf1", 6) == 0;
}

static const char *clash(const struct dns *dns, const struct dns_record *r)
{
	for (size_t i = 0; i < dns->count; i++) {
		const struct dns_record *other = &dns->records[i];

		if (strcmp(other->name, r->name) != 0)
			continue;
		if (strcmp(other->type, "CNAME") == 0 || strcmp(r->type, "CNAME") == 0)
			return "a CNAME beside another record";
		if (is_spf(other) && is_spf(r))
			return "two SPF records at one name";
	}
	return NULL;
}

const char *dns_publish(struct dns *dns, struct slice line)
{
	struct dns_record *r = &dns->records[dns->count];
	char text[2 * DNS_TEXT_MAX];
	const char *fault;

	cr_assert_lt(dns->count, (size_t)DNS_RECORDS_MAX);
	if (!slice_to_cstr(line, text, sizeof(text)) ||
	    sscanf(text, "%399s %7s %399[^\n]", r->name, r->type, r->data) != 3)
		return "not NAME TYPE DATA";
	if (!root(r->name))
		return "a name that is none, or has no dot at its end";
	fault = read_data(r);
	if (!fault)
		fault = clash(dns, r);
	dns->count += !fault;
	return fault;
}

/* --- patterns ---------------------------------------------------------------------------------- */

void vendor_fill(const char *pattern, const char *from, char text[static DNS_TEXT_MAX])
{
	size_t n = 0, length = strlen(from);

	while (*pattern && n + length < DNS_TEXT_MAX - 1) {
		bool dashed = strncmp(pattern, "{dashed}", 8) == 0;

		if (!dashed && strncmp(pattern, "{from}", 6) != 0) {
			text[n++] = *pattern++;
			continue;
		}
		for (size_t i = 0; i < length; i++)
			text[n++] = dashed && from[i] == '.' ? '-' : from[i];
		pattern += dashed ? 8 : 6;
	}
	text[n] = '\0';
}

/* * is one or more bytes that are no dot. */
static bool fits(const char *pattern, const char *text)
{
	if (*pattern != '*')
		return *pattern == *text && (*text == '\0' || fits(pattern + 1, text + 1));
	for (size_t n = 1; text[n - 1] != '\0' && text[n - 1] != '.'; n++) {
		if (fits(pattern + 1, text + n))
			return true;
	}
	return false;
}

static bool fits_filled(const char *pattern, const char *from, const char *text)
{
	char filled[DNS_TEXT_MAX];

	vendor_fill(pattern, from, filled);
	return fits(filled, text);
}

/* How many records there are, at names that fit or at any (NULL); the last of them is handed out. */
static size_t count(const struct dns *dns, const char *name, const char *type, const char *data,
		    const char *from, const struct dns_record **last_out)
{
	size_t n = 0;

	for (size_t i = 0; i < dns->count; i++) {
		const struct dns_record *r = &dns->records[i];

		if (strcmp(r->type, type) != 0 || !fits_filled(name, from, r->name) ||
		    (data && !fits_filled(data, from, r->data)))
			continue;
		n++;
		if (last_out)
			*last_out = r;
	}
	return n;
}

static bool is_proven(const char *proof, const struct dns *dns, const char *from)
{
	return !proof || count(dns, "{from}", "TXT", proof, from, NULL) == 1;
}

/* --- what a vendor does ------------------------------------------------------------------------ */

static bool includes(const struct dns_record *spf, const char *zone)
{
	char term[DNS_TEXT_MAX], words[DNS_TEXT_MAX], *rest = NULL;
	bool found = false, ends = false;

	cr_assert(text_format(term, sizeof(term), "include:%s", zone));
	cr_assert(text_format(words, sizeof(words), "%s", spf->data));
	for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		found |= !ends && strcmp(word, term) == 0;
		ends |= strcmp(word, "~all") == 0;
		cr_assert(strcmp(word, "-all") != 0 && strcmp(word, "?all") != 0, "%s", spf->data);
	}
	return found && ends;
}

bool vendor_spf_passes(const struct vendor *v, const struct dns *dns, const char *domain)
{
	const struct dns_record *r = NULL;

	if (v->spf.alias && count(dns, domain, "CNAME", v->spf.alias, domain, NULL) == 1)
		return true;
	if (v->spf.server && count(dns, domain, "NS", v->spf.server, domain, NULL) == 4)
		return true;
	for (size_t i = 0; i < dns->count; i++) {
		if (strcmp(dns->records[i].name, domain) == 0 && is_spf(&dns->records[i]))
			r = &dns->records[i];
	}
	return r && v->spf.zone && includes(r, v->spf.zone);
}

const char *vendor_envelope(const struct vendor *v, const struct dns *dns, const char *from)
{
	for (size_t i = 0; v->spf.host && i < dns->count; i++) {
		const char *name = dns->records[i].name;
		bool received = !v->spf.mx ||
			(count(dns, name, "MX", NULL, from, NULL) == 1 &&
			 count(dns, name, "MX", v->spf.mx, from, NULL) == 1);

		/* the console looks before it switches over */
		if (fits_filled(v->spf.host, from, name) && received &&
		    vendor_spf_passes(v, dns, name) && is_proven(v->spf.proof, dns, from))
			return name;
	}
	return v->envelope;
}

/* "SELECTOR TYPE DATA" is there. */
static bool has_key(const char *key, const struct dns *dns, const char *domain, const char *from,
		    const struct dns_record **found_out)
{
	char selector[DNS_TEXT_MAX], type[8], data[DNS_TEXT_MAX], name[2 * DNS_TEXT_MAX];

	cr_assert_eq(sscanf(key, "%399s %7s %399[^\n]", selector, type, data), 3, "%s", key);
	cr_assert(text_format(name, sizeof(name), "%s._domainkey.%s", selector, domain));
	return count(dns, name, type, data, from, found_out) == 1;
}

bool vendor_signs(const struct vendor *v, const struct dns *dns, const char *from,
		  char signature[static DNS_TEXT_MAX])
{
	const char *domain = v->dkim.domain ? v->dkim.domain : "{from}";
	const struct dns_record *key = NULL;
	char filled[DNS_TEXT_MAX];

	if (!v->dkim.keys[0] || !is_proven(v->dkim.proof, dns, from))
		return false;
	for (size_t i = 0; i < VENDOR_KEYS_MAX && v->dkim.keys[i]; i++) {
		if (!has_key(v->dkim.keys[i], dns, domain, from, &key))
			return false;
	}
	cr_assert(key);
	vendor_fill(strchr(key->name, '.') + sizeof("._domainkey"), from, filled);
	return text_format(signature, DNS_TEXT_MAX, "%s %.*s", filled, (int)strcspn(key->name, "."),
			   key->name);
}
