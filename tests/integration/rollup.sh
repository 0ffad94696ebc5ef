#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Roll-ups and judgements: what they add up to is what the facts say, whoever made them, in whatever
# steps, and however often. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/rollup.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server

# --- against the facts --------------------------------------------------------------------------------------------------

fresh_database once
copy_sample "$T/box"
ru ingest --db "$DB" "$T/box"
ok "the sample mailbox" ends_with 1
ok "no day is left to do" is 0 "$(sql "select count(*) from dirty_day")"
ok "daily adds up the records" is "$(sql "select r.day, p.reporter, stream_key, sum(count), count(*) from record r
		join report p on p.key = report_key group by 1, 2, 3 order by 1, 2, 3")" \
	"$(sql "select day, reporter, stream_key, sum(messages), sum(records) from daily group by 1, 2, 3 order by 1, 2, 3")"
ok "host_seen adds up the addresses" is "$(sql "select source_ip, policy_domain, min(r.day), max(r.day), sum(count) from record r
		join report p on p.key = report_key where source_ip is not null group by 1, 2 order by 1, 2")" \
	"$(sql "select address, policy_domain, first_day, last_day, messages from host_seen order by 1, 2")"
ok "and knows of each the newest record, of that day the largest" is "$(sql "select distinct on (source_ip, policy_domain) source_ip,
		policy_domain, (r.day - date '1970-01-01') * (2^40)::bigint + count, stream_key from record r join report p on p.key = report_key
		where source_ip is not null order by source_ip, policy_domain, r.day desc, count desc, stream_key desc")" \
	"$(sql "select address, policy_domain, newest, stream_key from host_seen order by 1, 2")"
ok "every pair of a stream and a class is judged" is 0 "$(sql "select count(*) from daily d where not exists
	(select from judgement j where j.stream_key = d.stream_key and j.host_class = d.host_class)")"
ok "daily_sender has all of the mail" is "$(sql "select sum(count), count(*) from record")" \
	"$(sql "select sum(messages), sum(records) from daily_sender")"
said="day, policy_domain, reporter, org_name, email, p, sp, np, pct, testing, adkim, aspf, quirks, origin"
ok "daily_report adds up the reports" is "$(sql "select $said, errors is not null, max(end_at), count(*), sum(records), sum(messages)
		from report group by $said, errors is not null order by to_jsonb(array[($said)]), 15")" \
	"$(sql "select $said, has_errors, end_at, reports, records, messages from daily_report order by to_jsonb(array[($said)]), 15")"
"$RUAMILL" show --format json "$T"/box/new/* "$T"/box/cur/* 2>/dev/null >"$T/shown"
# The first of reports with one name counts; show prints them all, and of one that breaks off its error.
jq -r 'select(.error == null) | . as $r | .records[] | [$r.org_name, $r.report_id, .sender // "", .path, .spf_cause,
	.dkim_cause, .verdict, (.count | tostring)] | join("|")' "$T/shown" | sort -u >"$T/left"
sql "select org_name, report_id, coalesce(j.service, ''), path, spf_cause, dkim_cause, verdict, count from record r
	join report p on p.key = report_key left join host h on h.address = source_ip
	join judgement j on j.stream_key = r.stream_key and j.host_class = coalesce(h.class, '')
	where report_id <> 'stadtwerke-4471'" | sort -u >"$T/right"
ok "judged as show judges" eval 'comm -13 "$T/left" "$T/right" >"$T/odd"; is "" "$(cat "$T/odd")" && [ "$(wc -l <"$T/right")" -gt 150 ]'
ok "what asks for something has a remedy" is 0 "$(sql "select count(*) from judgement where remedy_key is null
	and verdict in ('sender-not-authenticated', 'strict-mode-misalignment')")"
ok "and every remedy is there" is 0 "$(sql "select count(*) from judgement where remedy_key is not null
	and remedy_key not in (select key from remedy)")"
ok "the records of a remedy are those of its text" is 0 "$(sql "select count(*) from remedy, unnest(dns) as r where position(r in body) = 0")"
ok "the catalogue is there" is "71|71" "$(sql "select count(*), count(*) filter (where shipped) from sender")"
dump_judged >"$T/once"

# --- how days are read -------------------------------------------------------------------------------------------------

# Of days that were stored a moment ago the server knows nothing, and takes them for few rows: a loop over the
# rows of one table for each of another would never end. Each machine of several has plans of its own.
if [ -z "${SPREAD:-}" ]; then
	sql "delete from pg_statistic where starelid in (select oid from pg_class where relnamespace = 'dmarc'::regnamespace)"
	sql "update pg_class set reltuples = -1, relpages = 0 where relnamespace = 'dmarc'::regnamespace and relkind in ('r', 'p')"
	sql "insert into dirty_day (day) select distinct day from daily"
	PGOPTIONS='-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c auto_explain.log_level=notice' \
		ru db rejudge -v --db "$DB"
	grep -E 'insert into (dmarc.daily|pg_temp.rolled_host) ' "$T/err" >"$T/plans"
	ok "a roll-up joins by hash, though the server knows nothing" eval 'ends_with 0 && is 2 "$(wc -l <"$T/plans")" &&
		is 2 "$(grep -c "Hash Join" "$T/plans")" && is 0 "$(grep -c "Nested Loop" "$T/plans")"'
	dump_judged >"$T/again"
	ok "and comes to the same" same "$T/once" "$T/again"
fi

# --- in other steps -----------------------------------------------------------------------------------------------------

fresh_database steps
for mail in "$T"/box/new/* "$T"/box/cur/*; do
	timeout 60 "$RUAMILL" ingest -q --db "$DB" "$mail" >/dev/null 2>&1
done
dump_judged >"$T/steps"
ok "mail by mail it comes to the same" same "$T/once" "$T/steps"

fresh_database rivals
mkdir "$T/halves" "$T/halves/1" "$T/halves/2"
for n in 1 2; do
	cp "$T"/box/new/* "$T"/box/cur/* "$T/halves/$n"
	timeout 120 "$RUAMILL" ingest -q --db "$DB" "$T/halves/$n" >/dev/null 2>&1 &
done
wait
ok "of two processes the last leaves no day to do" is 0 "$(sql "select count(*) from dirty_day")"
dump_judged >"$T/rivals"
ok "and it comes to the same" same "$T/once" "$T/rivals"

# Who finds the lock taken leaves his marks to its holder; nobody waits.
fresh_database locked
psql -XqAt "$DB" -c "select pg_advisory_lock(hashtextextended('dmarc.rollup', 0))" -c "select pg_sleep(60)" >/dev/null 2>&1 &
holder=$!
soon eval '[ "$(sql "select count(*) from pg_locks where locktype = '"'advisory'"'")" != 0 ]'
ru ingest --db "$DB" "$T/box"
ok "another process is at it: the reports are stored" ends_with 1 "38 stored"
ok "and their days are marked" is "$(sql "select count(*) from report")" "$(sql "select count(*) from dirty_day")"
ok "nothing is judged" is 0 "$(sql "select count(*) from judgement")"
sql "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'" >/dev/null
wait $holder 2>/dev/null
ru ingest --db "$DB" "$T/box"
dump_judged >"$T/locked"
ok "the next run makes up for it" same "$T/once" "$T/locked"

# What cannot be judged is told, and does not lose what was stored.
fresh_database broken
sql "insert into owned_domain (domain) values ('co.uk')"
ru ingest --db "$DB" "$T/box"
ok "an owned domain that nobody can own: told" ends_with 78 "others register domains under it" "dmarc.owned_domain" "38 stored"
ok "the reports are stored, their days marked" is "$(sql "select count(*) from report")" "$(sql "select count(*) from dirty_day")"
sql "delete from owned_domain"
ru ingest --db "$DB" "$T/box"
dump_judged >"$T/broken"
ok "once that is put right, all is as ever" same "$T/once" "$T/broken"

# --- rejudge ------------------------------------------------------------------------------------------------------------

ru db rejudge --db "$DB"
ok "rejudge" ends_with 0 "was judged anew"
dump_judged >"$T/again"
ok "which changes nothing where nothing has changed" same "$T/once" "$T/again"
sql "truncate judgement, daily_sender, daily_report, remedy"
sql "update sender set name = 'Somebody else' where id = 'amazon-ses'"
sql "insert into dirty_day (day) select distinct day from daily"
ru db rejudge --db "$DB"
dump_judged >"$T/again"
ok "judgements that are gone are made again" same "$T/once" "$T/again"
ok "and so is the catalogue" is "Amazon SES" "$(sql "select name from sender where id = 'amazon-ses'")"

# A rule on addresses: the address of most of the mail that nobody can be named for.
address=$(sql "select host(source_ip) from record r join judgement j on j.stream_key = r.stream_key and host_class = ''
	where service is null and verdict = 'likely-spoof' and family(source_ip) = 4 group by 1 order by sum(count) desc, 1 limit 1")
sql "insert into sender_rule (kind, value, sender) values ('ip', '$address', 'Our CRM')"
before=$(sql "select coalesce(sum(messages), 0) from daily_sender where sender is null and verdict = 'likely-spoof'")
ru db rejudge --db "$DB"
ok "a rule on an address is applied to history" is "$(sql "select sum(count) from record where source_ip = '$address'")" \
	"$(sql "select sum(messages) from daily_sender where sender like '%CRM%' or sender like '%crm%'")"
ok "what was taken for spoofed is so no more" test "$(sql "select coalesce(sum(messages), 0) from daily_sender where sender is null
	and verdict = 'likely-spoof'")" -lt "$before"
ok "nothing is lost" is "$(sql "select sum(count) from record")" "$(sql "select sum(messages) from daily_sender")"
sql "delete from sender_rule"
ru db rejudge --db "$DB"
sql "select day, sum(messages), sum(records) from daily_sender group by 1 order by 1" >"$T/left"
dump_judged >"$T/again"
ok "without the rule it is as before" same "$T/once" "$T/again"

# A pruned day keeps its roll-up: its detail is gone, and its judgements are made again all the same.
sql "delete from judgement"
sql "truncate record"
sql "insert into sender_rule (kind, value, sender) values ('mailfrom', 'amazonses.com', 'spotme')"
ru db rejudge --db "$DB"
ok "history without its detail is judged" ends_with 0
ok "it keeps its mail" is "$(awk -F '|' '{ s += $2 } END { print s }' "$T/left")" "$(sql "select sum(messages) from daily")"

for name in once steps rivals locked broken; do drop_database $name; done
exit $failed
