/* SPDX-License-Identifier: MIT */
#include "reports/lookup_reply.h"

#include <sys/select.h> /* ares.h takes its types for granted */

#include <ares.h>
#include <ares_nameser.h>
#include <string.h>

#include "base/bug.h"
#include "parser/domain.h"

#include "base/banned.h"

enum {
	HEADER_BYTES = 12,
	NAME_TEXT_SIZE = 1025, /* 255 bytes, each written as \DDD at most */
	MOST_RECORDS =
		1024,      /* of one reply: an address with hundreds of names has too many anyway */
	MOST_ALIASES = 16, /* one after another; also the end of those that go in a circle */
	NAME_MEMORY = 4096, /* a name in its one spelling */
};

/* A reply, and how far it is read. */
struct wire {
	struct slice bytes;
	size_t at;
};

struct resource {
	char owner[NAME_TEXT_SIZE];
	unsigned type, class;
	struct wire data; /* ends with the record */
};

static bool take(struct wire *w, size_t bytes, unsigned *value_out)
{
	if (bytes > w->bytes.n - w->at)
		return false;
	*value_out = 0;
	for (; bytes > 0; bytes--, w->at++)
		*value_out = *value_out << 8 | (unsigned char)w->bytes.p[w->at];
	return true;
}

/* What is not a letter, digit, hyphen or the like is escaped. */
static bool take_name(struct wire *w, char name[static NAME_TEXT_SIZE])
{
	const unsigned char *bytes = (const unsigned char *)w->bytes.p;
	char *text = NULL;
	long length = 0;

	if (w->at >= w->bytes.n ||
	    ares_expand_name(bytes + w->at, bytes, (int)w->bytes.n, &text, &length) != ARES_SUCCESS)
		return false;

	bool fits = length > 0 && (size_t)length <= w->bytes.n - w->at &&
		slice_to_cstr(slice_from(text), name, NAME_TEXT_SIZE);

	ares_free_string(text);
	w->at += (size_t)length;
	return fits;
}

/* To the first record, whose number is given. */
static bool begin(struct wire *w, struct slice reply, unsigned *count_out)
{
	char question[NAME_TEXT_SIZE];
	unsigned questions, unused;

	*w = (struct wire){ slice_prefix(reply, UINT16_MAX), 0 };
	if (!take(w, 4, &unused) || !take(w, 2, &questions) || !take(w, 2, count_out))
		return false;
	w->at = HEADER_BYTES;
	if (*count_out > MOST_RECORDS)
		*count_out = MOST_RECORDS;
	return reply.n > HEADER_BYTES && questions == 1 && take_name(w, question) &&
		take(w, 4, &unused);
}

static bool take_resource(struct wire *w, struct resource *r)
{
	unsigned unused, length;

	if (!take_name(w, r->owner) || !take(w, 2, &r->type) || !take(w, 2, &r->class) ||
	    !take(w, 4, &unused) || !take(w, 2, &length) || length > w->bytes.n - w->at)
		return false;
	/* names in it may point back to all that stands before */
	r->data = (struct wire){ slice_prefix(w->bytes, w->at + length), w->at };
	w->at += length;
	return true;
}

static bool is_of(const struct resource *r, const char *owner, unsigned type)
{
	return r->class == C_IN && r->type == type &&
		slice_equal_icase(slice_from(r->owner), slice_from(owner));
}

/* One alias further, if there is one. False: it cannot be read. */
static bool follow_alias(struct wire records, unsigned count, char owner[static NAME_TEXT_SIZE],
			 bool *followed_out)
{
	struct resource r;

	*followed_out = false;
	for (; count > 0; count--) {
		if (!take_resource(&records, &r))
			return false;
		if (!is_of(&r, owner, T_CNAME))
			continue;
		*followed_out = true;
		return take_name(&r.data, owner);
	}
	return true;
}

/* Is called with each record of the type that belongs to the question. False: it cannot be read. */
typedef bool (*record_visitor)(struct resource *r, void *context);

static bool visit(struct slice reply, struct slice question, unsigned type, record_visitor visitor,
		  void *context)
{
	char owner[NAME_TEXT_SIZE];
	struct wire records;
	unsigned count;
	bool followed = true;

	if (!begin(&records, reply, &count) || !slice_to_cstr(question, owner, sizeof(owner)))
		return false;
	for (int i = 0; i < MOST_ALIASES && followed; i++) {
		if (!follow_alias(records, count, owner, &followed))
			return false;
	}
	for (; count > 0; count--) {
		struct resource r;

		if (!take_resource(&records, &r) ||
		    (is_of(&r, owner, type) && !visitor(&r, context)))
			return false;
	}
	return true;
}

/* -- names */

static bool is_host_byte(char c)
{
	return byte_is_letter(c) || byte_is_digit(c) || c == '-' || c == '_' || c == '.';
}

/* More than one label, of which the last is no number: that would be an address. */
static bool is_host_name(struct slice name)
{
	size_t last = name.n;
	bool number = true;

	while (last > 0 && name.p[last - 1] != '.')
		last--;
	for (size_t i = last; i < name.n; i++)
		number = number && byte_is_digit(name.p[i]);
	return last > 0 && !number;
}

/* Keeps the first ones in order. */
static void insert_name(struct reply_names *names, struct slice name)
{
	size_t at = 0;

	while (at < names->count && slice_compare(slice_from(names->names[at]), name) < 0)
		at++;
	if (at == LOOKUP_NAMES ||
	    (at < names->count && slice_equal(slice_from(names->names[at]), name)))
		return;
	if (names->count < LOOKUP_NAMES)
		names->count++;
	for (size_t i = names->count - 1; i > at; i--)
		memcpy(names->names[i], names->names[i - 1], sizeof(names->names[i]));
	BUG_UNLESS(slice_to_cstr(name, names->names[at], sizeof(names->names[at])));
}

static bool add_name(struct resource *r, void *context)
{
	char text[NAME_TEXT_SIZE];
	struct slice name = SLICE_ABSENT;
	struct arena memory;
	bool valid;

	if (!take_name(&r->data, text))
		return false;
	for (const char *p = text; *p != '\0'; p++) {
		if (!is_host_byte(*p))
			return true;
	}
	arena_init(&memory, NAME_MEMORY);
	if (domain_normalise(&memory, slice_from(text), &name, &valid) && valid &&
	    is_host_name(name))
		insert_name(context, name);
	arena_release(&memory);
	return true;
}

bool reply_read_names(struct slice reply, struct slice question, struct reply_names *names_out)
{
	names_out->count = 0;
	return visit(reply, question, T_PTR, add_name, names_out);
}

/* -- addresses */

struct search {
	struct slice bytes;
	bool found;
};

static bool compare_address(struct resource *r, void *context)
{
	struct search *search = context;

	if (slice_equal(slice_from_offset(r->data.bytes, r->data.at), search->bytes))
		search->found = true;
	return true;
}

bool reply_find_address(struct slice reply, struct slice question, const struct address *address,
			bool *found_out)
{
	bool v4 = address->family == ADDRESS_V4;
	struct search search = { slice_of((const char *)address->bytes, v4 ? 4 : 16), false };
	bool ok = visit(reply, question, v4 ? T_A : T_AAAA, compare_address, &search);

	*found_out = search.found;
	return ok;
}
