/* SPDX-License-Identifier: MIT */
/* What each cause of DKIM asks for. Inside remedies only. */
#ifndef REPORTS_REMEDY_DKIM_H
#define REPORTS_REMEDY_DKIM_H

#include "reports/remedy_writer.h"

/* DMARC fails, or hangs on the other leg. */
void remedy_dkim_leg(struct writer *w);

/* A forwarded copy: what signing at the source would mend. */
void remedy_dkim_forwarded(struct writer *w);

/* Would an aligned signature at the source mend it, with nothing else to know? */
bool remedy_signing_mends(enum dkim_cause cause);

#endif
