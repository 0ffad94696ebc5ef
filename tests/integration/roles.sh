#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Roles: what who ingests and who reads may do, and what not. Each logs in as himself. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/roles.sh
#
# Checks are given as text that is evaluated later, and by functions called through ok.
# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server
copy_sample "$T/box"
report late example.com 4 >"$T/late.xml"

# as USER SQL: the same as sql(), by somebody else; fails with what the server said.
as() {
	PGOPTIONS='-c search_path=dmarc -c timezone=UTC' psql -XAtq -v ON_ERROR_STOP=1 "$DB user=$1" -c "$2"
}
# denied USER SQL...: each is refused for want of a right.
denied() {
	local user=$1 statement wrong=0
	shift
	for statement in "$@"; do
		if as "$user" "$statement" >"$T/denied" 2>&1; then
			echo "$user may: $statement"
			wrong=1
		elif ! grep -Eq 'permission denied|must be owner|must be superuser' "$T/denied"; then
			echo "another error of: $statement"
			cat "$T/denied"
			wrong=1
		fi
	done
	return $wrong
}

# --- setting up -----------------------------------------------------------------------------------------------

writer=test_$$_writer analyst=test_$$_analyst nobody=test_$$_nobody
fresh_database roles
ru db init --roles --db "$DB"
ok "init --roles" ends_with 0 "ruamill_ingest ingests" "ruamill_reader reads views"
ok "says how to make login roles" eval 'grep -q "^create role nightly login in role ruamill_ingest;" "$T/out" &&
	grep -q "^create role analyst login in role ruamill_reader;" "$T/out"'
ok "nobody logs in by the roles themselves" is "f|f" "$(sql "select rolcanlogin, rolsuper from pg_roles
	where rolname in ('ruamill_ingest', 'ruamill_reader') group by 1, 2")"
sed -e "s/nightly/$writer/; s/analyst/$analyst/" "$T/out" | psql -Xq "$DB" -f - >"$T/said" 2>&1
ok "what it prints can be run as it is" is "" "$(cat "$T/said")"
sql "create role $nobody login"
rights() { sql "select relname, relacl from pg_class where relnamespace = 'dmarc'::regnamespace order by 1"; }
rights >"$T/left"
ru db init --roles --db "$DB"
ok "again: nothing changes" eval 'ends_with 0 && rights >"$T/right" && same "$T/left" "$T/right"'
sql "grant all on report to ruamill_reader"
ru db init --roles --db "$DB"
ok "a right too many is taken away" eval 'rights >"$T/right" && same "$T/left" "$T/right"'

pids=()
for n in 1 2 3 4; do
	timeout 120 "$RUAMILL" db init --roles --db "$DB" >"$T/race.$n" 2>&1 &
	pids+=($!)
done
wrong=0
for pid in "${pids[@]}"; do
	wait "$pid" || wrong=$((wrong + 1))
done
ok "four at once" is 0 "$wrong"

# --- who ingests ------------------------------------------------------------------------------------------------

ok "there is no partition yet" is 0 "$(sql "select count(*) from detail_months()")"
ru ingest --db "$DB user=$writer" --store-payload --then mark "$T/box"
ok "who ingests ingests, months that are missing included" ends_with 1 "39 reports"
ok "it is judged and rolled up" is "0|t" "$(sql "select (select count(*) from dirty_day), (select count(*) from daily_sender) > 100")"
DB="$DB user=$writer" ok "statistics can be refreshed" as "$writer" "select refresh_statistics(true), refresh_statistics(false)"
ok "mails are settled" is t "$(sql "select count(*) > 0 from message where settlement = 'mark'")"
ru report --db "$DB user=$writer"
ok "questions are answered" ends_with 0
ru report problems --db "$DB user=$writer"
ok "problems too, with where they are" eval 'ends_with 0 && [ "$(as "$writer" "select count(*) from problems where source is not null")" -gt 0 ]'
dump_facts >"$T/right"
fresh_database owner
ru ingest --db "$DB" "$T/box"
dump_facts >"$T/left"
ok "the facts are those that the owner would have stored" same "$T/left" "$T/right"
drop_database owner
DB="$SERVER dbname=test_$$_roles"

ok "who ingests cannot drop, alter or empty anything" denied "$writer" \
	"drop table record" "drop table record_2026_10" "drop view records" "drop schema dmarc cascade" \
	"truncate message" "truncate record" "alter table report add x text" "alter table daily rename to x" \
	"drop index record_report" "drop function today()" "create table dmarc.x (y text)" "create view dmarc.x as select 1" \
	"alter table record detach partition record_2026_10" "create trigger x before insert on report for each row execute function suppress_redundant_updates_trigger()" \
	"comment on table report is 'x'"
ok "nor delete or change facts" denied "$writer" \
	"delete from report" "delete from record" "delete from message" "delete from stream" "delete from report_conflict" \
	"update record set count = 1" "update stream set p = 'none'" "delete from payload" "update payload set bytes = ''" \
	"delete from record_2026_10" "select * from record_2026_10"
ok "nor close days, change the schema's version or give rights" denied "$writer" \
	"select close_days('2026-11-01')" "update retention set first_kept_day = '2026-11-01'" "delete from migration" \
	"insert into migration (version, name, digest, program) values (99, 'x', 'x', 'x')" \
	"select grant_rights()" "select set_up_roles('a', 'b')" "insert into role_right values ('reader', 'dmarc.message', 'select')" \
	"update role set name = 'x'"
ok "nor say what the owner says" denied "$writer" "insert into owned_domain (domain) values ('x')" \
	"insert into sender_rule (kind, value, sender) values ('ip', '192.0.2.1', 'x')"
ru db prune --keep 1d --db "$DB user=$writer"
ok "nor prune" ends_with 78 "permission denied" "owner"
ok "of which nothing is done" is "39|2" "$(sql "select (select count(*) from report), (select count(*) from detail_months())")"
sql "create schema $writer authorization $writer"
as "$writer" "create function $writer.date_trunc(text, date) returns timestamp language plpgsql as \$\$ begin drop table dmarc.record; end \$\$"
as "$writer" "set search_path = $writer, dmarc; select dmarc.ensure_month('2031-05-05')"
ok "functions with others' rights look only where they should" is "record_2031_05" \
	"$(sql "select name from detail_months() where month = '2031-05-01'")"
ok "all that have such rights fix their path" is "" "$(sql "select proname from pg_proc
	where pronamespace = 'dmarc'::regnamespace and prosecdef and not proconfig @> '{\"search_path=pg_catalog, pg_temp\"}'")"
ok "and are not for everybody unless they only tell" is "changes,first_kept_day,is_unfinished,newest_complete_day,newest_day,owned_patterns" "$(sql "
	select string_agg(proname, ',' order by proname) from pg_proc
	where pronamespace = 'dmarc'::regnamespace and prosecdef and has_function_privilege('$nobody', oid, 'execute')")"
as "$writer" "grant select on report to public" >"$T/said" 2>&1
ok "nor give others his rights" denied "$nobody" "select from dmarc.report"
sql "set client_min_messages = warning; drop schema $writer cascade; drop table record_2031_05"

# --- who reads ----------------------------------------------------------------------------------------------------

sql "select viewname from pg_views where schemaname = 'dmarc' order by 1" >"$T/views"
sees_views() {
	local view
	[ "$(wc -l <"$T/views")" -ge 2 ] || return 1
	while read -r view; do
		as "$analyst" "select * from $view" >"$T/rows" || return 1
	done <"$T/views"
}
ok "who reads sees every view" sees_views
ok "with what is in them" is "$(sql "select count(*) from records")" "$(as "$analyst" "select count(*) from records")"
ok "but not where mails lie" is "t|0|0|0" \
	"$(as "$analyst" "select count(*) > 0, count(source), count(locator), count(message_id) from problems")"
ok "whatever the view" is "" "$(sql "select table_name, column_name from information_schema.columns
	where table_schema = 'dmarc' and column_name in ('source', 'locator', 'message_id', 'place_key')
		and table_name in (select viewname from pg_views) and table_name <> 'problems'")"
# Where tables are spread over machines, views read there in the name of who asks.
sql "select relname from pg_class where relnamespace = 'dmarc'::regnamespace and relkind in ('r', 'p') order by 1" >"$T/tables"
sql "select substr(object, 7) from role_right where purpose = 'reader' and privileges = 'select' order by 1" >"$T/readable"
denied_tables() {
	local table wrong=0 statements
	[ "$(wc -l <"$T/tables")" -gt 15 ] || return 1
	while read -r table; do
		statements=("insert into $table default values" "delete from $table" "truncate $table")
		grep -qx "$table" "$T/readable" || statements+=("select from $table")
		denied "$analyst" "${statements[@]}" || wrong=1
	done <"$T/tables"
	return $wrong
}
ok "no table: neither reading nor writing" denied_tables
ok "unless views need it, which is no secret" is "" "$(if [ -z "${SPREAD:-}" ]; then cat "$T/readable"
	else grep -Ex 'message|payload|role|role_right|migration|dirty_day|retention' "$T/readable"; fi)"
ok "nothing can be made or dropped" denied "$analyst" \
	"create table dmarc.x (y text)" "create table public.x (y text)" "drop view records" "create schema x"
ok "no function that changes something" denied "$analyst" "select ensure_month('2031-05-05')" \
	"select refresh_statistics(true)" "select close_days('2026-11-01')" "select grant_rights()" "select set_up_roles('a', 'b')"
ok "the clock and what is kept may be asked" is t \
	"$(as "$analyst" "select today() is not null and first_kept_day() < today()")"
ru ingest --db "$DB user=$analyst" "$T/late.xml"
ok "who reads cannot ingest" eval 'ends_with 78 "permission denied" && is 39 "$(sql "select count(*) from report")"'
ru db psql --db "$DB user=$analyst" -- -XAtc "select count(*) > 0 from records"
ok "db psql works for him" eval 'ends_with 0 && is t "$(cat "$T/out")"'
ok "who is neither sees nothing" denied "$nobody" "select * from dmarc.records" "select dmarc.today()"
ru report --db "$DB user=$nobody"
ok "and is told so" ends_with 78 "permission denied"

# --- what a later migration adds ------------------------------------------------------------------------------------

sql "create view new_view as select 1 as one; create table new_table (x text)"
ok "a new view: not yet" denied "$analyst" "select * from new_view"
ru db init --roles --db "$DB"
ok "given with the next grant" eval 'is 1 "$(as "$analyst" "select * from new_view")" && is 1 "$(as "$writer" "select * from new_view")"'
ok "a new table is not" denied "$analyst" "select * from new_table"
sql "drop view new_view; drop table new_table"
sql "select purpose, name from role" >"$T/roles"
# A database as it was before a change that brings a table and a view.
sql "select format('insert into migration values (%L, %L, %L, %L);', version, name, digest, program)
	from migration where version < 10 order by 1" >"$T/applied"
empty_database before
PGOPTIONS='-c client_min_messages=error' psql -XAtq -v ON_ERROR_STOP=1 "$DB" -c "set search_path = dmarc" \
	$(printf -- '-f %s ' "$SAMPLE"/../../sql/migrations/000?_*.sql) -f "$T/applied"
sql "select set_up_roles('$(sed -n 's/^ingest|//p' "$T/roles")', '$(sed -n 's/^reader|//p' "$T/roles")')" >/dev/null
ru db migrate --db "$DB"
ok "migrating gives rights on what it makes" eval 'ends_with 0 && is 0 "$(as "$writer" "select count(*) from payload")" &&
	is 0 "$(as "$analyst" "select count(origin) from reports")"'

# --- who may not set up roles ------------------------------------------------------------------------------------------

empty_database owned
sql "create role test_$$_owner login"
sql "alter database test_$$_owned owner to test_$$_owner"
ru db init --roles --db "$DB user=test_$$_owner"
ok "an owner that is no superuser sets up roles that are there" ends_with 0
ru ingest --db "$DB user=$writer" "$T/late.xml"
ok "which then work" ends_with 0 "1 reports"
ru db init --roles --db "$DB user=$writer"
ok "who is not the owner cannot" ends_with 78 "permission denied" "owner"

drop_database roles
drop_database owned
drop_database before
for role in "$writer" "$analyst" "$nobody" "test_$$_owner"; do
	psql -XqAt "$SERVER" -c "drop role $role"
done
exit "$failed"
