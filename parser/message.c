/* SPDX-License-Identifier: MIT */
#include "parser/message.h"

#include <stdlib.h>

#include "base/memory.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(outcome, OUTCOME_LIST)

enum ending outcome_ending(enum outcome outcome, bool faulty)
{
	static const enum ending endings[outcome_count] = {
		[OUTCOME_STORED] = ENDING_GOOD,           [OUTCOME_DUPLICATE] = ENDING_GOOD,
		[OUTCOME_CONFLICTING] = ENDING_GOOD,      [OUTCOME_NOT_A_REPORT] = ENDING_LEFT,
		[OUTCOME_BROKEN] = ENDING_FAULTY,         [OUTCOME_TOO_LARGE] = ENDING_LEFT,
		[OUTCOME_TOO_OLD] = ENDING_FAULTY,        [OUTCOME_INVALID_DATE] = ENDING_FAULTY,
		[OUTCOME_UNSUPPORTED_KIND] = ENDING_LEFT,
	};
	enum ending ending = endings[outcome];

	/* what could not be read of it is in this mail alone, were the rest ever so well known */
	return ending == ENDING_GOOD && faulty ? ENDING_FAULTY : ending;
}

void message_release(struct message *m)
{
	free(m->source);
	free(m->locator);
	free(m->message_id);
	mail_origin_release(&m->origin);
	*m = (struct message){ 0 };
}

void message_learn(struct message *m, const struct message *read)
{
	free(m->message_id);
	mail_origin_release(&m->origin);
	m->message_id = memory_copy(slice_from(read->message_id));
	m->origin = (struct mail_origin){
		.from_domain = memory_copy(slice_from(read->origin.from_domain)),
		.signer = memory_copy(slice_from(read->origin.signer)),
		.proof = read->origin.proof,
	};
}

void place_release(struct place *p)
{
	free(p->source);
	free(p->locator);
	*p = (struct place){ 0 };
}

bool message_is_settled_later(const struct message *m)
{
	for (size_t i = 0; i < ENDING_COUNT; i++) {
		if (m->settle_later[i])
			return true;
	}
	return false;
}
