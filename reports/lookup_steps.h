/* SPDX-License-Identifier: MIT */
/*
 * The name of one address, question by question: first which names it has, then for each of them
 * whether it holds the address, until one does. Somebody else asks, and says what came back; nothing
 * here waits or sends.
 */
#ifndef REPORTS_LOOKUP_STEPS_H
#define REPORTS_LOOKUP_STEPS_H

#include "reports/judge.h"
#include "reports/lookup_reply.h"

struct lookup_steps {
	struct address address;
	struct reply_names names;
	size_t tried;    /* of the names */
	bool has_names;  /* it is known which */
	bool unanswered; /* whether one of them holds the address could not be told */
	struct host host;
};

struct lookup_question {
	char name[LOOKUP_NAME_SIZE];
	int type;
};

/* What became of a question. */
enum lookup_reply {
	LOOKUP_REPLY,   /* there is one, to be read */
	LOOKUP_NOTHING, /* the name, or records of the type, do not exist */
	LOOKUP_FAILED,  /* nobody could tell: may be asked another time */
};

void lookup_steps_begin(struct lookup_steps *s, const struct address *address);

/* What is to be asked now. */
void lookup_steps_question(const struct lookup_steps *s, struct lookup_question *question_out);

/*
 * True: that was the last question, and s->host says what is known: HOST_NOT_LOOKED_UP where questions
 * failed that would decide. Its name is valid as long as s.
 */
MUST_USE bool lookup_steps_answer(struct lookup_steps *s, enum lookup_reply kind,
				  struct slice reply);

#endif
