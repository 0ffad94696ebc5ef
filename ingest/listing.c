/* SPDX-License-Identifier: MIT */
#include "ingest/listing.h"

#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"

#include "base/banned.h"

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names lie one after the other, terminated; now that the text no longer moves, point at them. */
static void index_names(struct listing *l)
{
	char *name = l->text.p;

	l->names = memory_resize_array(NULL, l->count, sizeof(*l->names));
	for (size_t i = 0; i < l->count; i++) {
		l->names[i] = name;
		name += strlen(name) + 1;
	}
	qsort(l->names, l->count, sizeof(*l->names), compare_names);
}

bool listing_read(struct listing *l, const char *folder, struct err *e)
{
	SCOPED(dir) DIR *dir = opendir(folder);
	const struct dirent *entry;

	*l = (struct listing){ 0 };
	if (!dir) {
		err_set_errno(e, ERR_NO_INPUT, errno, "cannot read the folder");
		return err_where(e, "%s", folder);
	}
	/* readdir_r is no better: this DIR is ours alone */
	for (;;) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			break;
		if (entry->d_name[0] == '.')
			continue;
		buf_append(&l->text, slice_of(entry->d_name, strlen(entry->d_name) + 1));
		l->count++;
	}
	if (errno != 0) {
		err_set_errno(e, ERR_NO_INPUT, errno, "cannot read the folder");
		listing_release(l);
		return err_where(e, "%s", folder);
	}
	index_names(l);
	return true;
}

void listing_release(struct listing *l)
{
	free(l->names);
	buf_release(&l->text);
	*l = (struct listing){ 0 };
}
