#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Several processes that write to one database at once: the facts are those that one would have written,
# and each report counts once. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/writers.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server

# Reports of sixty days in three months, in folders that overlap: each report lies in two or three of them.
report template example.com 1 2 3 >"$T/template.xml"
for n in 0 1 2 3 4 5 6 7; do
	mkdir -p "$T/box/$n"
done
for i in $(seq 0 599); do
	begin=$((1788220800 + i % 60 * 86400)) # from 2026-09-01
	sed "s/template/r-$i/; s/>example.com</>d$((i % 7)).example.com</; s/<count>1</<count>$i</; s/<source_ip>192.0.2.1</<source_ip>198.51.100.$((i % 250))</
		s|<begin>[0-9]*<|<begin>$begin<|; s|<end>[0-9]*<|<end>$((begin + 86399))<|" "$T/template.xml" >"$T/box/$((i % 8))/$i.xml"
	cp "$T/box/$((i % 8))/$i.xml" "$T/box/$((i * 5 % 8))/copy-$i.xml"
	cp "$T/box/$((i % 8))/$i.xml" "$T/box/$(((i + 3) % 8))/other-$i.xml"
done
# One beyond what waits in memory, for which two have to meet while it streams.
{
	report giant giant.example 1 | sed '/<record>/,$d'
	awk 'BEGIN { for (i = 0; i < 40000; i++) printf "<record><row><source_ip>10.%d.%d.%d</source_ip><count>1</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>pass</spf></policy_evaluated></row><identifiers><header_from>n%d.giant.example</header_from></identifiers><auth_results><spf><domain>giant.example</domain><result>pass</result></spf></auth_results></record>\n", i / 65536, i / 256 % 256, i % 256, i % 2000
		print "</feedback>" }'
} | gzip -n >"$T/box/1/giant.xml.gz"
cp "$T/box/1/giant.xml.gz" "$T/box/5/giant.xml.gz"
copy_sample "$T/sample"

everything() {
	dump_facts
	sql "select * from daily order by day, stream_key, reporter"
	sql "select * from daily_sender order by day, policy_domain, header_from, reporter, sender, verdict, disposition, messages"
	sql "select * from host_seen order by 1, 2"
	sql "select count(*), count(distinct stream_key) from judgement"
	sql "select count(*) from dirty_day"
}
fresh_database one
for n in 0 1 2 3 4 5 6 7; do
	ru ingest --jobs 1 --db "$DB" "$T/box/$n"
done
ru ingest --jobs 1 --db "$DB" "$T/sample"
everything >"$T/left"
messages=$(sql "select count(*) from message")
stored=$(sql "select count(*) from message where outcome = 'stored'")
ok "one writer" is 640 "$(sql "select count(*) from report")"

# Eight processes of two workers each, over the same folders, each beginning with another one.
for round in 1 2 3; do
	fresh_database eight
	pids=()
	for n in 0 1 2 3 4 5 6 7; do
		folders=()
		for m in 0 1 2 3 4 5 6 7; do
			folders+=("$T/box/$(((n + m) % 8))")
		done
		timeout 280 "$RUAMILL" ingest -q --jobs 2 --db "$DB" "${folders[@]}" "$T/sample" >"$T/said.$n" 2>&1 &
		pids+=($!)
	done
	bad=0
	for pid in "${pids[@]}"; do
		wait "$pid"
		[ $? -le 1 ] || bad=$((bad + 1))
	done
	ok "eight writers, round $round: all end well" eval 'is 0 "$bad" || { cat "$T"/said.*; false; }'
	everything >"$T/right"
	ok "eight writers, round $round: the same facts, roll-ups and judgements" same "$T/left" "$T/right"
	ok "eight writers, round $round: each message once" is "$messages" "$(sql "select count(*) from message")"
	ok "eight writers, round $round: as many stored it as one would have" is "$stored|0" "$(sql "select count(*),
		count(*) filter (where not exists (select from report r where r.message_key = m.key)) from message m where outcome = 'stored'")"
	drop_database eight
done

# --- deadlocks that there are all the same -------------------------------------------------------------------------

# broken_off TABLE TIMES: so many transactions find that they are in another's way.
broken_off() {
	sql "create sequence times; grant usage on sequence times to public; create function broken_off() returns trigger language plpgsql as \$\$ begin
			if nextval('dmarc.times') <= $2 then raise exception 'deadlock detected' using errcode = '40P01'; end if; return null; end \$\$;
		create trigger broken_off after insert on $1 for each statement execute function broken_off()"
}
for table in stream message report record_2026_09; do
	fresh_database deadlock
	sql "select ensure_month('2026-09-01')" >/dev/null
	broken_off "$table" 4
	ru ingest --jobs 2 --db "$DB" "$T/box/0" "$T/box/5"
	ok "deadlocks at $table are tried again" ends_with 0
	ok "with each report once" is "" "$(sql "select p.day, records, messages from (
			select day, sum(records) as records, sum(messages) as messages from report group by 1) p full join (
			select day, count(*) as records, sum(count) as messages from record group by 1) r using (day, records, messages) full join (
			select day, sum(records) as records, sum(messages) as messages from daily group by 1) d using (day, records, messages)
		where p.day is null or r.day is null or d.day is null")"
	drop_database deadlock
done
fresh_database deadlock
broken_off report 1000000
ru ingest --db "$DB" "$T/box/0"
ok "one that never ends: try again later" ends_with 75 "deadlock detected"
ok "and nothing is stored" is "0|0" "$(sql "select (select count(*) from message), count(*) from report")"
drop_database deadlock
drop_database one
exit "$failed"
