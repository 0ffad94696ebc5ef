/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* explicit_bzero, madvise */
#include "base/secret.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/banned.h"

void secret_begin(struct buf *b)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	*b = (struct buf){ 0 };
	buf_reserve(b, SECRET_ROOM);

	/* whole pages, neighbours and all; they stay so: another secret may lie in the same one */
	uintptr_t first = (uintptr_t)b->p / page * page;
	uintptr_t end = ((uintptr_t)b->p + b->capacity + page - 1) / page * page;

	(void)madvise(b->p - ((uintptr_t)b->p - first), end - first, MADV_DONTDUMP);
}

void secret_end(struct buf *b)
{
	if (b->p)
		explicit_bzero(b->p, b->capacity);
	buf_release(b);
}

bool secret_take_variable(struct buf *b, const char *name)
{
	char *value = getenv(name);

	if (!value)
		return false;
	buf_append_text(b, value);
	explicit_bzero(value, strlen(value));
	return unsetenv(name) == 0;
}
