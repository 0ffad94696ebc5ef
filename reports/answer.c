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
