/* SPDX-License-Identifier: MIT */
#include "reports/origins.h"

#include "base/bug.h"
#include "base/memory.h"
#include "parser/origin.h"
#include "store/copy.h"
#include "store/tray.h"

#include "base/banned.h"

/* The columns of a page. */
enum {
	COLUMN_KEY,
	COLUMN_ORG_NAME,
	COLUMN_EMAIL,
	COLUMN_POLICY_DOMAIN,
	COLUMN_FORWARDED,
	COLUMN_ORIGIN,
	COLUMN_FROM_DOMAIN,
	COLUMN_AUTHENTICATION,
};

/* Reports first, and their messages then: the two may lie on different machines. */
static const char page[] =
	"select r.key, r.org_name, r.email, r.policy_domain, r.forwarded, r.origin, "
	"m.from_domain, m.authentication from ("
	"select key, org_name, email, policy_domain, 'forwarded-message' = any (quirks) as forwarded, "
	"origin, message_key from dmarc.report where key > $1::uuid order by key limit 20000"
	") as r join dmarc.message m on m.key = r.message_key order by r.key";

#define CHANGED_COLUMNS "key, origin"
enum { CHANGED_COLUMN_COUNT = 2 };

static const struct tray changed = TRAY("changed_origin", CHANGED_COLUMNS, "key uuid, origin text");

static const char store_changed[] = "with " TRAY_TAKEN(
	"changed_origin") " update dmarc.report r set origin = g.origin from given g "
			  "where g.key = r.key";

static struct report report_of_row(const struct rows *rows, size_t row)
{
	struct report report = {
		.org_name = rows_text(rows, row, COLUMN_ORG_NAME),
		.email = rows_text(rows, row, COLUMN_EMAIL),
		.policy.domain = rows_text(rows, row, COLUMN_POLICY_DOMAIN),
	};

	if (rows_boolean(rows, row, COLUMN_FORWARDED))
		quirks_add(&report.quirks, QUIRK_FORWARDED_MESSAGE);
	return report;
}

static void judge_row(const struct domains *domains, const struct rows *rows, size_t row,
		      struct buf *out)
{
	struct slice authentication = rows_text(rows, row, COLUMN_AUTHENTICATION);
	struct mail_origin mail = {
		.from_domain = memory_copy(rows_text(rows, row, COLUMN_FROM_DOMAIN)),
	};
	const struct report report = report_of_row(rows, row);
	struct slice origin;
	struct uuid key;

	if (!slice_is_absent(authentication))
		BUG_UNLESS(proof_find(authentication, &mail.proof));
	origin = slice_from(origin_text(origin_of_report(domains, &mail, &report)));
	mail_origin_release(&mail);
	if (slice_equal(origin, rows_text(rows, row, COLUMN_ORIGIN)))
		return;
	BUG_UNLESS(uuid_parse(rows_text(rows, row, COLUMN_KEY), &key));
	copy_row(out, CHANGED_COLUMN_COUNT);
	copy_uuid(out, &key);
	copy_field(out, origin);
}

/* One page, from behind a key on; the key becomes its last one, *any_out false where there is none. */
static bool judge_page(struct connection *c, const struct domains *domains,
		       char key[static UUID_TEXT_SIZE], bool *any_out, struct err *e)
{
	const char *values[] = { key };
	SCOPED(rows) struct rows *rows = NULL;
	SCOPED(buf) struct buf out = { 0 };

	if (!connection_query(c, page, values, COUNT_OF(values), &rows, e))
		return false;
	for (size_t row = 0; row < rows_count(rows); row++)
		judge_row(domains, rows, row, &out);
	*any_out = rows_count(rows) > 0;
	if (*any_out)
		BUG_UNLESS(slice_to_cstr(rows_text(rows, rows_count(rows) - 1, COLUMN_KEY), key,
					 UUID_TEXT_SIZE));
	return out.n == 0 ||
		(tray_fill(c, &changed, buf_slice(&out), e) &&
		 connection_execute(c, store_changed, NULL, 0, e));
}

bool origins_rejudge(struct connection *c, const struct domains *domains, struct err *e)
{
	char key[UUID_TEXT_SIZE] = "00000000-0000-0000-0000-000000000000";
	bool any = true, ok = tray_make(c, &changed, e);

	while (ok && any) {
		ok = connection_execute(c, "begin", NULL, 0, e) &&
			judge_page(c, domains, key, &any, e);
		ok = connection_end(c, ok, e);
	}
	return ok;
}
