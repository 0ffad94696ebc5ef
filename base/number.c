/* SPDX-License-Identifier: MIT */
#include "base/number.h"

#include "base/banned.h"

bool number_parse_u64(struct slice s, uint64_t min, uint64_t max, uint64_t *value_out)
{
	uint64_t value = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!byte_is_digit(s.p[i]))
			return false;

		uint64_t digit = (uint64_t)(s.p[i] - '0');

		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (value < min || value > max)
		return false;
	*value_out = value;
	return true;
}

bool number_parse_i64(struct slice s, int64_t min, int64_t max, int64_t *value_out)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	uint64_t magnitude;
	uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;

	if (!number_parse_u64(negative ? slice_from_offset(s, 1) : s, 0, limit, &magnitude))
		return false;

	int64_t value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;

	if (value < min || value > max)
		return false;
	*value_out = value;
	return true;
}
