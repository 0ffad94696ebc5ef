/* SPDX-License-Identifier: MIT */
#include "ingest/imap_response.h"

#include "base/number.h"

#include "base/banned.h"

ENUM_TABLE_DEFINE(imap_status, IMAP_STATUS_LIST)

/* Stands in the text for a body that was passed on: a line with a real one is refused. */
#define BODY_MARK '\0'

void imap_parser_init(struct imap_parser *p, struct imap_listener *listener)
{
	*p = (struct imap_parser){ .listener = listener };
}

void imap_parser_release(struct imap_parser *p)
{
	buf_release(&p->text);
}

static bool wrong(struct err *e, const char *what)
{
	err_set(e, ERR_INPUT, "the server sends %s", what);
	return false;
}

bool imap_number(struct slice text, uint32_t *number_out)
{
	uint64_t number;

	if (!number_parse_u64(text, 1, UINT32_MAX, &number))
		return false;
	*number_out = (uint32_t)number;
	return true;
}

/* The next word of a line, up to a blank. */
static struct slice cut_word(struct slice *line)
{
	struct slice word = SLICE("");

	if (!slice_cut(line, ' ', &word))
		*line = SLICE("");
	return word;
}

static enum imap_status status_of(struct slice word)
{
	for (int i = IMAP_OK; i < imap_status_count; i++) {
		if (slice_equal_icase(word, slice_from(imap_status_text((enum imap_status)i))))
			return (enum imap_status)i;
	}
	return IMAP_DATA;
}

/* Takes "[CODE ...] " off the front of a text for people. */
static struct slice cut_code(struct slice *text)
{
	struct slice code = SLICE_ABSENT;
	size_t end = slice_find(*text, ']');

	if (text->n == 0 || text->p[0] != '[' || end == text->n)
		return code;
	code = slice_of(text->p + 1, end - 1);
	*text = slice_skip_blanks(slice_from_offset(*text, end + 1));
	return code;
}

/* What the front of a response says; the rest may not have come yet. */
static struct imap_response read_front(struct slice text)
{
	struct imap_response r = { .code = SLICE_ABSENT };

	r.tag = cut_word(&text);
	r.rest = text;
	if (slice_equal(r.tag, SLICE("+")))
		return r;
	r.word = cut_word(&text);
	if (slice_equal(r.tag, SLICE("*")) && r.word.n > 0 && byte_is_digit(r.word.p[0])) {
		r.numbered = true;
		/* 0 EXISTS is none, and so is what is no number */
		if (!imap_number(r.word, &r.number))
			r.number = 0;
		r.word = cut_word(&text);
	}
	if (!r.numbered)
		r.status = status_of(r.word);
	if (r.status != IMAP_DATA)
		r.code = cut_code(&text);
	r.rest = text;
	return r;
}

static bool is_response(const struct imap_response *r, struct err *e)
{
	if (r->tag.n == 0 || (r->tag.p[0] != '+' && r->word.n == 0))
		return wrong(e, "a line that is no response");
	if (r->tag.p[0] != '+' && r->tag.p[0] != '*' && r->status == IMAP_DATA)
		return wrong(e, "the end of a command without a status");
	return true;
}

static bool finish_response(struct imap_parser *p, struct err *e)
{
	struct imap_response r = read_front(buf_slice(&p->text));
	struct err fault = ERR_INIT;

	if (!is_response(&r, &fault) && !p->deaf) {
		*e = fault;
		return false;
	}
	if (fault.kind == ERR_NONE && !p->listener->ops->response(p->listener, &r, e))
		return false;
	buf_clear(&p->text);
	p->line = 0;
	p->literals = 0;
	return true;
}

/* "{123}" or "{123+}" at the end of a line: where it begins, and its number. False: there is none. */
static bool ends_with_literal(struct slice line, size_t *begin_out, struct slice *digits_out)
{
	size_t begin = line.n;

	if (line.n < 3 || line.p[line.n - 1] != '}')
		return false;
	do
		begin--;
	while (begin > 0 && line.p[begin] != '{');
	if (line.p[begin] != '{')
		return false;

	struct slice digits = slice_of(line.p + begin + 1, line.n - begin - 2);

	if (digits.n > 1 && digits.p[digits.n - 1] == '+')
		digits.n--;
	*begin_out = begin;
	*digits_out = digits;
	return true;
}

/* Only data has literals: a text for people may end as it likes. */
static bool may_have_literals(struct slice text)
{
	struct imap_response r = read_front(text);

	return slice_equal(r.tag, SLICE("*")) && r.status == IMAP_DATA;
}

static bool is_body(const struct imap_parser *p, size_t begin)
{
	struct slice before = slice_prefix(buf_slice(&p->text), begin);
	const struct slice wanted = SLICE("BODY[] ");

	return slice_equal_icase(read_front(before).word, SLICE("FETCH")) && before.n > wanted.n &&
		slice_equal_icase(slice_from_offset(before, before.n - wanted.n), wanted) &&
		(before.p[before.n - wanted.n - 1] == ' ' ||
		 before.p[before.n - wanted.n - 1] == '(');
}

/* The text ends with its announcement, which begins there. */
static bool begin_literal(struct imap_parser *p, size_t begin, struct slice digits, struct err *e)
{
	if (digits.n > 10 || !number_parse_u64(digits, 0, UINT64_C(9999999999), &p->literal))
		return wrong(e, "a literal of no possible length");
	if (++p->literals > IMAP_LITERALS)
		return wrong(e, "too many literals in one response");
	p->streamed = is_body(p, begin);
	if (p->streamed) {
		p->text.n = begin;
		buf_append_byte(&p->text, BODY_MARK);
		p->line = p->text.n;
		return p->listener->ops->body(p->listener, p->literal, e);
	}
	if (p->literal > IMAP_KEPT_BYTES)
		return wrong(e, "a long literal that nobody asked for");
	buf_append_byte(&p->text, '\n');
	p->line = p->text.n;
	return true;
}

static bool finish_line(struct imap_parser *p, struct err *e)
{
	struct slice line = slice_from_offset(buf_slice(&p->text), p->line);
	struct slice digits;
	size_t begin;

	if (line.n > 0 && line.p[line.n - 1] == '\r') {
		p->text.n--;
		line.n--;
	}
	if (!p->deaf && ends_with_literal(line, &begin, &digits) &&
	    may_have_literals(buf_slice(&p->text)))
		return begin_literal(p, p->line + begin, digits, e);
	return finish_response(p, e);
}

static bool has_room(const struct imap_parser *p, size_t more, struct err *e)
{
	return p->text.n + more <= IMAP_RESPONSE_BYTES || wrong(e, "a line without an end");
}

/* A line, or what has come of it. */
static bool push_line(struct imap_parser *p, struct slice *bytes, struct err *e)
{
	size_t n = slice_find(*bytes, '\n');
	struct slice piece = slice_prefix(*bytes, n);
	bool ended = n < bytes->n;

	if (slice_find(piece, BODY_MARK) < piece.n)
		return wrong(e, "a zero byte in a line");
	if (!has_room(p, piece.n, e))
		return false;
	buf_append(&p->text, piece);
	*bytes = slice_from_offset(*bytes, ended ? n + 1 : n);
	return !ended || finish_line(p, e);
}

static bool push_literal(struct imap_parser *p, struct slice *bytes, struct err *e)
{
	size_t n = p->literal < bytes->n ? (size_t)p->literal : bytes->n;
	struct slice piece = slice_prefix(*bytes, n);

	*bytes = slice_from_offset(*bytes, n);
	p->literal -= n;
	if (p->streamed)
		return p->listener->ops->bytes(p->listener, piece, e);
	if (!has_room(p, n, e))
		return false;
	buf_append(&p->text, piece);
	p->line = p->text.n;
	return true;
}

bool imap_parser_push(struct imap_parser *p, struct slice bytes, struct err *e)
{
	while (bytes.n > 0) {
		if (!(p->literal > 0 ? push_literal : push_line)(p, &bytes, e))
			return false;
	}
	return true;
}

/* --- words --------------------------------------------------------------------------------------- */

static struct imap_token token_wrong(struct imap_cursor *c)
{
	c->rest = slice_of("\1", 1);
	return (struct imap_token){ .kind = IMAP_TOKEN_WRONG, .text = SLICE("") };
}

/* Takes n bytes, and behind them what is no part of the token. */
static struct imap_token take(struct imap_cursor *c, enum imap_token_kind kind, size_t n,
			      size_t behind)
{
	struct imap_token token = { .kind = kind, .text = slice_prefix(c->rest, n) };

	c->rest = slice_from_offset(c->rest, n + behind);
	return token;
}

static struct imap_token next_quoted(struct imap_cursor *c)
{
	size_t n = 1;

	while (n < c->rest.n && c->rest.p[n] != '"')
		n += c->rest.p[n] == '\\' ? 2 : 1;
	if (n >= c->rest.n)
		return token_wrong(c);
	c->rest = slice_from_offset(c->rest, 1);

	struct imap_token token = take(c, IMAP_TOKEN_STRING, n - 1, 1);

	token.quoted = true;
	return token;
}

static struct imap_token next_literal(struct imap_cursor *c, bool binary)
{
	struct slice line = slice_prefix(c->rest, slice_find(c->rest, '\n')), digits;
	size_t begin;
	uint64_t n;

	if (line.n == c->rest.n || !ends_with_literal(line, &begin, &digits) ||
	    begin != (binary ? 1 : 0) || !number_parse_u64(digits, 0, IMAP_KEPT_BYTES, &n) ||
	    n > c->rest.n - line.n - 1)
		return token_wrong(c);
	c->rest = slice_from_offset(c->rest, line.n + 1);
	return take(c, binary ? IMAP_TOKEN_BINARY : IMAP_TOKEN_STRING, (size_t)n, 0);
}

static bool ends_atom(char c)
{
	return (unsigned char)c <= ' ' || c == '(' || c == ')' || c == '"' || c == '{';
}

static struct imap_token next_atom(struct imap_cursor *c)
{
	size_t n = 0;

	while (n < c->rest.n && !ends_atom(c->rest.p[n])) {
		if (c->rest.p[n] == '[')
			n += slice_find(slice_from_offset(c->rest, n), ']');
		n++;
	}
	if (n == 0 || n > c->rest.n)
		return token_wrong(c);

	struct imap_token token = take(c, IMAP_TOKEN_ATOM, n, 0);

	if (slice_equal_icase(token.text, SLICE("NIL")))
		token.kind = IMAP_TOKEN_NIL;
	return token;
}

struct imap_token imap_next(struct imap_cursor *c)
{
	while (c->rest.n > 0 && c->rest.p[0] == ' ')
		c->rest = slice_from_offset(c->rest, 1);
	if (c->rest.n == 0)
		return (struct imap_token){ .kind = IMAP_TOKEN_END, .text = SLICE("") };
	switch (c->rest.p[0]) {
	case BODY_MARK:
		return take(c, IMAP_TOKEN_BODY, 1, 0);
	case '(':
		return ++c->depth > IMAP_DEPTH ? token_wrong(c) : take(c, IMAP_TOKEN_OPEN, 1, 0);
	case ')':
		if (c->depth == 0)
			return token_wrong(c);
		c->depth--;
		return take(c, IMAP_TOKEN_CLOSE, 1, 0);
	case '"':
		return next_quoted(c);
	case '{':
		return next_literal(c, false);
	case '~':
		if (c->rest.n > 1 && c->rest.p[1] == '{')
			return next_literal(c, true);
		break;
	default:
		break;
	}
	return next_atom(c);
}

bool imap_skip(struct imap_cursor *c, struct imap_token first)
{
	unsigned outside = c->depth - 1;

	if (first.kind != IMAP_TOKEN_OPEN)
		return first.kind != IMAP_TOKEN_END && first.kind != IMAP_TOKEN_WRONG &&
			first.kind != IMAP_TOKEN_CLOSE;
	while (c->depth != outside) {
		struct imap_token token = imap_next(c);

		if (token.kind == IMAP_TOKEN_END || token.kind == IMAP_TOKEN_WRONG)
			return false;
	}
	return true;
}

void imap_append_string(struct buf *b, const struct imap_token *string)
{
	for (size_t i = 0; i < string->text.n; i++) {
		if (string->quoted && string->text.p[i] == '\\' && i + 1 < string->text.n)
			i++;
		buf_append_byte(b, string->text.p[i]);
	}
}

bool imap_is_atom(const struct imap_token *token, struct slice word)
{
	return token->kind == IMAP_TOKEN_ATOM && slice_equal_icase(token->text, word);
}
