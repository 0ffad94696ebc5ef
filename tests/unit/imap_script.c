/* SPDX-License-Identifier: MIT */
#include "tests/unit/imap_script.h"

#include "base/file.h"
#include "tests/memory_map.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

enum { SMAPS_BYTES = 16 << 20 };

static bool script_open(struct imap_transport *t, struct err *e UNUSED)
{
	struct imap_script *s = (struct imap_script *)t;

	s->opened++;
	if (*s->steps && (*s->steps)[0] == '!')
		s->steps++;
	return true;
}

static bool is_in_core(struct slice bytes)
{
	SCOPED(buf) struct buf map = { 0 };
	uintptr_t from = (uintptr_t)bytes.p;
	struct err e = ERR_INIT;
	struct memory_range range;
	struct slice rest;

	cr_assert(file_read_all("/proc/self/smaps", SMAPS_BYTES, &map, &e), "%s", e.what);
	rest = buf_slice(&map);
	while (memory_map_next(&rest, &range)) {
		if (range.in_core && from < range.to && from + bytes.n > range.from)
			return true;
	}
	return false;
}

static bool script_send(struct imap_transport *t, struct slice bytes, struct err *e UNUSED)
{
	struct imap_script *s = (struct imap_script *)t;
	struct slice lines, line;

	s->in_core = is_in_core(bytes) || s->in_core;
	buf_append(&s->sent, bytes);
	cr_assert(slice_ends_with(buf_slice(&s->sent), SLICE("\r\n")), "%s: half a line", s->name);
	lines = slice_prefix(buf_slice(&s->sent), s->sent.n - 1);
	while (slice_cut(&lines, '\n', &line)) {
		line = slice_trim(line);
		if (slice_equal(line, SLICE("R0 LOGOUT")))
			continue;
		cr_assert(*s->steps && (*s->steps)[0] == '>', "%s: '%.*s' is sent, not '%s'",
			  s->name, SLICE_ARG(line), *s->steps ? *s->steps : "nothing");
		EXPECT_TEXT(line, *s->steps + 2, s->name);
		s->steps++;
	}
	buf_clear(&s->sent);
	return true;
}

static ssize_t script_receive(struct imap_transport *t, char *bytes, size_t n, struct err *e UNUSED)
{
	struct imap_script *s = (struct imap_script *)t;
	SCOPED(buf) struct buf text = { 0 };

	if (!*s->steps || (*s->steps)[0] == '!')
		return 0;
	cr_assert((*s->steps)[0] != '>', "%s: nothing is sent, not '%s'", s->name, *s->steps);
	buf_append_text(&text, *s->steps + 2);
	if ((*s->steps)[0] == '<')
		buf_append_text(&text, "\r\n");

	struct slice rest = slice_from_offset(buf_slice(&text), s->given);
	struct slice piece = slice_prefix(rest, s->piece && s->piece < n ? s->piece : n);

	memcpy(bytes, piece.p, piece.n);
	s->given += piece.n;
	if (s->given == text.n) {
		s->given = 0;
		s->steps++;
	}
	return (ssize_t)piece.n;
}

/* Nothing comes while the client has something to say, or after a pause. */
static ssize_t script_arrived(struct imap_transport *t, char *bytes, size_t n, struct err *e)
{
	struct imap_script *s = (struct imap_script *)t;

	if (!*s->steps || (*s->steps)[0] == '>')
		return IMAP_NOTHING_YET;
	if ((*s->steps)[0] != '~')
		return script_receive(t, bytes, n, e);
	s->steps++;
	return IMAP_NOTHING_YET;
}

static int script_descriptor(const struct imap_transport *t UNUSED)
{
	return 0;
}

static void script_shut(struct imap_transport *t UNUSED)
{
}

static void script_back_off(struct imap_transport *t, unsigned attempts UNUSED)
{
	((struct imap_script *)t)->backed_off++;
}

static const struct imap_transport_ops script_ops = {
	script_open,       script_send, script_receive,  script_arrived,
	script_descriptor, script_shut, script_back_off,
};

void imap_script_init(struct imap_script *s, const char *name, const char *const *steps)
{
	*s = (struct imap_script){ .transport.ops = &script_ops, .name = name, .steps = steps };
}

void imap_script_end(struct imap_script *s)
{
	cr_expect(!*s->steps, "%s: it ends before '%s'", s->name, *s->steps ? *s->steps : "");
	buf_release(&s->sent);
}
