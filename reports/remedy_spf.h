/* SPDX-License-Identifier: MIT */
/* What each cause of SPF asks for. Inside remedies only. */
#ifndef REPORTS_REMEDY_SPF_H
#define REPORTS_REMEDY_SPF_H

#include "reports/remedy_writer.h"

/* DMARC fails, or hangs on the other leg. */
void remedy_spf_leg(struct writer *w);

/* DMARC passes on DKIM: what a second leg would take, where it is worth a word. */
void remedy_spf_second_leg(struct writer *w);

/* What to say of an envelope that the service uses for one purpose only; absent for any other. */
struct slice remedy_note_for(const struct judgement *j);

#endif
