/* SPDX-License-Identifier: MIT */
/*
 * Functions that do not compile here, because each has a safe twin. Included last in every .c file.
 *
 * Copying:  use slices, struct buf, text_copy() (fails where the text does not fit).
 * Numbers:  number.h (whole input, range checked).
 * Times:    timestamp.h (any value, no static buffer, no time zone).
 * Printing: output.h for data, log.h for talk, text_format() into an array.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/* some of them are macros where the library checks their arguments */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat strlcpy strlcat strtok
#pragma GCC poison sprintf vsprintf gets
#pragma GCC poison atoi atol atoll
#pragma GCC poison gmtime localtime ctime asctime
#pragma GCC poison mktemp tmpnam tempnam

#endif
