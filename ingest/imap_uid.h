/* SPDX-License-Identifier: MIT */
/* Mails in the order of their UIDs, in lists of any shape. */
#ifndef INGEST_IMAP_UID_H
#define INGEST_IMAP_UID_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The first item whose UID, which items begin with, is not below; count where there is none. */
static inline size_t imap_uid_position(const void *list, size_t count, size_t size, uint32_t uid)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint32_t there;

		memcpy(&there, (const char *)list + middle * size, sizeof(there));
		if (there < uid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

#endif
