/* SPDX-License-Identifier: MIT */
/*
 * We are wrong: abort with a core, in every build. Nothing that a sender can write may reach this;
 * for input use struct err.
 */
#ifndef BASE_BUG_H
#define BASE_BUG_H

__attribute__((noreturn)) void bug_at(const char *file, int line, const char *what);

#define BUG(what) bug_at(__FILE__, __LINE__, (what))
#define BUG_UNLESS(condition)                                                                      \
	do {                                                                                       \
		if (!(condition))                                                                  \
			BUG(#condition);                                                           \
	} while (0)

#endif
