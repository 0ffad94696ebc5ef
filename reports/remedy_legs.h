/* SPDX-License-Identifier: MIT */
/* What each cause asks for. Inside remedies only. */
#ifndef REPORTS_REMEDY_LEGS_H
#define REPORTS_REMEDY_LEGS_H

#include "reports/remedy_writer.h"

/* DMARC fails, or hangs on the other leg. */
void remedy_dkim_leg(struct writer *w);
void remedy_spf_leg(struct writer *w);

/* DMARC passes on DKIM: what a second leg would take, where it is worth a word. */
void remedy_spf_second_leg(struct writer *w);

/* A forwarded copy: what signing at the source would mend. */
void remedy_dkim_forwarded(struct writer *w);

/* Would an aligned signature at the source mend it, with nothing else to know? */
bool remedy_signing_mends(enum dkim_cause cause);

/* What to say of an envelope that the service uses for one purpose only; absent for any other. */
struct slice remedy_note_for(const struct judgement *j);

#endif
