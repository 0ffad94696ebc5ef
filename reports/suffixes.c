/* SPDX-License-Identifier: MIT */
/* Open addressing over FNV-1a of the suffix read from its end, so that one walk hashes them all. */
#include "reports/suffixes.h"

#include <stdlib.h>

#include "base/memory.h"

#include "base/banned.h"

enum { NAME_MAX_BYTES = 253, FIRST_CAPACITY = 64 };

struct suffix_slot {
	struct slice suffix; /* absent: free */
	struct suffix_match match;
};

static const uint32_t hash_start = UINT32_C(2166136261);

static uint32_t hash_more(uint32_t hash, char c)
{
	return (hash ^ (unsigned char)byte_lower(c)) * UINT32_C(16777619);
}

static uint32_t hash_of(struct slice suffix)
{
	uint32_t hash = hash_start;

	for (size_t i = suffix.n; i > 0; i--)
		hash = hash_more(hash, suffix.p[i - 1]);
	return hash;
}

void suffixes_release(struct suffixes *s)
{
	free(s->slots);
	free(s->families);
	*s = (struct suffixes){ 0 };
}

/* The slot of the suffix, or the free one where it belongs. */
static struct suffix_slot *slot_of(const struct suffixes *s, struct slice suffix, uint32_t hash)
{
	size_t at = hash & (s->capacity - 1);

	while (!slice_is_absent(s->slots[at].suffix) &&
	       !slice_equal_icase(s->slots[at].suffix, suffix))
		at = (at + 1) & (s->capacity - 1);
	return &s->slots[at];
}

static void grow(struct suffixes *s)
{
	struct suffixes wider = *s;

	if (s->count * 2 < s->capacity)
		return;
	wider.capacity = s->capacity ? s->capacity * 2 : FIRST_CAPACITY;
	wider.slots = memory_zeroed(wider.capacity, sizeof(*wider.slots));
	for (size_t i = 0; i < s->capacity; i++) {
		const struct suffix_slot *old = &s->slots[i];

		if (!slice_is_absent(old->suffix))
			*slot_of(&wider, old->suffix, hash_of(old->suffix)) = *old;
	}
	free(s->slots);
	*s = wider;
}

static bool byte_is_of_suffix(char c)
{
	return byte_is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '#';
}

static bool label_is_valid(struct slice label)
{
	if (slice_equal(label, SLICE("*")))
		return true;
	for (size_t i = 0; i < label.n; i++) {
		if (!byte_is_of_suffix(label.p[i]))
			return false;
	}
	return label.n > 0;
}

/* Two labels at least: a whole top-level domain is nobody's service. */
static bool suffix_is_valid(struct slice suffix, size_t *labels_out)
{
	struct slice rest = suffix, label;
	size_t labels = 0;

	for (; slice_cut(&rest, '.', &label); labels++) {
		if (!label_is_valid(label))
			return false;
	}
	*labels_out = labels;
	return labels >= 2 && suffix.n <= NAME_MAX_BYTES;
}

static bool is_family(struct slice suffix)
{
	return slice_find(suffix, '*') < suffix.n || slice_find(suffix, '#') < suffix.n;
}

static struct suffix_slot *family_slot(struct suffixes *s, struct slice suffix)
{
	for (size_t i = 0; i < s->family_count; i++) {
		if (slice_equal(s->families[i].suffix, suffix))
			return &s->families[i];
	}
	s->families = memory_resize_array(s->families, s->family_count + 1, sizeof(*s->families));
	s->families[s->family_count] = (struct suffix_slot){ .suffix = SLICE_ABSENT };
	return &s->families[s->family_count++];
}

bool suffixes_add(struct suffixes *s, struct slice suffix, const struct sender *sender,
		  struct err *e)
{
	struct suffix_slot *slot;
	size_t labels;

	if (!suffix_is_valid(suffix, &labels))
		return err_set(e, ERR_CONFIG, "\"%.*s\" is no domain in lower case",
			       SLICE_ARG(suffix));
	if (is_family(suffix)) {
		slot = family_slot(s, suffix);
	} else {
		grow(s);
		slot = slot_of(s, suffix, hash_of(suffix));
		s->count += slice_is_absent(slot->suffix);
	}
	slot->suffix = suffix;
	slot->match.labels = labels;
	if (suffix_match_has(&slot->match, sender))
		return err_set(e, ERR_CONFIG, "\"%.*s\" stands there twice", SLICE_ARG(suffix));
	if (slot->match.count == SUFFIX_SHARED_MAX)
		return err_set(e, ERR_CONFIG, "\"%.*s\" is shared by more than %d services",
			       SLICE_ARG(suffix), SUFFIX_SHARED_MAX);
	slot->match.senders[slot->match.count++] = sender;
	return true;
}

/* How many bytes at the end of name the sign stands for: a label for '*', digits for '#'. */
static size_t sign_takes(char sign, struct slice name)
{
	size_t n = 0;

	while (n < name.n) {
		char c = name.p[name.n - n - 1];

		if (sign == '*' ? c == '.' : !byte_is_digit(c))
			break;
		n++;
	}
	return n;
}

/* Both read from the right; what is left of the name must begin at a label. */
static bool family_fits(struct slice family, struct slice name)
{
	while (family.n > 0) {
		char sign = family.p[--family.n];
		bool wild = sign == '*' || sign == '#';
		size_t takes = wild ? sign_takes(sign, name) : 1;

		if (takes == 0 || name.n < takes)
			return false;
		if (!wild && byte_lower(name.p[name.n - 1]) != sign)
			return false;
		name.n -= takes;
	}
	return name.n == 0 || name.p[name.n - 1] == '.';
}

struct suffix_match suffixes_find(const struct suffixes *s, struct slice name)
{
	const struct suffix_match *best = &(const struct suffix_match){ .labels = 0 };
	uint32_t hash = hash_start;

	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	if (name.n > NAME_MAX_BYTES)
		return *best;
	for (size_t i = name.n; i > 0 && s->capacity > 0; i--) {
		hash = hash_more(hash, name.p[i - 1]);
		if (i > 1 && name.p[i - 2] != '.')
			continue;

		const struct suffix_slot *slot = slot_of(s, slice_from_offset(name, i - 1), hash);

		if (!slice_is_absent(slot->suffix))
			best = &slot->match;
	}
	for (size_t i = 0; i < s->family_count; i++) {
		if (s->families[i].match.labels > best->labels &&
		    family_fits(s->families[i].suffix, name))
			best = &s->families[i].match;
	}
	return *best;
}

bool suffix_match_has(const struct suffix_match *match, const struct sender *sender)
{
	for (size_t i = 0; i < match->count; i++) {
		if (match->senders[i] == sender)
			return true;
	}
	return false;
}
