/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* SA_RESETHAND */
#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>

#include "base/banned.h"

/* A signal handler has nowhere else to write. */
static volatile sig_atomic_t requested;

static void on_signal(int number)
{
	(void)number;
	requested = 1;
}

void interrupt_install(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
}

bool interrupt_requested(void)
{
	return requested != 0;
}
