/* SPDX-License-Identifier: MIT */
/*
 * Scope cleanup for library handles: what was opened is released on every way out of a block.
 *
 *	SCOPE_DEFINE(fd, int, fd_close)         once, beside the type
 *	SCOPED(fd) int fd = open(...);          declared and initialised in one line
 *	return TAKE(p, NULL);                   hands the handle over: the scope keeps nothing
 *
 * A function uses scope cleanup or `goto out`, never both: gcc lets a goto jump over such a
 * declaration and then releases garbage.
 */
#ifndef BASE_SCOPE_H
#define BASE_SCOPE_H

#include "base/compiler.h"

#define SCOPE_DEFINE(name, type, release)                                                          \
	UNUSED static inline void scope_release_##name(type *handle)                               \
	{                                                                                          \
		release(*handle);                                                                  \
	}                                                                                          \
	struct scope_semicolon_##name

#define SCOPED(name) __attribute__((cleanup(scope_release_##name)))

#define TAKE(handle, nothing)                                                                      \
	__extension__({                                                                            \
		__typeof__(handle) taken_ = (handle);                                              \
		(handle) = (nothing);                                                              \
		taken_;                                                                            \
	})

#endif
