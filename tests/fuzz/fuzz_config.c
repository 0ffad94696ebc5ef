/* SPDX-License-Identifier: MIT */
/* ruamill.conf: what is read keeps its promises, and what is not is told with its line. */
#include <stdint.h>

#include "base/bug.h"
#include "cli/config.h"
#include "cli/config_keys.h"

#include "base/banned.h"

static void check_source(const struct config_source *s)
{
	size_t length = strlen(s->name) + strlen(s->settings.from);

	for (size_t i = 0; i < s->settings.trusted.count; i++)
		length += strlen(s->settings.trusted.values[i]);
	BUG_UNLESS(length > 0 && s->line > 0 && s->settings.then && s->settings.if_broken);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = ERR_INIT;
	struct config *c;

	/* as much as is read of a file */
	if (size > 64 * 1024)
		return 0;
	c = config_read("x", slice_of((const char *)data, size), &e);
	BUG_UNLESS(c ||
		   (e.kind == ERR_CONFIG && slice_starts_with(slice_from(e.where), SLICE("x:"))));
	for (size_t i = 0; c && i < c->source_count; i++)
		check_source(&c->sources[i]);
	config_free(c);
	return 0;
}
