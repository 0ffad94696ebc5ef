/* SPDX-License-Identifier: MIT */
#include "base/spool.h"

#include <unistd.h>

#include "parser/limits.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

static char byte_at(uint64_t offset)
{
	return (char)(unsigned char)(offset * 7 + offset / 256);
}

static void fill(struct spool *s, uint64_t n)
{
	SCOPED(buf) struct buf b = { 0 };
	struct err e = ERR_INIT;

	buf_reserve(&b, n);
	for (uint64_t i = 0; i < n; i++)
		buf_append_byte(&b, byte_at(s->size + i));
	cr_assert(spool_append(s, buf_slice(&b), &e), "%s", e.what);
}

static void expect_read(const struct spool *s, uint64_t offset, size_t n, ssize_t want,
			const char *name)
{
	struct err e = ERR_INIT;
	char bytes[64];

	cr_assert(n <= sizeof(bytes));

	ssize_t got = spool_read(s, bytes, n, offset, &e);

	EXPECT_INT(got, want, name);
	for (ssize_t i = 0; i < got; i++)
		cr_expect(bytes[i] == byte_at(offset + (uint64_t)i), "%s: byte %zd", name, i);
}

static void expect_all_read(const struct spool *s, const char *name)
{
	expect_read(s, 0, 64, 64, name);
	expect_read(s, s->size / 2, 64, 64, name);
	expect_read(s, s->size - 64, 64, 64, name);
	expect_read(s, s->size - 10, 64, 10, name);
	expect_read(s, s->size, 64, 0, name);
	expect_read(s, s->size + 100, 64, 0, name);
	expect_read(s, 10, 0, 0, name);
}

Test(spool, moves_to_a_file_when_it_gets_large)
{
	struct spool s = SPOOL_INIT(LIMIT_ARCHIVE_IN_MEMORY);

	fill(&s, 1000);
	expect_all_read(&s, "small");
	fill(&s, LIMIT_ARCHIVE_IN_MEMORY - 1000);
	EXPECT_INT(s.fd, -1, "at the limit it is in memory");
	expect_all_read(&s, "at the limit");
	fill(&s, 1);
	cr_expect(s.fd >= 0, "past the limit it is in a file");
	EXPECT_INT(s.memory.capacity, 0, "and no longer in memory");
	EXPECT_INT(s.size, LIMIT_ARCHIVE_IN_MEMORY + 1, "size");
	expect_all_read(&s, "past the limit");
	fill(&s, 1000);
	EXPECT_INT(s.size, LIMIT_ARCHIVE_IN_MEMORY + 1001, "size");
	expect_all_read(&s, "in the file");

	int fd = s.fd;

	spool_release(&s);
	cr_expect(lseek(fd, 0, SEEK_CUR) < 0, "closed");
	EXPECT_INT(s.fd, -1, "as new");
	EXPECT_INT(s.size, 0, "as new");
}

Test(spool, goes_to_the_file_in_one_step)
{
	struct spool s = SPOOL_INIT(LIMIT_ARCHIVE_IN_MEMORY);

	fill(&s, LIMIT_ARCHIVE_IN_MEMORY + 1);
	cr_expect(s.fd >= 0, "in a file");
	expect_all_read(&s, "one piece");
	spool_release(&s);
}

Test(spool, may_be_empty)
{
	struct spool s = SPOOL_INIT(LIMIT_ARCHIVE_IN_MEMORY);

	fill(&s, 0);
	expect_read(&s, 1, 64, 0, "nothing in it");
	spool_release(&s);
	spool_release(&s);
}
