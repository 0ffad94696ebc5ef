#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The questions that views answer: failures, domains, reporters, hosts; and the options that all share.
# Against golden files over the sample mailbox, against the views, and against what the mailbox is known
# to hold. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/questions.sh [--accept]
#
# --accept writes the golden files anew: look at what changes in them.
#
# Checks are given as text that is evaluated later, and by functions called through ok.
# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

expected=$SAMPLE/expected-senders.tsv
views="failures domains reporters hosts"
start_server

# ask QUESTION OPTION...: as JSON, in $T/out.json.
ask() {
	ru report --db "$DB" --format json "$@"
	cp "$T/out" "$T/out.json"
}
# of FILTER: what jq says of the last answer, a line a value.
of() { jq -r "$1" "$T/out.json"; }
# The same as ru on a terminal of so many columns.
on_terminal() {
	local width=$1
	shift
	script -qec "stty cols $width && $(printf '%q ' "$RUAMILL" "$@")" /dev/null </dev/null >"$T/typescript" 2>&1
	status=$?
	tr -d '\r' <"$T/typescript" >"$T/out"
}

# --- nothing there ------------------------------------------------------------------------------------------

fresh_database questions
for question in $views; do
	ru report "$question" --db "$DB"
	ok "an empty database, $question: what to do" eval 'ends_with 0 "no reports yet" "ruamill ingest" && prints_nothing'
	ask "$question"
	ok "an empty database, $question: an empty answer for a program" eval 'ends_with 0 && is "0 0" "$(of "(.rows | length | tostring) + \" \" + (.not_shown | tostring)")"'
done

# --- golden files ---------------------------------------------------------------------------------------------

copy_sample "$T/box"
ru ingest --db "$DB" "$T/box"
ok "the sample mailbox is there" ends_with 1
for question in senders $views problems; do
	options=$([ "$question" != problems ] || echo --all)
	for format in csv json; do
		# shellcheck disable=SC2086 # words are meant
		ru report "$question" --db "$DB" --format $format $options
		ok "$question, $format: done, and nothing to say" eval 'ends_with 0 && says_nothing'
		cp "$T/out" "$T/$question.$format"
	done
	jq -S . "$T/$question.json" >"$T/sorted" && mv "$T/sorted" "$T/$question.json"
	for width in 80 160; do
		# shellcheck disable=SC2086 # words are meant
		on_terminal $width report "$question" --db "$DB" --color never $options
		cp "$T/out" "$T/$question.table$width"
		ok "$question: no line is longer than $width, but records to publish" is "" \
			"$(grep -Ev ' (CNAME|TXT|MX|A) ' "$T/out" | awk "length > $width")"
		ok "$question, $width columns: nothing steers the terminal" is 0 "$(LC_ALL=C grep -c '[^[:print:][:space:]]' "$T/out")"
	done
	# paths and times of a run are in the problems: only their kind is looked at, in problems.sh
	[ "$question" != problems ] || continue
	for file in "$question".{csv,json,table80,table160}; do
		# report.sh has these
		case $file in senders.csv | senders.json | senders.table80) continue ;; esac
		[ "${1:-}" != --accept ] || cp "$T/$file" "$GOLDEN/$file"
		ok "golden: $file" same "$GOLDEN/$file" "$T/$file"
	done
	ru report "$question" --db "$DB" --color never
	ok "$question: a table in a pipe is one of 80 columns" same "$T/$question.table80" "$T/out"
done

# --- numbers ----------------------------------------------------------------------------------------------------

# What fails, by From domain and sender, as the mailbox is known to hold it and as the question says.
awk -F '\t' -v OFS='\t' '/^#/ || $5 == 0 { next }
	$2 == "unknown" || $3 == "forwarded-broken" { $2 = "-" }
	{ sum[$1 OFS $2 OFS $3] += $5 } END { for (key in sum) print key, sum[key] }' "$expected" | sort >"$T/left"
ask failures
of '.rows[] | [.header_from, .sender // "-", .verdict, .messages] | @tsv' | sort >"$T/right"
ok "failures: all that fails" same "$T/left" "$T/right"
ok "failures: what receivers did adds up" of 'if all(.rows[]; .messages == .delivered + .quarantined + .rejected) then "yes" else error("no") end'
ok "failures: each says what to do" of 'if all(.rows[]; .what_to_do | length > 5) then "yes" else error("no") end'
ok "failures: the worst first, spoofing last" is "$(of '.rows[] | [(.verdict == "likely-spoof"), -.messages] | @json' | sort -t, -k1,1 -k2,2g)" \
	"$(of '.rows[] | [(.verdict == "likely-spoof"), -.messages] | @json')"

ask domains
ok "domains: what the view says, number by number" is "" "$(diff <(sql "set dmarc.today = '$RUAMILL_TODAY';
	select policy_domain, published_p, published_sp, published_np, pct, effective_p, policy_since, reports, reporters, first_day, last_day,
		days, messages, passed, failed, spoofed, undetermined, reject_cost::float, cost_yours::float, cost_forwarded::float,
		forwarded_let_through::float, forwarded_fixable::float, cost_undecided::float, reject_stops::float,
		passes_on_spf_only::float, cost_below::float, sp_reject_cost::float, parked, readiness
	from domains order by policy_domain") <(of '.rows | sort_by(.policy_domain)[] | [.policy_domain, .published_p, .published_sp, .published_np, .pct,
		.effective_p, .policy_since, .reports, .reporters, .first_day, .last_day, .days, .messages, .passed, .failed, .spoofed, .undetermined,
		.reject_cost, .cost_yours, .cost_forwarded, .forwarded_let_through, .forwarded_fixable, .cost_undecided, .reject_stops,
		.passes_on_spf_only, .cost_below, .sp_reject_cost, (if .parked then "t" else "f" end), .readiness]
	| map(if . == null then "" else tostring end) | join("|")'))"
ok "of the 90 days that end at the newest" is "2026-08-21 2026-11-18" "$(of '"\(.since) \(.until)"')"
ask reporters
ok "its window, too" is "2026-08-21 2026-11-18" "$(of '"\(.since) \(.until)"')"
ok "reporters: what the view says" is "" "$(diff <(sql "set dmarc.today = '$RUAMILL_TODAY';
	select reporter, reports, messages, first_day, last_day, days, gap_days, silent_days, contradictions, resends, array_to_string(quirks, ' ')
	from reporters order by messages desc, reporter") <(of '.rows[] | [.reporter, .reports, .messages, .first_day, .last_day, .days, .gap_days,
	.silent_days, .contradictions, .resends, .quirks] | map(tostring) | join("|")'))"
ask hosts
ok "hosts: each address once, with all it sent" is "" "$(diff <(sql "select host(source_ip), sum(count), min(day), max(day) from record
	where source_ip is not null group by 1" | sort) <(of '.rows[] | [.address, .messages, .first_day, .last_day] | map(tostring) | join("|")' | sort))"
ok "hosts: senders, by their addresses" is "kaizen" "$(of '.rows[] | select(.address == "54.240.3.4").sender')"
ok "hosts: who is nobody's is told by the verdict" is "null (likely spoofed)" \
	"$(of '.rows[] | select(.address == "203.0.113.99") | (.sender | tostring) + " " + .sender_name')"
ask hosts --group-ipv6
ok "hosts by /64: no IPv6 address is left, and no message is lost" is "$(sql "select sum(count), count(distinct case when family(source_ip) = 6
	then network(set_masklen(source_ip, 64)) else source_ip end) from record where source_ip is not null")" \
	"$(of '[([.rows[].messages] | add), (.rows | length)] | map(tostring) | join("|")')"
ok "hosts by /64: a network says so, with its addresses" of 'if any(.rows[]; .address | endswith("::/64")) and all(.rows[]; .addresses >= 1)
	and all(.rows[] | select(.address | contains(":")); .address | endswith("/64")) then "yes" else error("no") end'
ok "hosts by /64: with senders" is 0 "$(of '[.rows[] | select(.sender_name == null)] | length')"

# --- one domain, one sender -------------------------------------------------------------------------------------

ask failures --domain example.org
ok "failures --domain" is "example.org,news.example.org,trust.example.org" "$(of '[.rows[].header_from] | unique | join(",")')"
ask domains --domain example.org
ok "domains --domain" is example.org "$(of '.rows[].policy_domain')"
ask hosts --domain museum.example
ok "hosts --domain" is "$(sql "select sum(messages) from hosts where policy_domain = 'museum.example'")" "$(of '[.rows[].messages] | add')"
for word in sendgrid "Twilio SendGrid" SENDGRID; do
	ask failures --sender "$word"
	ok "failures --sender $word" is "sendgrid 1237" "$(of '.rows[] | .sender + " " + (.messages | tostring)')"
done
ask hosts --sender sendgrid
ok "hosts --sender" is "149.72.126.143 149.72.44.201" "$(of '[.rows[] | select(.sender == "sendgrid").address] | sort | join(" ")')"
ok "and no others" is 2 "$(of '.rows | length')"
ask senders --sender secutix
ok "senders --sender" is "1691 1363 328" "$(of '[.figures.messages, .figures.passed, .figures.fixable] | map(tostring) | join(" ")')"
ok "its findings only" is "secutix" "$(of '[.findings[].sender] | unique | join(",")')"
ok "its row only" is "secutix" "$(of '[.rows[].sender_id] | join(",")')"
ask senders
ok "senders: the figures are those of the mailbox" is "50106 23040 1306 25144 58 323 235 0" \
	"$(of '[.figures | .messages, .passed, .fixable, .unconfirmed, .unfixable, .unidentified, .spoofed, .undetermined] | map(tostring) | join(" ")')"
ok "senders: all that fails is in one of them" of 'if .figures.messages - .figures.passed ==
	.figures.fixable + .figures.unconfirmed + .figures.unfixable + .figures.unidentified + .figures.spoofed then "yes" else error("no") end'
ok "senders: what receivers did adds up" of 'if all(.rows[]; .messages == .delivered + .quarantined + .rejected) then "yes" else error("no") end'
ru report senders --db "$DB" --sender amazn-ses
ok "a slip is not an answer" ends_with 64 "no such sender" "did you mean 'amazon-ses'"
ru report failures --db "$DB" --sender "Twilio SendGird"
ok "nor in a name" ends_with 64 "did you mean 'Twilio SendGrid'"
ru report hosts --db "$DB" --sender "x' or '1'='1"
ok "a sender is no SQL" ends_with 64 "no such sender"
ru senders add --db "$DB" 'Our CRM' --ip 203.0.113.45
ru db rejudge --db "$DB"
for question in senders failures hosts; do
	ask "$question" --sender 'our crm'
	ok "$question: of a sender of one's own" is "Our CRM" "$(of '.rows[] | .sender_id // .sender')"
done
ru senders remove --db "$DB" --ip 203.0.113.45
ru db rejudge --db "$DB"

# --- days -------------------------------------------------------------------------------------------------------

# failing DAY DAY OPTION...: the question has these days, and what fails on them.
failing() {
	local since=$1 until=$2
	shift 2
	ask failures "$@"
	is "$since $until $(sql "select coalesce(sum(messages), 0) from failures where day between '$since' and '$until'")" \
		"$(of '"\(.since) \(.until) \([.rows[].messages] | add // 0)"')"
}
ok "failures, without dates: 30 days up to the newest" failing 2026-10-20 2026-11-18
ok "failures --days" failing 2026-11-12 2026-11-18 --days 7
ok "failures --since --until" failing 2026-11-01 2026-11-05 --since 2026-11-01 --until 2026-11-05
ask hosts --until 2026-10-31 --days 5
ok "hosts: those seen in the days" is "$(sql "select count(distinct address) from hosts where last_day >= '2026-10-27' and first_day <= '2026-10-31'")" \
	"$(of '.rows | length')"
ask domains --until 2026-11-10
ok "domains --until: as it was then" is "2026-11-10 $(sql "set dmarc.today = '2026-11-11'; select sum(messages) from domains")" \
	"$(of '"\(.rows[0].last_day) \([.rows[].messages] | add)"')"
ask reporters --until 2026-11-10
ok "reporters --until: as it was then" is "$(sql "set dmarc.today = '2026-11-10'; select count(*), sum(messages) from reporters")" \
	"$(of '"\(.rows | length)|\([.rows[].messages] | add)"')"
RUAMILL_TODAY=2026-11-18 ask domains
ok "domains: a day that is not over does not count" is 2026-11-17 "$(of '.rows[0].last_day')"

# --- order and number -------------------------------------------------------------------------------------------

# sorted FILTER SORT-OPTIONS: the values that jq takes out of the answer are in this order.
sorted() {
	of "$1" >"$T/left"
	LC_ALL=C sort -s $2 "$T/left" | diff - "$T/left"
}
ask hosts --sort messages
ok "--sort: the smallest first" sorted '.rows[].messages' -n
ask hosts --sort=-messages
ok "--sort -COLUMN: the largest first" sorted '.rows[].messages' -nr
ask hosts --sort last_day
ok "--sort by a day" sorted '.rows[].last_day' ""
ask domains --sort policy_domain
ok "--sort by a name" sorted '.rows[].policy_domain' ""
ask senders --sort=-messages
ok "senders --sort" sorted '.rows[].messages' -nr
ask senders --sort sender
ok "senders --sort by name" sorted '.rows[].sender' ""
ask reporters --sort=-gap_days
ok "reporters --sort" sorted '.rows[].gap_days' -nr
ru report hosts --db "$DB" --sort mesages
ok "--sort by what is no column: which there are" ends_with 64 "mesages" "first_day" "messages"
ru report failures --db "$DB" --sort what_to_do
ok "nor by what is made of others" ends_with 64 "choose one of"
ru report hosts --db "$DB" --sort "messages; drop table dmarc.record"
ok "a column is no SQL" eval 'ends_with 64 && [ "$(sql "select count(*) > 0 from record")" = t ]'

for question in failures hosts reporters domains; do
	ask "$question"
	all=$(of '.rows | length')
	first=$(of '.rows[0] | tojson')
	ask "$question" --limit 1
	ok "$question --limit" eval 'is "1 $((all - 1))" "$(of "\"\\(.rows | length) \\(.not_shown)\"")" && is "$first" "$(of ".rows[0] | tojson")"'
	ru report "$question" --db "$DB" --limit 1
	ok "$question --limit says what is not shown" grep -q "$((all - 1)) more rows\? not shown" "$T/out"
done
ru report hosts --db "$DB" --limit 1 --format csv
ok "of CSV it is told beside" eval 'ends_with 0 "more rows" && is 2 "$(wc -l <"$T/out")"'
ask senders --limit 2
ok "senders --limit: rows and findings" is "2 9 2" "$(of '"\(.rows | length) \(.not_shown) \(.findings | length)"')"
ru report senders --db "$DB" --limit 2
ok "and what is not shown of both" grep -q "9 more rows and 8 more findings not shown" "$T/out"

# --- options that say nothing -----------------------------------------------------------------------------------

while read -r question options; do
	# shellcheck disable=SC2086 # words are meant
	ru report "$question" --db "$DB" $options
	ok "$question $options: refused" ends_with 64 "says nothing to the question '$question'"
done <<'END'
domains --sender sendgrid
domains --since 2026-11-01
domains --days 7
domains --group-ipv6
reporters --domain example.com
reporters --sender sendgrid
reporters --days 7
failures --group-ipv6
failures --all
senders --group-ipv6
hosts --all
problems --domain example.com
problems --sender sendgrid
problems --sort size
END

# --- colours ----------------------------------------------------------------------------------------------------

escapes() { grep -c "$(printf '\033')" "$T/out"; }
ru report failures --db "$DB"
ok "no colour in a pipe" is 0 "$(escapes)"
ru report failures --db "$DB" --color always
ok "--color always" [ "$(escapes)" -gt 5 ]
sed 's/\x1b\[[0-9;]*m//g' "$T/out" >"$T/plain"
ok "which changes nothing else" same "$T/failures.table80" "$T/plain"
on_terminal 80 report failures --db "$DB"
ok "colours on a terminal" [ "$(escapes)" -gt 5 ]
on_terminal 80 report failures --db "$DB" --color never
ok "--color never" is 0 "$(escapes)"
NO_COLOR=1 on_terminal 80 report failures --db "$DB"
ok "NO_COLOR" is 0 "$(escapes)"
ru report failures --db "$DB" --color red
ok "--color takes three words" ends_with 64 "choose one of: auto, always, never"
ru report failures --db "$DB" --format json --color always
ok "JSON has no colours" is 0 "$(escapes)"

drop_database questions

# --- the cost of p=reject, and of sp=reject ----------------------------------------------------------------------

# policy DOMAIN P SP NP, mail POLICY-DOMAIN FROM SENDER MESSAGES VERDICT SEVERITY SPF-ALIGNED DKIM-ALIGNED PASSES: on each of 40 days.
policy() {
	sql "insert into daily_report (day, policy_domain, reporter, org_name, p, sp, np, pct, quirks, has_errors, origin, end_at, reports, records, messages)
		select d, '$1', 'a.example', 'a.example', '$2', nullif('$3', '-'), nullif('$4', '-'), 100, '{}', false, 'fits', d + interval '1 day', 1, 1, 1
		from generate_series('2026-10-12'::timestamp, '2026-11-20', '1 day') d"
}
mail() {
	sql "insert into daily_sender (day, policy_domain, header_from, reporter, sender, path, spf_cause, dkim_cause, verdict, severity,
			disposition, spf_aligned, dkim_aligned, outcome_pass, messages, records)
		select d, '$1', '$2', 'a.example', nullif('$3', '-'), 'direct', 'spf-none', 'dkim-missing', '$5', '$6', 'none', '$7', '$8', '$9', $4, 1
		from generate_series('2026-10-12'::date, '2026-11-20', '1 day') d"
}
costs() {
	ask domains --domain "$1"
	of ".rows[] | [$2] | map(tostring) | join(\" \")"
}
of_p=".reject_cost, .cost_yours, .cost_forwarded, .cost_undecided, .reject_stops, .passes_on_spf_only, .cost_below"
of_sp=".sp_reject_cost, .sp_cost_yours, .sp_cost_forwarded, .sp_forwarded_fixable, .sp_cost_undecided, .sp_reject_stops, .sp_passes_on_spf_only"

fresh_database costs
sql "insert into daily (day, stream_key, host_class, reporter, messages, records)
	select d, gen_random_uuid(), '', 'a.example', 1, 1 from generate_series('2026-10-12'::date, '2026-11-20', '1 day') d"
for domain in plain.test sp.test np.test same.test; do
	mail $domain $domain - 100 aligned-both ok t t t
	mail $domain $domain - 1 strict-mode-misalignment fail f f f
	mail $domain "sub.$domain" - 2 strict-mode-misalignment fail f f f
	mail $domain "sub.$domain" - 4 forwarded-broken warn f f f
	mail $domain "sub.$domain" - 8 mailing-list fail f f f
	mail $domain "sub.$domain" - 16 unknown-sender fail f f f
	mail $domain "sub.$domain" - 32 likely-spoof info f f f
	mail $domain "sub.$domain" - 64 aligned-spf-only warn t f t
done
policy plain.test none - -
policy sp.test none quarantine -
policy np.test none quarantine reject
policy same.test none none -
policy parked.test none - -
mail parked.test parked.test - 5 likely-spoof info f f f
policy silent.test reject - -
ok "p alone is for all below it" is "31 3 12 16 32 64 0 null" "$(costs plain.test "$of_p, .sp_reject_cost")"
ok "an sp like p is no other" is "31 3 12 16 32 64 0 null" "$(costs same.test "$of_p, .sp_reject_cost")"
ok "with an sp: p is for the domain" is "1 1 0 0 0 0 0" "$(costs sp.test "$of_p")"
ok "and sp for what is below it" is "30 2 12 4 16 32 64" "$(costs sp.test "$of_sp")"
ok "with an np both stay apart" is "1 1 0 0 0 0 30 null" "$(costs np.test "$of_p, .sp_reject_cost")"
ru report domains --db "$DB" --domain sp.test
tr '\n' ' ' <"$T/out" | tr -s ' ' >"$T/flat"
ok "p in words" grep -qF "p=reject would cost up to 1 messages a day: 1 yours, 0 forwarded, 0 unidentified; and stop about 0 spoofed." "$T/flat"
ok "sp in words" grep -qF "For names below it: sp=reject would cost up to 30 messages a day: 2 yours, 12 forwarded, 16 unidentified; and stop about 32 spoofed. 64 more pass on SPF alone. Signing at the source would save 4 of the forwarded." "$T/flat"
ok "and whom it rests on" grep -qF "Of mail that reporters told us about, from 2026-10-12 to 2026-11-20: a.example." "$T/flat"
ru report domains --db "$DB" --domain np.test
tr '\n' ' ' <"$T/out" | tr -s ' ' >"$T/flat"
ok "np in words" grep -qF "Below it 30 a day fail apart from spoofing: under np or not, reports do not say, so they are in no sum." "$T/flat"
ask domains
ok "domains that send nothing" is "parked.test silent.test" "$(of '[.rows[] | select(.parked).policy_domain] | sort | join(" ")')"
ru report domains --db "$DB"
ok "are told" is 2 "$(grep -c "^\(parked\|silent\).test .* sends nothing$" "$T/out")"
ru report domains --db "$DB" --domain parked.test
tr '\n' ' ' <"$T/out" | tr -s ' ' >"$T/flat"
ok "in words" grep -qF "It sends nothing, as it seems: p=reject costs nothing, and stops about 5 spoofed messages a day." "$T/flat"
ok "the dearest first, those without mail last" is "plain.test|silent.test" "$(of '.rows[0].policy_domain + "|" + .rows[-1].policy_domain' | sed 's/same/plain/')"
drop_database costs

# --- what passes by a reporter's word alone ---------------------------------------------------------------------

fresh_database vouched
report proven example.com 30 >"$T/proven.xml"
report vouched example.com 70 |
	sed 's:<auth_results>.*</auth_results>:<auth_results><spf><domain>other.example</domain><result>fail</result></spf></auth_results>:' >"$T/vouched.xml"
RUAMILL_TODAY=2026-11-03 ru ingest --db "$DB" "$T/proven.xml" "$T/vouched.xml"
ok "is judged by its evidence" is "aligned-dkim-only 30, undetermined 70" \
	"$(sql "select string_agg(verdict || ' ' || messages, ', ' order by verdict) from daily_sender")"
ru report senders --db "$DB"
tr '\n' ' ' <"$T/out" >"$T/flat"
ok "passes all the same" grep -qF "100 messages; 100.0 % of those that count pass DMARC." "$T/flat"
ok "and is not set aside" eval '! grep -q "Set aside" "$T/flat"'
ru report domains --db "$DB" --format json
cp "$T/out" "$T/out.json"
ok "of a domain, too" is "100 100 0" "$(of '.rows[0] | "\(.passed) \(.counted) \(.undetermined)"')"
ok "and by the day" is "100 0 0" "$(sql "select sum(passed), sum(spoofed), sum(undetermined) from senders_daily" | tr '|' ' ')"
drop_database vouched

# --- who reads views only ---------------------------------------------------------------------------------------

fresh_database reader
ru db init --roles --db "$DB"
sql "create role test_$$_reads login in role ruamill_reader"
ru ingest --db "$DB" "$T/box"
for question in $views; do
	ru report "$question" --db "$DB" --color never
	cp "$T/out" "$T/left"
	ru report "$question" --db "$DB user=test_$$_reads"
	ok "who reads views may ask: $question" eval 'ends_with 0 && same "$T/left" "$T/out"'
done
ru report failures --db "$DB user=test_$$_reads" --sender sendgrid
ok "of a sender, too" ends_with 0
ru report hosts --db "$DB user=test_$$_reads" --sender sendgrid --domain example.org --group-ipv6
ok "and of hosts all that there is" ends_with 0
sql "insert into dirty_day values ('2026-11-18')"
ru report failures --db "$DB user=test_$$_reads"
ok "what is not judged yet is told" ends_with 0 "not judged yet"
sql "drop owned by test_$$_reads; drop role test_$$_reads"
drop_database reader
exit "$failed"
