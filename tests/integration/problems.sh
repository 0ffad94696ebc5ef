#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Messages that did not become reports: what people are told of them, trying them again, and saying
# beforehand what would happen. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/problems.sh
#
# Checks are given as text that is evaluated later, and by functions called through ok.
# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server

# mail NUMBER REPORT: a mail with the report as its attachment.
mail() {
	printf '%s\n' "From: dmarc@reporter.example" "To: rua@example.com" "Subject: Report Domain: example.com" \
		"Message-ID: <$1@reporter.example>" "Date: Sat, 21 Nov 2026 00:00:00 +0000" "MIME-Version: 1.0" \
		"Content-Type: application/xml" ""
	cat "$2"
}

# --- an upgrade from the first schema -------------------------------------------------------------------------

empty_database upgrade
first=$(dirname "$SAMPLE")/../sql/migrations/0001_ground.sql
fresh_database digest
digest=$(sql "select digest from migration where version = 1")
drop_database digest
DB="$SERVER dbname=test_$$_upgrade"
PGOPTIONS='-c client_min_messages=error' psql -XAtq -v ON_ERROR_STOP=1 "$DB" -f "$first"
sql "insert into migration (version, name, digest, program) values (1, '0001_ground.sql', '$digest', '0.1.0')"
sql "insert into message (key, source, locator, size, outcome, reason, seen_at)
	values (decode(repeat('01', 32), 'hex'), 'folder:/old', '/old/a.gz', 7, 'broken', 'cut off', '2026-11-01')"
ru report problems --db "$DB"
ok "an older database is refused" ends_with 78 "ruamill db migrate"
ru db migrate --db "$DB"
ok "and can be brought up to date" ends_with 0 "applying 0003_"
ok "what was in it counts as tried once" is "1|" "$(sql "select attempts, retried_at from message")"
ru report problems --db "$DB" --format csv
ok "and is a problem" eval 'ends_with 0 && tail -n 1 "$T/out" |
	grep -q "^\"broken\",7,\"2026-11-01T00:00:00Z\",\"cut off\",\"folder:/old\",\"/old/a.gz\",\"\",1,"'
drop_database upgrade

# --- report problems ------------------------------------------------------------------------------------------

fresh_database problems
ru report problems --db "$DB"
ok "nothing there" eval 'ends_with 0 && says_nothing && is "No problems." "$(cat "$T/out")"'
copy_sample "$T/box"
mkdir "$T/files"
report conflict-1 example.com 10 20 30 >"$T/files/1.xml"
sed 's|<count>20</count>|<count>21</count>|' "$T/files/1.xml" >"$T/files/2.xml"
ru ingest --db "$DB" "$T/files" "$T/box"
# Seen one a day, from November 1, in the order of their names.
sql "update message m set seen_at = timestamptz '2026-11-01' + n * interval '1 day' from (select key,
	row_number() over (order by source, locator) - 1 as n from message) x where x.key = m.key"
problems() { ru report problems --db "$DB" --format json "$@"; }
# values FIELD...: of each row, joined by a blank; rows sorted.
values() {
	local field list=
	for field in "$@"; do list="$list, .$field"; done
	jq -r ".rows[] | [${list#, }] | map(. // \"null\" | tostring) | join(\" \")" "$T/out" | sort
}

problems
ok "json" eval 'ends_with 0 && says_nothing && is problems "$(jq -r .question "$T/out")"'
values outcome locator | sed 's/\.M1P1.*//' >"$T/right"
sql "select outcome || ' ' || locator from message where outcome not in ('duplicate', 'not a report',
	'unsupported kind') and (outcome <> 'stored' or reason is not null)
	union all select 'stored ' || locator from message where key in (select message_key from report
	where origin = 'does not fit')" | sed 's/\.M1P1.*//' | sort >"$T/left"
ok "all that are wrong, and no others" same "$T/left" "$T/right"
printf '%s\n' "broken new/1794017100" "broken new/1794375066" "conflicting $T/files/2.xml" \
	"invalid date new/1794709907" "stored new/1794302039" "stored new/1794536400" >"$T/left"
ok "which are these" same "$T/left" "$T/right"
ok "the newest come first" is "$(jq -r '.rows[].seen_at' "$T/out" | sort -r)" "$(jq -r '.rows[].seen_at' "$T/out")"
row() { jq -r ".rows[] | select(.locator | contains(\"$1\")) | [$2] | map(. // \"null\" | tostring) | join(\"|\")" "$T/out"; }
ok "a broken mail: why, where, and what it is" is \
	"the gzip data end early, as if cut off|maildir:$(realpath "$T/box")|1358|1794017100.1@kanton.example|1|null|null" \
	"$(row 1794017100 ".reason, .source, .size, .message_id, .attempts, .retried_at, .stored_records")"
ok "a report that is stored in part: where it broke off" is "the document ends before its report does, as if cut off: line 228" \
	"$(row 1794536400 .reason)"
ok "a re-send: both totals, and of which report" is "3|60|3|61|reporter|conflict-1|example.com" \
	"$(row 2.xml ".stored_records, .stored_messages, .resent_records, .resent_messages, .reporter, .report_id, .policy_domain")"
ok "and the same in words" is "sent again with other records: stored are 3 records on 60 messages, the re-send has 3 records on 61 messages (report conflict-1 of reporter on example.com)" \
	"$(row 2.xml .reason)"
ok "the headline counts" is "5 messages did not become a report whole: 2 broken, 1 conflicting, 1 invalid date, 1 stored in part." \
	"$(jq -r '.headline[0]' "$T/out")"
ok "then what is doubtful, though it was stored" is "Reports to look at, though they were stored whole: 1 whose sender does not fit the reporter." \
	"$(jq -r '.headline[1]' "$T/out")"
ok "which is a report that somebody handed on: by whom, and of which reporter" is \
	"does not fit|example.com|google.com|example.com does not fit the reporter (report 7223613896082542478 of google.com on example.org)" \
	"$(row 1794302039 ".concern, .from_domain, .reporter, .reason")"
ok "and what nobody need look at" is "Nothing to look at: 2 duplicate, 2 not a report, 2 unsupported kind. --all lists them." \
	"$(jq -r '.headline[2]' "$T/out")"
problems --all
values outcome | sort | uniq -c | sed 's/^ *//' >"$T/right"
sql "select count(*) || ' ' || outcome from message where outcome <> 'stored' or reason is not null or
	key in (select message_key from report where origin = 'does not fit') group by outcome" | sort -k 2 >"$T/left"
ok "--all lists them too" same "$T/left" "$T/right"
ok "a view has the same" is "$(jq -r '.rows | length' "$T/out")" "$(sql "select count(*) from problems")"

problems --limit 2
ok "--limit: the newest" is "2026-12" "$(jq -r '.rows[].seen_at[:7]' "$T/out" | sort -u)"
ok "so many" is 2 "$(jq '.rows | length' "$T/out")"
newest=$(sql "select max(seen_at)::date from problems")
problems --days 1 --all
ok "--days ends at the newest problem" is "$newest $newest $newest" "$(jq -r '.since + " " + .until + " " + .rows[].seen_at[:10]' "$T/out")"
seen=$(sql "select seen_at::date from problems where outcome = 'conflicting'")
problems --since "$seen" --until "$seen"
ok "--since and --until: one day" is conflicting "$(values outcome)"
problems --until 2026-10-31
ok "--until before all of them" is "No problems with messages seen first until 2026-10-31." "$(jq -r '.headline[]' "$T/out")"
problems --since 2026-12-01
ok "--since" is "$(sql "select count(*) from problems where attention and seen_at >= '2026-12-01'")" "$(jq '.rows | length' "$T/out")"
ok "it says so" eval 'jq -r ".headline[0]" "$T/out" | grep -q " of the messages seen first from 2026-12-01 did not become"'

ru report problems --db "$DB"
ok "the table" eval 'ends_with 0 && says_nothing'
ok "fits into 80 columns, but for what cannot be broken" is "" "$(awk 'length > 80 && !/^ *[^ ]*$/' "$T/out")"
ok "names each message" is 6 "$(grep -cE '^(new/|2\.xml).* (does not fit|broken|conflicting|invalid date|stored) ' "$T/out")"
ok "and each reason once" is "1 2 3 4 5 6" "$(grep -oE '^[0-9]+\. ' "$T/out" | tr -d '.\n' | sed 's/ $//')"
ok "the reason is the one of its message" eval 'n=$(sed -n "s/^2\.xml.* \([0-9]*\)$/\1/p" "$T/out")
	grep -q "^$n\. sent again with other records" "$T/out"'
ru report problems --db "$DB" --format csv
ok "csv: a line a problem under its names" eval 'is 7 "$(wc -l <"$T/out" | tr -d " ")" && head -n 1 "$T/out" | grep -q "^\"outcome\",\"size\",\"seen_at\",\"reason\""'
ok "csv: no number is nothing" eval 'grep -q "^\"broken\",1358,.*,\"\",,,,,\"\",\"\",\"kanton.example\",\"\".$" "$T/out"'
for option in "--domain example.com" "--limit 0" "--limit x" "--since 2026-11-02 --days 3"; do
	# shellcheck disable=SC2086 # words are meant
	ru report problems --db "$DB" $option
	ok "problems $option: not understood" ends_with 64
done
ru report senders --db "$DB" --all
ok "senders --all: not understood" ends_with 64 "--all says nothing"

# Where a message is means nowhere once it was deleted.
mkdir "$T/doomed"
echo '<feedback><report_metadata>' >"$T/doomed/broken.xml"
ru ingest --db "$DB" --if-broken delete "$T/doomed"
ok "--if-broken delete" test ! -e "$T/doomed/broken.xml"
problems
ok "a message that was deleted: so the settlement says" is delete "$(row doomed .settlement)"
ru report problems --db "$DB"
ok "and the table" eval 'tr "\n" " " <"$T/out" | sed "s/  */ /g" | grep -qF "doomed, deleted)"'

# A run that breaks off says what was done by then.
mkdir "$T/half-1" "$T/half-2"
report half-1 example.com 1 >"$T/half-1/1.xml"
report half-2 example.com 1 >"$T/half-2/2.xml"
sql "create function boom() returns trigger language plpgsql as
	\$\$ begin raise exception 'stopping' using errcode = '57P01'; end \$\$;
	create trigger boom after insert on report for each row when (new.report_id = 'half-2')
	execute function boom()"
ru ingest --db "$DB" "$T/half-1" "$T/half-2"
ok "a run that breaks off says what was done by then" ends_with 75 "2 messages: 1 stored" "new: 1 reports, 1 records on 1 mails"
sql "drop trigger boom on report"

# A mail with two reports, of which one is a re-send with other records, is stored, and yet a finding.
report part-1 example.com 1 >"$T/part-1.xml"
report part-1 example.com 2 >"$T/part-2.xml"
report part-3 example.com 3 >"$T/part-3.xml"
fresh_database part
ru ingest --db "$DB" "$T/part-1.xml"
{
	printf '%s\n' "From: a@example.com" "MIME-Version: 1.0" 'Content-Type: multipart/mixed; boundary="b"' ""
	for part in 2 3; do
		printf '%s\n' "--b" "Content-Type: application/xml" ""
		cat "$T/part-$part.xml"
	done
	echo "--b--"
} >"$T/both.eml"
ru ingest --db "$DB" "$T/both.eml"
ok "of two reports in one mail one is new" is "stored|2|1" "$(sql "select outcome, (select count(*) from report), (select count(*) from report_conflict) from message where locator like '%both.eml'")"
problems
ok "the other is a problem, and the mail is of somebody else" is "stored part-1 1 1 1 2
stored part-3 1 3 null null" "$(values outcome report_id stored_records stored_messages resent_records resent_messages)"
# --- a giant: claimed before its Message-ID and its faults are known ---------------------------------------------

# giant: 60,000 records, beyond what waits in memory for its commit, and no end.
giant() {
	report giant giant.example 1 | sed '/<record>/,$d'
	awk 'BEGIN { for (i = 0; i < 60000; i++) {
		printf "<record><row><source_ip>10.%d.%d.%d</source_ip><count>1</count>", i / 65536, i / 256 % 256, i % 256
		printf "<policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>pass</spf></policy_evaluated></row>"
		printf "<identifiers><header_from>n%d.giant.example</header_from></identifiers>", i % 3000
		printf "<auth_results><spf><domain>giant.example</domain><scope>mfrom</scope><result>pass</result></spf></auth_results></record>\n" } }'
}
giant >"$T/giant.xml"
mkdir "$T/giant"
mail giant-1 "$T/giant.xml" >"$T/giant/1.eml"
fresh_database giant
ru ingest --db "$DB" "$T/giant"
ok "a giant that is cut off is stored in part" ends_with 1 "as if cut off" "1 reports, 60000 records"
problems
ok "and that is kept, as is its Message-ID" is "stored the document ends before its report does, as if cut off: line 60004 giant-1@reporter.example" \
	"$(values outcome reason message_id)"

# --- ingest --retry ------------------------------------------------------------------------------------------------

# A value that the database refuses, until it does not, stands for a fault that a later version mends.
fresh_database retry
sql "alter table report add constraint picky check (report_id not like 'picky%')"
rm -rf "$T/retry"
mkdir -p "$T/retry/new" "$T/retry/cur" "$T/retry/tmp"
for n in 1 2 3 4; do
	report picky-$n example.com $n >"$T/report"
	mail "picky-$n" "$T/report" >"$T/retry/new/$n.picky"
done
report good-1 example.com 10 >"$T/report"
mail good-1 "$T/report" >"$T/retry/new/5.good"
head -c 700 "$T/retry/new/5.good" >"$T/retry/new/6.torn"
giant | sed 's|<report_id>giant|<report_id>picky-giant|' >"$T/report"
echo '</feedback>' >>"$T/report"
mail picky-giant "$T/report" >"$T/retry/new/7.giant"
ru ingest --db "$DB" --then mark --if-broken mark "$T/retry"
ok "what the database refuses is broken" ends_with 1 "1 stored, 6 broken"
first_seen=$(sql "select string_agg(seen_at::text, ' ' order by key) from message")
ru ingest --db "$DB" --then mark --if-broken mark "$T/retry"
ok "it is not tried again by itself" ends_with 0 "7 known from before"
ok "and counts as tried once" is "1|" "$(sql "select distinct attempts, retried_at from message")"
ru ingest --db "$DB" --retry --then mark --if-broken mark "$T/retry"
ok "--retry while nothing has changed: broken as before" ends_with 1 "6 broken" "1 known from before" "tried again: 6"
ok "the attempts are counted" is "1|1|2|6" "$(sql "select string_agg(attempts || '|' || n, '|' order by attempts) from
	(select attempts, count(*) as n from message group by 1) x")"
ok "with the time of the last" is 6 "$(sql "select count(*) from message where retried_at >= seen_at")"

sql "alter table report drop constraint picky"
mv "$T"/retry/cur/4.picky* "$T/gone"
ru ingest --db "$DB" --then mark --if-broken mark "$T/retry"
ok "without --retry still nothing" ends_with 0 "6 known from before"
ru ingest --db "$DB" --retry --then mark --if-broken mark "$T/retry"
ok "--retry: what can be stored now is" ends_with 1 "4 stored, 1 broken" "1 known from before" "tried again: 5" \
	"4 reports, 60003 records on 60006 mails"
ok "each has its new outcome, and no reason" is "stored|stored|stored|stored|stored|" "$(sql "select
	string_agg(outcome::text, '|') || '|' || coalesce(string_agg(reason, ''), '')
	from message where locator not like '%4.picky%' and locator not like '%6.torn%'")"
ok "what is gone from its source keeps its own" is "broken|2" "$(sql "select outcome, attempts from message where locator like '%4.picky%'")"
ok "the giant too, with all its records" is "60000|60000" "$(sql "select (select records from report where report_id = 'picky-giant'),
	count(*) from record r join report p on p.key = report_key where report_id = 'picky-giant'")"
ok "when they were seen first stays" is "$first_seen" "$(sql "select string_agg(seen_at::text, ' ' order by key) from message")"
ru ingest --db "$DB" --retry "$T/retry"
ok "what is stored is not tried again" ends_with 1 "1 broken" "5 known from before" "tried again: 1"
ok "nothing is there twice" is "5|60004" "$(sql "select (select count(*) from report), count(*) from record")"
ok "where it is now" is "cur/6.torn:2,S" "$(sql "select locator from message where outcome = 'broken' and locator like '%torn%'")"
problems
ok "problems tells how often" is "broken 2
broken 4" "$(values outcome attempts)"

# Of two reports in a mail one lies in the future: the day comes that stands for a version that reads it.
fresh_database later
mkdir "$T/later"
{
	printf 'Subject: two\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/xml\n\n'
	report now example.com 1 2
	printf -- '--x\nContent-Type: text/xml\n\n'
	report then example.com 3 | sed 's/1793491200/1893456000/; s/1793577599/1893542399/'
	echo '--x--'
} >"$T/later/two.mail"
ru ingest --db "$DB" "$T/later"
ok "a mail that is stored in part" ends_with 1 "1 stored" "new: 1 reports" "2030-01-01"
ru ingest --db "$DB" --retry "$T/later"
ok "--retry: as before" ends_with 1 "1 stored" "tried again: 1" "2030-01-01"
ok "it stays what it was" is "stored|t|2|1" "$(sql "select outcome, reason like '%2030-01-01%', attempts, (select count(*) from report) from message")"
export RUAMILL_TODAY=2030-01-03
ru ingest --dry-run --db "$DB" --retry "$T/later"
ok "--dry-run: the other half, too" ends_with 0 "1 stored" "would be tried again: 1" "would be new: 1 reports, 1 records on 3 mails"
ru ingest --db "$DB" --retry "$T/later"
ok "--retry: the other half, too" ends_with 0 "1 stored" "tried again: 1" "new: 1 reports, 1 records on 3 mails"
ok "is stored, once" is "stored||3|2|3" "$(sql "select outcome, reason, attempts, (select count(*) from report), (select count(*) from record) from message")"
ru ingest --db "$DB" --retry "$T/later"
ok "what is stored whole is not tried again" ends_with 0 "1 known from before"
export RUAMILL_TODAY=2026-11-21
drop_database later

# Two that try the same messages again: both wait for the rows, one gets them.
fresh_database rivals
sql "alter table report add constraint picky check (report_id not like 'picky%')"
mkdir "$T/rivals"
cp "$T"/retry/cur/[123].picky* "$T/rivals/"
ru ingest --db "$DB" "$T/rivals"
sql "alter table report drop constraint picky"
rm -f "$T/locked" "$T/release"
psql -Xq "$DB" -c begin -c "select key from dmarc.message for update" \
	-c "\\! touch '$T/locked'; while [ ! -e '$T/release' ]; do sleep 0.05; done" -c rollback >/dev/null 2>&1 &
soon test -e "$T/locked"
timeout 300 "$RUAMILL" ingest --retry --db "$DB" "$T/rivals" >/dev/null 2>"$T/rival.1" &
timeout 300 "$RUAMILL" ingest --retry --db "$DB" "$T/rivals" >/dev/null 2>"$T/rival.2" &
both_wait() {
	[ "$(sql "select count(*) from pg_stat_activity where application_name = 'ruamill' and datname = current_database()
		and wait_event_type = 'Lock'")" = 2 ]
}
ok "two --retry at once wait for the same messages" soon both_wait
touch "$T/release"
wait
ok "one stores them" is "1|1" "$(grep -l "3 stored" "$T"/rival.? | wc -l | tr -d ' ')|$(grep -l "3 duplicate" "$T"/rival.? | wc -l | tr -d ' ')"
ok "once" is "stored|2|3" "$(sql "select outcome, attempts, count(*) from message group by 1, 2")"
ok "with their records" is "3|6" "$(sql "select count(*), sum(count) from record")"

# --- a mailbox of which one in a hundred mails is broken ---------------------------------------------------------

# good_mails COUNT FOLDER: mails with a report of one to three records each.
good_mails() {
	report @ example.com 7 >"$T/report"
	mail @ "$T/report" | awk -v count="$1" -v folder="$2" '
		{ line[NR] = $0 }
		END {
			for (n = 1; n <= count; n++) {
				file = sprintf("%s/%04d.good", folder, n)
				for (i = 1; i <= NR; i++) {
					text = line[i]
					gsub(/@/, n "@", text)
					sub(/<@/, "<", text)
					sub(/<report_id>.*<\/report_id>/, "<report_id>good-" n "</report_id>", text)
					times = text ~ /<record>/ ? n % 3 + 1 : 1
					while (times-- > 0)
						print text >file
				}
				close(file)
			}
		}'
}
# packed NUMBER FILE: a mail with the file attached.
packed() {
	printf '%s\n' "From: dmarc@reporter.example" "Message-ID: <bad-$1@reporter.example>" "MIME-Version: 1.0" \
		"Content-Type: application/octet-stream" "Content-Transfer-Encoding: base64" ""
	base64 "$2"
}
cases=$(dirname "$SAMPLE")/cases/mail
box=$T/percent
mkdir -p "$box/new" "$box/cur" "$box/tmp"
good_mails 990 "$box/new"
# What is in each, and what a person must be told of it.
cat >"$T/bad.tsv" <<END
gzip-cut-off.gz	cut off
gzip-cut-off-in-checksum.gz	cut off
gzip-wrong-checksum.gz	damaged
zip-cut-off.zip	cut off
zip-damaged-member.zip	damaged
zip-encrypted.zip	encrypted
END
n=0
while IFS=$'\t' read -r file why; do
	n=$((n + 1))
	packed $n "$cases/$file" >"$box/new/05$n.bad"
	printf '05%s.bad\tbroken\t%s\n' $n "$why"
done <"$T/bad.tsv" >"$T/wanted"
packed 7 "$cases/gzip-nested-four-deep.gz" >"$box/new/057.bad"
cp "$cases/mail-placeholder.eml" "$box/new/058.bad"
report early example.com 1 | sed 's|<end>.*</end>|<end>1793491199</end>|' >"$T/report"
mail bad-9 "$T/report" >"$box/new/059.bad"
report future example.com 1 | sed 's|<begin>.*</end>|<begin>1893491200</begin><end>1893577599</end>|' >"$T/report"
mail bad-10 "$T/report" >"$box/new/060.bad"
printf '%s\t%s\t%s\n' 057.bad "too large" "nested more than 3 deep" 058.bad broken placeholder \
	059.bad "invalid date" "the period ends before it begins" 060.bad "invalid date" "lies in the future" >>"$T/wanted"

fresh_database percent
ru ingest --db "$DB" "$box"
ok "one percent is broken: status 1" ends_with 1 "1000 messages: 990 stored, 7 broken, 1 too large, 2 invalid date" \
	"new: 990 reports, 1980 records on 13860 mails"
ok "all good ones are stored" is "990|1980|13860" "$(sql "select (select count(distinct report_id) from report where report_id like 'good-%'),
	count(*), sum(count) from record")"
cp "$T/err" "$T/told"
problems
ok "all broken ones are listed, and no others" is "$(cut -f 1 "$T/wanted")" "$(jq -r '.rows[].locator' "$T/out" | sed 's|.*/||' | sort)"
while IFS=$'\t' read -r file outcome why; do
	ok "$file is told, with its reason" eval 'grep -q "^ruamill: .*$why.*: $box/new/$file" "$T/told"'
	ok "$file is listed with it" eval 'row "$file" ".outcome, .reason" | grep -q "^$outcome|.*$why"'
done <"$T/wanted"
ok "the summary groups them by reason" eval 'grep -qx "  3 broken: the gzip data .*" "$T/told" || grep -qx "  2 broken: the gzip data end early, as if cut off" "$T/told"'
ok "names them" grep -qx "      $box/new/051.bad, $box/new/052.bad" "$T/told"
ok "and says where to look" grep -qx "'ruamill report problems' lists them all" "$T/told"
ok "the summary is one screen" test "$(grep -vc '^ruamill: ' "$T/told")" -le 24
ru ingest --db "$DB" "$box"
ok "a second run: all is known, nothing is told" eval 'ends_with 0 "1000 messages: 1000 known from before" && is 1 "$(wc -l <"$T/err" | tr -d " ")"'
fresh_database percent
ru ingest -q --db "$DB" "$box"
ok "-q: only what is wrong, a line each" eval 'ends_with 1 && prints_nothing && is 10 "$(grep -c "^ruamill: .*: $box/new/[0-9]*\.bad" "$T/err")" && is 10 "$(wc -l <"$T/err" | tr -d " ")"'
ru ingest -q --db "$DB" "$box"
ok "-q: nothing is wrong, nothing is said" eval 'ends_with 0 && says_nothing && prints_nothing'

# --- more faults than anybody reads ------------------------------------------------------------------------------------

mkdir "$T/flood"
for n in $(seq 101 180); do
	head -c "$((n * 4))" "$cases/gzip-cut-off.gz" >"$T/flood/$n.gz"
done
for n in 1 2 3; do
	cp "$cases/zip-encrypted.zip" "$T/flood/z$n.zip"
done
fresh_database flood
ru ingest --db "$DB" "$T/flood"
ok "a flood: 83 broken" ends_with 1 "83 messages: 83 broken"
ok "50 are named" is 50 "$(grep -c '^ruamill: .*: /' "$T/err")"
ok "of the others the number is told" grep -qx "ruamill: 33 more that are not named here" "$T/err"
ok "and the reasons" eval 'grep -q "^ruamill:   80 broken: the gzip data end early" "$T/err" && grep -q "^ruamill:   3 broken: the zip is encrypted" "$T/err"'
ok "with the first names" grep -q "^ruamill: *$T/flood/101.gz, $T/flood/102.gz, and 78 more$" "$T/err"
fresh_database flood
ru ingest -q --db "$DB" "$T/flood"
ok "-q: the same, without the totals" eval 'ends_with 1 && is 50 "$(grep -c "^ruamill: .*: /" "$T/err")" && ! grep -v "^ruamill: " "$T/err" && grep -q "80 broken" "$T/err" && ! grep -q "83 messages" "$T/err"'
problems
ok "report problems lists them all" is 83 "$(jq '.rows | length' "$T/out")"
sql "update message set outcome = 'too large', seen_at = '2026-01-01' where locator like '%/101.gz'"
problems --limit 3
ok "a flood of one kind hides no other" is "broken 2 too large 1" \
	"$(jq -r '[.rows | group_by(.outcome)[] | "\(.[0].outcome) \(length)"] | join(" ")' "$T/out")"
ok "which is said" is "3 are listed, the newest of each kind: --limit lists more, --format csv all." "$(jq -r '.headline[-1]' "$T/out")"
ok "the newest come first all the same" is "too large" "$(jq -r '.rows[-1].outcome' "$T/out")"
sql "update message set outcome = 'broken' where locator like '%/101.gz'"
ru report problems --db "$DB" --limit 1000
ok "each reason once" is "1 2" "$(grep -oE '^[0-9]+\. ' "$T/out" | tr -d '.\n' | sed 's/ $//')"

# --- other kinds ----------------------------------------------------------------------------------------------------------

mkdir "$T/kinds"
cp "$cases"/other-*.eml "$T/kinds/"
fresh_database kinds
ru ingest --db "$DB" "$T/kinds"
ok "other kinds of mail are nothing wrong" ends_with 0 "unsupported kind"
ok "they are counted by name" eval 'grep "^other kinds: " "$T/err" | grep "failure report (RUF)" | grep "TLS report" | grep -q "TNEF"'
ok "and nothing is to be looked at" eval '! grep "to look at" "$T/err"'
ru ingest -q --db "$DB" "$T/kinds"
ok "-q: they are nothing to speak of" eval 'ends_with 0 && says_nothing'

# --- ingest --dry-run ----------------------------------------------------------------------------------------------------------

listing() { (cd "$1" && find . -type f -printf '%p %s %T@\n' | sort); }
# everything: what is in $DB, and what tables it has.
everything() {
	dump_facts
	sql "select key, source, locator, outcome, reason, seen_at, settled_at, attempts from message order by key"
	sql "select relname from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'dmarc' order by 1"
}
# foretells NAME ARGUMENTS: a dry run changes nothing, and says what the run after it says.
foretells() {
	local name=$1 kind
	shift
	everything >"$T/before"
	listing "$T/dry" >"$T/mails.before"
	ru ingest --dry-run --db "$DB" "$@"
	is "" "$(cat "$T/out")" || return 1
	cp "$T/err" "$T/rehearsed"
	rehearsed=$status
	everything >"$T/after"
	listing "$T/dry" >"$T/mails.after"
	same "$T/before" "$T/after" && same "$T/mails.before" "$T/mails.after" || return 1
	ru ingest --db "$DB" "$@"
	sed -e 's/ would be: /: /' -e 's/^would be //' "$T/rehearsed" >"$T/left"
	grep -v "report problems" "$T/err" >"$T/right"
	same "$T/right" "$T/left" && is $status $rehearsed && grep -q " would be: " "$T/rehearsed"
}
copy_sample "$T/dry"
fresh_database dry
ok "--dry-run: the sample" foretells sample --then mark "$T/dry"
ok "--dry-run: all of it known" foretells known "$T/dry"
mkdir "$T/resend"
report dry-1 example.com 1 2 >"$T/resend/1.xml"
ru ingest --db "$DB" "$T/resend"
{ report dry-1 example.com 1 2; } >"$T/resend/2.xml"
report dry-1 example.com 1 3 >"$T/resend/3.xml"
report dry-2 example.com 5 >"$T/resend/4.xml"
report dry-2 example.com 5 >"$T/resend/5.xml"
report dry-2 example.com 6 >"$T/resend/6.xml"
cp "$T/both.eml" "$T/resend/7.eml"
report part-1 example.com 9 >"$T/resend/8.xml"
ok "--dry-run: re-sends of what is stored, and of what would be" foretells resend "$T/resend"
ok "which are all kinds" grep -q "^8 messages: 2 stored, 2 duplicate, 3 conflicting, 1 known from before$" "$T/left"
ok "--dry-run --retry" foretells retry --retry "$T/dry"
ok "tells what would be tried again" grep -qx "would be tried again: 4 that had failed before" "$T/rehearsed"
report dry-9 example.com 1 >"$T/one.xml"
ru ingest -n -q --db "$DB" "$T/one.xml"
ok "-n -q: all would be well, nothing is said" eval 'ends_with 0 && says_nothing && prints_nothing'
ru ingest -n --db "$DB" - <"$T/one.xml"
ok "-n from standard input" ends_with 0 "1 messages would be: 1 stored" "would be new: 1 reports, 1 records on 1 mails"
ok "which stores nothing" is 0 "$(sql "select count(*) from report where report_id = 'dry-9'")"

RUAMILL_DATA=$T/none ru ingest -n "$T/dry"
ok "--dry-run without a database: all is new" ends_with 1 "47 messages would be: 38 stored, 2 duplicate" \
	"would be new: 39 reports, 359 records on 50106 mails"
ok "and none is made" test ! -e "$T/none"
ru ingest -n --db "host=$T/nowhere" "$T/dry"
ok "a database that is away: try again" ends_with 75
empty_database bare
ru ingest -n --db "$DB" "$T/dry"
ok "one without tables: what to do" ends_with 78 "ruamill db init"
ok "and it stays empty" is 0 "$(sql "select count(*) from pg_namespace where nspname = 'dmarc'")"

# --- progress ----------------------------------------------------------------------------------------------------------------

# On a terminal, which script(1) makes; what it shows goes to $T/shown.
on_terminal() { script -qec "$(printf '%q ' timeout 300 "$RUAMILL" "$@")" /dev/null </dev/null >"$T/shown" 2>&1; }
line=$(printf '\r\033[K0 of 47 messages, 0 reports, 0 records')
for option in "" -v --no-progress -q; do
	fresh_database progress
	# shellcheck disable=SC2086 # none or one word
	on_terminal ingest --db "$DB" $option "$T/box"
	case $option in
	"" | -v) ok "progress on a terminal${option:+, $option}" grep -qF "$line" "$T/shown" ;;
	*) ok "no progress with $option" eval '! grep -q " of 47 messages" "$T/shown" && grep -q "ruamill: " "$T/shown"' ;;
	esac
done
mkdir -p "$T"/next/{cur,new,tmp}
for i in 1 2 3; do report "next-$i" example.com 1 >"$T/next/new/$i"; done
fresh_database progress
on_terminal ingest --db "$DB" "$T/box" "$T/next"
ok "each source has its own" grep -qF "$(printf '\r\033[K0 of 3 messages, 0 reports, 0 records')" "$T/shown"
fresh_database progress
ru ingest --db "$DB" "$T/box"
ok "nor where there is no terminal" eval 'ends_with 1 "47 messages: " && ! grep -q " of 47 messages" "$T/err" && ! grep -q "$(printf "\r")" "$T/err"'

for name in dry bare progress problems part giant retry rivals percent flood kinds; do
	drop_database $name
done
exit "$failed"
