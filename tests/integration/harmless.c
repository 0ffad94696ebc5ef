/* SPDX-License-Identifier: MIT */
/*
 * Is what was printed harmless, whatever was put in? It has a decoder and a list of its own, so that it
 * does not believe what it checks.
 *
 *	harmless text|csv|json FILE...
 *
 * Names each offence with its line; status 1 if there is one.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OFFENCES_TOLD = 10 };

struct check {
	const char *file;
	const unsigned char *bytes;
	size_t n, at;
	size_t line;
	size_t offences;
};

static void offend(struct check *c, const char *what, unsigned long value)
{
	if (++c->offences <= OFFENCES_TOLD)
		printf("%s:%zu: %s (%#lx)\n", c->file, c->line, what, value);
}

/* One character by RFC 3629; 0 for bytes that are none. */
static size_t character(const unsigned char *p, size_t n, uint32_t *point)
{
	size_t length = p[0] < 0x80            ? 1
		: p[0] >= 0xC2 && p[0] <= 0xDF ? 2
		: p[0] >= 0xE0 && p[0] <= 0xEF ? 3
		: p[0] >= 0xF0 && p[0] <= 0xF4 ? 4
					       : 0;

	if (length == 0 || length > n)
		return 0;
	*point = length == 1 ? p[0] : p[0] & (0x7FU >> length);
	for (size_t i = 1; i < length; i++) {
		if (p[i] < 0x80 || p[i] > 0xBF)
			return 0;
		*point = *point << 6 | (p[i] & 0x3F);
	}
	if ((length == 3 && *point < 0x800) || (length == 4 && *point < 0x10000) ||
	    (*point >= 0xD800 && *point <= 0xDFFF) || *point > 0x10FFFF)
		return 0;
	return length;
}

/* What moves a cursor, sets a colour or a title, or turns the direction of writing. */
static int is_forbidden(uint32_t point)
{
	return (point < 0x20 && point != '\n') || (point >= 0x7F && point <= 0x9F) ||
		point == 0x061C || point == 0x200E || point == 0x200F ||
		(point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
		point == 0xFEFF || (point >= 0xE0000 && point <= 0xE007F);
}

/* carriage: may a line end with one before its newline? */
static void check_characters(struct check *c, int carriage)
{
	for (c->at = 0, c->line = 1; c->at < c->n;) {
		uint32_t point = 0;
		size_t length = character(c->bytes + c->at, c->n - c->at, &point);
		int ends = carriage && point == '\r' && c->at + 1 < c->n &&
			c->bytes[c->at + 1] == '\n';

		if (length == 0)
			offend(c, "not UTF-8", c->bytes[c->at]);
		else if (is_forbidden(point) && !ends)
			offend(c, "a character that steers", point);
		c->line += point == '\n';
		c->at += length == 0 ? 1 : length;
	}
}

/* -- CSV, RFC 4180 */

static unsigned char next(struct check *c)
{
	return c->at < c->n ? c->bytes[c->at++] : '\0';
}

static void quoted_cell(struct check *c)
{
	size_t start = c->at;

	if (start < c->n && c->bytes[start] != '\0' && strchr("=+-@\t\r", c->bytes[start]))
		offend(c, "a cell that a spreadsheet computes", c->bytes[start]);
	while (c->at < c->n) {
		unsigned char byte = next(c);

		if (byte == '\n')
			offend(c, "a line that ends inside a cell", byte);
		if (byte != '"')
			continue;
		if (c->at >= c->n || c->bytes[c->at] != '"')
			return;
		c->at++;
	}
	offend(c, "a quote without an end", '"');
}

/* What is not quoted is a number, a word of ours, or nothing. */
static void bare_cell(struct check *c)
{
	while (c->at < c->n && c->bytes[c->at] != '\0' && !strchr(",\r\n", c->bytes[c->at])) {
		unsigned char byte = next(c);

		if (!(byte >= '0' && byte <= '9') && !(byte >= 'a' && byte <= 'z') && byte != '.')
			offend(c, "a cell without quotes", byte);
	}
}

/* The number of cells of the line. */
static size_t csv_line(struct check *c)
{
	size_t cells = 1;

	for (;; cells++) {
		if (c->at < c->n && c->bytes[c->at] == '"') {
			c->at++;
			quoted_cell(c);
		} else {
			bare_cell(c);
		}
		if (c->at >= c->n || c->bytes[c->at] != ',')
			break;
		c->at++;
	}
	if (next(c) != '\r' || next(c) != '\n')
		offend(c, "a line that does not end behind a cell", 0);
	c->line++;
	return cells;
}

static void check_csv(struct check *c)
{
	size_t columns = 0;

	c->at = 0;
	c->line = 1;
	while (c->at < c->n && c->offences == 0) {
		size_t cells = csv_line(c);

		if (columns == 0)
			columns = cells;
		else if (cells != columns)
			offend(c, "another number of cells", cells);
	}
}

static unsigned char *contents(const char *path, size_t *n)
{
	FILE *file = fopen(path, "rb");
	size_t capacity = 1 << 20;
	unsigned char *bytes = malloc(capacity);

	*n = 0;
	if (!file || !bytes) {
		perror(path);
		exit(2);
	}
	while (!feof(file) && !ferror(file)) {
		if (*n == capacity)
			bytes = realloc(bytes, capacity *= 2);
		if (!bytes)
			exit(2);
		*n += fread(bytes + *n, 1, capacity - *n, file);
	}
	(void)fclose(file);
	return bytes;
}

int main(int argc, char **argv)
{
	size_t offences = 0;

	for (int i = 2; i < argc; i++) {
		size_t n;
		unsigned char *bytes = contents(argv[i], &n);
		struct check c = { .file = argv[i], .bytes = bytes, .n = n };

		check_characters(&c, strcmp(argv[1], "csv") == 0);
		if (strcmp(argv[1], "csv") == 0)
			check_csv(&c);
		offences += c.offences;
		free(bytes);
	}
	return offences > 0;
}
