/* SPDX-License-Identifier: MIT */
#include "parser/soup.h"

#include "base/text.h"
#include "parser/decode.h"
#include "parser/limits.h"

#include "base/banned.h"

/* The longest reference, leading zeros and all. */
enum { REFERENCE_BYTES = 32 };

/* What is not looked into: it goes on to its closing, however long that takes. */
struct soup_section {
	const char *opening; /* in capitals or not */
	const char *closing;
	enum soup_kind kind;
};

static const struct soup_section sections[] = {
	{ "<!--", "-->", SOUP_IGNORED },
	{ "<![CDATA[", "]]>", SOUP_LITERAL },
	{ "<!DOCTYPE", NULL, SOUP_DOCTYPE },
};

/* But for the XML declaration. */
static const struct soup_section instruction = { "<?", "?>", SOUP_IGNORED };

/* NameStartChar of XML 1.0, 2.3, without the colon and U+FFFD, which is what nobody could read. */
static bool begins_name(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} letters[] = {
		{ 'a', 'z' },       { 'A', 'Z' },       { '_', '_' },         { 0xC0, 0xD6 },
		{ 0xD8, 0xF6 },     { 0xF8, 0x2FF },    { 0x370, 0x37D },     { 0x37F, 0x1FFF },
		{ 0x200C, 0x200D }, { 0x2070, 0x218F }, { 0x2C00, 0x2FEF },   { 0x3001, 0xD7FF },
		{ 0xF900, 0xFDCF }, { 0xFDF0, 0xFFFC }, { 0x10000, 0xEFFFF },
	};

	for (size_t i = 0; i < COUNT_OF(letters); i++) {
		if (point >= letters[i].first && point <= letters[i].last)
			return true;
	}
	return false;
}

/* Length of the name without colon that s begins with. Accents by themselves are in no name here. */
static size_t plain_name_length(struct slice s)
{
	size_t n = 0;

	while (n < s.n) {
		uint32_t point;
		size_t length = utf8_decode(slice_from_offset(s, n), &point);
		bool inside =
			n > 0 && (point == '-' || point == '.' || (point >= '0' && point <= '9'));

		if (!inside && !begins_name(point))
			break;
		n += length;
	}
	return n;
}

size_t soup_name_length(struct slice s)
{
	size_t first = plain_name_length(s);

	if (first == 0 || first == s.n || s.p[first] != ':')
		return first;

	size_t second = plain_name_length(slice_from_offset(s, first + 1));

	return second > 0 ? first + 1 + second : first;
}

static bool is_hexadecimal(char c)
{
	return byte_is_digit(c) || (byte_lower(c) >= 'a' && byte_lower(c) <= 'f');
}

/* CharRef of XML 1.0, 4.1, behind its '#'. */
static bool is_character_number(struct slice s)
{
	uint32_t base = s.n > 0 && s.p[0] == 'x' ? 16 : 10;
	uint32_t point = 0;

	if (base == 16)
		s = slice_from_offset(s, 1);
	for (size_t i = 0; i < s.n; i++) {
		char c = byte_lower(s.p[i]);

		if (!(base == 16 ? is_hexadecimal(c) : byte_is_digit(c)))
			return false;
		point = point * base + (uint32_t)(byte_is_digit(c) ? c - '0' : c - 'a' + 10);
		if (point > 0x10FFFF)
			return false;
	}
	return s.n > 0 && xml_allows(point);
}

size_t soup_reference_length(struct slice s)
{
	static const char *const known[] = { "lt", "gt", "amp", "quot", "apos" };
	struct slice name = slice_from_offset(slice_prefix(s, REFERENCE_BYTES), 1);
	size_t n = slice_find(name, ';');
	size_t ignored;

	if (n == name.n)
		return 0;
	name = slice_prefix(name, n);
	if (slice_starts_with(name, SLICE("#"))
		    ? is_character_number(slice_from_offset(name, 1))
		    : table_find_text(name, known, COUNT_OF(known), &ignored))
		return n + 2;
	return 0;
}

/* Text up to the end of what there is, without a reference that may be cut in two there. */
static size_t without_cut_reference(struct slice text)
{
	for (size_t n = text.n; n > 0 && text.n - n < REFERENCE_BYTES - 1; n--) {
		if (text.p[n - 1] == ';')
			break;
		if (text.p[n - 1] == '&')
			return n - 1;
	}
	return text.n;
}

static const struct soup_token nothing_yet = { .kind = SOUP_MORE };

static struct soup_token token_of(enum soup_kind kind, struct slice text, size_t n)
{
	if (n == 0)
		return nothing_yet;
	return (struct soup_token){ .kind = kind, .bytes = slice_prefix(text, n) };
}

static struct soup_token next_text(struct slice text, bool final)
{
	size_t n = slice_find(text, '<');

	if (n == text.n && !final)
		n = without_cut_reference(text);
	return token_of(SOUP_TEXT, text, n);
}

/* Offset behind the first `closing`, which ends with '>'; 0 if there is none. */
static size_t find_closing(struct slice text, struct slice closing)
{
	for (size_t n = 0; n < text.n;) {
		n += slice_find(slice_from_offset(text, n), '>') + 1;
		if (n <= text.n && slice_ends_with(slice_prefix(text, n), closing))
			return n;
	}
	return 0;
}

/* Its text in pieces, then its closing by itself. */
static struct soup_token next_in_section(struct soup *s, struct slice text, bool final)
{
	struct slice closing = slice_from(s->open->closing);
	size_t end = find_closing(text, closing);
	/* the last bytes may be the beginning of the closing */
	size_t waiting = final ? 0 : closing.n - 1;

	if (end == closing.n) {
		s->open = NULL;
		return token_of(SOUP_IGNORED, text, end);
	}
	if (end > 0)
		return token_of(s->open->kind, text, end - closing.n);
	return token_of(s->open->kind, text, text.n > waiting ? text.n - waiting : 0);
}

enum tag_end { TAG_ENDS, TAG_ENDS_NOT, TAG_MAY_END };

/*
 * Is there a '>' before the next '<'? Not one in quotes, unless those are not closed before the next
 * '<' either: then they were none. `from` lies behind the name.
 */
static enum tag_end find_tag_end(struct slice text, size_t from, size_t *length_out)
{
	char quote = '\0';
	size_t in_quotes = 0; /* behind the first '>' in the quotes that are open */

	for (size_t n = from; n < text.n; n++) {
		char c = text.p[n];

		if (c == quote) {
			quote = '\0';
			in_quotes = 0;
		} else if (quote == '\0' && (c == '"' || c == '\'')) {
			quote = c;
		} else if (quote == '\0' && c == '>') {
			*length_out = n + 1;
			return TAG_ENDS;
		} else if (c == '>' && in_quotes == 0) {
			in_quotes = n + 1;
		} else if (c == '<' && (quote == '\0' || in_quotes > 0)) {
			*length_out = in_quotes;
			return in_quotes > 0 ? TAG_ENDS : TAG_ENDS_NOT;
		}
	}
	return TAG_MAY_END;
}

/* `at` is the offset of its name. */
static struct soup_token tag_of(struct slice bytes, size_t at, size_t name_length)
{
	struct soup_token t = { .bytes = bytes, .name = slice_of(bytes.p + at, name_length) };
	size_t behind = at + name_length;

	t.attributes = slice_of(bytes.p + behind, bytes.n - 1 - behind);
	if (bytes.p[1] == '?')
		t.kind = SOUP_DECLARATION;
	else if (bytes.p[1] == '/')
		t.kind = SOUP_END;
	else
		t.kind = slice_ends_with(t.attributes, SLICE("/")) ? SOUP_EMPTY : SOUP_START;
	return t;
}

static bool ends_name(char c)
{
	return byte_is_blank(c) || c == '/' || c == '>' || c == '<' || c == '?';
}

/* The name runs from `at` to `behind`, where something else follows. */
static struct soup_token next_tag(struct soup *s, struct slice text, size_t at, size_t behind)
{
	struct slice name = slice_of(text.p + at, behind - at);
	bool blank = byte_is_blank(text.p[behind]);
	size_t length = 0;

	if (name.n == 0 || name.n > LIMIT_NAME_BYTES || soup_name_length(name) < name.n)
		return token_of(SOUP_BRACKET, text, 1);
	if (text.p[1] == '?' && !(blank && slice_equal(name, SLICE("xml")))) {
		s->open = &instruction;
		return token_of(SOUP_IGNORED, text, strlen(instruction.opening));
	}
	if (!blank && text.p[behind] != '/' && text.p[behind] != '>')
		return token_of(SOUP_BRACKET, text, 1);
	switch (find_tag_end(slice_prefix(text, LIMIT_XML_TOKEN_BYTES), behind, &length)) {
	case TAG_ENDS:
		return tag_of(slice_prefix(text, length), at, name.n);
	case TAG_ENDS_NOT:
		return token_of(SOUP_BRACKET, text, 1);
	case TAG_MAY_END:
		break;
	}
	return token_of(SOUP_TOO_LONG, text, text.n > LIMIT_XML_TOKEN_BYTES ? text.n : 0);
}

/* A section whose opening text begins with, or may turn out to begin with; NULL: none. */
static const struct soup_section *find_section(struct slice text)
{
	for (size_t i = 0; i < COUNT_OF(sections); i++) {
		struct slice opening = slice_from(sections[i].opening);

		if (slice_starts_with_icase(text, slice_prefix(opening, text.n)))
			return &sections[i];
	}
	return NULL;
}

static struct soup_token next_markup(struct soup *s, struct slice text)
{
	const struct soup_section *section = find_section(text);

	if (section) {
		size_t n = strlen(section->opening);

		if (text.n < n)
			return nothing_yet;
		s->open = section;
		return token_of(section->closing ? SOUP_IGNORED : section->kind, text, n);
	}

	size_t at = text.n > 1 && (text.p[1] == '/' || text.p[1] == '?') ? 2 : 1;
	size_t behind = at;

	while (behind < text.n && behind - at <= LIMIT_NAME_BYTES && !ends_name(text.p[behind]))
		behind++;
	return behind < text.n ? next_tag(s, text, at, behind) : nothing_yet;
}

struct soup_token soup_next(struct soup *s, struct slice *text, bool final)
{
	struct soup_token t = nothing_yet;

	if (text->n > 0 && s->open)
		t = next_in_section(s, *text, final);
	else if (text->n > 0)
		t = text->p[0] == '<' ? next_markup(s, *text) : next_text(*text, final);
	if (t.kind == SOUP_MORE && final)
		t = token_of(SOUP_IGNORED, *text, text->n);
	*text = slice_from_offset(*text, t.bytes.n);
	return t;
}
