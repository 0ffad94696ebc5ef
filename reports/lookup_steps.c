/* SPDX-License-Identifier: MIT */
#include "reports/lookup_steps.h"

#include <ares_nameser.h>

#include "base/buf.h"
#include "base/bug.h"

#include "base/banned.h"

static void append_reverse_v4(struct buf *name, const struct address *a)
{
	buf_printf(name, "%u.%u.%u.%u.in-addr.arpa", a->bytes[3], a->bytes[2], a->bytes[1],
		   a->bytes[0]);
}

static void append_reverse_v6(struct buf *name, const struct address *a)
{
	for (size_t i = 16; i > 0; i--)
		buf_printf(name, "%x.%x.", a->bytes[i - 1] & 15U, a->bytes[i - 1] >> 4);
	buf_append_text(name, "ip6.arpa");
}

void lookup_steps_begin(struct lookup_steps *s, const struct address *address)
{
	*s = (struct lookup_steps){ .address = *address };
}

void lookup_steps_question(const struct lookup_steps *s, struct lookup_question *question_out)
{
	bool v4 = s->address.family == ADDRESS_V4;
	SCOPED(buf) struct buf name = { 0 };

	if (s->has_names) {
		question_out->type = v4 ? T_A : T_AAAA;
		buf_append_text(&name, s->names.names[s->tried]);
	} else {
		question_out->type = T_PTR;
		(v4 ? append_reverse_v4 : append_reverse_v6)(&name, &s->address);
	}
	BUG_UNLESS(slice_to_cstr(buf_slice(&name), question_out->name, sizeof(question_out->name)));
}

static bool finish(struct lookup_steps *s, enum host_state state, size_t name)
{
	s->host = (struct host){ state, SLICE_ABSENT };
	if (state == HOST_CONFIRMED || state == HOST_UNCONFIRMED)
		s->host.name = slice_from(s->names.names[name]);
	return true;
}

static bool take_names(struct lookup_steps *s, enum lookup_reply kind, struct slice reply,
		       struct slice question)
{
	if (kind == LOOKUP_REPLY && !reply_read_names(reply, question, &s->names))
		kind = LOOKUP_FAILED;
	if (kind == LOOKUP_FAILED)
		return finish(s, HOST_NOT_LOOKED_UP, 0);
	s->has_names = true;
	return s->names.count == 0 && finish(s, HOST_NO_NAME, 0);
}

static bool take_address(struct lookup_steps *s, enum lookup_reply kind, struct slice reply,
			 struct slice question)
{
	bool found = false;

	if (kind == LOOKUP_REPLY && !reply_find_address(reply, question, &s->address, &found))
		kind = LOOKUP_FAILED;
	if (kind == LOOKUP_FAILED)
		s->unanswered = true;
	else if (found)
		return finish(s, HOST_CONFIRMED, s->tried);
	if (++s->tried < s->names.count)
		return false;
	return finish(s, s->unanswered ? HOST_NOT_LOOKED_UP : HOST_UNCONFIRMED, 0);
}

bool lookup_steps_answer(struct lookup_steps *s, enum lookup_reply kind, struct slice reply)
{
	struct lookup_question question;

	lookup_steps_question(s, &question);
	return (s->has_names ? take_address : take_names)(s, kind, reply,
							  slice_from(question.name));
}
