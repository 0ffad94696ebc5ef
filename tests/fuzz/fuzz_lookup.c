/* SPDX-License-Identifier: MIT */
/* A name server's reply, as bytes: what is read out of it are host names, in order, each once. */
#include <stdint.h>

#include "base/bug.h"
#include "reports/lookup_reply.h"

#include "base/banned.h"

#define QUESTION "1.2.0.192.in-addr.arpa"

static void check_name(struct slice name)
{
	bool dot = false;

	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		dot = dot || c == '.';
		BUG_UNLESS((byte_is_letter(c) && byte_lower(c) == c) || byte_is_digit(c) ||
			   c == '-' || c == '_' || c == '.');
	}
	BUG_UNLESS(dot && name.n < LOOKUP_NAME_SIZE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct address v4 = { ADDRESS_V4, { 192, 0, 2, 1 } };
	const struct address v6 = { ADDRESS_V6, { 0x20, 1, 0xd, 0xb8 } };
	struct slice reply = slice_of((const char *)data, size);
	struct reply_names names;
	bool found;

	(void)!reply_find_address(reply, SLICE(QUESTION), &v4, &found);
	(void)!reply_find_address(reply, SLICE(QUESTION), &v6, &found);
	if (!reply_read_names(reply, SLICE(QUESTION), &names))
		return 0;
	BUG_UNLESS(names.count <= LOOKUP_NAMES);
	for (size_t i = 0; i < names.count; i++) {
		check_name(slice_from(names.names[i]));
		BUG_UNLESS(i == 0 ||
			   slice_compare(slice_from(names.names[i - 1]),
					 slice_from(names.names[i])) < 0);
	}
	return 0;
}
