/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* SA_RESETHAND, pipe2 */
#include "base/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"

#include "base/banned.h"

/* A signal handler has nowhere else to write. */
static volatile sig_atomic_t requested;

/* Readable once a signal came: whoever is about to wait cannot miss it. */
static struct {
	int reader, writer;
} bell = { -1, -1 };

static void on_signal(int number)
{
	int before = errno;

	(void)number;
	requested = 1;
	(void)!write(bell.writer, "", 1);
	errno = before;
}

static void hang_up_bell(void)
{
	int ends[2];

	if (bell.reader >= 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return;
	bell.reader = ends[0];
	bell.writer = ends[1];
}

void interrupt_install(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };

	hang_up_bell();
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
}

bool interrupt_requested(void)
{
	return requested != 0;
}

int interrupt_poll(struct pollfd *polled, size_t count, int milliseconds)
{
	struct pollfd all[INTERRUPT_POLLED + 1];
	int ready;

	BUG_UNLESS(count <= INTERRUPT_POLLED);
	if (count > 0)
		memcpy(all, polled, count * sizeof(*all));
	all[count] = (struct pollfd){ .fd = bell.reader, .events = POLLIN };
	ready = poll(all, count + 1, milliseconds);
	if (ready > 0 && all[count].revents)
		ready--;
	for (size_t i = 0; i < count; i++)
		polled[i].revents = ready > 0 ? all[i].revents : 0;
	return interrupt_requested() ? 0 : ready;
}
