/* SPDX-License-Identifier: MIT */
/*
 * What the memory of a process is made of: the text of /proc/PID/smaps, range after range. In the header, as
 * programs of several folders look.
 */
#ifndef TESTS_MEMORY_MAP_H
#define TESTS_MEMORY_MAP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/slice.h"

struct memory_range {
	uintptr_t from, to;
	bool in_core; /* it may be written, and is not marked "do not dump" */
};

/* "55d0c0a00000-55d0c0a21000 rw-p 00000000 00:00 0" */
static inline bool memory_range_begin(struct memory_range *r, struct slice line)
{
	struct slice rights = line;
	char text[64];
	char *end;

	if (!slice_cut(&rights, ' ', &line) || slice_find(line, '-') == line.n ||
	    !slice_to_cstr(line, text, sizeof(text)))
		return false;
	r->from = strtoull(text, &end, 16);
	r->to = *end == '-' ? strtoull(end + 1, &end, 16) : 0;
	r->in_core = slice_starts_with(rights, SLICE("rw"));
	return r->to > r->from;
}

/* False behind the last. */
static inline bool memory_map_next(struct slice *rest, struct memory_range *r)
{
	bool begun = false;
	struct slice line;

	while (slice_cut(rest, '\n', &line)) {
		begun = begun || memory_range_begin(r, line);
		if (!slice_starts_with(line, SLICE("VmFlags:")))
			continue;
		r->in_core = r->in_core && !slice_contains_icase(line, SLICE(" dd"));
		return begun;
	}
	return false;
}

#endif
