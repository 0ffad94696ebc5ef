/* SPDX-License-Identifier: MIT */
#include "reports/hosts_file.h"

#include <stdlib.h>

#include "base/memory.h"
#include "parser/address.h"

#include "base/banned.h"

/* The names of some millions of addresses. */
enum { NAMES_BYTES = 256 << 20 };

static struct slice next_word(struct slice *rest)
{
	size_t n = 0;

	*rest = slice_skip_blanks(*rest);
	while (n < rest->n && !byte_is_blank(rest->p[n]))
		n++;

	struct slice word = slice_prefix(*rest, n);

	*rest = slice_from_offset(*rest, n);
	return word;
}

static bool read_name(struct hosts_file *f, struct slice word, struct host *host_out, struct err *e)
{
	bool valid = false;

	*host_out = (struct host){ HOST_NO_NAME, SLICE_ABSENT };
	if (slice_equal(word, SLICE("-")))
		return true;
	if (!domain_normalise(&f->names, word, &host_out->name, &valid)) {
		err_set(e, ERR_LIMIT, "there are too many names");
		return false;
	}
	host_out->state = HOST_CONFIRMED;
	if (valid && host_out->name.n > 0)
		return true;
	err_set(e, ERR_INPUT, "not a host name: %.*s", SLICE_ARG(word));
	return false;
}

static bool read_line(struct hosts_file *f, struct slice line, struct err *e)
{
	struct slice rest = slice_prefix(line, slice_find(line, '#'));
	struct slice address = next_word(&rest), name = next_word(&rest);
	struct named_host host;

	if (address.n == 0)
		return true;
	if (address_parse(address, &host.address) == ADDRESS_UNREADABLE) {
		err_set(e, ERR_INPUT, "not an address: %.*s", SLICE_ARG(address));
		return false;
	}
	if (name.n == 0 || slice_skip_blanks(rest).n > 0) {
		err_set(e, ERR_INPUT, "not one name behind the address");
		err_remedy(e, "write ADDRESS NAME, or ADDRESS - where it has none");
		return false;
	}
	if (!read_name(f, name, &host.host, e))
		return false;
	f->hosts = memory_grow_array(f->hosts, f->count, &f->capacity, sizeof(*f->hosts));
	f->hosts[f->count++] = host;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct named_host *x = a, *y = b;
	int order = (int)x->address.family - (int)y->address.family;

	return order != 0 ? order
			  : memcmp(x->address.bytes, y->address.bytes, sizeof(x->address.bytes));
}

static bool check_twice(struct hosts_file *f, struct err *e)
{
	char text[ADDRESS_TEXT_SIZE];

	if (f->count > 0)
		qsort(f->hosts, f->count, sizeof(*f->hosts), compare);
	for (size_t i = 1; i < f->count; i++) {
		if (compare(&f->hosts[i - 1], &f->hosts[i]) != 0)
			continue;
		address_format(&f->hosts[i].address, text);
		err_set(e, ERR_INPUT, "%s comes twice", text);
		return false;
	}
	return true;
}

bool hosts_file_read(struct hosts_file *f, struct slice text, struct err *e)
{
	struct slice rest = text, line;
	size_t number = 0;

	*f = (struct hosts_file){ 0 };
	arena_init(&f->names, NAMES_BYTES);
	while (slice_cut(&rest, '\n', &line)) {
		number++;
		if (!read_line(f, line, e))
			return err_where(e, "line %zu", number);
	}
	return check_twice(f, e);
}

void hosts_file_release(struct hosts_file *f)
{
	arena_release(&f->names);
	free(f->hosts);
	*f = (struct hosts_file){ 0 };
}
