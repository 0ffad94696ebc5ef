/* SPDX-License-Identifier: MIT */
#include "parser/domain.h"

#include <idn2.h>
#include <libpsl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "parser/limits.h"

#include "base/banned.h"

struct domains {
	psl_ctx_t *list; /* ours, psl_free() */
	char *version;   /* ours, free() */
};

enum { DNS_NAME_MAX = 253, DNS_LABEL_MAX = 63 };

static char *describe_list(const char *path)
{
	struct buf text = { 0 };
	struct stat st;
	char day[DATE_TEXT_SIZE] = "-";

	if (path && stat(path, &st) == 0)
		date_format(timestamp_to_days((int64_t)st.st_mtime), day);
	if (path)
		buf_printf(&text, "public suffix list of %s (%s)", day, path);
	else
		buf_printf(&text, "public suffix list built into libpsl %s", psl_get_version());
	return buf_detach(&text);
}

struct domains *domains_load(struct err *e)
{
	const char *path = psl_dist_filename();
	psl_ctx_t *list = path && path[0] != '\0' ? psl_load_file(path) : NULL;

	if (!list) {
		path = NULL;
		list = psl_latest(NULL);
	}
	if (!list || psl_suffix_count(list) == 0) {
		psl_free(list);
		err_set(e, ERR_CONFIG,
			"there is no public suffix list, which alignment is measured by");
		err_remedy(e, "install it: apt-get install publicsuffix");
		return NULL;
	}

	struct domains *d = memory_zeroed(1, sizeof(*d));

	d->list = list;
	d->version = describe_list(path);
	return d;
}

void domains_free(struct domains *d)
{
	if (!d)
		return;
	psl_free(d->list);
	free(d->version);
	free(d);
}

const char *domains_version(const struct domains *d)
{
	return d->version;
}

/*
 * What DNS names in mail are made of, in lower case: letters, digits, hyphen and the underscore of
 * service names. 0 for all other bytes. A table, since every record has five names.
 */
static const char name_bytes[256] = {
	['-'] = '-', ['_'] = '_', ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4',
	['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9', ['a'] = 'a', ['b'] = 'b',
	['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i',
	['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p',
	['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w',
	['x'] = 'x', ['y'] = 'y', ['z'] = 'z', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd',
	['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k',
	['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r',
	['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y',
	['Z'] = 'z',
};

enum name_kind { NAME_VALID, NAME_ODD, NAME_NOT_ASCII };

/* Copies the name in lower case, and tells whether it is labels of such bytes. */
static enum name_kind lower_name(struct slice name, char *lower)
{
	enum name_kind kind = name.n > DNS_NAME_MAX ? NAME_ODD : NAME_VALID;
	size_t label = 0;

	for (size_t i = 0; i < name.n; i++) {
		unsigned char byte = (unsigned char)name.p[i];

		lower[i] = name_bytes[byte];
		if (lower[i] != 0) {
			label++;
			continue;
		}
		lower[i] = name.p[i];
		if (byte >= 0x80)
			kind = NAME_NOT_ASCII;
		else if ((byte != '.' || label == 0 || label > DNS_LABEL_MAX) && kind == NAME_VALID)
			kind = NAME_ODD;
		label = 0;
	}
	if (kind == NAME_VALID && (label == 0 || label > DNS_LABEL_MAX))
		kind = NAME_ODD;
	return kind;
}

static struct slice without_final_dot(struct slice name)
{
	return name.n > 0 && name.p[name.n - 1] == '.' ? slice_prefix(name, name.n - 1) : name;
}

/* U-labels to A-labels, as a string of libidn2's: idn2_free(). NULL where IDNA refuses. */
static char *to_ascii(struct slice name)
{
	char text[LIMIT_NAME_BYTES + 1];
	char *ascii = NULL;

	if (!slice_to_cstr(name, text, sizeof(text)) ||
	    idn2_to_ascii_8z(text, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return NULL;
	return ascii;
}

static bool normalise_as_is(struct arena *arena, struct slice name, struct slice *domain_out,
			    enum name_kind *kind_out)
{
	char *lower = arena_alloc(arena, name.n + 1);

	if (!lower)
		return false;
	*kind_out = lower_name(name, lower);
	lower[name.n] = '\0';
	*domain_out = slice_of(lower, name.n);
	return true;
}

bool domain_normalise(struct arena *arena, struct slice name, struct slice *domain_out,
		      bool *valid_out)
{
	enum name_kind kind;

	name = without_final_dot(slice_trim(name));
	if (!normalise_as_is(arena, name, domain_out, &kind))
		return false;

	char *ascii = kind == NAME_NOT_ASCII ? to_ascii(name) : NULL;
	bool done = true;

	/* the dots of other scripts became ASCII only now, the final one too */
	if (ascii)
		done = normalise_as_is(arena, without_final_dot(slice_from(ascii)), domain_out,
				       &kind);
	*valid_out = kind == NAME_VALID;
	idn2_free(ascii);
	return done;
}

struct slice domain_organisation(const struct domains *d, struct slice domain)
{
	char name[LIMIT_NAME_BYTES + 1];

	if (domain.n == 0 || !slice_to_cstr(domain, name, sizeof(name)))
		return domain;

	const char *registrable = psl_registrable_domain(d->list, name);

	if (!registrable)
		return domain;
	return slice_from_offset(domain, (size_t)(registrable - name));
}

/* The end of a name tells it from its neighbours best, the length from those below it. */
static size_t cache_slot(struct slice domain)
{
	uint32_t hash = (uint32_t)domain.n;

	for (size_t i = 0; i < domain.n; i++)
		hash = (hash ^ (unsigned char)domain.p[i]) * 16777619U;
	return (hash >> 16) % DOMAIN_CACHE_SLOTS;
}

struct slice domain_organisation_cached(const struct domains *d, struct domain_cache *cache,
					struct slice domain)
{
	struct domain_cache_entry *entry = &cache->entries[cache_slot(domain)];

	if (domain.n == 0 || domain.n > sizeof(entry->name))
		return domain_organisation(d, domain);
	if (entry->length == domain.n && memcmp(entry->name, domain.p, domain.n) == 0)
		return slice_from_offset(domain, entry->organisation);

	struct slice organisation = domain_organisation(d, domain);

	memcpy(entry->name, domain.p, domain.n);
	entry->length = (unsigned char)domain.n;
	entry->organisation = (unsigned char)(domain.n - organisation.n);
	return organisation;
}

bool domain_is_icann_suffix(const struct domains *d, struct slice domain)
{
	char name[LIMIT_NAME_BYTES + 1];

	return domain.n > 0 && slice_to_cstr(domain, name, sizeof(name)) &&
		psl_is_public_suffix2(d->list, name, PSL_TYPE_ICANN);
}

bool domain_is_under(struct slice domain, struct slice parent)
{
	if (parent.n == 0 || !slice_ends_with(domain, parent))
		return false;
	return domain.n == parent.n || domain.p[domain.n - parent.n - 1] == '.';
}
