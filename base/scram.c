/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* explicit_bzero */
#include "base/scram.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/base64.h"
#include "base/bug.h"
#include "base/number.h"

#include "base/banned.h"

enum { NONCE_BYTES = 24, SALT_BYTES = 1024, NONCE_MOST = 1024 };

struct key {
	unsigned char bytes[SCRAM_SIGNATURE];
};

void scram_init(struct scram *s, const char *nonce)
{
	unsigned char bytes[NONCE_BYTES];
	SCOPED(buf) struct buf text = { 0 };

	*s = (struct scram){ .nonce = "" };
	if (nonce) {
		buf_append_text(&text, nonce);
	} else {
		BUG_UNLESS(RAND_bytes(bytes, (int)sizeof(bytes)) == 1);
		base64_append(&text, slice_of((const char *)bytes, sizeof(bytes)));
	}
	BUG_UNLESS(slice_to_cstr(buf_slice(&text), s->nonce, sizeof(s->nonce)));
}

void scram_release(struct scram *s)
{
	buf_release(&s->first);
	explicit_bzero(s->signature, sizeof(s->signature));
}

void scram_begin(struct scram *s, const char *user, struct buf *message)
{
	buf_append_text(&s->first, "n=");
	for (; *user != '\0'; user++) {
		if (*user == ',' || *user == '=')
			buf_append_text(&s->first, *user == ',' ? "=2C" : "=3D");
		else
			buf_append_byte(&s->first, *user);
	}
	buf_printf(&s->first, ",r=%s", s->nonce);
	buf_append_text(message, "n,,");
	buf_append(message, buf_slice(&s->first));
}

static struct key hmac(const void *with, size_t length, struct slice of)
{
	struct key key;
	unsigned n = 0;

	BUG_UNLESS(HMAC(EVP_sha256(), with, (int)length, (const unsigned char *)of.p, of.n,
			key.bytes, &n) &&
		   n == sizeof(key.bytes));
	return key;
}

static struct key sha256(const struct key *of)
{
	struct key key;
	unsigned n = 0;

	BUG_UNLESS(EVP_Digest(of->bytes, sizeof(of->bytes), key.bytes, &n, EVP_sha256(), NULL) ==
		   1);
	return key;
}

/* "x=VALUE" up to the next comma. */
static bool cut_value(struct slice *rest, char name, struct slice *value_out)
{
	struct slice field;

	if (!slice_cut(rest, ',', &field) || field.n < 2 || field.p[0] != name || field.p[1] != '=')
		return false;
	*value_out = slice_from_offset(field, 2);
	return true;
}

struct challenge {
	struct slice nonce;
	struct buf salt;
	uint64_t iterations;
};

static bool wrong(struct err *e, const char *what)
{
	err_set(e, ERR_CONFIG, "the server's SCRAM cannot be used: %s", what);
	err_remedy(e, "have whoever runs the server look at it");
	return false;
}

static bool read_challenge(const struct scram *s, struct slice text, struct challenge *c,
			   struct err *e)
{
	struct slice own = slice_from(s->nonce), salt, iterations;

	if (!cut_value(&text, 'r', &c->nonce) || !cut_value(&text, 's', &salt) ||
	    !cut_value(&text, 'i', &iterations) || !base64_decode(&c->salt, salt) ||
	    c->salt.n == 0 || c->salt.n > SALT_BYTES)
		return wrong(e, "its message is not one of SCRAM");
	if (!slice_starts_with(c->nonce, own) || c->nonce.n == own.n || c->nonce.n > NONCE_MOST)
		return wrong(e, "it does not answer us");
	if (!number_parse_u64(iterations, SCRAM_ITERATIONS_LEAST, SCRAM_ITERATIONS_MOST,
			      &c->iterations))
		return wrong(e, "it wants too few or too many iterations");
	return true;
}

/* What both sides have said. */
static void append_dialogue(struct buf *b, const struct scram *s, struct slice server_first,
			    struct slice last)
{
	buf_append(b, buf_slice(&s->first));
	buf_append_byte(b, ',');
	buf_append(b, server_first);
	buf_append_byte(b, ',');
	buf_append(b, last);
}

static void prove(struct scram *s, const struct key *salted, struct slice dialogue,
		  struct buf *message)
{
	struct key client = hmac(salted, sizeof(*salted), SLICE("Client Key"));
	struct key server = hmac(salted, sizeof(*salted), SLICE("Server Key"));
	struct key stored = sha256(&client);
	struct key proof = hmac(&stored, sizeof(stored), dialogue);
	struct key signature = hmac(&server, sizeof(server), dialogue);

	for (size_t i = 0; i < sizeof(proof.bytes); i++)
		proof.bytes[i] ^= client.bytes[i];
	memcpy(s->signature, signature.bytes, sizeof(s->signature));
	buf_append_text(message, ",p=");
	base64_append(message, slice_of((const char *)proof.bytes, sizeof(proof.bytes)));
	explicit_bzero(&client, sizeof(client));
	explicit_bzero(&server, sizeof(server));
	explicit_bzero(&stored, sizeof(stored));
}

bool scram_answer(struct scram *s, struct slice password, struct slice server_first,
		  struct buf *message, struct err *e)
{
	struct challenge c = { .iterations = 0 };
	SCOPED(buf) struct buf last = { 0 };
	SCOPED(buf) struct buf dialogue = { 0 };
	struct key salted;
	bool good = read_challenge(s, server_first, &c, e);

	if (good) {
		BUG_UNLESS(PKCS5_PBKDF2_HMAC(password.p, (int)password.n,
					     (const unsigned char *)c.salt.p, (int)c.salt.n,
					     (int)c.iterations, EVP_sha256(),
					     (int)sizeof(salted.bytes), salted.bytes) == 1);
		/* biws: "n,,", the header of what we said first */
		buf_printf(&last, "c=biws,r=%.*s", SLICE_ARG(c.nonce));
		append_dialogue(&dialogue, s, server_first, buf_slice(&last));
		buf_append(message, buf_slice(&last));
		prove(s, &salted, buf_slice(&dialogue), message);
		explicit_bzero(&salted, sizeof(salted));
	}
	buf_release(&c.salt);
	return good;
}

bool scram_is_proof(const struct scram *s, struct slice server_last)
{
	SCOPED(buf) struct buf got = { 0 };
	struct slice value;

	return cut_value(&server_last, 'v', &value) && base64_decode(&got, value) &&
		got.n == sizeof(s->signature) &&
		CRYPTO_memcmp(got.p, s->signature, sizeof(s->signature)) == 0;
}
