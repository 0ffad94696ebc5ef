/* SPDX-License-Identifier: MIT */
#include "reports/amounts.h"

#include "base/banned.h"

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

void rate_append(struct buf *b, uint64_t hundredths)
{
	uint64_t tenths = hundredths / 10 + (hundredths % 10 >= 5);

	if (hundredths > 0 && tenths == 0)
		tenths = 1;
	if (tenths >= 100)
		number_append_grouped(b, hundredths / 100 + (hundredths % 100 >= 50));
	else if (tenths % 10 == 0)
		buf_printf(b, "%u", (unsigned)(tenths / 10));
	else
		buf_printf(b, "%u.%u", (unsigned)(tenths / 10), (unsigned)(tenths % 10));
}
