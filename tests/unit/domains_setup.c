/* SPDX-License-Identifier: MIT */
#include "tests/unit/domains_setup.h"

#include <criterion/criterion.h>

#include "parser/parser.h"

#include "base/banned.h"

struct domains *domains;

void domains_setup(void)
{
	struct err e = ERR_INIT;

	domains = domains_load(&e);
	cr_assert_not_null(domains, "%s", e.what);
	parser_start();
}

void domains_teardown(void)
{
	domains_free(domains);
}
