#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What is kept how long: detail by whole months, all else by --keep, nothing counted twice. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/prune.sh
#
# Checks are given as text that is evaluated later, and by functions called through ok.
# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server

# report_on DATE ID DOMAIN COUNT...: the helpers' report, of that day.
report_on() {
	local day begin
	day=$1
	begin=$(date -u -d "$day" +%s)
	shift
	report "$@" | sed "s|<begin>[0-9]*<|<begin>$begin<|; s|<end>[0-9]*<|<end>$((begin + 86399))<|"
}

# A report on the tenth of each month, by a domain of its own.
mkdir "$T/box"
for month in 01 02 03 04 05 06 07 08 09 10 11; do
	report_on "2026-$month-10" "r-$month" "m$month.example" 1 2 "$((10#$month * 10))" >"$T/box/$month.xml"
done
rolled_up() { sql "select * from daily order by day, stream_key"; sql "select * from daily_sender order by day, policy_domain"; }
everything() {
	dump_facts
	rolled_up
	sql "select * from host_seen order by 1, 2"
	sql "select outcome, reason from message order by 1, 2"
	sql "select * from retention"
	sql "select count(*) from payload"
}
# Each report that is there counts once, and only once, in what is rolled up; none is there by halves.
counted_once() {
	is "" "$(sql "select day, d.messages, r.messages from (select day, sum(messages) as messages from daily group by 1) d
		full join (select day, sum(messages) as messages from report group by 1) r using (day)
		where d.messages is distinct from r.messages")" &&
		is 0 "$(sql "select count(*) from dirty_day")" &&
		is 0 "$(sql "select count(*) from record r left join report p on p.key = r.report_key where p.key is null")" &&
		is 0 "$(sql "select count(*) from record r left join stream s on s.key = r.stream_key where s.key is null")" &&
		is 0 "$(sql "select count(*) from report p where day >= (select first_kept_day())
			and records <> (select count(*) from record where report_key = p.key)")" &&
		is 0 "$(sql "select count(*) from record where day < (select first_kept_day())")"
}

fresh_database prune
ru ingest --store-payload --db "$DB" "$T/box"
ok "eleven months" eval 'ends_with 0 && counted_once'

# --- what cannot be meant --------------------------------------------------------------------------------------

wrong() {
	ru db prune --db "$DB" "$@"
}
wrong
ok "nothing asked for" ends_with 64 "--keep"
for age in 0d d 1.5d -3d 400m 1000000d ""; do
	wrong --keep "$age"
	ok "--keep '$age'" ends_with 64 "not a number of days"
done
wrong --keep 90d --detail 91d
ok "more detail than all else" ends_with 64 "cannot be kept longer"
wrong --keep 90d x
ok "an argument" ends_with 64

# --- detail -----------------------------------------------------------------------------------------------------

everything >"$T/before"
bytes=$(sql "select sum(stored_bytes(format('dmarc.%I', name)::regclass)) from detail_months() where month < '2026-08-01'")
freed=$(awk -v n="$bytes" 'BEGIN { if (n < 1048576) printf "%d KiB", n / 1024; else printf "%.1f MiB", n / 1048576 }')
ok "all that is to go takes room" test "$bytes" -gt 100000
ru db prune --dry-run --keep 400d --detail 90d --db "$DB"
ok "--dry-run says what would go, month by month" eval 'ends_with 0 && says_nothing &&
	is "01 02 03 04 05 06 07" "$(sed -n "s/^would drop records of 2026-\(..\): 3, .*/\1/p" "$T/out" | xargs)"'
ok "that months are kept whole" grep -q "^kept: records from 2026-08-01 on, all else from 2025-10-01 on; months are kept whole" "$T/out"
ok "and how much that frees" grep -q "^that frees $freed of disk, and about 0 KiB" "$T/out"
ok "and does nothing" eval 'everything >"$T/right" && same "$T/before" "$T/right"'
rolled_up >"$T/left"
ru db prune --keep 400d --detail 90d --db "$DB"
ok "prune says the same as it begins" eval 'ends_with 0 "dropping records of 2026-01: 3" "that frees $freed of disk" && prints_nothing'
ok "months before are gone as a whole, none after" is "2026-08-01 2026-09-01 2026-10-01 2026-11-01" \
	"$(sql "select month from detail_months() order by 1" | xargs)"
ok "with their records" is "2026-08-10|12" "$(sql "select min(day), count(*) from record")"
ok "what was rolled up stays" eval 'rolled_up >"$T/right" && same "$T/left" "$T/right"'
ok "so do reports, messages and addresses" is "11|11|33" \
	"$(sql "select (select count(*) from report), (select count(*) from message), (select count(*) from host_seen)")"
ru db prune -q --keep 400d --detail 90d --db "$DB"
ok "-q says nothing" eval 'ends_with 0 && says_nothing && prints_nothing'
ru db prune --keep 400d --detail 90d --db "$DB"
ok "again: nothing is older" ends_with 0 "nothing is older"
ru db prune --keep 400d --detail 300d --db "$DB"
ok "days that are closed stay closed" eval 'ends_with 0 && is 2026-08-01 "$(sql "select first_kept_day()")"'

# --- what comes late ---------------------------------------------------------------------------------------------

everything >"$T/before"
report_on 2026-07-31 late late.example 5 >"$T/late.xml"
report_on 2026-08-01 first late.example 6 >"$T/first.xml"
ru ingest --dry-run --db "$DB" "$T/late.xml"
ok "--dry-run: too old" ends_with 0 "1 too old"
ru ingest --db "$DB" "$T/late.xml"
ok "a late report for a closed day is too old" ends_with 0 "1 too old"
ok "and told with the reason" is "too old|the detail of its day, 2026-07-31, was pruned: the day is closed|" \
	"$(sql "select outcome, reason, settlement from message where locator like '%late.xml'")"
ru report problems --db "$DB" --format json
ok "it is listed" grep -q '"too old"' "$T/out"
ok "and not counted" eval 'counted_once && rolled_up >"$T/right" && same "$T/left" "$T/right"'
ok "nor is its month made again" is 4 "$(sql "select count(*) from detail_months()")"
ru ingest --retry --db "$DB" "$T/late.xml"
ok "--retry: still" ends_with 0 "1 too old"
cp "$T/box/03.xml" "$T/again.xml"
ru ingest --db "$DB" "$T/again.xml"
ok "what was counted before is a duplicate" ends_with 0 "1 duplicate"
sed 's/<count>2</<count>3</' "$T/box/03.xml" >"$T/other.xml"
ru ingest --db "$DB" "$T/other.xml"
ok "or conflicting" ends_with 0 "1 conflicting"
cp "$T/late.xml" "$T/twin.xml"
cp "$T/late.xml" "$T/twin2.xml"
ru ingest --db "$DB" "$T/twin.xml" "$T/twin2.xml"
ok "two of one are both too old" ends_with 0 "2 too old"
ru ingest --db "$DB" "$T/first.xml"
ok "the first day that is kept is open" eval 'ends_with 0 "1 stored" && counted_once'
mkdir "$T/two"
cat "$T/late.xml" | sed 's/late/late-2/' >"$T/two/a.xml"
report_on 2026-08-02 second late.example 6 >"$T/two/b.xml"
{
	printf 'Subject: two\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n'
	for file in "$T"/two/*; do
		printf -- '--x\nContent-Type: text/xml\n\n'
		cat "$file"
	done
	echo '--x--'
} >"$T/two.mail"
ru ingest --dry-run --db "$DB" "$T/two.mail"
ok "--dry-run: of a mail with two one is too old" ends_with 1 "1 stored" "2026-07-31"
ru ingest --db "$DB" "$T/two.mail"
ok "as it is then" ends_with 1 "1 stored" "2026-07-31"
ok "of a mail with two the other is stored, and that is said" is "stored|t" \
	"$(sql "select outcome, reason like '%2026-07-31%' from message where locator like '%two.mail'")"
ok "once" counted_once

report_on 2026-07-30 giant giant.example 1 | sed '/<record>/,$d' >"$T/giant.xml"
awk 'BEGIN { for (i = 0; i < 60000; i++) printf "<record><row><source_ip>10.%d.%d.%d</source_ip><count>1</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>pass</spf></policy_evaluated></row><identifiers><header_from>n%d.giant.example</header_from></identifiers><auth_results><spf><domain>giant.example</domain><result>pass</result></spf></auth_results></record>\n", i / 65536, i / 256 % 256, i % 256, i % 3000
	print "</feedback>" }' >>"$T/giant.xml"
ru ingest --db "$DB" "$T/giant.xml"
ok "a giant, too" eval 'ends_with 0 "1 too old" && counted_once'

# --- statistics and indexes after a large load ---------------------------------------------------------------------

sed 's/giant</giant-new</; s/<begin>[0-9]*</<begin>'"$(date -u -d 2026-10-20 +%s)"'</; s/<end>[0-9]*</<end>'"$(date -u -d 2026-10-20T23:59:59 +%s)"'</' "$T/giant.xml" >"$T/giant-new.xml"
ru ingest --db "$DB" "$T/giant-new.xml"
ok "a giant of an open day" eval 'ends_with 0 "60000 records" && counted_once'
# On several machines each looks after its own part.
if [ -z "${SPREAD:-}" ]; then
	ok "the planner knows of its rows, by month and altogether" is "t|t" "$(sql "select
		(select abs(reltuples - 60003) < 3000 from pg_class where relname = 'record_2026_10'),
		(select reltuples > 60000 from pg_class where relname = 'record')")"
	ok "and of what is in them" is t "$(sql "select count(distinct tablename) >= 4 from pg_stats
		where schemaname = 'dmarc' and tablename in ('record', 'record_2026_10', 'stream', 'host_seen') and n_distinct <> 0")"
	ok "the index knows all pages but the last" is 0 "$(sql "select brin_summarize_new_values(indexrelid)
		from pg_index where indrelid = 'record_2026_10'::regclass")"
	analyzed() { sql "select count(*), max(last_analyze) from pg_stat_user_tables where schemaname = 'dmarc' and last_analyze is not null"; }
	analyzed >"$T/left"
	report_on 2026-10-21 small small.example 1 >"$T/small.xml"
	ru ingest --db "$DB" "$T/small.xml"
	ok "a small report gives no cause to look again" eval 'analyzed >"$T/right"; same "$T/left" "$T/right"'
fi

# --- all else -------------------------------------------------------------------------------------------------------

# 2026-05-05: what is before May goes.
sql "update message set seen_at = '2026-01-20' where locator like '%/01.xml' or locator like '%/07.xml' or locator like '%/late.xml'"
sql "update message set seen_at = '2026-01-20', settled_at = null where locator like '%/02.xml'"
sql "insert into host (address, looked_up_at) values ('203.0.113.1', '2026-01-01'), ('203.0.113.2', '2026-11-01'), ('192.0.2.1', '2026-01-01')
	on conflict (address) do update set looked_up_at = excluded.looked_up_at"
sql "insert into host_seen values ('203.0.113.9', 'm01.example', '2026-01-01', '2026-11-01', 5)"
# That of a report that was too old is needed by nothing.
streams=$(sql "select count(*) from stream where (policy_domain >= 'm05' or policy_domain < 'm01') and policy_domain <> 'late-2.example'")
ru db prune --keep 200d --detail 90d --db "$DB" --dry-run
ok "--dry-run counts what would go" eval 'ends_with 0 && grep -q "^would drop reports: 4, about" "$T/out" &&
	grep -q "^would drop messages: 2, about" "$T/out" && grep -q "^would drop addresses: 12, about" "$T/out" &&
	grep -q "all else from 2026-05-01" "$T/out"'
ru db prune --keep 200d --detail 90d --db "$DB"
ok "prune with --keep" ends_with 0 "dropping days rolled up: 4" "dropping days by report: 4" "dropping reports: 4"
ok "no day rolled up before it" is "2026-05-10|2026-05-10|2026-05-10|2026-05-10" \
	"$(sql "select (select min(day) from daily), (select min(day) from daily_sender), (select min(day) from daily_report), (select min(day) from report)")"
ok "all after it" eval 'counted_once && is 7 "$(sql "select count(*) from report where reporter = '"'reporter'"' and policy_domain like '"'m%'"'")"'
ok "messages stay that are newer, have a report that is kept, or are to be settled" is "02.xml,07.xml" \
	"$(sql "select string_agg(substring(locator from '[^/]*$'), ',' order by locator) from message where seen_at < '2026-05-01'")"
ok "the conflict went with its report" is 0 "$(sql "select count(*) from report_conflict")"
ok "so did payloads" is "7" "$(sql "select count(distinct report_key) from payload")"
ok "addresses that were seen since are kept" is "0|1" "$(sql "select count(*) filter (where last_day < '2026-05-01'),
	count(*) filter (where address = '203.0.113.9') from host_seen")"
ok "what is known of addresses that nothing is known to have sent goes when it is old" is "192.0.2.1,203.0.113.2" \
	"$(sql "select string_agg(host(address), ',' order by address) from host where host(address) in ('203.0.113.1', '203.0.113.2', '192.0.2.1')")"
ok "streams go that nothing needs, and no other" is "$streams|$streams" \
	"$(sql "select (select count(*) from stream), (select count(distinct key) from daily join stream on key = stream_key)")"
ok "judgements and remedies, too" is "0|0" "$(sql "with rolled as materialized (select stream_key, host_class from daily) select
	(select count(*) from judgement j where not exists (select from rolled d where d.stream_key = j.stream_key and d.host_class = j.host_class)),
	(select count(*) from remedy r where not exists (select from judgement where remedy_key = r.key))")"
ok "each day that is kept is judged" is 0 "$(sql "select count(*) from daily d left join judgement j using (stream_key, host_class) where j.verdict is null")"
ru ingest --db "$DB" "$T/box/01.xml"
ok "a mail that was forgotten and comes again is too old" eval 'ends_with 0 "1 too old" && counted_once'

# --- payloads alone ------------------------------------------------------------------------------------------------

ru db prune --payload 30d --db "$DB"
ok "--payload alone: by day" eval 'ends_with 0 "payloads from 2026-10-22" "dropping payloads: 6" && counted_once &&
	is "2026-11-10|2026-08-01" "$(sql "select min(day), first_kept_day() from payload join report on key = report_key")"'
drop_database prune

# --- what is not rolled up yet ---------------------------------------------------------------------------------------

fresh_database behind
ru ingest --db "$DB" "$T/box"
everything | grep -v '^record' >"$T/left"
sql "delete from daily; delete from daily_sender; delete from host_seen; insert into dirty_day select day, key from report"
ru db prune --detail 90d --db "$DB"
ok "what is not rolled up is, before it goes" eval 'ends_with 0 && counted_once && rolled_up >"$T/right" &&
	grep "^2026" "$T/left" >"$T/left.days"; grep "^2026" "$T/right" >"$T/right.days"; [ -s "$T/right.days" ] && is 11 "$(sql "select count(distinct day) from daily")"'

# hold END SQL: somebody has done this, and commits or rolls back once $T/release is there.
hold() {
	rm -f "$T/held" "$T/release"
	PGOPTIONS='-c search_path=dmarc' psql -Xq "$DB" -c begin -c "$2" \
		-c "\\! touch '$T/held'; while [ ! -e '$T/release' ]; do sleep 0.05; done" -c "$1" >/dev/null 2>&1 &
	soon test -e "$T/held"
}
waiting() {
	[ "$(sql "select count(*) from pg_stat_activity where application_name = 'ruamill' and datname = current_database()
		and wait_event_type = 'Lock'")" -ge "$1" ]
}

# --- beside an ingestion ----------------------------------------------------------------------------------------------

# An ingestion has claimed a report of a day that is to be closed when prune begins.
fresh_database beside
ru ingest --db "$DB" "$T/box"
hold rollback "lock table report in exclusive mode"
report_on 2026-07-20 beside m07.example 7 >"$T/beside.xml"
timeout 120 "$RUAMILL" ingest --db "$DB" "$T/beside.xml" >"$T/ingest" 2>&1 &
ingest=$!
soon waiting 1
timeout 120 "$RUAMILL" db prune --keep 400d --detail 90d --db "$DB" >"$T/prune" 2>&1 &
prune=$!
soon waiting 2
touch "$T/release"
wait $ingest
status=$?
wait $prune
status="$status|$?"
ok "prune waits for who writes to a day" eval 'is "0|0" "$status" || { cat "$T/ingest" "$T/prune"; false; }'
ok "whose report counts" eval 'counted_once && is "7" "$(sql "select sum(messages) from daily where day = '"'2026-07-20'"'")"'
ok "though its detail is gone" is "2026-08-10" "$(sql "select min(day) from record")"

# Prune has closed the days when the ingestion begins its transaction.
fresh_database closed
ru ingest --db "$DB" "$T/box"
hold commit "select pg_advisory_xact_lock(hashtextextended('dmarc.retention', 0)), close_days('2026-08-01')"
timeout 120 "$RUAMILL" ingest --db "$DB" "$T/beside.xml" >"$T/ingest" 2>&1 &
ingest=$!
soon waiting 1
touch "$T/release"
wait $ingest
status=$?
ok "who comes behind prune finds the day closed" eval 'is 0 "$status" && grep -q "1 too old" "$T/ingest" && counted_once'
drop_database closed

# Whoever has had enough of waiting.
fresh_database tired
ru ingest --db "$DB" "$T/box"
hold commit "select pg_advisory_xact_lock(hashtextextended('dmarc.retention', 0))"
timeout 120 "$RUAMILL" db prune --keep 400d --detail 90d --db "$DB" >"$T/prune" 2>&1 &
prune=$!
soon waiting 1
kill -INT "$(pgrep -P $prune)"
wait $prune
status=$?
touch "$T/release"
ok "prune is stopped while it waits" eval 'is 75 "$status" && grep -q "^ruamill: stopped by a signal" "$T/prune"'
ok "and has dropped nothing" is 2026-01 "$(sql "select to_char(min(day), '"'YYYY-MM'"') from record")"
wait
drop_database tired

# Streams that were put there for facts to come, at a time when nothing else needs them.
fresh_database streams
report_on 2026-11-20 streams streams.example 1 2 >"$T/streams.xml"
ru ingest --db "$DB" "$T/box"
hold rollback "lock table report in exclusive mode"
timeout 120 "$RUAMILL" ingest --db "$DB" "$T/streams.xml" >"$T/ingest" 2>&1 &
ingest=$!
soon waiting 1
ok "the streams are there before their records" is 1 "$(sql "select count(*) from stream where policy_domain = 'streams.example'")"
timeout 120 "$RUAMILL" db prune --keep 1d --db "$DB" >"$T/prune" 2>&1 &
prune=$!
soon waiting 2
touch "$T/release"
wait $ingest
wait $prune
ok "prune leaves them" eval 'counted_once && is 2 "$(sql "select count(*) from records where policy_domain = '"'streams.example'"'")"'
drop_database streams

# --- beside a reader ------------------------------------------------------------------------------------------------------

DB="$SERVER dbname=test_$$_beside"
hold rollback "lock table record in access share mode"
sql "insert into dirty_day select day, null from report where day >= (select first_kept_day())"
timeout 120 "$RUAMILL" db prune --detail 50d --db "$DB" >"$T/prune" 2>&1 &
prune=$!
soon waiting 1
sleep 2.5
ok "who reads is not cut off, and others are let in between" eval 'kill -0 $prune && sql "select count(*) from record" >"$T/count"'
touch "$T/release"
wait $prune
ok "then it goes on" eval 'is 0 $? || cat "$T/prune"'
ok "and the month is gone" eval 'is "2026-10-10" "$(sql "select min(day) from record")" && counted_once'

# --- several at once -------------------------------------------------------------------------------------------------------

fresh_database many
ru ingest --db "$DB" "$T/box"
pids=()
for n in 1 2 3; do
	timeout 120 "$RUAMILL" db prune --keep 200d --detail 90d --db "$DB" >"$T/many.$n" 2>&1 &
	pids+=($!)
done
wrong=0
for pid in "${pids[@]}"; do
	wait "$pid" || wrong=$((wrong + 1))
done
ok "three prunes at once: all succeed" eval 'is 0 "$wrong" || { cat "$T"/many.*; false; }'
everything >"$T/right"
fresh_database one
ru ingest --db "$DB" "$T/box"
ru db prune --keep 200d --detail 90d --db "$DB"
everything >"$T/left"
ok "with the result of one" eval 'counted_once && same "$T/left" "$T/right"'
drop_database many

# Reports of every day of three months, by four ingestions, while prunes go through them.
mkdir "$T/days"
report_on 2026-09-01 day-x days.example 1 2 >"$T/template"
for i in $(seq 0 89); do
	begin=$(($(date -u -d 2026-07-01 +%s) + i * 86400))
	for id in a b c d; do
		sed "s/day-x/day-$i-$id/; s|<begin>[0-9]*<|<begin>$begin<|; s|<end>[0-9]*<|<end>$((begin + 86399))<|" "$T/template" >"$T/days/$i-$id.xml"
	done
done
fresh_database crowd
pids=()
for n in 1 2 3 4; do
	timeout 240 "$RUAMILL" ingest -q --jobs 2 --db "$DB" "$T/days" >"$T/crowd.$n" 2>&1 &
	pids+=($!)
done
for n in 5 6; do
	{ for detail in 120 110 80 60; do
		timeout 240 "$RUAMILL" db prune -q --keep 400d --detail ${detail}d --db "$DB" || exit 1
	done; } >"$T/crowd.$n" 2>&1 &
	pids+=($!)
done
wrong=0
for pid in "${pids[@]}"; do
	wait "$pid" || wrong=$((wrong + 1))
done
ok "a crowd of ingestions and prunes: all succeed" eval 'is 0 "$wrong" || { cat "$T"/crowd.*; false; }'
ru db prune --keep 400d --detail 60d --db "$DB"
ok "each report counts once, or is too old" eval 'counted_once && is 360 "$(sql "select
	(select count(*) from report) + (select count(*) from message where outcome = '"'too old'"')")"'

for name in behind beside one crowd; do
	drop_database $name
done
exit "$failed"
