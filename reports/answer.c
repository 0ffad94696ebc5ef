/* SPDX-License-Identifier: MIT */
#include "reports/answer.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(answer_format, ANSWER_FORMAT_LIST)

void answer_print(const struct answer *a, enum answer_format format, unsigned width,
		  struct output *out)
{
	switch (format) {
	case ANSWER_TABLE:
		answer_print_table(a, width, out);
		break;
	case ANSWER_CSV:
		answer_print_csv(a, out);
		break;
	case ANSWER_JSON:
		answer_print_json(a, out);
		break;
	}
}

void number_append_grouped(struct buf *b, uint64_t number)
{
	if (number >= 1000) {
		number_append_grouped(b, number / 1000);
		buf_printf(b, ",%03u", (unsigned)(number % 1000));
	} else {
		buf_printf(b, "%u", (unsigned)number);
	}
}

void share_append(struct buf *b, uint64_t number, uint64_t total, enum share_precision precision)
{
	unsigned all = precision == SHARE_WHOLE ? 100 : 1000;

	if (total == 0) {
		buf_append_text(b, "-");
		return;
	}

	unsigned share = (unsigned)((double)number / (double)total * all + 0.5);

	if (share == 0 && number > 0)
		share = 1;
	if (share >= all && number < total)
		share = all - 1;
	if (precision == SHARE_WHOLE)
		buf_printf(b, "%u %%", share);
	else
		buf_printf(b, "%u.%u %%", share / 10, share % 10);
}
