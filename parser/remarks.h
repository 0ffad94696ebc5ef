/* SPDX-License-Identifier: MIT */
/*
 * What counts of the free text that reporters add to a result. The judge goes by it, and what is stored of a
 * text is no more than this: keys of streams are made of it, so a phrase that is added here makes streams of
 * mail that is stored already new ones.
 */
#ifndef PARSER_REMARKS_H
#define PARSER_REMARKS_H

#include "base/slice.h"

/* Of an override's comment. Filters write "arc=fail" on ordinary mail, which overrides nothing. */
enum arc_remark { ARC_UNSAID, ARC_PASSES, ARC_FAILS, ARC_OTHER };
enum arc_remark remark_on_arc(struct slice comment);

/* Of a DKIM result: receivers who say more than a word name a missing key in so many words. */
bool remark_names_key(struct slice human_result);

/* One text of each kind. */
#define REMARK_ARC_PASSES "arc=pass"
#define REMARK_ARC_FAILS  "arc=fail"
#define REMARK_NO_KEY     "no key"

#endif
