/* SPDX-License-Identifier: MIT */
/*
 * Files compiled into the binary as they are, so that it needs nothing beside it. `path` is relative
 * to the top of the source tree. The bytes are followed by a NUL that is not counted.
 */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include "base/slice.h"

struct embedded {
	const char *name;
	const char *begin;
	const char *end;
};

#define EMBED_FILE(symbol, path)                                                                   \
	__asm__(".section .rodata\n" #symbol ":\n.incbin \"" path "\"\n" #symbol                   \
		"_end:\n.byte 0\n.previous\n");                                                    \
	extern const char symbol[];                                                                \
	extern const char symbol##_end[]

static inline struct slice embedded_slice(const struct embedded *e)
{
	return slice_of(e->begin, (size_t)(e->end - e->begin));
}

#endif
