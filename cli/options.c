/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"

#include "base/banned.h"

enum { HELP_COLUMN = 26, MAX_OPTIONS = 64 };

static const struct option *find_long(const struct option *const *tables, struct slice name)
{
	for (; *tables; tables++) {
		for (const struct option *o = *tables; o->name; o++) {
			if (slice_equal(name, slice_from(o->name)))
				return o;
		}
	}
	return NULL;
}

static const struct option *find_letter(const struct option *const *tables, char letter)
{
	for (; *tables; tables++) {
		for (const struct option *o = *tables; o->name; o++) {
			if (o->letter == letter)
				return o;
		}
	}
	return NULL;
}

static bool unknown_option(const struct option *const *tables, struct slice name, struct err *e)
{
	const char *names[MAX_OPTIONS + 1] = { NULL };
	size_t n = 0;

	for (; *tables; tables++) {
		for (const struct option *o = *tables; o->name && n < MAX_OPTIONS; o++)
			names[n++] = o->name;
	}

	const char *nearest = text_nearest(name, names);

	err_set(e, ERR_USAGE, "unknown option");
	err_where(e, "%.*s", SLICE_ARG(name));
	if (nearest)
		return err_remedy(e, "did you mean %s?", nearest);
	return err_remedy(e, "--help lists the options");
}

struct cursor {
	const struct option *const *tables;
	const char **argv;
	size_t next;
	char *target;
};

static bool needs_value(const struct option *o, struct err *e)
{
	err_set(e, ERR_USAGE, "the option needs a value");
	err_where(e, "%s", o->name);
	return err_remedy(e, "%s %s", o->name, o->argument);
}

void option_list_add(struct option_list *list, const char *value)
{
	list->values = memory_grow_array(list->values, list->count, &list->capacity,
					 sizeof(*list->values));
	list->values[list->count++] = value;
}

/* attached: the value that came in the same argument, or NULL. */
static bool apply(struct cursor *c, const struct option *o, const char *attached, struct err *e)
{
	void *member = c->target + o->offset;

	if (o->kind == OPTION_FLAG) {
		*(bool *)member = true;
		if (!attached)
			return true;
		err_set(e, ERR_USAGE, "the option takes no value");
		return err_where(e, "%s", o->name);
	}
	if (!attached)
		attached = c->argv[c->next] ? c->argv[c->next++] : NULL;
	if (!attached)
		return needs_value(o, e);
	if (o->kind == OPTION_LIST)
		option_list_add(member, attached);
	else
		*(const char **)member = attached;
	return true;
}

static bool parse_long(struct cursor *c, const char *argument, struct err *e)
{
	struct slice text = slice_from(argument);
	size_t equals = slice_find(text, '=');
	struct slice name = slice_prefix(text, equals);
	const struct option *o = find_long(c->tables, name);

	if (!o)
		return unknown_option(c->tables, name, e);
	return apply(c, o, equals < text.n ? argument + equals + 1 : NULL, e);
}

/* -qv, -o FILE, -oFILE */
static bool parse_letters(struct cursor *c, const char *argument, struct err *e)
{
	for (const char *p = argument + 1; *p; p++) {
		const struct option *o = find_letter(c->tables, *p);
		char name[] = { '-', *p, '\0' };

		if (!o)
			return unknown_option(c->tables, slice_from(name), e);
		if (o->kind != OPTION_FLAG)
			return apply(c, o, p[1] ? p + 1 : NULL, e);
		if (!apply(c, o, NULL, e))
			return false;
	}
	return true;
}

bool options_parse(const struct option *const *tables, const char **argv, void *target,
		   struct arguments *arguments_out, struct err *e)
{
	struct cursor c = { tables, argv, 0, target };
	size_t operands = 0;
	bool options_over = false;

	while (argv[c.next]) {
		const char *argument = argv[c.next++];
		bool is_option = !options_over && argument[0] == '-' && argument[1] != '\0';

		if (!is_option) {
			argv[operands++] = argument;
		} else if (argument[1] != '-') {
			if (!parse_letters(&c, argument, e))
				return false;
		} else if (argument[2] == '\0') {
			options_over = true;
		} else if (!parse_long(&c, argument, e)) {
			return false;
		}
	}
	argv[operands] = NULL;
	*arguments_out = (struct arguments){ argv, operands };
	return true;
}

void options_release(const struct option *const *tables, void *target)
{
	for (; *tables; tables++) {
		for (const struct option *o = *tables; o->name; o++) {
			struct option_list *list = (void *)((char *)target + o->offset);

			if (o->kind != OPTION_LIST)
				continue;
			free(list->values);
			*list = (struct option_list){ 0 };
		}
	}
}

void options_describe(struct buf *out, const struct option *const *tables)
{
	for (; *tables; tables++) {
		for (const struct option *o = *tables; o->name; o++) {
			size_t start = out->n;

			if (o->letter)
				buf_printf(out, "  -%c, %s", o->letter, o->name);
			else
				buf_printf(out, "      %s", o->name);
			if (o->argument)
				buf_printf(out, " %s", o->argument);

			size_t width = out->n - start;

			if (width + 1 < HELP_COLUMN)
				buf_printf(out, "%*s", (int)(HELP_COLUMN - width), "");
			else
				buf_printf(out, "\n%*s", HELP_COLUMN, "");
			buf_printf(out, "%s\n", o->help);
		}
	}
}

bool options_choose(const char *option, const char *value, const char *const *choices,
		    size_t *index_out, struct err *e)
{
	SCOPED(buf) struct buf list = { 0 };

	for (size_t i = 0; choices[i]; i++) {
		if (slice_equal(slice_from(value), slice_from(choices[i]))) {
			*index_out = i;
			return true;
		}
		buf_printf(&list, "%s%s", i == 0 ? "" : ", ", choices[i]);
	}
	err_set(e, ERR_USAGE, "not a value of %s", option);
	err_where(e, "%s", value);
	return err_remedy(e, "choose one of: %s", buf_text(&list));
}

bool options_number(const char *option, const char *value, const struct option_number *kind,
		    uint64_t *number_out, struct err *e)
{
	struct slice digits = slice_from(value), unit = slice_from(kind->unit);

	if (!value)
		return true;
	if (slice_ends_with(digits, unit))
		digits.n -= unit.n;
	if (number_parse_u64(digits, 1, kind->most, number_out))
		return true;
	err_set(e, ERR_USAGE, "not a number of %s, or too large", kind->what);
	err_where(e, "%s %s", option, value);
	return err_remedy(e, "give it like %s", kind->example);
}
