/* SPDX-License-Identifier: MIT */
#include "ingest/prescan.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ingest/boundaries.h"
#include "parser/limits.h"

#include "base/banned.h"

enum place {
	IN_HEADER,
	IN_BODY,
	IN_LOOSE_TEXT, /* before the first part of a multipart, or behind its last */
	NOT_A_MAIL,
};

/* The headers that matter; all others are FIELD_OTHER. */
enum field { FIELD_OTHER, FIELD_TYPE, FIELD_ENCODING };

static const struct {
	struct slice name;
	enum field field;
	size_t hyphen; /* where one is missing; 0: none is */
} fields[] = {
	{ { "content-type", 12 }, FIELD_TYPE, 0 },
	{ { "contenttype", 11 }, FIELD_TYPE, 7 },
	{ { "content-transfer-encoding", 25 }, FIELD_ENCODING, 0 },
};

/* What the header at hand has said so far. */
struct header {
	uint64_t bytes;
	enum field field; /* of the line at hand, or of those that it continues */
	unsigned lines;
	bool has_hyphen; /* of a type: then that is the one, whatever else is there */
	bool has_encoding;
	bool is_encoded; /* so that what it announces is no mail to GMime, but a body */
	bool type_begun; /* its first word has been seen */
	bool is_message, is_multipart;
	bool is_multipart_to_all; /* and GMime cannot take it for anything else */
	bool empty_boundary;      /* it declares "", which nobody can have meant */
	bool within_multipart; /* of a multipart that may be none; its text may begin behind this */
	uint64_t hyphen;       /* offset where a type needs one; 0: it needs none */
	uint64_t multipart;    /* offset of the word; 0: it cannot be mended */
	uint64_t type_end;     /* offset behind the type */
	size_t boundaries;     /* declared before it */
};

/* A multipart of which it is not known yet whether a line divides it. */
struct doubt {
	uint64_t offset;   /* of the word; 0: it cannot be mended */
	uint64_t type_end; /* behind the type */
	bool guessed;      /* it declares no boundary, but there is a line that looks like one */
	uint64_t loose;    /* bytes of text before its first part */
	size_t first, end; /* of its boundaries */
	bool empty;        /* "" is declared, which GMime must not see alone */

	/* What it may have meant instead, if none of those is met: one at most. */
	struct boundaries meant;
};

struct prescan {
	struct boundaries boundaries;
	struct buf line; /* begun in earlier bytes */
	bool line_begun; /* and a piece of it was dropped */
	uint64_t offset; /* of the line, or of the piece of it */
	uint64_t start;  /* of the mail */
	enum place place;
	bool root_unproven; /* no header field was seen yet */
	bool guessing;      /* a multipart has begun, and no boundary line was met in it */
	bool as_declared;   /* what is declared and not met is not what was meant */
	bool again;         /* a boundary that was declared is taken for another */
	struct buf guess;   /* the line before, if it could be one */
	bool digest;        /* parts of it are mails, if they do not say otherwise */
	struct header header;
	struct prescan_counts counts;
	uint64_t header_bytes, loose_bytes;

	struct doubt *doubts;
	size_t doubt_count, doubt_capacity;
	struct repair *repairs;
	size_t repair_count, repair_capacity;
};

struct prescan *prescan_new(void)
{
	struct prescan *p = memory_zeroed(1, sizeof(*p));

	p->root_unproven = true;
	p->counts.headers = 1;
	return p;
}

void prescan_free(struct prescan *p)
{
	if (!p)
		return;
	boundaries_release(&p->boundaries);
	buf_release(&p->line);
	buf_release(&p->guess);
	for (size_t i = 0; i < p->doubt_count; i++)
		boundaries_release(&p->doubts[i].meant);
	free(p->doubts);
	free(p->repairs);
	free(p);
}

void prescan_take_as_declared(struct prescan *p)
{
	p->as_declared = true;
}

static void add_repair(struct prescan *p, uint64_t offset, enum repair_kind kind,
		       struct slice boundary)
{
	p->repairs = memory_grow_array(p->repairs, p->repair_count, &p->repair_capacity,
				       sizeof(*p->repairs));
	p->repairs[p->repair_count++] = (struct repair){ offset, kind, boundary };
}

static void begin_header(struct prescan *p)
{
	p->place = IN_HEADER;
	p->counts.headers++;
	p->header = (struct header){ .boundaries = p->boundaries.count };
}

static void begin_multipart(struct prescan *p)
{
	p->doubts = memory_grow_array(p->doubts, p->doubt_count, &p->doubt_capacity,
				      sizeof(*p->doubts));
	p->doubts[p->doubt_count++] = (struct doubt){
		.offset = p->header.multipart,
		.type_end = p->header.type_end,
		.first = p->header.boundaries,
		.end = p->boundaries.count,
		.empty = p->header.empty_boundary,
	};
	p->place = IN_LOOSE_TEXT;
	p->guessing = p->header.multipart > 0;
}

/* Beside another boundary, or where it cannot be mended, it may be what GMime goes by. */
static void judge_empty_boundary(struct prescan *p)
{
	struct header *h = &p->header;

	if (!h->empty_boundary || (h->multipart > 0 && h->boundaries == p->boundaries.count))
		return;
	h->empty_boundary = false;
	p->boundaries.unclear = true;
}

/*
 * A header has come to its end: what does it say of the lines that follow? Where only GMime knows whether
 * a mail is announced or a multipart, they are taken for both.
 */
static void end_header(struct prescan *p)
{
	judge_empty_boundary(p);

	const struct header h = p->header;
	bool is_message = !h.is_multipart_to_all && (h.is_message || p->digest);

	if (h.hyphen > 0)
		add_repair(p, h.hyphen, REPAIR_HYPHEN, SLICE_ABSENT);
	p->place = IN_BODY;
	if (h.is_multipart || h.within_multipart)
		begin_multipart(p);
	if (is_message && !h.is_encoded) {
		begin_header(p);
		p->header.within_multipart = h.is_multipart || h.within_multipart;
	}
}

static bool count_header_line(struct prescan *p, struct slice line, struct err *e)
{
	p->header.bytes += line.n + 1;
	p->header_bytes += line.n + 1;
	if (line.n > LIMIT_MIME_LINE)
		return err_set(e, ERR_LIMIT, "a header line of the mail has more than %llu bytes",
			       (unsigned long long)LIMIT_MIME_LINE);
	if (p->header.bytes > LIMIT_MIME_PART_HEADER || p->header_bytes > LIMIT_MIME_HEADERS)
		return err_set(e, ERR_LIMIT, "the headers of the mail are too large");
	if (++p->counts.header_lines > LIMIT_MIME_HEADER_LINES)
		return err_set(e, ERR_LIMIT, "the mail has more than %d header lines",
			       LIMIT_MIME_HEADER_LINES);
	return true;
}

/* The name of a field, as GMime reads one: blanks may stand before the colon, control characters not. */
static bool field_name(struct slice line, struct slice *name_out)
{
	struct slice name = slice_prefix(line, slice_find(line, ':'));
	size_t end = name.n;

	if (name.n == line.n || name.n == 0)
		return false;
	while (end > 0 && (name.p[end - 1] == ' ' || name.p[end - 1] == '\t'))
		end--;
	for (size_t i = 0; i < end; i++) {
		if ((unsigned char)name.p[i] <= ' ' || name.p[i] == 0x7F)
			return false;
	}
	*name_out = slice_prefix(name, end);
	return true;
}

static bool is_encoding(struct slice value)
{
	static const struct slice encodings[] = {
		{ "base64", 6 },   { "quoted-printable", 16 },
		{ "uuencode", 8 }, { "x-uuencode", 10 },
		{ "x-uue", 5 },
	};

	for (size_t i = 0; i < COUNT_OF(encodings); i++) {
		if (slice_starts_with_icase(value, encodings[i]))
			return true;
	}
	return false;
}

/* "multipart/mixed"; without a subtype GMime says that there is no type, which in a digest is a mail. */
static bool names_multipart(struct slice word)
{
	struct slice subtype = slice_from_offset(word, sizeof("multipart/") - 1);

	return slice_starts_with_icase(word, SLICE("multipart/")) && subtype.n > 0 &&
		byte_is_letter(subtype.p[0]);
}

/* Some of a type's value; it may go on in the next line. */
static bool note_type(struct prescan *p, struct slice value, uint64_t offset, struct err *e)
{
	struct header *h = &p->header;
	struct slice word = slice_skip_blanks(value);

	if (!h->type_begun && slice_starts_with_icase(word, SLICE("multipart"))) {
		h->multipart = offset + (value.n - word.n);
		h->type_end =
			h->multipart + slice_trim(slice_prefix(word, slice_find(word, ';'))).n;
		h->is_multipart_to_all = names_multipart(word);
	}
	h->type_begun = h->type_begun || word.n > 0;
	h->is_multipart = h->is_multipart || slice_contains_icase(value, SLICE("multipart"));
	h->is_message = h->is_message || slice_contains_icase(value, SLICE("message"));
	p->digest = p->digest || slice_contains_icase(value, SLICE("digest"));
	return boundaries_declare(&p->boundaries, value, &h->empty_boundary, e);
}

/* Of several types the last counts, and of those without a hyphen none beside one that has it. */
static void begin_type(struct prescan *p, size_t hyphen)
{
	struct header *h = &p->header;

	if (hyphen > 0 && h->has_hyphen)
		return;
	h->field = FIELD_TYPE;
	h->has_hyphen = hyphen == 0;
	h->hyphen = hyphen > 0 ? p->offset + hyphen : 0;
	h->multipart = 0;
	h->type_begun = false;
	h->is_multipart = false;
	h->is_multipart_to_all = false;
	h->is_message = false;
}

/* The first encoding counts. */
static void begin_encoding(struct header *h, struct slice value)
{
	if (!h->has_encoding)
		h->is_encoded = is_encoding(slice_skip_blanks(value));
	h->has_encoding = true;
}

static void begin_field(struct prescan *p, struct slice name, struct slice value)
{
	p->header.field = FIELD_OTHER;
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		if (!slice_equal_icase(name, fields[i].name))
			continue;
		if (fields[i].field == FIELD_TYPE)
			begin_type(p, fields[i].hyphen);
		else
			begin_encoding(&p->header, value);
	}
}

/* A line in the first header before its first field. GMime gives up on what no mail begins with. */
static void prove_root(struct prescan *p, struct slice line, bool is_field)
{
	bool is_from =
		slice_starts_with(line, SLICE("From ")) || slice_starts_with(line, SLICE(">From "));

	if (is_field)
		p->root_unproven = false;
	else if (!is_from)
		p->place = NOT_A_MAIL;
}

static bool header_line(struct prescan *p, struct slice line, struct err *e)
{
	struct slice name = SLICE_ABSENT;
	bool continues = p->header.lines++ > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
	bool is_field = !continues && field_name(line, &name);
	struct slice value = line;

	if (p->root_unproven)
		prove_root(p, line, is_field);
	if (p->place == NOT_A_MAIL)
		return true;
	if (!count_header_line(p, line, e))
		return false;
	if (is_field) {
		value = slice_from_offset(line, slice_find(line, ':') + 1);
		begin_field(p, name, value);
	} else if (!continues) {
		p->header.field = FIELD_OTHER;
	}
	return p->header.field != FIELD_TYPE ||
		note_type(p, value, p->offset + (line.n - value.n), e);
}

static bool count_boundary_line(struct prescan *p, struct err *e)
{
	if (++p->counts.boundary_lines > LIMIT_MIME_BOUNDARY_LINES)
		return err_set(e, ERR_LIMIT, "the mail has more than %d boundary lines",
			       LIMIT_MIME_BOUNDARY_LINES);
	return true;
}

static void boundary_line(struct prescan *p, enum boundary_line line)
{
	p->guessing = false;
	if (p->place == IN_HEADER)
		end_header(p);
	if (line == BOUNDARY_CLOSES)
		p->place = IN_LOOSE_TEXT;
	else
		begin_header(p);
}

/* GMime may begin another header here, or go on with this one: what either says counts. */
static bool boundary_within_header(struct prescan *p, struct slice line, struct err *e)
{
	p->counts.headers++;
	p->header.has_encoding = true;
	p->header.is_encoded = false;
	return header_line(p, line, e);
}

/* Where none is declared, this one is from here on as if it had been. */
static bool take_guess(struct prescan *p, struct slice text)
{
	struct doubt *d = &p->doubts[p->doubt_count - 1];

	if (d->first < d->end) {
		(void)boundaries_guess(&d->meant, text);
		return false;
	}
	d->guessed = boundaries_guess(&p->boundaries, text);
	d->end = p->boundaries.count;
	return d->guessed;
}

/*
 * Two lines, one with two dashes and then one of a header, tell of a boundary that was not declared: true
 * where this line is the second, and it counts. Nothing before them may have been one already.
 */
static bool guess_boundary(struct prescan *p, struct slice line)
{
	struct slice text = buf_slice(&p->guess);
	bool confirmed = text.n > 0 && slice_starts_with_icase(line, SLICE("content")) &&
		take_guess(p, text);
	bool may_be = slice_starts_with(line, SLICE("--")) && text.n == 0;

	buf_clear(&p->guess);
	if (may_be && line.n <= BOUNDARY_BYTES)
		buf_append(&p->guess, slice_trim(slice_from_offset(line, 2)));
	else
		p->guessing = text.n == 0 && line.n <= BOUNDARY_SHORT_LINE &&
			!slice_contains_icase(line, SLICE("--"));
	return confirmed;
}

/* Text before a first part counts once it is known that there are parts at all. */
static void count_loose(struct prescan *p, uint64_t bytes)
{
	struct doubt *last = p->doubt_count > 0 ? &p->doubts[p->doubt_count - 1] : NULL;

	if (last && !boundaries_seen(&p->boundaries, last->first, last->end))
		last->loose += bytes;
	else
		p->loose_bytes += bytes;
}

/* The line before was a boundary, as is known only now. */
static bool boundary_before(struct prescan *p, struct slice line, struct err *e)
{
	if (!count_boundary_line(p, e))
		return false;
	boundary_line(p, BOUNDARY_OPENS);
	return header_line(p, line, e);
}

/* A line without its end, or a piece of a long one. */
static bool take_line(struct prescan *p, struct slice line, struct err *e)
{
	enum line_form form = p->line_begun ? LINE_PIECE
		: p->place == IN_HEADER     ? LINE_OF_HEADER
					    : LINE_OF_BODY;
	enum boundary_line boundary;

	if (p->place == NOT_A_MAIL)
		return true;
	if (!boundaries_match(&p->boundaries, line, form, &boundary, e))
		return false;
	if (boundary != BOUNDARY_NONE && !count_boundary_line(p, e))
		return false;
	if (boundary == BOUNDARY_WITHIN && p->place == IN_HEADER)
		return boundary_within_header(p, line, e);
	if (boundary != BOUNDARY_NONE) {
		boundary_line(p, boundary);
		return true;
	}
	if (p->guessing && form == LINE_OF_BODY && guess_boundary(p, line))
		return boundary_before(p, line, e);
	if (p->place == IN_LOOSE_TEXT)
		count_loose(p, line.n + 1);
	if (p->place != IN_HEADER)
		return true;
	if (line.n > 0 && !slice_equal(line, SLICE("\r")))
		return header_line(p, line, e);
	if (p->root_unproven && p->header.lines == 0) {
		p->start = p->offset + line.n + 1;
		return true;
	}
	p->root_unproven = false;
	end_header(p);
	return true;
}

/* No end of the line is in sight: it is looked at in pieces, each with the last bytes of the one before. */
static bool take_piece(struct prescan *p, struct err *e)
{
	enum { OVERLAP = BOUNDARY_BYTES + 2 };
	size_t piece = p->line.n - OVERLAP;

	if (!take_line(p, buf_slice(&p->line), e))
		return false;
	p->line_begun = true;
	p->offset += piece;
	buf_drop_front(&p->line, piece);
	return true;
}

/* Appends up to the end of the line and takes it, or what there is of it. */
static bool fill_line(struct prescan *p, struct slice bytes, bool ends, struct err *e)
{
	while (bytes.n > 0) {
		struct slice piece = slice_prefix(bytes, (size_t)LIMIT_MIME_LINE + 1 - p->line.n);

		buf_append(&p->line, piece);
		bytes = slice_from_offset(bytes, piece.n);
		if (p->line.n > LIMIT_MIME_LINE && !take_piece(p, e))
			return false;
	}
	if (!ends)
		return true;

	bool ok = take_line(p, buf_slice(&p->line), e);

	p->offset += p->line.n + 1;
	p->line_begun = false;
	buf_clear(&p->line);
	return ok;
}

/* PERF: lines of a body that have no dash say nothing; all of a base64 text goes by at once. */
static struct slice pass_over(struct prescan *p, struct slice bytes)
{
	size_t end = slice_find(bytes, '-');

	while (end > 0 && bytes.p[end - 1] != '\n')
		end--;
	p->offset += end;
	return slice_from_offset(bytes, end);
}

bool prescan_push(struct prescan *p, struct slice bytes, struct err *e)
{
	while (bytes.n > 0 && p->place != NOT_A_MAIL) {
		if (p->place == IN_BODY && !p->guessing && p->line.n == 0 && !p->line_begun)
			bytes = pass_over(p, bytes);

		struct slice line = slice_prefix(bytes, slice_find(bytes, '\n'));
		bool ends = line.n < bytes.n;

		bytes = slice_from_offset(bytes, line.n + 1);
		if (p->line.n > 0 || p->line_begun || !ends || line.n > LIMIT_MIME_LINE) {
			if (!fill_line(p, line, ends, e))
				return false;
			continue;
		}
		if (!take_line(p, line, e))
			return false;
		p->offset += line.n + 1;
	}
	return true;
}

static void decide(struct prescan *p, const struct doubt *d)
{
	bool divided = d->guessed || boundaries_seen(&p->boundaries, d->first, d->end);

	if (d->guessed)
		add_repair(p, d->type_end, REPAIR_BOUNDARY,
			   boundaries_text(&p->boundaries, d->first));
	/* with an unclear boundary about, only GMime knows */
	if (divided || d->offset == 0 || (p->boundaries.unclear && !d->empty)) {
		p->loose_bytes += d->loose;
	} else if (d->meant.count > 0 && !p->as_declared) {
		add_repair(p, d->type_end, REPAIR_BOUNDARY, boundaries_text(&d->meant, 0));
		p->again = true;
	} else {
		add_repair(p, d->offset, REPAIR_NO_PARTS, SLICE_ABSENT);
	}
}

static int by_offset(const void *a, const void *b)
{
	const struct repair *left = a, *right = b;

	return (left->offset > right->offset) - (left->offset < right->offset);
}

bool prescan_finish(struct prescan *p, struct err *e)
{
	if (p->line.n > 0 && !take_line(p, buf_slice(&p->line), e))
		return false;
	if (p->place == IN_HEADER)
		end_header(p);
	for (size_t i = 0; i < p->doubt_count; i++)
		decide(p, &p->doubts[i]);
	if (p->repair_count > 0)
		qsort(p->repairs, p->repair_count, sizeof(*p->repairs), by_offset);
	return p->loose_bytes <= LIMIT_MIME_LOOSE ||
		err_set(e, ERR_LIMIT, "the mail has too much text between its parts");
}

bool prescan_is_mail(const struct prescan *p)
{
	return p->place != NOT_A_MAIL && !p->root_unproven;
}

bool prescan_wants_another(const struct prescan *p)
{
	return p->again;
}

uint64_t prescan_start(const struct prescan *p)
{
	return p->start;
}

const struct repair *prescan_repairs(const struct prescan *p, size_t *count_out)
{
	*count_out = p->repair_count;
	return p->repairs;
}

struct prescan_counts prescan_counts(const struct prescan *p)
{
	return p->counts;
}
