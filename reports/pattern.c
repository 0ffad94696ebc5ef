/* SPDX-License-Identifier: MIT */
/* A pattern unfolds to at most 63 atoms, so that a set of positions in it is one 64-bit word. */
#include "reports/pattern.h"

#include "base/number.h"

#include "base/banned.h"

enum { ATOMS_MAX = 63 };

struct pattern_atom {
	uint64_t set[2]; /* the ASCII characters it takes */
};

struct count {
	size_t least;
	bool optional, repeats;
};

struct unfolding {
	struct pattern_atom atoms[ATOMS_MAX];
	struct pattern pattern;
};

static bool bad(struct err *e, const char *what, struct slice rest)
{
	return err_set(e, ERR_CONFIG, "%s at \"%.*s\"", what, SLICE_ARG(rest));
}

static bool byte_is_of_selector(char c)
{
	return byte_is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
}

static void atom_add(struct pattern_atom *atom, char first, char last)
{
	for (unsigned c = (unsigned char)first; c <= (unsigned char)last; c++)
		atom->set[c / 64] |= UINT64_C(1) << (c % 64);
}

static bool atom_has(const struct pattern_atom *atom, char c)
{
	unsigned point = (unsigned char)byte_lower(c);

	return point < 128 && (atom->set[point / 64] >> (point % 64) & 1);
}

/* The inside of [...]: characters and ranges. */
static bool set_parse(struct slice inside, struct pattern_atom *atom, struct err *e)
{
	if (inside.n == 0)
		return bad(e, "empty set", inside);
	while (inside.n > 0) {
		bool range = inside.n >= 3 && inside.p[1] == '-';
		char first = inside.p[0], last = range ? inside.p[2] : first;

		if (!byte_is_of_selector(first) || !byte_is_of_selector(last) || last < first)
			return bad(e, "no character or range of selectors", inside);
		atom_add(atom, first, last);
		inside = slice_from_offset(inside, range ? 3 : 1);
	}
	return true;
}

static bool atom_parse(struct slice *rest, struct pattern_atom *atom, struct err *e)
{
	size_t end = slice_find(*rest, ']');

	if (byte_is_of_selector(rest->p[0])) {
		atom_add(atom, rest->p[0], rest->p[0]);
		*rest = slice_from_offset(*rest, 1);
		return true;
	}
	if (rest->p[0] != '[' || end == rest->n)
		return bad(e, "neither a letter of selectors nor a set", *rest);
	if (!set_parse(slice_of(rest->p + 1, end - 1), atom, e))
		return false;
	*rest = slice_from_offset(*rest, end + 1);
	return true;
}

/* {n} or {n,} */
static bool braces_parse(struct slice *rest, struct count *count, struct err *e)
{
	size_t end = slice_find(*rest, '}');
	uint64_t least;

	if (end == rest->n)
		return bad(e, "'{' without '}'", *rest);

	struct slice inside = slice_of(rest->p + 1, end - 1);

	count->repeats = slice_ends_with(inside, SLICE(","));
	if (count->repeats)
		inside.n--;
	if (!number_parse_u64(inside, 1, ATOMS_MAX, &least))
		return bad(e, "not a count of 1 to 63", *rest);
	count->least = (size_t)least;
	*rest = slice_from_offset(*rest, end + 1);
	return true;
}

static bool count_parse(struct slice *rest, struct count *count, struct err *e)
{
	char sign = rest->n > 0 ? rest->p[0] : '\0';

	*count = (struct count){ .least = 1 };
	if (sign == '{')
		return braces_parse(rest, count, e);
	count->optional = sign == '?' || sign == '*';
	count->repeats = sign == '+' || sign == '*';
	if (count->optional || count->repeats)
		*rest = slice_from_offset(*rest, 1);
	return true;
}

static bool unfold(struct unfolding *u, const struct pattern_atom *atom, struct count count)
{
	struct pattern *p = &u->pattern;

	if (count.least == 0 || count.least > ATOMS_MAX - p->count)
		return false;
	for (size_t i = 0; i < count.least; i++)
		u->atoms[p->count++] = *atom;
	if (count.optional)
		p->optional |= UINT64_C(1) << (p->count - 1);
	if (count.repeats)
		p->repeats |= UINT64_C(1) << (p->count - 1);
	return true;
}

bool pattern_compile(struct arena *arena, struct slice text, struct pattern *pattern_out,
		     struct err *e)
{
	struct unfolding u = { .pattern = { 0 } };
	struct slice rest = text;

	if (text.n == 0)
		return bad(e, "empty pattern", text);
	while (rest.n > 0) {
		struct pattern_atom atom = { { 0 } };
		struct count count;

		if (!atom_parse(&rest, &atom, e) || !count_parse(&rest, &count, e))
			return false;
		if (!unfold(&u, &atom, count))
			return bad(e, "a pattern of more than 63 characters", text);
	}

	struct pattern_atom *atoms = arena_alloc(arena, u.pattern.count * sizeof(*atoms));

	if (!atoms)
		return err_set(e, ERR_LIMIT, "too many patterns");
	memcpy(atoms, u.atoms, u.pattern.count * sizeof(*atoms));
	u.pattern.atoms = atoms;
	*pattern_out = u.pattern;
	return true;
}

/* Positions reached from these without a character, by leaving optional atoms out. */
static uint64_t without_optional(const struct pattern *p, uint64_t positions)
{
	uint64_t left = positions & p->optional;

	while (left != 0) {
		uint64_t skipped = (left & (~left + 1)) << 1;

		positions |= skipped;
		left = (left & (left - 1)) | (skipped & p->optional);
	}
	return positions;
}

/* Those of the positions whose atom takes the character. */
static uint64_t taking(const struct pattern *p, uint64_t positions, char c)
{
	uint64_t taken = 0;

	for (uint64_t left = positions; left != 0; left &= left - 1) {
		int at = __builtin_ctzll(left);

		if ((size_t)at < p->count && atom_has(&p->atoms[at], c))
			taken |= UINT64_C(1) << at;
	}
	return taken;
}

bool pattern_matches(const struct pattern *pattern, struct slice text)
{
	uint64_t positions = without_optional(pattern, 1);

	for (size_t i = 0; i < text.n && positions != 0; i++) {
		uint64_t taken = taking(pattern, positions, text.p[i]);

		positions = without_optional(pattern, taken << 1 | (taken & pattern->repeats));
	}
	return positions >> pattern->count & 1;
}
