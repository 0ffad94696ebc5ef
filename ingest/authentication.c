/* SPDX-License-Identifier: MIT */
#include "ingest/authentication.h"

#include "base/banned.h"

/* A word of the field, unquoted; what does not fit is no name of anything, and reads as empty. */
struct word_text {
	char bytes[LIMIT_NAME_BYTES + 1];
	size_t n;
	bool too_long;
};

static struct slice text_of(const struct word_text *word)
{
	return word->too_long ? SLICE("") : slice_of(word->bytes, word->n);
}

static void add_byte(struct word_text *word, char c)
{
	if (word->n < LIMIT_NAME_BYTES)
		word->bytes[word->n++] = byte_lower(c);
	else
		word->too_long = true;
}

static char take(struct slice *rest)
{
	char c = rest->p[0];

	*rest = slice_from_offset(*rest, 1);
	return c;
}

/* The rest stands at "(": comments nest, and a backslash takes the meaning of what follows. */
static void skip_comment(struct slice *rest)
{
	size_t depth = 0;

	do {
		char c = take(rest);

		if (c == '(')
			depth++;
		else if (c == ')')
			depth--;
		else if (c == '\\' && rest->n > 0)
			(void)take(rest);
	} while (depth > 0 && rest->n > 0);
}

/* CFWS: blanks, line ends and comments. */
static void skip_space(struct slice *rest)
{
	for (;;) {
		*rest = slice_skip_blanks(*rest);
		if (rest->n == 0 || rest->p[0] != '(')
			return;
		skip_comment(rest);
	}
}

/* The rest stands at the quote. */
static void read_quoted(struct slice *rest, struct word_text *word)
{
	(void)take(rest);
	while (rest->n > 0 && rest->p[0] != '"') {
		if (rest->p[0] == '\\' && rest->n > 1)
			(void)take(rest);
		add_byte(word, take(rest));
	}
	if (rest->n > 0)
		(void)take(rest);
}

/* Up to a blank, a comment, a semicolon or one of the ends; parts of it may be quoted. */
static void read_word(struct slice *rest, const char *ends, struct word_text *word)
{
	word->n = 0;
	word->too_long = false;
	skip_space(rest);
	while (rest->n > 0) {
		char c = rest->p[0];

		if (byte_is_blank(c) || c == '(' || c == ';' || (c != '\0' && strchr(ends, c)))
			return;
		if (c == '"')
			read_quoted(rest, word);
		else
			add_byte(word, take(rest));
	}
}

/* "key = value"; false where there is no such pair before the end of the result. */
static bool read_pair(struct slice *rest, struct word_text *key, struct word_text *value)
{
	read_word(rest, "=", key);
	skip_space(rest);
	if (rest->n == 0 || rest->p[0] != '=')
		return false;
	(void)take(rest);
	read_word(rest, "", value);
	return true;
}

static void skip_result(struct slice *rest)
{
	struct word_text word;

	for (skip_space(rest); rest->n > 0 && rest->p[0] != ';'; skip_space(rest))
		read_word(rest, "", &word);
}

static bool is_trusted(const struct trust *trust, struct slice server)
{
	for (size_t i = 0; i < trust->count; i++) {
		if (server.n > 0 && slice_equal_icase(server, slice_from(trust->servers[i])))
			return true;
	}
	return false;
}

/* What a method is about: its result counts if the property names a domain of the author's. */
enum method { METHOD_DMARC, METHOD_DKIM, METHOD_SPF };

enum { PROPERTIES = 2 };

static const struct {
	struct slice name;
	struct slice properties[PROPERTIES]; /* the first of them that is there */
} methods[] = {
	[METHOD_DMARC] = { { "dmarc", 5 }, { { "header.from", 11 } } },
	[METHOD_DKIM] = { { "dkim", 4 }, { { "header.d", 8 }, { "header.i", 8 } } },
	[METHOD_SPF] = { { "spf", 3 }, { { "smtp.mailfrom", 13 } } },
};

/* The method may have a version: "dkim/1". */
static bool find_method(struct slice key, enum method *method_out)
{
	struct slice name = slice_prefix(key, slice_find(key, '/'));

	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		if (slice_equal(name, methods[i].name)) {
			*method_out = (enum method)i;
			return true;
		}
	}
	return false;
}

enum finding_of_method { NOTHING_SAID, SAYS_PASS, SAYS_FAIL };

static enum finding_of_method finding_of(struct slice result)
{
	if (slice_equal(result, SLICE("pass")))
		return SAYS_PASS;
	if (slice_equal(result, SLICE("fail")) || slice_equal(result, SLICE("softfail")) ||
	    slice_equal(result, SLICE("policy")) || slice_equal(result, SLICE("hardfail")))
		return SAYS_FAIL;
	return NOTHING_SAID;
}

/* What all the results come to. */
struct reading {
	const struct domains *domains;
	struct slice from;
	enum finding_of_method dmarc;
	bool passed, failed;
	struct authentication *out;
};

static struct slice domain_of(struct slice value)
{
	size_t at = slice_find(value, '@');

	while (at < value.n) {
		value = slice_from_offset(value, at + 1);
		at = slice_find(value, '@');
	}
	return value.n > 0 && value.p[value.n - 1] == '.' ? slice_prefix(value, value.n - 1)
							  : value;
}

/* Of DMARC the first word counts, and a word on the very domain; of signatures one is enough. */
static void note(struct reading *r, enum method method, enum finding_of_method finding,
		 struct slice domain)
{
	if (method == METHOD_DMARC) {
		if (r->dmarc == NOTHING_SAID && (domain.n == 0 || slice_equal(domain, r->from)))
			r->dmarc = finding;
		return;
	}
	if (!origin_related(r->domains, domain, r->from))
		return;
	r->passed |= finding == SAYS_PASS;
	r->failed |= finding == SAYS_FAIL;
	if (method == METHOD_DKIM && finding == SAYS_PASS && r->out->signer[0] == '\0') {
		memcpy(r->out->signer, domain.p, domain.n);
		r->out->signer[domain.n] = '\0';
	}
}

/* [ reason "=" value ] *( ptype "." property "=" pvalue ); of a property that comes twice the first counts. */
static void read_properties(struct reading *r, struct slice *rest, enum method method,
			    enum finding_of_method finding)
{
	struct word_text key, value, domain = { 0 };
	size_t best = PROPERTIES;

	while (read_pair(rest, &key, &value)) {
		for (size_t i = 0; i < best; i++) {
			if (slice_equal(text_of(&key), methods[method].properties[i])) {
				domain = value;
				best = i;
			}
		}
		skip_space(rest);
	}
	note(r, method, finding, domain_of(text_of(&domain)));
}

static void read_result(struct reading *r, struct slice *rest)
{
	struct word_text key, result;
	enum method method;

	if (read_pair(rest, &key, &result) && find_method(text_of(&key), &method))
		read_properties(r, rest, method, finding_of(text_of(&result)));
	skip_result(rest);
}

static enum proof conclude(const struct reading *r)
{
	if (r->dmarc != NOTHING_SAID)
		return r->dmarc == SAYS_PASS ? PROOF_PASS : PROOF_FAIL;
	if (r->passed)
		return PROOF_PASS;
	return r->failed ? PROOF_FAIL : PROOF_NONE;
}

bool authentication_read(struct slice value, const struct trust *trust,
			 const struct domains *domains, struct slice from,
			 struct authentication *result_out)
{
	struct reading r = { .domains = domains, .from = from, .out = result_out };
	struct word_text server;

	*result_out = (struct authentication){ .proof = PROOF_NOT_TOLD };
	read_word(&value, "", &server);
	if (!is_trusted(trust, text_of(&server)))
		return false;
	skip_result(&value); /* a version */
	while (value.n > 0) {
		(void)take(&value); /* the semicolon */
		read_result(&r, &value);
	}
	result_out->proof = conclude(&r);
	if (result_out->proof != PROOF_PASS)
		result_out->signer[0] = '\0';
	return true;
}
