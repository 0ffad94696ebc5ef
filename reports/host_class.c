/* SPDX-License-Identifier: MIT */
#include "reports/host_class.h"

#include "parser/address.h"
#include "reports/address_class.h"

#include "base/banned.h"

/* The words of the states; nothing is written where nobody was asked. */
static const struct {
	enum host_state state;
	struct slice word;
} words[] = {
	{ HOST_NO_NAME, { "none", 4 } },
	{ HOST_CONFIRMED, { "confirmed", 9 } },
	{ HOST_UNCONFIRMED, { "unconfirmed", 11 } },
};

static struct address_class class_of(const struct judge *judge, const struct address *address)
{
	const struct record record = { .source_ip = *address };
	const struct evidence e = evidence_of_record(judge, NULL, &record);

	return address_class_of(judge, &e);
}

static bool same_class(const struct address_class *a, const struct address_class *b)
{
	return a->range == b->range && a->hop == b->hop && a->sender == b->sender;
}

static const struct network *narrower(const struct network *a, const struct network *b)
{
	return !a || (b && b->bits > a->bits) ? b : a;
}

static const struct network *narrowest(const struct address_class *class)
{
	const struct network *n = class->range ? &class->range->network : NULL;

	n = narrower(n, class->hop ? &class->hop->network : NULL);
	return narrower(n, class->sender ? &class->sender->network : NULL);
}

/* The first address of the network stands for all of it, unless a rule of its own holds that one. */
static void append_address(struct buf *b, const struct judge *judge, const struct address *address,
			   bool after)
{
	const struct address_class class = class_of(judge, address);
	const struct network *network = narrowest(&class);
	struct address member;
	char text[ADDRESS_TEXT_SIZE];

	if (!network)
		return;
	member = network_first(network);

	const struct address_class of_member = class_of(judge, &member);

	if (!same_class(&of_member, &class))
		member = *address;
	address_format(&member, text);
	buf_append_text(b, after ? " @" : "@");
	buf_append_text(b, text);
}

bool host_class_stands_in(const struct judge *judge, const struct address *address)
{
	const struct address_class class = class_of(judge, address);
	const struct network *network = narrowest(&class);

	return network && network->bits < (network->family == ADDRESS_V4 ? 32 : 128) &&
		memcmp(network->bytes, address->bytes, sizeof(network->bytes)) == 0;
}

static bool same_senders(const struct suffix_match *a, const struct suffix_match *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		if (a->senders[i] != b->senders[i])
			return false;
	}
	return a->count == b->count && a->labels == b->labels;
}

/* A name of the catalogue's without the machine's own label; of any other its organisation. */
static struct slice short_name(const struct judge *judge, struct slice name)
{
	struct suffix_match match = catalogue_match(judge->catalogue, NAME_PTR, name);
	struct slice parent = slice_from_offset(name, slice_find(name, '.') + 1);
	struct suffix_match of_parent = catalogue_match(judge->catalogue, NAME_PTR, parent);

	if (match.count > 0)
		return same_senders(&match, &of_parent) ? parent : name;
	if (!slice_is_absent(catalogue_rented(judge->catalogue, name)))
		return name;
	return domain_organisation(judge->domains, name);
}

void host_class_append(struct buf *class, const struct judge *judge, const struct address *address,
		       const struct host *host)
{
	size_t from = class->n;

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (words[i].state == host->state)
			buf_append(class, words[i].word);
	}
	if (host->name.n > 0) {
		buf_append_byte(class, ' ');
		buf_append(class, short_name(judge, host->name));
	}
	append_address(class, judge, address, class->n > from);
}

static bool parse_state(struct slice word, enum host_state *state_out)
{
	*state_out = HOST_NOT_LOOKED_UP;
	if (word.n == 0)
		return true;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (!slice_equal(words[i].word, word))
			continue;
		*state_out = words[i].state;
		return true;
	}
	return false;
}

bool host_class_parse(struct slice class, struct host *host_out, struct address *address_out)
{
	size_t at = slice_find(class, '@');
	struct slice front = slice_trim(slice_prefix(class, at));
	struct slice address = slice_from_offset(class, at + 1);
	size_t blank = slice_find(front, ' ');

	*host_out = (struct host){ .name = slice_from_offset(front, blank + 1) };
	*address_out = (struct address){ .family = ADDRESS_NONE };
	if (host_out->name.n == 0)
		host_out->name = SLICE_ABSENT;
	return parse_state(slice_prefix(front, blank), &host_out->state) &&
		(at == class.n || address_parse(address, address_out) != ADDRESS_UNREADABLE);
}
