/* SPDX-License-Identifier: MIT */
/* The catalogue in memory and its look-ups; the text is read by catalogue_text.c. */
#include "reports/catalogue.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/digest.h"
#include "base/embed.h"
#include "base/memory.h"
#include "base/text.h"
#include "parser/domain.h"
#include "reports/catalogue_text.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(sender_kind, SENDER_KIND_LIST)
ENUM_TABLE_DEFINE(sender_status, SENDER_STATUS_LIST)
ENUM_TABLE_DEFINE(spf_possible, SPF_POSSIBLE_LIST)
ENUM_TABLE_DEFINE(leg, LEG_LIST)
ENUM_TABLE_DEFINE(advice_kind, ADVICE_KIND_LIST)
ENUM_TABLE_DEFINE(placeholder, PLACEHOLDER_LIST)
ENUM_TABLE_DEFINE(name_use, NAME_USE_LIST)

EMBED_FILE(senders_catalogue, "reports/senders.catalogue");

/* What is kept of the text: far above what a catalogue needs, far below what would hurt. */
enum { CATALOGUE_MEMORY = 32 << 20 };

struct catalogue {
	struct catalogue_content content;
	char version[64];
};

struct catalogue *catalogue_load(struct err *e)
{
	const struct embedded file = {
		.name = "senders.catalogue",
		.begin = senders_catalogue,
		.end = senders_catalogue_end,
	};

	return catalogue_parse(embedded_slice(&file), file.name, e);
}

/* The first bytes of the text's digest tell versions apart. */
static bool version_make(struct catalogue *c, struct slice text)
{
	SCOPED(digest) struct digest *digest = digest_new(1);
	unsigned char bytes[DIGEST_SIZE];
	uint64_t head = 0;

	digest_add(digest, text);
	digest_take(digest, bytes);
	for (size_t i = 0; i < sizeof(head); i++)
		head = head << 8 | bytes[i];
	return text_format(c->version, sizeof(c->version), "%zu senders, %016" PRIx64,
			   c->content.count, head);
}

struct catalogue *catalogue_parse(struct slice text, const char *name, struct err *e)
{
	struct catalogue *c = memory_zeroed(1, sizeof(*c));

	arena_init(&c->content.arena, CATALOGUE_MEMORY);
	if (!catalogue_text_read(&c->content, text, name, e)) {
		catalogue_free(c);
		return NULL;
	}
	BUG_UNLESS(version_make(c, text));
	return c;
}

void catalogue_free(struct catalogue *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < name_use_count; i++)
		suffixes_release(&c->content.names[i]);
	free(c->content.senders);
	free(c->content.unique);
	free(c->content.ranges);
	free(c->content.rented);
	arena_release(&c->content.arena);
	free(c);
}

const char *catalogue_version(const struct catalogue *c)
{
	return c->version;
}

size_t catalogue_count(const struct catalogue *c)
{
	return c->content.count;
}

const struct sender *catalogue_at(const struct catalogue *c, size_t order)
{
	return c->content.senders[order];
}

const struct sender *catalogue_find(const struct catalogue *c, struct slice id)
{
	return catalogue_content_find(&c->content, id);
}

struct suffix_match catalogue_match(const struct catalogue *c, enum name_use use, struct slice name)
{
	return suffixes_find(&c->content.names[use], name);
}

const struct sender *catalogue_vendor(const struct catalogue *c, enum name_use use,
				      struct slice name)
{
	return catalogue_match(c, use, name).senders[0];
}

static bool selector_fits(const struct unique_selector *unique, const struct suffix_match *vendor,
			  struct slice domain, struct slice selector)
{
	const struct selector_rule *rule = unique->rule;

	if (!pattern_matches(&rule->pattern, selector))
		return false;
	return slice_is_absent(rule->domain) ? !suffix_match_has(vendor, unique->sender)
					     : domain_is_under(domain, rule->domain);
}

const struct sender *catalogue_claimant(const struct catalogue *c, struct slice domain,
					struct slice selector, size_t *next)
{
	const struct suffix_match vendor = catalogue_match(c, NAME_DKIM, domain);

	while (*next < c->content.unique_count) {
		const struct unique_selector *unique = &c->content.unique[(*next)++];

		if (selector_fits(unique, &vendor, domain, selector))
			return unique->sender;
	}
	return NULL;
}

struct slice catalogue_rented(const struct catalogue *c, struct slice host)
{
	for (size_t i = 0; i < c->content.rented_count; i++) {
		if (domain_is_under(host, c->content.rented[i].suffix))
			return c->content.rented[i].name;
	}
	return SLICE_ABSENT;
}

/* They do not overlap: only the last that begins at or before the address can hold it. */
const struct sender_range *catalogue_range(const struct catalogue *c, const struct address *address)
{
	const struct sender_range *ranges = c->content.ranges;
	struct network wanted = { .family = address->family };
	size_t low = 0, high = c->content.range_count;

	memcpy(wanted.bytes, address->bytes, sizeof(wanted.bytes));
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (network_compare(&ranges[middle].network, &wanted) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && network_has(&ranges[low - 1].network, address) ? &ranges[low - 1] : NULL;
}

const struct sender_range *catalogue_ranges(const struct catalogue *c, size_t *count_out)
{
	*count_out = c->content.range_count;
	return c->content.ranges;
}

/* One with a selector of its own would have been told by it. */
const struct sender *catalogue_reseller(const struct catalogue *c, const struct sender *through,
					size_t *next)
{
	while (*next < c->content.count) {
		const struct sender *sender = c->content.senders[(*next)++];

		if (sender_runs_on(sender, through) && !sender_has_unique_selector(sender))
			return sender;
	}
	return NULL;
}

struct slice catalogue_nearest(const struct catalogue *c, struct slice id)
{
	const char **ids = memory_zeroed(c->content.count + 1, sizeof(*ids));

	for (size_t i = 0; i < c->content.count; i++)
		ids[i] = c->content.senders[i]->id.p;

	struct slice nearest = slice_from(text_nearest(id, ids));

	free(ids);
	return nearest;
}

bool catalogue_is_consumer(const struct catalogue *c, struct slice domain)
{
	const struct suffix_match match = catalogue_match(c, NAME_SPF, domain);

	for (size_t i = 0; i < match.count; i++) {
		const struct sender *sender = match.senders[i];

		for (size_t j = 0; j < sender->consumer_count; j++) {
			if (slice_equal(sender->consumers[j], domain))
				return true;
		}
	}
	return false;
}

bool sender_runs_on(const struct sender *a, const struct sender *b)
{
	for (size_t i = 0; i < a->runs_on_count; i++) {
		if (a->runs_on[i] == b)
			return true;
	}
	return false;
}

bool sender_is_kin(const struct sender *a, const struct sender *b)
{
	return a == b || sender_runs_on(a, b) || sender_runs_on(b, a);
}

bool sender_has_unique_selector(const struct sender *s)
{
	for (size_t i = 0; i < s->selector_count; i++) {
		if (s->selectors[i].unique)
			return true;
	}
	return false;
}
