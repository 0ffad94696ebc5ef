/* SPDX-License-Identifier: MIT */
/* Judgements and remedies as JSON members: the same names wherever they are printed. */
#ifndef REPORTS_JUDGEMENT_JSON_H
#define REPORTS_JUDGEMENT_JSON_H

#include "base/json.h"
#include "reports/remedy.h"

/* "sender" to "flags", into the object that is open. */
void judgement_put(struct json *j, const struct judgement *judgement, const struct record *record);

/* "agreement": how the reporter's claims stand to the evidence. */
void agreement_put(struct json *j, const struct alignment *aligned);

/* "dkim" and "spf": the evidence; with what reporters say of it in words, where that was kept. */
void dkim_results_put(struct json *j, const struct record *r, bool words);
void spf_results_put(struct json *j, const struct record *r, bool words);

/* "remedies": the lines, in their order. */
void remedies_put(struct json *j, const struct remedy *remedy);

/* A list of strings. */
void strings_put(struct json *j, const char *key, const struct slice *list, size_t count);

#endif
