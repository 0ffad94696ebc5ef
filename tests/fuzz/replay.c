/* SPDX-License-Identifier: MIT */
/* main() of a fuzz target that is built without a fuzzer: it feeds every file named, and every
 * file of every directory named, to the target. So a stored input is tested with any compiler. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int fail(const char *path, const char *why)
{
	(void)fprintf(stderr, "%s: %s\n", path, why);
	return 1;
}

static int replay_file(const char *path, off_t size)
{
	/* Exactly as large as the file, so that a sanitizer sees the first byte past the end. */
	uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
	FILE *file = fopen(path, "rb");
	size_t got = data && file ? fread(data, 1, (size_t)size, file) : 0;
	int status = 0;

	if (!data || !file || got != (size_t)size)
		status = fail(path, "cannot be read");
	else
		LLVMFuzzerTestOneInput(data, got);
	if (file)
		(void)fclose(file);
	free(data);
	return status;
}

static int replay(const char *path);

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int replay_directory(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, not_hidden, alphasort);
	int status = 0;

	if (count <= 0)
		return fail(path, count == 0 ? "no input in it" : "cannot be read");
	for (int i = 0; i < count; i++) {
		char name[4096];
		int length = snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);

		if (length < 0 || (size_t)length >= sizeof(name))
			status = fail(path, "the name is too long");
		else
			status |= replay(name);
		free(entries[i]);
	}
	free(entries);
	return status;
}

static int replay(const char *path)
{
	struct stat info;

	if (stat(path, &info) != 0)
		return fail(path, "is not there");
	return S_ISDIR(info.st_mode) ? replay_directory(path) : replay_file(path, info.st_size);
}

int main(int argc, char **argv)
{
	int status = argc < 2 ? fail(argv[0], "which files?") : 0;

	for (int i = 1; i < argc; i++)
		status |= replay(argv[i]);
	return status;
}
