#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A database that somebody else runs: making and migrating its tables, refusing what does not fit,
# losing the connection, and settings that must not matter. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/database.sh
#
# Checks are given as text that is evaluated later, and by functions called through ok.
# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server
copy_sample "$T/box"
report one example.com 1 2 3 >"$T/one.xml"
tables() { sql "select count(*) from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'dmarc'"; }
# Prints the migrations applied, without times and programs.
applied() { sql "select version, name, digest from migration order by 1"; }

# --- making the tables --------------------------------------------------------------------------------------

empty_database tables
ru db migrate --dry-run --db "$DB"
ok "--dry-run says what would be applied, on stdout" eval 'ends_with 0 && says_nothing && grep -q "^would apply 0001_" "$T/out"'
wanted=$(grep -c '^would apply' "$T/out")
ok "one line a change" is "$wanted" "$(wc -l <"$T/out" | tr -d ' ')"
ok "and applies nothing" is 0 "$(tables)"
ru db init --db "$DB"
ok "db init" eval 'ends_with 0 "$wanted of $wanted changes applied" && prints_nothing'
ok "the changes are on record" is "$wanted|1|$wanted" "$(sql "select count(*), min(version), max(version) from migration")"
ok "with the program that made them" is t "$(sql "select bool_and(program = '$("$RUAMILL" --version | cut -d' ' -f2)') from migration")"
applied >"$T/applied"
for command in init migrate; do
	ru db $command --db "$DB"
	ok "db $command again" eval 'ends_with 0 && applied >"$T/right" && same "$T/applied" "$T/right"'
done
ru db migrate -n --db "$DB"
ok "--dry-run then" eval 'ends_with 0 && is "nothing to apply" "$(cat "$T/out")"'
ru ingest --db "$DB" "$T/one.xml"
ok "it can be used" ends_with 0 "1 reports, 3 records"
ru db migrate --db "$DB"
ok "migrating leaves what is in it" is 3 "$(sql "select count(*) from record")"
ok "every table, view and column of ours that people see is explained" is "" "$(sql "
	select c.relname || coalesce('.' || attname, '') from pg_class c
		join pg_namespace n on n.oid = c.relnamespace and nspname = 'dmarc'
		left join pg_attribute a on a.attrelid = c.oid and attnum > 0 and not attisdropped and relkind = 'v'
	where (relkind in ('v', 'p') or relkind = 'r' and not relispartition)
		and (obj_description(c.oid, 'pg_class') is null or relkind = 'v' and col_description(c.oid, attnum) is null)")"
ru db psql --db "$DB" -- -XAtc "select count(*) from records"
ok "db psql finds them without naming the schema" is 3 "$(cat "$T/out")"

for round in 1 2 3; do
	empty_database race
	pids=()
	for n in 1 2 3 4; do
		timeout 120 "$RUAMILL" db init --db "$DB" >"$T/race.$n" 2>&1 &
		pids+=($!)
	done
	wrong=0
	for pid in "${pids[@]}"; do
		wait "$pid" || wrong=$((wrong + 1))
	done
	ok "four at once, round $round: all succeed" is 0 "$wrong"
	ok "four at once, round $round: each change once" eval 'applied >"$T/right"; same "$T/applied" "$T/right"'
	ok "four at once, round $round: one did it" is "$wanted" "$(cat "$T"/race.* | grep -c '^applying ')"
done
drop_database race

# --- what does not fit -----------------------------------------------------------------------------------------

DB="$SERVER dbname=test_$$_tables"
dump_facts >"$T/facts"

# refused TEXT...: every command ends with 78, says the texts, and changes nothing.
refused() {
	local command wrong=0
	for command in "ingest $T/box" report "db init" "db migrate" "db migrate --dry-run" "db psql -- -c select"; do
		# shellcheck disable=SC2086 # words are meant
		ru ${command%% --*} --db "$DB" ${command#"${command%% --*}"}
		if ! ends_with 78 "$@" || ! prints_nothing; then
			echo "that was: $command"
			wrong=1
		fi
	done
	dump_facts >"$T/right"
	same "$T/facts" "$T/right" && return "$wrong"
}
sql "insert into migration (version, name, digest, program) values (9999, '9999_future', 'x', '99.0.0')"
ok "a database newer than the program" refused "newer" 9999 "install"
sql "delete from migration where version = 9999"
ok "without that it works" ru report --db "$DB"
digest=$(sql "select digest from migration where version = 1")
sql "update migration set digest = repeat('0', 64) where version = 1"
ok "a database made by another text of a change" refused 0001_
sql "update migration set digest = '$digest' where version = 1"
ok "with the right one it works" ru report --db "$DB"

empty_database foreign
sql "create schema dmarc"
sql "create table dmarc.message (id integer)"
ru db init --db "$DB"
ok "a schema of the same name that is not ours: refused" ends_with 78 0001_
ok "and left as it was" is "message" "$(sql "select string_agg(relname, ',') from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'dmarc'")"
drop_database foreign

# --- two make the same month -----------------------------------------------------------------------------------------

fresh_database month
queues() {
	[ "$(sql "select count(*) from pg_stat_activity where wait_event = 'advisory' and datname = current_database()")" = 1 ]
}
rm -f "$T/made" "$T/release"
PGOPTIONS='-c search_path=dmarc' psql -Xq "$DB" -c begin -c "select ensure_month('2030-01-01')" \
	-c "\\! touch '$T/made'; while [ ! -e '$T/release' ]; do sleep 0.05; done" -c commit >"$T/first" 2>&1 &
soon test -e "$T/made"
sql "select ensure_month('2030-01-31')" >"$T/second" 2>&1 &
second=$!
soon queues
touch "$T/release"
wait $second
status=$?
ok "who waits for another's month finds it made" eval 'is 0 $status || ! cat "$T/second"'
wait
ok "there is one" is record_2030_01 "$(sql "select string_agg(inhrelid::regclass::text, ',') from pg_inherits
	where inhparent = 'record'::regclass and inhrelid::regclass::text like '%2030%'")"
drop_database month

# --- the connection goes away ---------------------------------------------------------------------------------------

listing() { (cd "$1" && find . -type f | sort); }
fresh_database lost
copy_sample "$T/mail"
listing "$T/mail" >"$T/before"
# Makes the month's partitions, so that what is waited for is the table that is locked.
ru ingest --db "$DB" "$T/box"
sql "truncate message, report, record, report_conflict cascade"
waits() {
	[ "$(sql "select count(*) from pg_stat_activity where application_name = 'ruamill' and datname = current_database()
		and wait_event_type = 'Lock'")" = 1 ]
}
# lose TABLE: ingest waits for the table, and loses its connection there.
lose() {
	rm -f "$T/locked" "$T/release"
	PGOPTIONS='-c search_path=dmarc' psql -Xq "$DB" -c begin -c "lock table $1 in exclusive mode" \
		-c "\\! touch '$T/locked'; while [ ! -e '$T/release' ]; do sleep 0.05; done" -c rollback >/dev/null 2>&1 &
	soon test -e "$T/locked" || return 1
	timeout 300 "$RUAMILL" ingest --db "$DB" --then mark "$T/mail" >"$T/out" 2>"$T/err" &
	ingest=$!
	soon waits
	sql "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ruamill'
		and datname = current_database()" >/dev/null
	wait $ingest
	status=$?
	touch "$T/release"
	wait
}
for table in stream message report record; do
	sql "truncate stream"
	lose $table
	ok "lost at $table: try again" ends_with 75
	ok "lost at $table: nothing is stored" is "0|0|0" \
		"$(sql "select (select count(*) from message), (select count(*) from report), count(*) from record")"
	listing "$T/mail" >"$T/after"
	ok "lost at $table: no mail has moved" same "$T/before" "$T/after"
done
sql "truncate stream"
ru ingest --db "$DB" --then mark "$T/mail"
ok "then it works" ends_with 1
dump_facts >"$T/right"
fresh_database undisturbed
ru ingest --db "$DB" "$T/box"
dump_facts >"$T/left"
ok "and ends as if undisturbed" same "$T/left" "$T/right"
ru report --db "$DB" --format json
cp "$T/out" "$T/answer"
drop_database lost

# --- settings that must not matter ---------------------------------------------------------------------------------

# with NAME SETTING...: the database has these settings for whoever does not say otherwise.
with() {
	local name=$1 setting
	shift
	fresh_database settings
	for setting in "$@"; do
		sql "alter database test_$$_settings set $setting"
	done
	ru ingest --db "$DB" "$T/box"
	ok "$name: ingest" ends_with 1
	dump_facts >"$T/right"
	ok "$name: the same facts" same "$T/left" "$T/right"
	ru ingest --db "$DB" "$T/box"
	ok "$name: known again" ends_with 0 "known from before"
	ru report --db "$DB" --format json
	ok "$name: the same answer" same "$T/answer" "$T/out"
}
with "another time zone" "timezone = 'America/St_Johns'"
with "a zone ahead of the date" "timezone = 'Pacific/Kiritimati'"
with "dates as in Germany" "datestyle = 'SQL, DMY'"
with "old strings" "standard_conforming_strings = off" "escape_string_warning = on"
with "latin-1 clients" "client_encoding = 'LATIN1'"
with "bytea escaped" "bytea_output = 'escape'"
with "serializable" "default_transaction_isolation = 'serializable'"
with "another schema first" "search_path = 'public, pg_catalog'"
with "all of them" "timezone = 'Asia/Kathmandu'" "datestyle = 'German'" "standard_conforming_strings = off" \
	"client_encoding = 'LATIN1'" "bytea_output = 'escape'" "intervalstyle = 'iso_8601'" "extra_float_digits = -15" \
	"default_transaction_isolation = 'repeatable read'" "lc_numeric = 'C'" "row_security = off"
DB="$SERVER dbname=test_$$_settings"
ok "libpq's own variables do not matter either" eval \
	'PGTZ=America/St_Johns PGDATESTYLE="SQL, DMY" PGCLIENTENCODING=LATIN1 ru report --db "$DB" --format json; same "$T/answer" "$T/out"'
ok "PGHOST and PGDATABASE do as well as --db" eval '
	PGHOST=$(echo "$SERVER" | sed -n "s/.*host=.\([^'\'' ]*\).*/\1/p") PGPORT=$(echo "$SERVER" | sed -n "s/.*port=\([0-9]*\).*/\1/p") \
	PGUSER=$(echo "$SERVER" | sed -n "s/.*user=\([^ ]*\).*/\1/p") PGDATABASE=test_$$_settings ru report --format json
	ends_with 0 && same "$T/answer" "$T/out"'

for name in tables undisturbed settings; do
	drop_database $name
done
exit "$failed"
