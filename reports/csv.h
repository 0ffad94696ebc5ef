/* SPDX-License-Identifier: MIT */
/*
 * The CSV writer: the one place that escapes for CSV. A text that a spreadsheet would take for a
 * formula gets an apostrophe in front; control characters become visible.
 */
#ifndef REPORTS_CSV_H
#define REPORTS_CSV_H

#include <stdint.h>

#include "base/buf.h"

void csv_append_text(struct buf *line, bool first, struct slice text);
void csv_append_number(struct buf *line, bool first, uint64_t number);
void csv_append_hundredths(struct buf *line, bool first, uint64_t hundredths); /* 1234: 12.34 */
void csv_append_boolean(struct buf *line, bool first, bool value);
void csv_append_nothing(struct buf *line, bool first);
void csv_end_line(struct buf *line);

#endif
