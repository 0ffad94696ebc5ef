/* SPDX-License-Identifier: MIT */
#include "cli/secrets.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/secret.h"

#include "base/banned.h"

struct secret_variable {
	const char *name; /* borrowed */
	bool set;
	struct buf value;
};

/* Several sources may have the same one. */
static struct secret_variable *find(const struct secrets *secrets, const char *name)
{
	for (size_t i = 0; i < secrets->count; i++) {
		if (strcmp(secrets->variables[i].name, name) == 0)
			return &secrets->variables[i];
	}
	return NULL;
}

static struct secret_variable *take(struct secrets *secrets, const char *name)
{
	struct secret_variable *v;

	secrets->variables = memory_grow_array(secrets->variables, secrets->count,
					       &secrets->capacity, sizeof(*secrets->variables));
	v = &secrets->variables[secrets->count++];
	v->name = name;
	secret_begin(&v->value);
	v->set = secret_take_variable(&v->value, name);
	return v;
}

void secrets_take(struct secrets *secrets, struct source_settings *s)
{
	struct imap_access *a = &s->access;
	const char *name = a->password_variable ? a->password_variable : IMAP_PASSWORD_VARIABLE;
	struct secret_variable *v;

	if (!a->password_variable && imap_access_ways(a) > 0)
		return;
	v = find(secrets, name);
	if (!v)
		v = take(secrets, name);
	a->password = v->set ? buf_text(&v->value) : NULL;
}

void secrets_release(struct secrets secrets)
{
	for (size_t i = 0; i < secrets.count; i++)
		secret_end(&secrets.variables[i].value);
	free(secrets.variables);
}
