#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The same tables spread over machines by Citus: a coordinator and two workers of our own. What is stored,
# added up, judged and answered there is what one server makes of the same mail. Run as
#
#	RUAMILL=/path/to/ruamill CITUS_PG_CONFIG=/path/to/pg_config bash tests/integration/distributed.sh
#
# with the pg_config of a PostgreSQL that has the extension.
# Checks are given as text that is evaluated later, and by functions called through ok and trap.
# shellcheck disable=SC2016,SC2317
if [ -z "${CITUS_PG_CONFIG:-}" ]; then
	echo "ok skipped: no Citus"
	exit 0
fi
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
bin=$("$CITUS_PG_CONFIG" --bindir)
export CITUS_NODES=$T/nodes CITUS_SETUP=$here/../../sql/distributed/citus.sql
export CITUS_COORDINATOR=5430
ports="$CITUS_COORDINATOR 5431 5432"

# --- three servers --------------------------------------------------------------------------------------------------------

# PostgreSQL does not run as root.
as_server() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && runuser -u postgres -- "$@")
	else
		"$@"
	fi
}

stop_nodes() {
	local port
	for port in $ports; do
		[ ! -e "$CITUS_NODES/$port/postmaster.pid" ] ||
			as_server "$bin/pg_ctl" -D "$CITUS_NODES/$port" -m immediate stop >/dev/null 2>&1
	done
	clean_up
}
trap stop_nodes EXIT

start_nodes() {
	local port
	mkdir "$CITUS_NODES"
	chmod 700 "$CITUS_NODES" # whoever enters it is let in by the servers
	[ "$(id -u)" != 0 ] || chown postgres "$CITUS_NODES"
	for port in $ports; do
		as_server "$bin/initdb" -D "$CITUS_NODES/$port" -U ruamill -A trust --no-sync -E UTF8 --locale C &&
			as_server "$bin/pg_ctl" -D "$CITUS_NODES/$port" -w -l "$CITUS_NODES/$port/log" -o "-p $port \
				-k $CITUS_NODES -c listen_addresses= -c shared_preload_libraries=citus -c wal_level=logical \
				-c fsync=off -c max_worker_processes=100 -c max_connections=200 -c max_prepared_transactions=200 -c citus.shard_count=8 \
				-c citus.node_conninfo=sslmode=disable" start || return 1
	done
}

# on PORT DATABASE SQL...
on() {
	local port=$1 database=$2 text commands=()
	shift 2
	for text in "$@"; do
		commands+=(-c "$text")
	done
	psql -XqAt -v ON_ERROR_STOP=1 -h "$CITUS_NODES" -p "$port" -U ruamill -d "$database" \
		-c "set client_min_messages = error" "${commands[@]}"
}

# The commands of the README, for a database that has ruamill's tables.
spread() {
	local port
	for port in $((CITUS_COORDINATOR + 1)) $((CITUS_COORDINATOR + 2)); do
		on "$port" postgres "drop database if exists $1 with (force)" "create database $1" \
			"alter database $1 set timezone = 'Asia/Kolkata'"
		on "$port" "$1" "create extension citus"
	done
	on "$CITUS_COORDINATOR" "$1" "create extension citus" \
		"select citus_set_coordinator_host('$CITUS_NODES', $CITUS_COORDINATOR)" \
		"select citus_add_node('$CITUS_NODES', $((CITUS_COORDINATOR + 1)))" \
		"select citus_add_node('$CITUS_NODES', $((CITUS_COORDINATOR + 2)))" >/dev/null
	spread_again "$1"
}
spread_again() {
	PGOPTIONS='-c client_min_messages=warning' psql -Xq -h "$CITUS_NODES" -p "$CITUS_COORDINATOR" -U ruamill \
		-d "$1" -f "$CITUS_SETUP" >/dev/null
}
export -f on spread spread_again

ok "a coordinator and two workers" start_nodes
[ "$failed" = 0 ] || exit 1

# --- one server to compare with -----------------------------------------------------------------------------------------

start_server
one_server=$SERVER
use_one() {
	unset SPREAD
	SERVER=$one_server
}
use_many() {
	export SPREAD=spread
	SERVER="host=$CITUS_NODES port=$CITUS_COORDINATOR user=ruamill dbname=postgres"
}

# All that is stored and made of it, but times.
dump_tables() {
	dump_facts
	dump_messages
	sql "select regexp_replace(locator, '^.*/|:2,.*$', '', 'g') as mail, settlement, settled_at is not null, attempts
		from message order by 1"
	sql "select 'daily', to_jsonb(d) from daily d order by day, stream_key, host_class, reporter"
	sql "select 'host_seen', to_jsonb(h) from host_seen h order by address, policy_domain"
	sql "select 'host', to_jsonb(h) - 'looked_up_at' from host h order by address"
	sql "select 'judgement', to_jsonb(j) from judgement j order by stream_key, host_class"
	sql "select 'daily_sender', to_jsonb(d) from daily_sender d" | sort
	sql "select 'daily_report', to_jsonb(d) from daily_report d" | sort
	sql "select 'remedy', to_jsonb(r) from remedy r order by key"
	sql "select 'sender', to_jsonb(s) - 'added_at' from sender s order by id"
	sql "select 'dirty', day from dirty_day"
}

# All that is answered: each question in each form, each view in full, and the cookbook.
dump_answers() {
	local format view columns query question
	for question in failures domains reporters hosts "failures --sender sendgrid" "hosts --group-ipv6" "hosts --sender amazon-ses"; do
		# shellcheck disable=SC2086 # words are meant
		ru report $question --db "$DB" --format csv
		cat "$T/out" "$T/err"
	done
	for question in amazon-ses unknown 54.240.9.92; do
		ru explain $question --db "$DB"
		cat "$T/out" "$T/err"
	done
	for format in table csv json; do
		ru report senders --db "$DB" --format "$format"
		cat "$T/out" "$T/err"
		ru report senders --db "$DB" --format "$format" --domain example.org --days 60
		cat "$T/out" "$T/err"
		ru report problems --db "$DB" --format "$format" --all
		sed -E 's/20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]+Z//g' "$T/out" "$T/err" | sort
	done
	for view in $(sql "select viewname from pg_views where schemaname = 'dmarc' order by 1"); do
		echo "view $view"
		columns=$(sql "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
			where attrelid = '$view'::regclass and attname not in ('seen_at', 'retried_at', 'added_at', 'message_key')")
		sql "select $columns from $view" 2>&1 | sort
	done
	ru db describe --db "$DB"
	cat "$T/out" "$T/err"
	for query in "$here"/../../sql/cookbook/*.sql; do
		echo "${query##*/}"
		ru db psql --db "$DB" -- -XqAt -v ON_ERROR_STOP=1 -f "$query"
		cat "$T/out" "$T/err"
	done
}

# same_as_one NAME FUNCTION: what the function does to an empty $DB comes to the same on one server and on many.
same_as_one() {
	local name=$1 where
	for where in one many; do
		"use_$where"
		fresh_database "$where"
		rm -rf "$T/box"
		"$2"
		dump_tables >"$T/tables.$where"
		dump_answers >"$T/answers.$where"
		drop_database "$where"
	done
	ok "$name: stored" eval 'same "$T/tables.one" "$T/tables.many" && [ "$(wc -l <"$T/tables.many")" -gt 100 ]'
	ok "$name: answered" eval 'same "$T/answers.one" "$T/answers.many" && [ "$(wc -l <"$T/answers.many")" -gt 100 ]'
}

# --- the same mail ----------------------------------------------------------------------------------------------------------

sample() {
	copy_sample "$T/box"
	ru ingest --db "$DB" "$T/box"
}
same_as_one "the sample mailbox" sample
cp "$T/tables.one" "$T/tables.sample"

# With all that a nightly run asks of a database, and drops.
night() {
	copy_sample "$T/box"
	printf '[source box]\nfrom = %s\nthen = move:.Archive\nif_broken = move:.Broken\n[retention]\nkeep = 400d\n' \
		"$T/box" >"$T/night.conf"
	ru nightly --config "$T/night.conf" --db "$DB"
	cp "$T/out" "$T/digest.$where"
	ru check --config "$T/night.conf" --db "$DB"
	cat "$T/out" >>"$T/digest.$where"
}
same_as_one "a night" night
ok "a night: told" eval 'same "$T/digest.one" "$T/digest.many" && grep -q "^Fails, and did not before" "$T/digest.many" &&
	grep -q "^ok  *database" "$T/digest.many"'

with_workers() {
	copy_sample "$T/box"
	ru ingest --db "$DB" --jobs 4 "$T/box"
}
same_as_one "several workers" with_workers
ok "which come to what one does" same "$T/tables.sample" "$T/tables.many"

rivals() {
	copy_sample "$T/box"
	for n in 1 2 3; do
		timeout 300 "$RUAMILL" ingest -q --db "$DB" "$T/box" >/dev/null 2>"$T/rival.$n" &
	done
	wait
	ru ingest --db "$DB" "$T/box"
}
same_as_one "three processes at once" rivals
ok "which come to what one does" same "$T/tables.sample" "$T/tables.many"

settled() {
	copy_sample "$T/box"
	ru ingest --db "$DB" --then move:.Archive --if-broken move:.Broken "$T/box"
	ru ingest --db "$DB" "$T/box/.Archive"
}
same_as_one "mails are moved, and known where they are" settled
ok "none was left" is 0 "$(grep -c '^[^|]*|[^|]*|f|' "$T/tables.many")"

retried() {
	copy_sample "$T/box"
	local whole mail
	whole=$(sql "select 1" >/dev/null && find "$T/box" -type f -size +3k | sort | head -n 5)
	for mail in $whole; do
		cp "$mail" "$T/whole.${mail##*/}"
		head -c 2000 "$T/whole.${mail##*/}" >"$mail"
	done
	ru ingest --db "$DB" "$T/box"
	for mail in $whole; do
		cp "$T/whole.${mail##*/}" "$mail"
	done
	ru ingest --db "$DB" --retry "$T/box"
}
same_as_one "what was broken is tried again" retried
ok "and stored" eval '[ "$(grep -c "|t|2$\||f|2$" "$T/tables.many")" -ge 5 ]'

# One that is sent while it is read, and one of its neighbours that breaks off when much of it is sent.
giant() {
	mkdir "$T/box"
	for n in 1 2; do
		{
			report "giant-$n" example.org 1 | sed '/^<record>/,$d'
			awk -v n="$n" 'BEGIN { for (i = 0; i < 60000; i++) printf "<record><row><source_ip>10.%d.%d.%d</source_ip>" \
				"<count>%d</count></row><identifiers><header_from>example.org</header_from></identifiers></record>\n",
				n, i / 256, i % 256, i % 7 + 1 }'
			[ "$n" = 2 ] || echo '</feedback>'
		} >"$T/box/$n.xml"
	done
	ru ingest --db "$DB" "$T/box"
}
same_as_one "a giant report" giant

# --- judged anew ------------------------------------------------------------------------------------------------------------

ruled() {
	sample
	sql "insert into sender_rule (kind, value, sender) select 'ip', host(source_ip), 'Our CRM' from record
		where family(source_ip) = 4 group by source_ip order by sum(count) desc, source_ip limit 1"
	sql "insert into sender_rule (kind, value, sender) values ('mailfrom', 'amazonses.com', 'spotme')"
	sql "insert into owned_domain (domain) values ('example.net')"
	ru db rejudge --db "$DB"
}
same_as_one "rules and domains of the owner's" ruled

forgotten() {
	sample
	sql "truncate judgement"
	sql "truncate daily_sender"
	sql "truncate remedy"
	sql "insert into dirty_day (day) select distinct day from daily"
	ru db rejudge --db "$DB"
}
same_as_one "judgements that are gone" forgotten
ok "are made again" same "$T/tables.sample" "$T/tables.many"

pruned() {
	sample
	sql "drop table record_2026_10"
	ru db rejudge --db "$DB"
}
same_as_one "a month whose detail is dropped" pruned

# --- spread before the last changes of the schema ---------------------------------------------------------------------------

# The changes up to the one since which several machines can do them all.
first_changes() {
	local file changes=$here/../../sql/migrations
	for file in "$changes"/00{01..15}_*.sql; do
		PGOPTIONS='-c client_min_messages=warning' psql -Xq -v ON_ERROR_STOP=1 "$DB" -1 -f "$file" || return 1
	done
	psql -Xq "$SERVER dbname=test_$$_whole" -c "copy (select * from dmarc.migration where version <= 15) to stdout" |
		psql -Xq "$DB" -c "copy dmarc.migration from stdin"
}
use_many
SPREAD='' fresh_database whole
empty_database grown
ok "a database made by an earlier version" first_changes
spread "test_$$_grown"
ru db migrate --db "$DB"
ok "that is spread can be brought up to date" ends_with 0
ok "and is spread once more" spread_again "test_$$_grown"
sample
dump_tables >"$T/tables.many"
ok "to store what others do" same "$T/tables.sample" "$T/tables.many"
drop_database whole
drop_database grown

# --- what is kept ------------------------------------------------------------------------------------------------------------

# Pruned in steps, each of them once more, which finds nothing. Sizes differ, what is said does not.
prune() {
	ru db prune "$@" --db "$DB"
	{ echo "$*: $status"; cat "$T/out" "$T/err"; } | sed -E 's/[0-9.]+ [KM]iB/SIZE/g' >>"$T/said.$where"
}
kept() {
	copy_sample "$T/box"
	ru ingest --store-payload --db "$DB" "$T/box"
	for age in "--keep 90d --detail 20d" "--payload 10d" "--keep 15d"; do
		# shellcheck disable=SC2086 # words
		{ prune --dry-run $age; prune $age; prune $age; }
	done
	sql "select 'payload', report_key, piece, md5(bytes) from payload order by 2, 3" >"$T/payloads.$where"
	late_reports 2026-10-31 2026-11-01
	ru ingest --db "$DB" "$T/late"
	{ ru db rejudge --db "$DB"; echo "$status"; } >>"$T/said.$where"
}
late_reports() {
	local day begin
	mkdir -p "$T/late"
	for day in "$@"; do
		begin=$(date -u -d "$day" +%s)
		report "late $day" example.org 5 |
			sed "s|<begin>[0-9]*<|<begin>$begin<|; s|<end>[0-9]*<|<end>$((begin + 86399))<|" >"$T/late/$day.xml"
	done
}
same_as_one "pruned by ruamill" kept
ok "what that says" same "$T/said.one" "$T/said.many"
ok "with detail, then all, that is older" eval 'is "129 129" "$(sed -n "s/.*dr.* records of 2026-10: \([0-9]*\).*/\1/p" "$T/said.many" | xargs)" &&
	is "13 13" "$(sed -n "s/.*dr.* reports: \([0-9]*\).*/\1/p" "$T/said.many" | xargs)" &&
	is 3 "$(grep -c "nothing is older" "$T/said.many")"'
ok "and payloads by age" eval 'same "$T/payloads.one" "$T/payloads.many" && [ -s "$T/payloads.many" ] &&
	is 10 "$(wc -l <"$T/payloads.many")"'
ok "a late report is stored if its month is open" is "too old stored" \
	"$(sed -n 's/^2026-1[01]-[0-9]*.xml|\([^|]*|\)\{4\}[0-9]*|\([a-z ]*\)|.*/\2/p' "$T/tables.many" | xargs)"

# --- where it lies ----------------------------------------------------------------------------------------------------------

use_many
fresh_database where
sample
ok "records lie on both workers, months and all" is 2 "$(sql "select count(distinct nodeport) from citus_shards
	where table_name = 'dmarc.record_2026_11'::regclass")"
records=0
for port in 5431 5432; do
	there=$(on $port "test_$$_where" "set citus.override_table_visibility = off" "select coalesce(sum((xpath('/row/n/text()',
		query_to_xml(format('select count(*) as n from dmarc.%I', relname), false, true, '')))[1]::text::bigint), 0)
		from pg_class where relname ~ '^record_2026_[0-9]+_[0-9]+$'")
	ok "port $port has some" test "$there" -gt 0
	records=$((records + there))
done
ok "and nothing lies twice" is "$(sql "select count(*) from record")" "$records"
ok "to spread once more changes nothing" spread_again "test_$$_where"
DB="$SERVER dbname=test_$$_where"
dump_tables >"$T/tables.many"
ok "of what is there" same "$T/tables.sample" "$T/tables.many"
drop_database where

# What one server has outgrown.
unset SPREAD
fresh_database moved
sample
ru db init --roles --db "$DB"
analyst=test_$$_moved_analyst
sql "create role $analyst login in role ruamill_reader"
reads() { psql -XAtq "$DB user=$analyst" -c "$1" 2>&1; }
read_before=$(reads "select (select count(*) from dmarc.records), (select count(*) from dmarc.problems)")
ok "a database with mail in it" spread "test_$$_moved"
for port in 5431 5432; do
	on $port "test_$$_moved" "set citus.enable_create_role_propagation = off" "create role $analyst login in role ruamill_reader"
done
ok "which analysts read as before" eval 'is "359|11" "$read_before" && is "$read_before" \
	"$(reads "select (select count(*) from dmarc.records), (select count(*) from dmarc.problems)")"'
ok "but not where mails lie" is "0|ERROR:  permission denied for table message" "$(reads "select count(source) + count(locator) + count(message_id) from dmarc.problems" |
	paste -sd '|')|$(reads "select from dmarc.message")"
dump_tables >"$T/tables.many"
ok "is spread with all it has" same "$T/tables.sample" "$T/tables.many"
report later example.org 7 >"$T/later.xml"
ru ingest --db "$DB" "$T/later.xml"
ok "takes more" ends_with 0
ru db rejudge --db "$DB"
ok "and is judged anew" ends_with 0
ok "whole" is "$(sql "select sum(count) from record")" "$(sql "select sum(messages) from daily_sender")"
drop_database moved
for port in $ports; do
	on "$port" postgres "drop role $analyst"
done

# --- what else asks for a database ------------------------------------------------------------------------------------------

use_many
for script in rollup report prune roles owner hosts payload; do
	RUAMILL_TEST_DB=$SERVER bash "$here/$script.sh" | sed -E "s/^(not )?ok /&$script.sh, spread: /"
	[ "${PIPESTATUS[0]}" = 0 ] || failed=1
done
exit $failed
