/* SPDX-License-Identifier: MIT */
/* What we ask of the compiler beyond C17, under names that say why. */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_at, first_arg_at)                                                       \
	__attribute__((format(printf, format_at, first_arg_at)))
#define UNUSED __attribute__((unused))

/* A large array that is filled before it is looked at: the release zeroes all others first. */
#define UNINITIALISED __attribute__((uninitialized))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
