/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C and SIGTERM as a question: long work asks between two messages, finishes what it has begun
 * and ends cleanly. The second signal kills, as it would have without this.
 */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

void interrupt_install(void);
bool interrupt_requested(void);

/*
 * As poll(), which a signal ends at once, also one that came just before: 0 then. The descriptors may be
 * INTERRUPT_POLLED at most.
 */
enum { INTERRUPT_POLLED = 64 };
int interrupt_poll(struct pollfd *polled, size_t count, int milliseconds);

#endif
