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

/* Letters, digits, hyphen and the underscore of service names: what DNS names in mail are made of. */
static bool byte_is_of_name(char c)
{
	return byte_is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
}

static bool name_is_valid(struct slice name)
{
	struct slice rest = name, label;

	if (name.n == 0 || name.n > DNS_NAME_MAX)
		return false;
	while (slice_cut(&rest, '.', &label)) {
		if (label.n == 0 || label.n > DNS_LABEL_MAX)
			return false;
		for (size_t i = 0; i < label.n; i++) {
			if (!byte_is_of_name(label.p[i]))
				return false;
		}
	}
	return true;
}

static bool is_ascii(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	}
	return true;
}

static struct slice without_final_dot(struct slice name)
{
	return name.n > 0 && name.p[name.n - 1] == '.' ? slice_prefix(name, name.n - 1) : name;
}

/* U-labels to A-labels, into the arena. False where IDNA refuses or the arena is full. */
static bool to_ascii(struct arena *arena, struct slice name, struct slice *ascii_out)
{
	char text[LIMIT_NAME_BYTES + 1];
	char *ascii = NULL; /* by libidn2, idn2_free() */

	if (!slice_to_cstr(name, text, sizeof(text)) ||
	    idn2_to_ascii_8z(text, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return false;

	/* the dots of other scripts become ASCII here, the final one too */
	bool copied = arena_copy(arena, without_final_dot(slice_from(ascii)), ascii_out);

	idn2_free(ascii);
	return copied;
}

bool domain_normalise(struct arena *arena, struct slice name, struct slice *domain_out,
		      bool *valid_out)
{
	name = slice_trim(name);
	name = without_final_dot(name);
	if (!is_ascii(name) && to_ascii(arena, name, domain_out)) {
		*valid_out = name_is_valid(*domain_out);
		return true;
	}

	char *lower = arena_alloc(arena, name.n + 1);

	if (!lower)
		return false;
	for (size_t i = 0; i < name.n; i++)
		lower[i] = byte_lower(name.p[i]);
	lower[name.n] = '\0';
	*domain_out = slice_of(lower, name.n);
	*valid_out = name_is_valid(*domain_out);
	return true;
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
