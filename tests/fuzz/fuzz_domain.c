/* SPDX-License-Identifier: MIT */
/* Two names, cut at the first NUL, through all that domain.h promises of them. */
#include <stdint.h>
#include <stdlib.h>

#include "base/bug.h"
#include "parser/domain.h"

#include "base/banned.h"

/* What is valid has the one spelling: doing it again changes nothing. */
static struct slice normalise(struct arena *arena, struct slice name)
{
	struct slice once = SLICE_ABSENT, twice = SLICE_ABSENT;
	bool valid, again;

	BUG_UNLESS(domain_normalise(arena, name, &once, &valid));
	BUG_UNLESS(domain_normalise(arena, once, &twice, &again));
	BUG_UNLESS(!valid || (again && slice_equal(once, twice)));
	BUG_UNLESS(!valid || (once.n > 0 && once.n <= 253));
	for (size_t i = 0; valid && i < once.n; i++)
		BUG_UNLESS((once.p[i] >= 'a' && once.p[i] <= 'z') || byte_is_digit(once.p[i]) ||
			   once.p[i] == '-' || once.p[i] == '_' ||
			   (once.p[i] == '.' && i > 0 && i + 1 < once.n));
	return once;
}

/* An organisation is a tail of its name, and its own organisation. */
static void organise(const struct domains *d, struct slice name)
{
	struct slice organisation = domain_organisation(d, name);

	BUG_UNLESS(organisation.n <= name.n && slice_ends_with(name, organisation));
	BUG_UNLESS(name.n == 0 || organisation.n > 0);
	BUG_UNLESS(slice_equal(domain_organisation(d, organisation), organisation));
	BUG_UNLESS(name.n == 0 || domain_is_under(name, organisation));
	(void)domain_is_icann_suffix(d, name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct domains *domains; /* once for all inputs */
	struct err e = ERR_INIT;
	struct arena arena;
	struct slice both = slice_of((const char *)data, size);
	size_t middle = slice_find(both, '\0');

	if (!domains)
		domains = domains_load(&e);
	arena_init(&arena, 16 << 20);

	struct slice a = normalise(&arena, slice_prefix(both, middle));
	struct slice b = normalise(&arena, slice_from_offset(both, middle + 1));

	organise(domains, a);
	organise(domains, b);
	if (domain_is_under(a, b) && domain_is_under(b, a))
		BUG_UNLESS(slice_equal(a, b));
	arena_release(&arena);
	return 0;
}
