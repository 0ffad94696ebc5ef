/* SPDX-License-Identifier: MIT */
#include "cli/config.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/bug.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/config_keys.h"
#include "ingest/settlement.h"

#include "base/banned.h"

#define SYSTEM_FILE "/etc/ruamill/ruamill.conf"
#define VARIABLE    "RUAMILL_CONFIG"

/* More than anybody writes by hand. Texts are copied once, whole or in words. */
enum { FILE_BYTES = 64 * 1024, TEXT_BYTES = 1024 * 1024, SOURCES = 100, SOURCE_NAME_BYTES = 32 };

/*
 * One reading. libinih takes lines from us: so it says nothing of lines that it would cut, of a section
 * without keys, or of one that begins again, and knows no number of a line; we do.
 */
struct reading {
	struct config *config;
	const char *path;
	struct slice rest; /* lines that are not yet read */
	unsigned line;     /* of the file, from 1 on */
	struct slice current;
	bool begins; /* libinih gets an empty key behind the line that begins a section, so that it tells us */
	bool awaited; /* libinih is to tell us of what it was given */
	bool in_section;
	enum config_section section;
	struct config_source *source;                 /* of a section "source" */
	unsigned section_lines[config_section_count]; /* where each began; 0: it did not */
	unsigned key_lines[64]; /* of the section at hand: by the key's number */
	struct err *e;
	bool failed;
};

/* --- errors --------------------------------------------------------------------------------------- */

static bool fail_at(struct reading *r, unsigned line)
{
	r->failed = true;
	r->e->kind = ERR_CONFIG;
	return err_where(r->e, "%s:%u", r->path, line);
}

/* What libinih did not take it did not understand. */
static bool last_was_taken(struct reading *r)
{
	if (!r->awaited || r->failed)
		return !r->failed;
	err_set(r->e, ERR_CONFIG, "neither a key with its value nor a section");
	err_remedy(r->e, "write it like key = value, or [section]; # begins a comment");
	return fail_at(r, r->line);
}

static void append_section_names(struct buf *list)
{
	for (size_t i = 0; i < config_section_count; i++)
		buf_printf(list, "%s[%s%s]", i == 0 ? "" : ", ",
			   config_section_text((enum config_section)i),
			   i == CONFIG_SOURCE ? " NAME" : "");
}

static bool unknown_section(struct reading *r, const char *name)
{
	const char *names[config_section_count + 1] = { NULL };
	struct slice word = slice_from(name);
	SCOPED(buf) struct buf list = { 0 };

	for (size_t i = 0; i < config_section_count; i++)
		names[i] = config_section_text((enum config_section)i);
	word = slice_prefix(word, slice_find(word, ' '));

	const char *nearest = text_nearest(word, names);

	append_section_names(&list);
	err_set(r->e, ERR_CONFIG, "unknown section [%s]", name);
	if (nearest)
		err_remedy(r->e, "did you mean [%s]?", nearest);
	else
		err_remedy(r->e, "there are %s", buf_text(&list));
	return fail_at(r, r->line);
}

static const char *name_of_section(const struct reading *r, struct buf *name)
{
	buf_printf(name, "[%s%s%s]", config_section_text(r->section), r->source ? " " : "",
		   r->source ? r->source->name : "");
	return buf_text(name);
}

static bool is_secret(const char *name)
{
	static const char *const secrets[] = { "password", "passwd", "token", "secret" };

	for (size_t i = 0; i < COUNT_OF(secrets); i++) {
		if (strcmp(name, secrets[i]) == 0)
			return true;
	}
	return false;
}

static void suggest_key(const struct reading *r, const char *name)
{
	const char *names[COUNT_OF(r->key_lines) + 1] = { NULL };
	SCOPED(buf) struct buf list = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < config_key_count; i++) {
		if (config_keys[i].section != r->section)
			continue;
		buf_printf(&list, "%s%s", n == 0 ? "" : ", ", config_keys[i].name);
		names[n++] = config_keys[i].name;
	}

	const char *nearest = text_nearest(slice_from(name), names);

	if (is_secret(name) && r->section == CONFIG_SOURCE)
		err_remedy(r->e,
			   "no password stands in here: write it to a file that only you can "
			   "read, and name it by password_file");
	else if (is_secret(name))
		err_remedy(r->e, "no password stands in here: it belongs into ~/.pgpass");
	else if (nearest)
		err_remedy(r->e, "did you mean %s?", nearest);
	else
		err_remedy(r->e, "there are %s", buf_text(&list));
}

static bool unknown_key(struct reading *r, const char *name)
{
	SCOPED(buf) struct buf section = { 0 };

	err_set(r->e, ERR_CONFIG, "unknown key '%s' in %s", name, name_of_section(r, &section));
	suggest_key(r, name);
	return fail_at(r, r->line);
}

/* --- sections ------------------------------------------------------------------------------------- */

static const struct config_key *find_key(enum config_section section, const char *name)
{
	for (size_t i = 0; i < config_key_count; i++) {
		if (config_keys[i].section == section && strcmp(config_keys[i].name, name) == 0)
			return &config_keys[i];
	}
	return NULL;
}

static const char *keep(struct reading *r, struct slice text)
{
	struct slice copy;

	/* the words of a file of this size always fit */
	BUG_UNLESS(arena_copy(&r->config->texts, text, &copy));
	return copy.p;
}

static void *member_of(const struct reading *r, const struct config_key *key)
{
	char *whole = key->section == CONFIG_SOURCE ? (char *)r->source : (char *)r->config;

	return whole + key->offset;
}

static void store(struct reading *r, const struct config_key *key, const char *value)
{
	void *member = member_of(r, key);

	if (key->type == CONFIG_SWITCH) {
		*(bool *)member = config_switch_value(value);
	} else if (key->type == CONFIG_WORDS) {
		struct slice rest = slice_from(value), word;

		while (slice_cut(&rest, ' ', &word)) {
			if (slice_trim(word).n > 0)
				option_list_add(member, keep(r, slice_trim(word)));
		}
	} else {
		*(const char **)member = keep(r, slice_from(value));
	}
}

static void store_initial(struct reading *r, enum config_section section)
{
	for (size_t i = 0; i < config_key_count; i++) {
		const struct config_key *key = &config_keys[i];

		if (key->section == section && key->initial)
			store(r, key, key->initial);
	}
}

static bool is_source_name(struct slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!byte_is_letter(c) && !byte_is_digit(c) && !strchr("._-", c))
			return false;
	}
	return name.n > 0 && name.n <= SOURCE_NAME_BYTES;
}

static bool twice(struct reading *r, const char *what, const char *name, unsigned first)
{
	err_set(r->e, ERR_CONFIG, "the %s %s stands there twice", what, name);
	err_remedy(r->e, "it was in line %u before: take one of them away", first);
	return fail_at(r, r->line);
}

static bool begin_source(struct reading *r, struct slice name)
{
	struct config *c = r->config;

	if (!is_source_name(name) || c->source_count == SOURCES) {
		err_set(r->e, ERR_CONFIG, "a source wants a name of its own");
		err_remedy(r->e,
			   "write it like [source office]: up to %d letters, digits, '.', '-' and "
			   "'_'; there may be %d of them",
			   SOURCE_NAME_BYTES, SOURCES);
		return fail_at(r, r->line);
	}
	for (size_t i = 0; i < c->source_count; i++) {
		if (slice_equal(slice_from(c->sources[i].name), name))
			return twice(r, "source", c->sources[i].name, c->sources[i].line);
	}
	c->sources = memory_grow_array(c->sources, c->source_count, &c->source_capacity,
				       sizeof(*c->sources));
	r->source = &c->sources[c->source_count++];
	*r->source = (struct config_source){
		.name = keep(r, name),
		.line = r->line,
		.settings = { .configured = true },
	};
	store_initial(r, CONFIG_SOURCE);
	return true;
}

static bool begin_section(struct reading *r, const char *name)
{
	struct slice whole = slice_from(name), line = slice_from_offset(r->current, 1);
	size_t blank = slice_find(whole, ' ');

	/* else it still speaks of the one before, or has cut the name */
	if (!slice_starts_with(line, whole) || line.n == whole.n || line.p[whole.n] != ']') {
		r->awaited = true;
		return last_was_taken(r);
	}
	if (!config_section_find(slice_prefix(whole, blank), &r->section) ||
	    (blank < whole.n && r->section != CONFIG_SOURCE))
		return unknown_section(r, name);
	r->in_section = true;
	r->source = NULL;
	memset(r->key_lines, 0, sizeof(r->key_lines));
	if (r->section == CONFIG_SOURCE)
		return begin_source(r, slice_trim(slice_from_offset(whole, blank)));

	unsigned *first = &r->section_lines[r->section];

	if (*first > 0)
		return twice(r, "section", name, *first);
	*first = r->line;
	return true;
}

/* --- keys ----------------------------------------------------------------------------------------- */

static bool take(struct reading *r, const char *name, const char *value)
{
	const struct config_key *key = r->in_section ? find_key(r->section, name) : NULL;

	if (!r->in_section) {
		err_set(r->e, ERR_CONFIG, "the key '%s' stands in no section", name);
		err_remedy(r->e, "put a section before it, like [database]");
		return fail_at(r, r->line);
	}
	if (!key)
		return unknown_key(r, name);

	unsigned *first = &r->key_lines[key - config_keys];

	if (*first > 0)
		return twice(r, "key", name, *first);
	*first = r->line;
	if (value[0] == '\0') {
		err_set(r->e, ERR_CONFIG, "the key '%s' has no value", name);
		err_remedy(r->e, "write it like %s = %s, or take the line away", name,
			   key->initial ? key->initial : key->example);
		return fail_at(r, r->line);
	}
	if (!config_check_value(key, value, r->e)) {
		err_where(r->e, "%s", name);
		return fail_at(r, r->line);
	}
	store(r, key, value);
	return true;
}

/* As libinih calls it; its own idea of going on after an error is not asked. */
static int on_pair(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;

	r->awaited = false;
	if (!r->failed && r->begins)
		(void)begin_section(r, section);
	else if (!r->failed)
		(void)take(r, name, value);
	return 1;
}

/* --- lines ---------------------------------------------------------------------------------------- */

static bool line_is_good(struct reading *r, struct slice line, size_t room)
{
	if (slice_find(line, '\0') == line.n && line.n + 2 <= room)
		return true;
	err_set(r->e, ERR_CONFIG, "the line is too long, or no text");
	err_remedy(r->e, "it may have %zu bytes; put a longer command into a script", room - 2);
	return fail_at(r, r->line);
}

/* Without blanks in front: libinih takes a line that begins with them for a part of the one before. */
static char *next_line(char *room, int size, void *stream)
{
	struct reading *r = stream;

	if (!last_was_taken(r))
		return NULL;
	if (slice_starts_with(r->current, SLICE("[")) && !r->begins) {
		r->begins = r->awaited = true;
		memcpy(room, "=\n", 3);
		return room;
	}
	r->begins = false;
	if (!slice_cut(&r->rest, '\n', &r->current))
		return NULL;
	r->line++;
	r->current = slice_trim(r->current);
	if (!line_is_good(r, r->current, (size_t)size))
		return NULL;
	r->awaited = r->current.n > 0 && !strchr("#;[", r->current.p[0]);
	memcpy(room, r->current.p, r->current.n);
	memcpy(room + r->current.n, "\n", 2);
	return room;
}

/* --- the whole ------------------------------------------------------------------------------------ */

static bool fail_source(struct reading *r, const struct config_source *s, const char *what,
			const char *remedy)
{
	err_set(r->e, ERR_CONFIG, "source %s %s", s->name, what);
	err_remedy(r->e, "%s", remedy);
	return fail_at(r, s->line);
}

/* Nobody knows from where it is run. A Maildir has folders of its own, and so has an account. */
static bool moves_somewhere(const struct config_source *s, const char *action)
{
	struct settlement settlement;
	struct err e = ERR_INIT;

	return s->settings.from[0] != '/' || !settlement_parse("", action, &settlement, &e) ||
		settlement.action != SETTLE_MOVE || settlement.folder[0] == '/' ||
		settlement.folder[0] == '.';
}

static bool check_source(struct reading *r, const struct config_source *s)
{
	if (!s->settings.from)
		return fail_source(
			r, s, "has no 'from'",
			"say where its mail is: from = imaps://user@host/Folder, or a path");
	if (imap_access_ways(&s->settings.access) > 1)
		return fail_source(r, s, "has more than one way to the password",
				   "keep one of password_file, password_credential, "
				   "password_command, password_variable, token_command");
	if (!moves_somewhere(s, s->settings.then) || !moves_somewhere(s, s->settings.if_broken))
		return fail_source(
			r, s, "moves mail to a relative path",
			"write the whole path, or a folder of the Maildir like .Archive");
	return true;
}

static bool check_whole(struct reading *r)
{
	const struct retention_settings *kept = &r->config->retention;
	uint64_t keep_days = UINT64_MAX, detail_days = 0;

	for (size_t i = 0; i < r->config->source_count; i++) {
		if (!check_source(r, &r->config->sources[i]))
			return false;
	}
	if (!options_number("keep", kept->keep, &settings_days, &keep_days, r->e) ||
	    !options_number("detail", kept->detail, &settings_days, &detail_days, r->e))
		return false;
	if (detail_days <= keep_days)
		return true;
	err_set(r->e, ERR_CONFIG, "detail cannot be kept longer than all else");
	err_remedy(r->e, "make detail = %s less than keep = %s", kept->detail, kept->keep);
	return fail_at(r, r->section_lines[CONFIG_RETENTION]);
}

static struct config *config_new(const char *path, struct reading *r)
{
	struct config *c = memory_zeroed(1, sizeof(*c));

	c->path = memory_copy(slice_from(path));
	BUG_UNLESS(config_key_count < COUNT_OF(r->key_lines));
	arena_init(&c->texts, TEXT_BYTES);
	r->config = c;
	for (size_t i = 0; i < config_section_count; i++) {
		if (i != CONFIG_SOURCE)
			store_initial(r, (enum config_section)i);
	}
	return c;
}

struct config *config_read(const char *path, struct slice text, struct err *e)
{
	static const char mark[] = "\xEF\xBB\xBF";
	struct reading r = { .path = path, .rest = text, .e = e };
	SCOPED(config) struct config *c = config_new(path, &r);

	if (slice_starts_with(text, slice_from(mark)))
		r.rest = slice_from_offset(text, sizeof(mark) - 1);
	(void)ini_parse_stream(next_line, &r, on_pair, &r);
	if (!last_was_taken(&r) || !check_whole(&r))
		return NULL;
	return TAKE(c, NULL);
}

void config_free(struct config *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->source_count; i++)
		free(c->sources[i].settings.trusted.values);
	free(c->sources);
	free(c->path);
	arena_release(&c->texts);
	free(c);
}

/* --- the file ------------------------------------------------------------------------------------- */

/* $XDG_CONFIG_HOME/ruamill/ruamill.conf; NULL where there is no home. Ours, free(). */
static char *own_file(void)
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct buf path = { 0 };

	if (folder && folder[0] == '/')
		buf_printf(&path, "%s/ruamill/ruamill.conf", folder);
	else if (home && home[0] == '/')
		buf_printf(&path, "%s/.config/ruamill/ruamill.conf", home);
	else
		return NULL;
	return buf_detach(&path);
}

static bool is_there(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* NULL: there is none. Ours, free(). */
static char *choose_file(const char *given)
{
	const char *variable = getenv(VARIABLE);
	char *own;

	if (!given && variable && variable[0] != '\0')
		given = variable;
	if (given)
		return memory_copy(slice_from(given));
	own = own_file();
	if (own && is_there(own))
		return own;
	free(own);
	return is_there(SYSTEM_FILE) ? memory_copy(SLICE(SYSTEM_FILE)) : NULL;
}

/* There are commands in it, which run in the name of whoever reads it. */
static bool only_ours_write(const char *path, struct err *e)
{
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & S_IWOTH) == 0)
		return true;
	err_set(e, ERR_CONFIG, "anybody can write the configuration, and it names commands");
	err_where(e, "%s", path);
	return err_remedy(e, "take that from them: chmod o-w");
}

static struct config *read_file(const char *path, struct err *e)
{
	SCOPED(buf) struct buf text = { 0 };

	if (!only_ours_write(path, e))
		return NULL;
	if (!file_read_all(path, FILE_BYTES, &text, e)) {
		e->kind = ERR_CONFIG;
		err_remedy(e, "name the configuration by --config, and see that it can be read");
		return NULL;
	}
	return config_read(path, buf_slice(&text), e);
}

struct config *config_load(const char *path, struct err *e)
{
	char *file = choose_file(path);
	struct reading r = { .e = e };
	struct config *c = file ? read_file(file, e) : config_new(NULL, &r);

	free(file);
	return c;
}
