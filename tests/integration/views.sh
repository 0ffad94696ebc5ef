#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The views that analysts query: their numbers against what the sample mailbox is known to hold and against
# rows made by hand, their windows, their comments, and how "db describe" prints them. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/views.sh
#
# Checks are given as text that is evaluated later, and by functions called through ok.
# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

expected=$SAMPLE/expected-senders.tsv
start_server

# --- the sample mailbox -------------------------------------------------------------------------------------

fresh_database views
copy_sample "$T/box"
ru ingest --db "$DB" "$T/box"
ok "the sample mailbox is there" ends_with 1

# Lines of expected-senders.tsv by From and sender: From|messages|pass|fail|SPF aligned|DKIM aligned. Who is unknown by name
# alone is left out: without names of addresses Google's own mail is.
known() {
	awk -F '\t' '!/^#/ && $2 != "unknown" && $2 != "google-workspace" && $3 != "forwarded-broken" { k = $1 "|" $2; p[k] += $4; f[k] += $5; d[k] += $6; s[k] += $7 }
		END { for (k in p) print k "|" p[k] + f[k] "|" p[k] "|" f[k] "|" s[k] "|" d[k] }' "$expected" | sort
}
ok "senders_daily: what each service sent, and what passes" is "$(known)" "$(sql "select header_from, sender, sum(messages), sum(passed),
	sum(failed), sum(spf_aligned), sum(dkim_aligned) from senders_daily where sender is not null group by 1, 2" | sort)"
ok "senders_daily: all of the mail" is "50106|23040|27066|235|0" \
	"$(sql "select sum(messages), sum(passed), sum(failed), sum(spoofed), sum(undetermined) from senders_daily")"
ok "failures: all that fails, by verdict" is "$(awk -F '\t' '!/^#/ && $5 { n[$3] += $5 } END { for (v in n) print v "|" n[v] }' "$expected" | sort)" \
	"$(sql "select verdict, sum(messages) from failures group by 1" | sort)"
ok "failures: a remedy for what asks for one, none for spoofing" is "f|likely-spoof
f|unknown-sender
t|sender-not-authenticated
t|strict-mode-misalignment" "$(sql "select remedy is not null, verdict from failures where verdict <> 'forwarded-broken' group by 1, 2" | sort)"
ok "records: one row a record" is "359|50106" "$(sql "select count(*), sum(messages) from records")"
ok "records: judged" is "23040|22813|0" "$(sql "select sum(messages) filter (where outcome_pass), sum(messages) filter (where infrastructure = 'amazon-ses'
	and verdict = 'sender-not-authenticated'), count(*) filter (where verdict is null) from records")"
ok "records: of mail by SES its Region and selector" is "us-east-1|amazonses.com|Amazon SES|esp|example.com" \
	"$(sql "select distinct region, mailfrom, sender_name, sender_kind, organisation from records where region = 'us-east-1'")"
ok "records: the columns it ever had, in front" is "day,reporter,org_name,report_id,begin_at,end_at,policy_domain,p,sp,np,adkim,aspf,source_ip,messages,header_from,\
envelope_from,envelope_to,disposition,claimed_dkim,claimed_spf,reason_types,dkim_domains,dkim_selectors,dkim_results,spf_domains,spf_scopes,spf_results,notes" \
	"$(sql "select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = 'records'::regclass and attnum between 1 and 28")"
ok "daily_records: as records, but for the rows" is "$(sql "select day, reporter, header_from, verdict, sum(messages), count(*) from records group by 1, 2, 3, 4 order by 1, 2, 3, 4")" \
	"$(sql "select day, reporter, header_from, verdict, sum(messages), sum(records) from daily_records group by 1, 2, 3, 4 order by 1, 2, 3, 4")"
ok "reports: one row a report, an empty one too" is "39|1" "$(sql "select count(*), count(*) filter (where records = 0) from reports")"
ok "hosts: every address of a domain" is "$(sql "select source_ip, policy_domain, min(day), max(day), sum(messages) from records where source_ip is not null group by 1, 2 order by 1, 2")" \
	"$(sql "select address, policy_domain, first_day, last_day, messages from hosts order by 1, 2")"
ok "remedies: what fails and can be put right" is "26450|7" "$(sql "select sum(failed), count(*) from remedies where sender is not null")"
ok "remedies: with the records to publish" is "bounce.example.com. MX 10 feedback-smtp.us-east-1.amazonses.com." \
	"$(sql "select d from remedies, unnest(dns) d where header_from = 'example.com' and d like '% MX %us-east-1%'")"
ok "a day that is not judged yet is in records, and in no roll-up" eval '
	sql "delete from judgement" && is "359|0" "$(sql "select count(*), count(verdict) from records")"'
drop_database views

# --- rows made by hand --------------------------------------------------------------------------------------

# Today is 21 November 2026. A policy is
#	DOMAIN FIRST-DAY LAST-DAY P SP NP PCT TESTING
# with a report a day, - for what is not sent; a mail is
#	DOMAIN FROM SENDER FIRST-DAY LAST-DAY MESSAGES VERDICT SEVERITY SPF DKIM OUTCOME [overridden|own_envelope|contradicts]
# with as many messages a day.
fresh_database hand
policy() {
	sql "insert into daily_report (day, policy_domain, reporter, org_name, p, sp, np, pct, testing, quirks, has_errors, origin, end_at,
			reports, records, messages)
		select d, '$1', 'a.example', 'A.example', nullif('$4', '-'), nullif('$5', '-'), nullif('$6', '-'), nullif('$7', '-')::smallint,
			nullif('$8', '-'), '{}', false, 'fits', d + interval '1 day', 1, 1, 1
		from generate_series('$2'::timestamp, '$3', '1 day') d"
}
mail() {
	sql "insert into daily (day, stream_key, host_class, reporter, messages, records)
		select d, gen_random_uuid(), '', 'a.example', $6, 1 from generate_series('$4'::date, '$5', '1 day') d"
	sql "insert into daily_sender (day, policy_domain, header_from, reporter, sender, path, spf_cause, dkim_cause, verdict, severity,
			disposition, spf_aligned, dkim_aligned, outcome_pass, overridden, own_envelope, contradicts, messages, records)
		select d, '$1', '$2', 'a.example', nullif('$3', '-'), 'direct', 'spf-none', 'dkim-missing', '$7', '$8', 'none', '$9', '${10}', '${11}',
			'${12:-}' = 'overridden', '${12:-}' = 'own_envelope', '${12:-}' = 'contradicts', $6, 1
		from generate_series('$4'::date, '$5', '1 day') d"
}
# asked COLUMNS VIEW CONDITION: on 21 November 2026, or on $today.
asked() {
	sql "set dmarc.today = '${today:-2026-11-21}'; select $1 from $2 where $3"
}

ok "without data: no newest day, and no rows" is "|0|0|0" "$(asked "coalesce(newest_day()::text, ''), (select count(*) from domains),
	(select count(*) from reporters), (select count(*) from remedies)" "(values (1)) v" true)"

# 50 days of mail, a day: of every kind as much as its power of two.
policy cost.test 2026-10-02 2026-11-20 none - - 100 -
m="cost.test cost.test"
mail $m - 2026-10-02 2026-11-20 1 aligned-both ok t t t
mail $m - 2026-10-02 2026-11-20 2 aligned-spf-only warn t f t
mail $m - 2026-10-02 2026-11-20 4 aligned-both ok t t f
mail $m esp1 2026-10-02 2026-11-20 8 strict-mode-misalignment fail f f f
mail $m esp1 2026-10-02 2026-11-20 16 sender-not-authenticated fail f f f
mail $m esp2 2026-10-02 2026-11-20 32 sender-not-authenticated fail f f f own_envelope
mail $m - 2026-10-02 2026-11-20 64 forwarded-broken warn f f f
mail $m - 2026-10-02 2026-11-20 128 mailing-list fail f f f overridden
mail $m - 2026-10-02 2026-11-20 256 unknown-sender fail f f f
mail $m - 2026-10-02 2026-11-20 512 likely-spoof info f f f
mail $m - 2026-10-02 2026-11-20 1024 undetermined note f f f
mail $m - 2026-10-02 2026-11-20 2048 own-server-not-authorised fail f f f
costs="cost_yours, cost_forwarded, forwarded_let_through, forwarded_fixable, forwarded_not_fixable, cost_undecided, reject_stops, passes_on_spf_only, cost_below"
cost_of() { asked "days, round(reject_cost), $(sed 's/[a-z_]\+/round(&)/g' <<<"$costs")" domains "policy_domain = '$1'"; }
ok "domains: the parts of the cost" is "50|3452|2092|192|128|64|128|1296|512|2|0" "$(cost_of cost.test)"
ok "domains: the sums, and a rate without spoofing and what is undetermined" is "204750|150|204600|25600|51200|0.1" \
	"$(asked "messages, passed, failed, spoofed, undetermined, pass_rate" domains "policy_domain = 'cost.test'")"
ok "domains: yours comes first" is "fix your own first" "$(asked readiness domains "policy_domain = 'cost.test'")"
sql "insert into sender (id, name, kind, status) values ('esp1', 'ESP One', 'esp', 'S') on conflict do nothing"
sql "insert into sender_rule (kind, value, sender) values ('dkim', 'one.example', 'ESP One')"
ok "domains: a rule of the owner's is a proof" is "50|3452|2108|192|128|64|128|1280|512|2|0" "$(cost_of cost.test)"
sql "update sender_rule set sender = 'esp1'"
sql "delete from sender where id = 'esp1'"
ok "domains: a rule for a sender without a row, too" is "50|3452|2108|192|128|64|128|1280|512|2|0" "$(cost_of cost.test)"
sql "delete from sender_rule"
sql "insert into sender (id, name, kind, status) values ('esp1', 'ESP One', 'esp', 'S')"
sql "update sender set acknowledged = true where id = 'esp1'"
ok "domains: and so is a service that he knows" is "50|3452|2108|192|128|64|128|1280|512|2|0" "$(cost_of cost.test)"
sql "update sender set acknowledged = false"
sql "update daily_sender set header_from = 'sub.cost.test' where sender = 'esp2'"
ok "domains: mail below the domain counts, without sp and np" is "50|3452|2092|192|128|64|128|1296|512|2|0" "$(cost_of cost.test)"
sql "update daily_report set sp = 'none'"
ok "domains: with an sp like p it still does" is "50|3452|2092|192|128|64|128|1296|512|2|0" "$(cost_of cost.test)"
sql "update daily_report set sp = 'quarantine'"
ok "domains: with an sp of its own it does not" is "50|3420|2060|192|128|64|128|1296|512|2|0" "$(cost_of cost.test)"
sql "update daily_report set sp = 'nil'"
ok "domains: a word that is no policy is none" is "50|3452|2092|192|128|64|128|1296|512|2|0|" "$(cost_of cost.test)|$(asked published_sp domains true)"
sql "update daily_report set sp = null, np = 'reject'"
ok "domains: with an np it is told apart" is "50|3420|2060|192|128|64|128|1296|512|2|32" "$(cost_of cost.test)"
sql "update daily_report set np = null where day > '2026-11-14'"
ok "domains: an np that the newest reports do not send counts for a week" is "reject|32" "$(asked "published_np, round(cost_below)" domains true)"
sql "update daily_report set np = null where day > '2026-11-13'"
ok "domains: and no longer" is "|0" "$(asked "published_np, round(cost_below)" domains true)"

# The way to p=reject.
# ready DOMAIN FROM-DAY P SINCE TESTING PCT VERDICT...: mail that passes every day, and some of the verdict.
ready() {
	policy "$1" 2026-08-01 "$4" "$([ "$3" = none ] && echo quarantine || echo none)" - - "$6" "$5"
	policy "$1" "$(date -d "$4 + 1 day" +%F)" 2026-11-20 "$3" - - "$6" "$5"
	mail "$1" "$1" - "$2" 2026-11-20 5 aligned-both ok t t t
	[ $# -le 6 ] || mail "$1" "$1" - 2026-11-01 2026-11-01 1 "${@:7}"
}
ready none-30.test 2026-10-22 none 2026-09-01 - 100
ready none-31.test 2026-10-21 none 2026-09-01 - 100
ready none-new.test 2026-09-01 none 2026-10-21 - 100
ready none-old.test 2026-09-01 none 2026-10-20 - 100
ready quarantine-new.test 2026-09-01 quarantine 2026-10-21 - 100
ready quarantine-old.test 2026-09-01 quarantine 2026-10-20 - 100
ready reject.test 2026-09-01 reject 2026-11-01 - 100
ready reject-half.test 2026-09-01 reject 2026-09-01 - 50
ready reject-tested.test 2026-09-01 reject 2026-09-01 y 100
ready spf.test 2026-09-01 none 2026-09-01 - 100 aligned-spf-only warn t f t
ready unknown.test 2026-09-01 none 2026-09-01 - 100 unknown-sender fail f f f
ready spoofed.test 2026-09-01 none 2026-09-01 - 100 likely-spoof info f f f
ready forwarded.test 2026-09-01 none 2026-09-01 - 100 forwarded-broken fail f f f
ready strict.test 2026-09-01 none 2026-09-01 - 100 strict-mode-misalignment fail f f f
policy empty.test 2026-11-01 2026-11-20 none - - 100 -
ok "domains: what to do next" is "empty.test|none|no mail
forwarded.test|none|ready for p=quarantine
none-30.test|none|too few days
none-31.test|none|ready for p=quarantine
none-new.test|none|stay at p=none for a month
none-old.test|none|ready for p=quarantine
quarantine-new.test|quarantine|stay at p=quarantine for a month
quarantine-old.test|quarantine|ready for p=reject
reject-half.test|reject|ready for p=reject in full
reject-tested.test|quarantine|ready for p=reject in full
reject.test|reject|at p=reject
spf.test|none|sign what passes on SPF alone
spoofed.test|none|ready for p=quarantine
strict.test|none|fix your own first
unknown.test|none|look at what is undecided" "$(asked "policy_domain, effective_p, readiness" domains "policy_domain <> 'cost.test' order by 1")"
ok "domains: the days that count, and the policy's age" is "31|2026-10-21|2026-09-02|81" \
	"$(asked "days, first_day, policy_since, (select days from domains where policy_domain = 'none-old.test')" domains "policy_domain = 'none-31.test'")"

# Windows. 22 August is 90 days before 20 November.
mail window.test window.test esp1 2026-08-23 2026-08-23 3 aligned-both ok t t t
mail window.test window.test esp1 2026-08-22 2026-08-22 300 aligned-both ok t t t
policy window.test 2026-08-20 2026-11-20 none - - 100 -
ok "domains: 90 days, and not one more" is "2026-08-23|90|3" "$(asked "first_day, days, messages" domains "policy_domain = 'window.test'")"
mail window.test window.test esp1 2026-11-21 2026-11-21 7 aligned-both ok t t t contradicts
ok "domains: not the day that is not over" is "2026-11-20|3" "$(asked "last_day, messages" domains "policy_domain = 'window.test'")"
ok "the day that is not over is the newest all the same" is 2026-11-21 "$(asked "newest_day()" "(values (1)) v" true)"
today=2026-11-22
ok "once it is over it counts" is "2026-11-21|7" "$(asked "last_day, messages" domains "policy_domain = 'window.test'")"
today=2026-09-15
ok "looking back: windows end where they did then" is "2026-09-15|2026-09-14|303" "$(asked "newest_day(), last_day, messages" domains "policy_domain = 'window.test'")"
today=
sql "insert into remedy (key, title, body, dns) values ('00000000-0000-0000-0000-000000000001', 'Sign it', 'Sign it, and so on', '{a TXT b}')"
sql "update daily_sender set remedy_key = '00000000-0000-0000-0000-000000000001' where policy_domain = 'cost.test' and sender is not null"
ok "remedies: of 30 days" is "sub.cost.test|sender-not-authenticated|928|928|2026-11-20|Sign it
cost.test|sender-not-authenticated|464|464|2026-11-20|Sign it
cost.test|strict-mode-misalignment|232|232|2026-11-20|Sign it" "$(asked "header_from, verdict, messages, failed, last_day, title" remedies "true order by messages desc")"
ok "remedies: with the sender's name" is "ESP One" "$(asked "distinct sender_name" remedies "sender = 'esp1'")"

# Reporters.
sql "update daily_report set reporter = 'gaps.example', org_name = 'Gaps.Example', quirks = '{no-version,truncated}', has_errors = true
	where policy_domain = 'empty.test' and day in ('2026-11-01', '2026-11-02', '2026-11-10')"
sql "update daily_report set quirks = '{truncated}' where reporter = 'gaps.example' and day = '2026-11-02'"
sql "insert into message (key, source, locator, size, outcome) values (decode(repeat('00', 32), 'hex'), 'test', 'test', 1, 'stored')"
sql "insert into report (key, day, reporter, org_name, report_id, begin_at, end_at, policy_domain, quirks, records, messages, content, message_key)
	select first_key(d), d, 'gaps.example', 'Gaps.Example', '1', d, d + 1, 'empty.test', '{}', 1, 1, '', m.key
	from message m, (values (date '2026-11-10')) as v (d)"
sql "insert into report_conflict select key, message_key, 1, 1, '' from report"
ok "reporters: days, gaps, silence, quirks, re-sends" is "Gaps.Example|3|1|2026-11-01|2026-11-10|3|7|11|{truncated,no-version}|3|0|1" \
	"$(asked "org_name, reports, policy_domains, first_day, last_day, days, gap_days, silent_days, quirks, reports_with_errors, contradictions, resends" reporters "reporter = 'gaps.example'")"
ok "reporters: contradictions, and the window of 90 days" is "7|2026-08-24|1" "$(asked "contradictions, first_day, silent_days" reporters "reporter = 'a.example'")"

# What a report said may be anything.
sql "insert into daily_sender select day, policy_domain, null, reporter, null, path, spf_cause, dkim_cause, verdict, severity, null, spf_aligned, dkim_aligned,
	outcome_pass, 9223372036854775807, records from daily_sender where policy_domain = 'cost.test' limit 2"
ok "sums past the end of bigint, mail without From" is "18446744073709551614" "$(asked "sum(messages)" senders_daily "header_from is null")"
ok "and no view breaks on them" eval 'asked "count(*)" domains true && asked "count(*)" failures true && asked "count(*)" remedies true'

# Answers come from roll-ups and reports: the plans of views without a day never touch a record.
for view in domains reporters hosts remedies owned_domains failures senders_daily reports; do
	ok "$view does not read records" eval 'sql "explain select * from $view" >"$T/plan" && ! grep -E " on record(_|$| )" "$T/plan"'
done
drop_database hand

# --- comments, and db describe ------------------------------------------------------------------------------

fresh_database described
all=$(sql "select relname from pg_class where relnamespace = 'dmarc'::regnamespace and relkind = 'v' order by relname collate \"C\"")
without_comment() {
	sql "select c.relname || coalesce('.' || a.attname, '') from pg_class c
			left join lateral (select attname, attnum from pg_attribute where attrelid = c.oid and attnum > 0 union all select null, 0) a on true
		where c.relnamespace = 'dmarc'::regnamespace and c.relkind in ('v', 'm')
			and case attnum when 0 then obj_description(c.oid, 'pg_class') else col_description(c.oid, attnum) end is null
		order by 1"
}
ok "the views that were promised are there" is "" "$(for v in records failures senders_daily reporters domains hosts problems remedies; do
	grep -qx $v <<<"$all" || echo $v; done)"
ok "every view and every column has a comment" is "" "$(without_comment)"
sql "create view dmarc.zz_bare as select 1 as one, 2 as two"
sql "comment on column dmarc.zz_bare.two is 'Two'"
ok "and it would be seen if one had none" is "zz_bare
zz_bare.one" "$(without_comment)"
ok "every function has one" is "" "$(sql "select proname from pg_proc where pronamespace = 'dmarc'::regnamespace and obj_description(oid, 'pg_proc') is null")"
ok "a view without a day says its window" is "" "$(sql "select relname from pg_class c where relnamespace = 'dmarc'::regnamespace and relkind = 'v'
	and not exists (select from pg_attribute where attrelid = c.oid and attname in ('day', 'seen_at', 'first_day', 'added_at') and attnum > 0)
	and obj_description(oid, 'pg_class') not like '%days%' and relname <> 'zz_bare'")"

ru db describe --db "$DB" zz_bare
ok "describe: without comments there is what there is" eval 'ends_with 0 && is "zz_bare

  one  integer
  two  integer  Two" "$(cat "$T/out")"'
sql "drop view dmarc.zz_bare"

ru db describe --db "$DB"
cp "$T/out" "$T/all"
ok "describe: done, and nothing to say" eval 'ends_with 0 && says_nothing'
ok "describe: every view, in order" is "$all" "$(grep -E '^[^ ]' "$T/all")"
ok "describe: every column" is "$(sql "select attname, replace(format_type(atttypid, atttypmod), 'timestamp with time zone', 'timestamptz') from pg_attribute a
		join pg_class c on c.oid = attrelid where relnamespace = 'dmarc'::regnamespace and relkind = 'v' and attnum > 0
		order by relname collate \"C\", attnum")" \
	"$(awk '/^  [a-z_]+ +[a-z]+(\[\]|\([0-9,]+\))?  / { print $1 "|" $2 }' "$T/all")"
ok "describe: in 80 columns" is "" "$(awk 'length > 80' "$T/all")"
ok "describe: all of each comment" is "$(sql "select string_agg(regexp_replace(col_description(a.attrelid, attnum), '\s', '', 'g'), '' order by attnum)
		from pg_attribute a where attrelid = 'domains'::regclass and attnum > 0")" \
	"$("$RUAMILL" db describe --db "$DB" domains | sed '1,/^$/d; s/^  [a-z_]* *\(text\|text\[\]\|boolean\|date\|bigint\|integer\|smallint\|numeric\)  //' | tr -d ' \n')"
ru db describe --db "$DB" dmarc.hosts
ok "describe VIEW: only that one, with or without the schema" eval 'ends_with 0 && is hosts "$(grep -E "^[^ ]" "$T/out")"'
cp "$T/out" "$T/one"
ru db describe --db "$DB" hosts
ok "describe VIEW: the same either way" same "$T/one" "$T/out"
ru db describe --db "$DB" host
ok "describe VIEW: none of the name, and which there are" eval 'ends_with 64 "no view host" "failures, hosts" && prints_nothing'
ru db describe --db "$DB" "hosts'; drop schema dmarc"
ok "describe VIEW: a name is only a name" eval 'ends_with 64 && prints_nothing'
ru db describe --db "$DB" hosts domains
ok "describe: one at a time" eval 'ends_with 64 "one view" && prints_nothing'
wide() { timeout 60 script -qec "stty cols 160; '$RUAMILL' db describe --db '$DB' domains" /dev/null </dev/null | tr -d '\r'; }
ok "describe: a wider terminal takes longer lines" eval 'wide >"$T/wide"; [ "$(awk "length > 80" "$T/wide" | wc -l)" -gt 5 ] && is "" "$(awk "length > 160" "$T/wide")"'
"$RUAMILL" db describe --db "$DB" >/dev/full 2>"$T/err"
status=$?
ok "describe: a full disk" ends_with 74

# --- db psql ------------------------------------------------------------------------------------------------

ru db psql --db "$DB" -- -XAtc "show search_path" -c "select today()"
ok "psql: the schema is in the search path, and today what RUAMILL_TODAY says" is "dmarc,public
2026-11-21" "$(cat "$T/out")"
RUAMILL_TODAY='' ru db psql --db "$DB" -- -XAtc "select today() = current_date"
ok "psql: else the calendar's" is t "$(cat "$T/out")"
PGOPTIONS='-c work_mem=9MB' ru db psql --db "$DB" -- -XAtc "show work_mem" -c "show search_path"
ok "psql: PGOPTIONS stays" is "9MB
dmarc,public" "$(cat "$T/out")"
RUAMILL_TODAY="2026' -c x=y" ru db psql --db "$DB" -- -c "select 1"
ok "psql: a date that is none" ends_with 78 RUAMILL_TODAY

drop_database described
exit $failed
