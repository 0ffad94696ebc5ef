/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C and SIGTERM as a question: long work asks between two messages, finishes what it has begun
 * and ends cleanly. The second signal kills, as it would have without this.
 */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

#include <stdbool.h>

void interrupt_install(void);
bool interrupt_requested(void);

#endif
