/* SPDX-License-Identifier: MIT */
/*
 * Moves a file without ever writing over another, within a file system or to another one. Whenever it
 * is cut short the file is whole in at least one of the two places, and the same move may be made again.
 */
#ifndef BASE_MOVE_H
#define BASE_MOVE_H

#include <sys/types.h>

#include "base/err.h"

struct move {
	const char *from;
	const char *stem; /* the new path is stem tail, or stem-1 tail, ... where that is taken */
	const char *tail; /* ":2,S" */
	const char *scratch; /* a folder beside the new path, for a copy that is under way */
};

/*
 * 1: moved, and *path_out (ours, free()) is where it is now; a file with the same bytes that is there
 * already is taken for it. 0: there is no such file. -1: ERR_OUTPUT, and it is where it was.
 */
int move_file(const struct move *m, char **path_out, struct err *e);

/* The nth name of a move, from 0: ours, free(). */
char *move_name(const struct move *m, unsigned n);

/* Makes a folder with those above it; one that is there is kept as it is. */
MUST_USE bool folder_make(const char *path, mode_t mode, struct err *e);

#endif
