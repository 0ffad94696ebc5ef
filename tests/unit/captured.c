/* SPDX-License-Identifier: MIT */
#include "tests/unit/captured.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/banned.h"

void captured_open(struct captured *c)
{
	*c = (struct captured){ 0 };
	c->out.stream = open_memstream(&c->text, &c->size);
	cr_assert_not_null(c->out.stream);
}

struct slice captured_text(struct captured *c)
{
	output_flush(&c->out);
	cr_assert_eq(c->out.error, 0);
	return slice_of(c->text, c->size);
}

void captured_close(struct captured *c)
{
	cr_assert_eq(fclose(c->out.stream), 0);
	free(c->text);
}
