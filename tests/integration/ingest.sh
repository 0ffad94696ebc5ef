#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Mails into the database: what becomes of each, exactly once, whatever comes between. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/ingest.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

expected=$SAMPLE/expected.tsv
# "# totals: 47 mails; ... stored: 39 reports, 359 records, 50106 messages"
totals=$(sed -n 's/^# totals: //p' "$expected")
mails=$(grep -vc '^#' "$expected")
sums_of() { sed 's/.*stored: \([0-9]*\) reports, \([0-9]*\) records, \([0-9]*\) messages$/\1|\2|\3/'; }
wanted_sums=$(echo "$totals" | sums_of)

# --- the sample mailbox, in the private database ------------------------------------------------------

copy_sample "$T/box"
ru ingest "$T/box"
ok "the sample mailbox: some are broken" ends_with 1 "$mails messages: "
ok "data go to nobody: stdout is empty" prints_nothing
ok "it tells which are broken, and why" ends_with 1 1794017100.M1P1 "gzip data end early" 1794375066.M1P1 placeholder
ok "and the new total" ends_with 1 "$(echo "$wanted_sums" | cut -d'|' -f1) reports, $(echo "$wanted_sums" | cut -d'|' -f2) records"
ok "it does not tell of bounces and duplicates" eval '! grep -e 1793765642 -e 1793699050 "$T/err"'

# ours: like expected.tsv, the columns that the database knows.
ru db psql -- -XAt -F "$(printf '\t')" -c "
	select regexp_replace(m.locator, '^.*/|:2,.*$', '', 'g'), m.outcome, count(r.key),
		coalesce(string_agg(distinct replace(replace(replace(org_name, U&'\\009b', '\\u009b'),
			U&'\\202e', '\\u202e'), U&'\\202c', '\\u202c'), ', '), '-'),
		coalesce(string_agg(policy_domain, ', ' order by report_id), '-'),
		coalesce(string_agg(report_id, ', ' order by report_id), '-'),
		coalesce(sum(records), 0), coalesce(sum(messages), 0)
	from dmarc.message m left join dmarc.report r on r.message_key = m.key group by m.key order by 1"
cp "$T/out" "$T/became"
awk -F '\t' -v OFS='\t' '/^#/ { next }
	$2 == "stored" { print $1, $2, $3, $4, $5, $6, $7, $8; next }
	{ print $1, $2, 0, "-", "-", "-", 0, 0 }' "$expected" >"$T/wanted"
cut -f 1 "$T/wanted" >"$T/names"
while read -r mail; do
	grep "^$mail" "$T/wanted" >"$T/left"
	grep "^$mail" "$T/became" >"$T/right"
	ok "outcome of $mail" same "$T/left" "$T/right"
done <"$T/names"
ok "and nothing else is in the ledger" is "$mails" "$(wc -l <"$T/became" | tr -d ' ')"

ru db psql -- -XAt -c "select (select count(*) from dmarc.report), count(*), sum(count) from dmarc.record"
ok "totals" is "$wanted_sums" "$(cat "$T/out")"
ru db psql -- -XAt -c "select bool_and(p.records = coalesce(r.n, 0) and p.messages = coalesce(r.sum, 0))
	from dmarc.report p left join (select report_key, count(*) as n, sum(count) from dmarc.record group by 1) r
	on r.report_key = p.key"
ok "each report has the records it says" is t "$(cat "$T/out")"
ru db psql -- -XAt -c "select reason from dmarc.message where locator like '%1794709907%'"
ok "the reason of an invalid date is kept" is \
	"the period ends before it begins: 2026-11-15T00:00:00Z to 2026-11-14T00:00:00Z" "$(cat "$T/out")"
ru db psql -- -XAt -c "select count(*) from dmarc.message where message_id is null"
ok "each mail's Message-ID is kept" is 0 "$(cat "$T/out")"

ru ingest "$T/box"
ok "again: nothing is new" ends_with 0 "$mails known from before"
ok "and nothing is told twice" eval '! grep -e broken -e damaged "$T/err"'
ru ingest "$T/box/../box/"
ok "nor by another path" ends_with 0 "$mails known from before"
mv "$T/box/new/1795079696.M1P1.mx.example.com" "$T/box/cur/1795079696.M1P1.mx.example.com:2,FS"
ru ingest "$T/box"
ok "nor when a mail was read meanwhile" ends_with 0 "$mails known from before"
ru db psql -- -XAt -c "select (select count(*) from dmarc.report), count(*), sum(count) from dmarc.record"
ok "the totals stay" is "$wanted_sums" "$(cat "$T/out")"

# --- the same mails by other ways ------------------------------------------------------------------------

start_server
fresh_database once
once=$DB
copy_sample "$T/box"
ru ingest --db "$DB" "$T/box"
dump_facts >"$T/once.facts"
dump_messages >"$T/once.messages"
ok "an own database gets the same" is "$wanted_sums" \
	"$(sql "select (select count(*) from report), count(*), sum(count) from record")"

# Two at once share the mails between them; of two mails with one report either may be the first.
fresh_database twice
timeout 300 "$RUAMILL" ingest --db "$DB" "$T/box" >/dev/null 2>"$T/first.err" &
timeout 300 "$RUAMILL" ingest --db "$DB" "$T/box" >/dev/null 2>"$T/second.err" &
wait
dump_facts >"$T/twice.facts"
ok "two at once: the same facts" same "$T/once.facts" "$T/twice.facts"
sql "select outcome, count(*) from message group by 1 order by 1" >"$T/right"
DB=$once
sql "select outcome, count(*) from message group by 1 order by 1" >"$T/left"
ok "two at once: the same outcomes" same "$T/left" "$T/right"

mkdir "$T/some"
for mail in "$T"/box/new/17936* "$T"/box/new/17938* "$T"/box/new/17939*; do
	cp "$mail" "$T/some/"
done
fresh_database files
ru ingest --db "$DB" "$T"/some/*
ok "mails given as files" ends_with 0
dump_facts >"$T/files.facts"
ok "some reports are in there" test "$(grep -c '^report' "$T/files.facts")" -ge 5
fresh_database folder
ru ingest --db "$DB" "$T/some"
ok "as a folder" ends_with 0
dump_facts >"$T/folder.facts"
ok "a folder holds the same as its files" same "$T/files.facts" "$T/folder.facts"
fresh_database stdin
for mail in "$T"/some/*; do
	ru ingest --db "$DB" - <"$mail" || echo "$mail: $status" >>"$T/bad"
done
ok "from standard input" test ! -e "$T/bad"
dump_facts >"$T/stdin.facts"
ok "and so does standard input" same "$T/files.facts" "$T/stdin.facts"
for copy in folder stdin twice; do drop_database $copy; done

# --- standard input: a mail server's pipe -------------------------------------------------------------------

DB="$SERVER dbname=test_$$_files"
pipe() { ru ingest --db "$DB" - <"$1"; }
mail=$(find "$T/some" -type f | sort | head -n 1)
before=$(sql "select count(*) from message")
pipe "$mail"
pipe "$mail"
ok "the same mail again is the same message" is $((before + 1)) "$(sql "select count(*) from message")"
for other in 1794017100 1794375066 1794304817 1794386413 1793765642 1794709907; do
	pipe "$T/box/new/$other.M1P1.mx.example.com"
	ok "no status bounces $other to its reporter" ends_with 0
done
: >"$T/empty"
pipe "$T/empty"
ok "nor an empty mail" ends_with 0
head -c 3000 /dev/zero >"$T/zeros"
pipe "$T/zeros"
ok "nor a mail of NULs" ends_with 0
ok "what is broken is in the ledger" is broken \
	"$(sql "select outcome from message where source = 'standard input' and reason like 'the gzip%'")"
ru ingest --db "host=$T/nowhere" - <"$mail"
ok "database away: try again" ends_with 75
ok "and nothing is printed" prints_nothing
DB="$SERVER dbname=test_$$_absent"
pipe "$mail"
ok "no such database: try again" ends_with 75
empty_database bare
pipe "$mail"
ok "a database without tables does not bounce it either" ends_with 75

# --- exactly once: re-sends ------------------------------------------------------------------------------------

fresh_database resend
mkdir "$T/resend"
report resend-1 example.com 10 20 30 >"$T/resend/1.xml"
ru ingest --db "$DB" "$T/resend"
ok "a report" ends_with 0 "1 reports, 3 records on 60 mails"
{
	sed '/<record>/,$d' "$T/resend/1.xml"
	grep '<record>' "$T/resend/1.xml" | tac
	echo '</feedback>'
} >"$T/resend/2.xml"
ru ingest --db "$DB" "$T/resend"
ok "its records in another order" ends_with 0 "1 duplicate"
gzip -nc "$T/resend/1.xml" >"$T/resend/3.gz"
ru ingest --db "$DB" "$T/resend"
ok "packed" ends_with 0 "1 duplicate"
sed 's|<count>20</count>|<count>21</count>|' "$T/resend/1.xml" >"$T/resend/4.xml"
ru ingest --db "$DB" "$T/resend"
ok "with another count" ends_with 0 "1 conflicting"
ok "outcomes" is "stored|duplicate|duplicate|conflicting" \
	"$(sql "select string_agg(outcome::text, '|' order by locator) from message")"
ok "the first one counts" is "3|60" "$(sql "select count(*), sum(count) from record")"
ok "the other is a finding" is "3|61" "$(sql "select records, messages from report_conflict")"
sed 's|<end>1793577599|<end>1793577600|' "$T/resend/1.xml" >"$T/resend/5.xml"
sed 's|example.com|example.org|g' "$T/resend/1.xml" >"$T/resend/6.xml"
sed 's|<org_name>Reporter|<org_name>Another|' "$T/resend/1.xml" >"$T/resend/7.xml"
ru ingest --db "$DB" "$T/resend"
ok "same id, other period, domain, reporter: other reports" ends_with 0 "3 stored"
sed 's|<org_name>Reporter|<org_name> REPORTER |' "$T/resend/1.xml" >"$T/resend/8.xml"
ru ingest --db "$DB" "$T/resend"
ok "the reporter's name in other letters: the same report" ends_with 0 "1 duplicate"
fresh_database together
ru ingest --db "$DB" "$T/resend"
ok "all of them in one run" ends_with 0 "4 stored, 3 duplicate, 1 conflicting"
ok "have the same totals" is "12|240" "$(sql "select count(*), sum(count) from record")"
ok "and the same finding" is "3|61" "$(sql "select records, messages from report_conflict")"

# The first of a run is in conflict with what an earlier one has stored, and the next is a copy of that.
fresh_database copy
mkdir "$T/early" "$T/late"
cp "$T/resend/1.xml" "$T/early/1.xml"
cp "$T/resend/4.xml" "$T/late/1.xml"
cp "$T/resend/1.xml" "$T/late/2.xml"
ru ingest --db "$DB" "$T/early"
ru ingest --dry-run --db "$DB" "$T/late"
ok "--dry-run: a copy behind a re-send" ends_with 0 "1 duplicate, 1 conflicting"
ru ingest --db "$DB" "$T/late"
ok "is a duplicate" ends_with 0 "1 duplicate, 1 conflicting"
drop_database copy

# --- quiet ------------------------------------------------------------------------------------------------------

fresh_database quiet
ru ingest -q --db "$DB" "$T/resend"
ok "-q: all is well" ends_with 0
ok "-q says nothing then" says_nothing
ok "-q prints nothing" prints_nothing
ru ingest -q --db "$DB" "$T/box"
ok "-q tells only what is wrong" eval \
	'ends_with 1 1794017100.M1P1 && ! grep -v "^ruamill: " "$T/err" && ! grep " messages" "$T/err"'

# --- settling: all of it marked ------------------------------------------------------------------------------------

mark_all="--then mark --if-broken mark"
# Other kinds of mail are left where they are.
awk -F '\t' '$2 == "not a report" || $2 == "unsupported kind" { print $1 }' "$expected" >"$T/others"
others=$(wc -l <"$T/others" | tr -d ' ')

copy_sample "$T/mark"
listing() { (cd "$1" && find . -type f | sort); }
listing "$T/mark" >"$T/mark.before"
# shellcheck disable=SC2086
ru ingest --db "host=$T/nowhere" $mark_all "$T/mark"
listing "$T/mark" >"$T/mark.after"
ok "database away: 75" ends_with 75
ok "and no mail has moved" same "$T/mark.before" "$T/mark.after"

# What is refused at COMMIT is not committed: a trigger that fails late stands for a server that stops.
fresh_database mark
sql "create function boom() returns trigger language plpgsql as
	\$\$ begin raise exception 'stopping' using errcode = '57P01'; end \$\$;
	create constraint trigger boom after insert on report deferrable initially deferred
	for each row execute function boom()"
# shellcheck disable=SC2086
ru ingest --db "$DB" $mark_all "$T/mark"
ok "the database stops at COMMIT: 75" ends_with 75
listing "$T/mark" >"$T/mark.after"
ok "no mail moves before COMMIT" same "$T/mark.before" "$T/mark.after"
ok "nothing is stored" is "0|0" "$(sql "select (select count(*) from message), count(*) from report")"
sql "drop trigger boom on report"

# shellcheck disable=SC2086
ru ingest --db "$DB" $mark_all "$T/mark"
listing "$T/mark" >"$T/mark.after"
{
	grep -F -f "$T/others" "$T/mark.before"
	grep -vF -f "$T/others" "$T/mark.before" | sed -e 's|^./new/|./cur/|' -e 's|:2,.*||'
} | sort >"$T/left"
sed 's|:2,.*||' "$T/mark.after" | sort >"$T/right"
ok "after it all reports are in cur, under their names, and nothing else has moved" same "$T/left" "$T/right"
ok "each is marked seen, once" eval '! grep -vF -f "$T/others" "$T/mark.after" | grep -v ":2,[A-RT-Z]*S[T-Z]*$"'
ok "the flags of others stay" eval 'for old in $(grep -o "[0-9]*[.].*:2,.*" "$T/mark.before"); do
	flags=${old##*:2,}; new=$(grep -F "${old%:2,*}" "$T/mark.after"); new=${new##*:2,}
	is "$(printf %s "${flags}S" | fold -w 1 | sort -u | tr -d "\n")" "$new" || exit 1; done'
ok "the facts are those without --then" eval 'dump_facts >"$T/right"; same "$T/once.facts" "$T/right"'
ok "and the messages" eval 'dump_messages >"$T/right"; same "$T/once.messages" "$T/right"'
ok "all are settled" is 0 "$(sql "select count(*) from message where settled_at is null")"
# shellcheck disable=SC2086
ru ingest --db "$DB" $mark_all "$T/mark"
listing "$T/mark" >"$T/right"
ok "a second run: nothing to do" ends_with 0 "$mails known from before"
ok "and nothing moves" same "$T/mark.after" "$T/right"

# A run that ended between COMMIT and settling: the next one finishes it.
mv "$T"/mark/cur/1793335200* "$T/mark/new/1793335200.M1P1.mx.example.com"
sql "update message set settled_at = null where locator like '%1793335200%'"
# shellcheck disable=SC2086
ru ingest --db "$DB" $mark_all "$T/mark"
ok "settling that was cut short is finished" eval \
	'ends_with 0 && [ -e "$T/mark/cur/1793335200.M1P1.mx.example.com:2,S" ]'
ok "once" is 0 "$(sql "select count(*) from message where settled_at is null")"

fresh_database large
mkdir -p "$T/large/cur" "$T/large/new" "$T/large/tmp"
cp "$(dirname "$SAMPLE")/cases/mail/gzip-nested-four-deep.gz" "$T/large/new/1.large"
report small example.com 1 >"$T/large/new/2.small"
# shellcheck disable=SC2086
ru ingest --db "$DB" $mark_all "$T/large"
ok "what is too large is told" ends_with 1 1.large "nested more than"
ok "and stays where it was" test -e "$T/large/new/1.large"
ok "others do not" test -e "$T/large/cur/2.small:2,S"
# shellcheck disable=SC2086
ru ingest --db "$DB" $mark_all "$T/resend"
ok "a folder has nothing to mark" ends_with 64 "Maildir"

# --- what the database refuses -------------------------------------------------------------------------------------

fresh_database refused
sql "alter table report add check (org_name <> 'AMAZON-SES')"
ru ingest --db "$DB" "$T/box"
ok "a value that the database refuses: broken, not the end" ends_with 1 1793154605 "refused by the database"
ok "it alone" is "1793154605.M1P1.mx.example.com" \
	"$(sql "select regexp_replace(locator, '^.*/', '') from message where reason like 'refused%' and outcome = 'broken'")"
DB=$once sql "select key from report where org_name <> 'AMAZON-SES' order by 1" >"$T/left"
sql "select key from report order by 1" >"$T/right"
ok "all others are stored" same "$T/left" "$T/right"
DB=$once sql "select count(*) from record r join report p on p.key = report_key where org_name <> 'AMAZON-SES'" >"$T/left"
sql "select count(*) from record" >"$T/right"
ok "with all their records" same "$T/left" "$T/right"
ok "and no record lacks its stream" is 0 "$(sql "select count(*) from record r left join stream s on s.key = stream_key where s.key is null")"
ru ingest --db "$DB" "$T/box"
ok "it is not tried again" ends_with 0 "$mails known from before"

# --- what cannot be read hides nothing ---------------------------------------------------------------------------

# As an ordinary user, whom a mode can stop.
as_user=()
[ "$(id -u)" != 0 ] || as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
install -m 755 "$RUAMILL" "$T/ruamill"
as_nobody() {
	(cd / && exec "${as_user[@]}" env "HOME=$T/nobody" "RUAMILL_DATA=$T/nobody/data" timeout 60 "$T/ruamill" "$@") >"$T/out" 2>"$T/err"
	status=$?
}
mkdir -p "$T/bad/3-closed" "$T/bad/4-folder" "$T/bad/5-shut"
report bad-1 example.com 1 >"$T/bad/1.xml"
ln -s /proc/self/mem "$T/bad/2-memory"
report bad-3 example.com 3 >"$T/bad/3-closed/x.xml"
ln -s .. "$T/bad/4-folder/loop"
report bad-4 example.com 4 >"$T/bad/4-folder/y.xml"
report bad-5 example.com 5 >"$T/bad/5-shut/z.xml"
ln -s 6-circle "$T/bad/6-circle"
ln -s . "$T/bad/7-self"
ln -s nowhere "$T/bad/8-nowhere"
report bad-9 example.com 9 >"$T/bad/9.xml"
chmod 000 "$T/bad/3-closed"
chmod 444 "$T/bad/5-shut"
as_nobody ingest --dry-run "$T/bad"
ok "what cannot be read is told, and hides nothing" ends_with 66 "7 messages would be: 3 stored, 4 unreadable" \
	"cannot read the file: Input/output error: $T/bad/2-memory: " \
	"cannot read the folder: Permission denied: $T/bad/3-closed: check its permissions" \
	"cannot open the file: Permission denied: $T/bad/5-shut/z.xml: " \
	"cannot open the file: Too many levels of symbolic links: $T/bad/6-circle: "
ok "a folder that holds itself is read once" is "$T/bad/4-folder/loop $T/bad/7-self" \
	"$(echo $(sed -n 's/^passed over, since it is being read already: //p' "$T/err"))"
as_nobody show --format json "$T/bad"
ok "show, too" eval 'ends_with 66 3-closed 6-circle && is "bad-1 bad-4 bad-9" "$(echo $(grep -o "bad-[0-9]" "$T/out" | sort -u))"'
as_nobody ingest --dry-run "$T/bad/3-closed"
ok "a source that cannot be read is told as such" ends_with 66 "cannot read the folder: Permission denied: $T/bad/3-closed"
chmod 755 "$T/bad/3-closed" "$T/bad/5-shut"
rm "$T/bad/6-circle"
fresh_database bad
for jobs in 1 4; do
	ru ingest --db "$DB" --jobs "$jobs" "$T/bad"
	ok "every run reads the rest, with $jobs jobs" ends_with 66 "1 unreadable" 2-memory
done
ok "which is stored" is "bad-1 bad-3 bad-4 bad-5 bad-9" "$(echo $(sql "select report_id from report order by 1"))"
ok "and what cannot be read is not in the ledger" is 5 "$(sql "select count(*) from message")"
deep=$T/nested
for _ in $(seq 40); do deep=$deep/d; done
mkdir -p "$deep"
report nested-1 example.com 1 >"$T/nested/e.xml"
report nested-2 example.com 1 >"$deep/e.xml"
ru ingest --db "$DB" "$T/nested"
ok "folders that are nested too deep are told" ends_with 66 "1 stored, 1 unreadable" "nested more than 32 deep"
drop_database bad

# --- which of several mailboxes a mail is in -----------------------------------------------------------------------

mkdir -p "$T"/several/{a,b}/{cur,new,tmp}
report several example.com 1 | head -n 4 >"$T/several/a/new/1"
report several example.org 1 | head -n 4 >"$T/several/b/new/1"
fresh_database several
(cd "$T/several" && ru ingest --db "$DB" a b)
ok "a mail is told with its mailbox" is "$T/several/a/new/1 $T/several/b/new/1" \
	"$(echo $(sed -n "s|^ruamill: .*\\($T/several/[^ ]*1\\).*|\\1|p" "$T/err"))"
ok "also in the summary" grep -q "^      $T/several/a/new/1, $T/several/b/new/1$" "$T/err"
drop_database several

# --- one giant report among small ones -----------------------------------------------------------------------------

# giant ID: 60,000 records, no two with the same address; beyond what waits in memory for its commit.
giant() {
	report "$1" giant.example 1 | sed '/<record>/,$d'
	awk 'BEGIN { for (i = 0; i < 60000; i++) {
		printf "<record><row><source_ip>10.%d.%d.%d</source_ip><count>%d</count>", i / 65536, i / 256 % 256, i % 256, i % 7 + 1
		printf "<policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>pass</spf></policy_evaluated></row>"
		printf "<identifiers><header_from>n%d.giant.example</header_from></identifiers>", i % 3000
		printf "<auth_results><spf><domain>giant.example</domain><scope>mfrom</scope><result>pass</result></spf></auth_results></record>\n" } }'
	echo '</feedback>'
}
giant_sum=$(awk 'BEGIN { for (i = 0; i < 60000; i++) n += i % 7 + 1; print n }')
mkdir "$T/giant"
giant giant-1 | gzip -n >"$T/giant/b1.gz"
fresh_database giant
ru ingest --db "$DB" "$T/giant/b1.gz"
ok "a giant report alone" ends_with 0 "1 reports, 60000 records on $giant_sum mails"
sums="select (select count(*) from report where policy_domain = 'giant.example'), count(*), sum(count), count(distinct source_ip), count(distinct ordinal)
	from record where report_key in (select key from report where policy_domain = 'giant.example')"
ok "it is whole" is "1|60000|$giant_sum|60000|60000" "$(sql "$sums")"
ok "so is its row" is "60000|$giant_sum" "$(sql "select records, messages from report")"
ok "each record has its stream" is 60000 "$(sql "select count(*) from records")"
sql "select content from report" >"$T/left"
cp "$T/giant/b1.gz" "$T/giant/b2.gz"
ru ingest --db "$DB" "$T/giant/b2.gz"
ok "again: a duplicate" ends_with 0 "1 duplicate"
ok "which adds nothing" is "1|60000|$giant_sum|60000|60000" "$(sql "$sums")"
zcat "$T/giant/b1.gz" | sed 's|<source_ip>10.0.234.95</source_ip><count>[0-9]*<|<source_ip>10.0.234.95</source_ip><count>99<|' >"$T/giant/b3.xml"
ru ingest --db "$DB" "$T/giant/b3.xml"
ok "with one other count: conflicting" ends_with 0 "1 conflicting"
ok "which adds nothing either" is "1|60000|$giant_sum|60000|60000" "$(sql "$sums")"
ok "but a finding" is 60000 "$(sql "select records from report_conflict")"
rm "$T/giant/b3.xml"

giant giant-2 | gzip -n >"$T/whole.gz"
head -c $(($(wc -c <"$T/whole.gz") - 100)) "$T/whole.gz" >"$T/giant/b4-cut.gz"
cp "$T"/some/* "$T/giant/"
report last example.com 3 >"$T/giant/z.xml"
fresh_database among
ru ingest --db "$DB" "$T/giant"
ok "a giant, its copy and a third cut off, among small ones" ends_with 1 "b4-cut.gz" "cut off"
ok "the first is whole" is "1|60000|$giant_sum|60000|60000" "$(sql "$sums")"
ok "of the third is nothing stored" is "0|broken" \
	"$(sql "select (select count(*) from report where report_id = 'giant-2'), outcome from message where locator like '%cut.gz'")"
ok "no record is without its report" is 0 \
	"$(sql "select count(*) from record r left join report p on p.key = report_key where p.key is null")"
ok "and the small ones are" is "$(grep -c '^report' "$T/files.facts")" \
	"$(sql "select count(*) from report where policy_domain <> 'giant.example' and report_id <> 'last'")"
ok "those behind it too" is 1 "$(sql "select count(*) from report where report_id = 'last'")"
ru ingest --db "$DB" "$T/giant"
ok "a second run has nothing to do" ends_with 0 "known from before"

# In the middle of its records, when much of it has gone to the database: a trigger stands for a value.
fresh_database inside
sql "create function refuse() returns trigger language plpgsql as \$\$ begin
		if new.count = 99 then raise exception 'not this' using errcode = '23514'; end if;
		return new;
	end \$\$;
	create trigger refuse before insert on record for each row execute function refuse()"
mkdir "$T/inside"
report first example.com 1 >"$T/inside/1.xml"
gzip -dc "$T/whole.gz" | sed 's|<source_ip>10.0.200.7</source_ip><count>[0-9]*<|<source_ip>10.0.200.7</source_ip><count>99<|' >"$T/inside/2.xml"
report last example.com 3 >"$T/inside/3.xml"
ru ingest --db "$DB" "$T/inside"
ok "a giant with a value that the database refuses" ends_with 1 "2.xml" "refused by the database"
ok "of it is nothing stored" is "broken|0" "$(sql "select outcome, (select count(*) from report where report_id = 'giant-2')
	from message where locator like '%2.xml'")"
ok "the others are" is 2 "$(sql "select count(*) from record")"
ru ingest --db "$DB" "$T/inside"
ok "and it is not tried again" ends_with 0 "3 known from before"

# --- a giant whose fault is at its end, when all of it but its commit is in the database ---------------------------

mkdir "$T/faulty"
giant giant-mended | sed '$s/.*/<note>a \& b<\/note>&/' | gzip -n >"$T/faulty/mended.gz"
fresh_database mended
ru ingest --db "$DB" "$T/faulty/mended.gz"
ok "a giant with a fault at its end is mended" ends_with 0 "1 reports, 60000 records on $giant_sum mails"
ok "and each record is there once" is "1|60000|$giant_sum|60000|60000" "$(sql "$sums")"
ok "what was mended is told" is t "$(sql "select quirks @> '{recovered-xml, unescaped-markup}' from report")"
deep=$(printf '<a>%.0s' $(seq 40))
giant giant-deep | sed "\$s/.*/$deep&/" | gzip -n >"$T/faulty/deep.gz"
fresh_database deep
ru ingest --db "$DB" "$T/faulty/deep.gz"
ok "a giant that breaks a limit at its end" ends_with 1 "nested too deep"
ok "leaves nothing behind" is "0|0" "$(sql "select (select count(*) from report), count(*) from record")"
ok "but its outcome" is "too large" "$(sql "select outcome from message")"
{ giant giant-behind | sed '/<record>/,$d' | sed '/<report_metadata>/,/<\/policy_published>/d'
	giant giant-behind | sed -n '/<record>/,$p' | sed '/<\/feedback>/d'
	giant giant-behind | sed -n '/<report_metadata>/,/<\/policy_published>/p'
	echo '</feedback>'; } | gzip -n >"$T/faulty/behind.gz"
fresh_database behind
ru ingest --db "$DB" "$T/faulty/behind.gz"
ok "a giant whose metadata stand behind its records" ends_with 0 "1 reports, 60000 records on $giant_sum mails"
ok "is whole as well" is "1|60000|$giant_sum|60000|60000" "$(sql "$sums")"

# --- killed ----------------------------------------------------------------------------------------------------------

rm "$T/giant/b4-cut.gz"
fresh_database undisturbed
ru ingest --db "$DB" "$T/giant" "$T/box"
dump_facts >"$T/left"
ok "undisturbed" ends_with 1
mkdir -p "$T/maildir"
rm "$T/giant/b2.gz"
for delay in 0.05 0.2 0.5 1; do
	fresh_database killed
	rm -rf "$T/maildir"
	copy_sample "$T/maildir"
	for file in "$T"/giant/*; do
		cp "$file" "$T/maildir/new/1793500000.${file##*/}"
	done
	# shellcheck disable=SC2086
	"$RUAMILL" ingest -q --db "$DB" $mark_all "$T/maildir" >/dev/null 2>&1 &
	victim=$!
	sleep "$delay"
	kill -9 "$victim" 2>/dev/null
	wait "$victim" 2>/dev/null
	ok "killed after $delay s: nothing is there by halves" is "0|0" "$(sql "select
		(select count(*) from record r left join report p on p.key = report_key where p.key is null),
		(select count(*) from report p where p.records <> (select count(*) from record where report_key = p.key))")"
	for mail in "$T"/maildir/cur/*; do
		mail=${mail##*/}
		[ -e "$SAMPLE/Maildir/cur/$mail" ] || echo "('${mail%:2,*}'),"
	done >"$T/moved"
	ok "killed after $delay s: what has moved is in the ledger" is "" "$(sql "select * from (values
		$(cat "$T/moved") ('')) as moved (name) where name <> '' and not exists (
		select from message where locator like '%' || name || '%')")"
	# shellcheck disable=SC2086
	ru ingest -q --db "$DB" $mark_all "$T/maildir"
	ok "killed after $delay s: the next run goes on" eval '[ $status -le 1 ] || ends_with 1'
	dump_facts >"$T/right"
	ok "killed after $delay s: and ends as if undisturbed" same "$T/left" "$T/right"
	ok "killed after $delay s: with all of them marked" is "$others" "$(find "$T/maildir/new" -type f | wc -l | tr -d ' ')"
done

for name in once files bare resend together quiet mark large refused giant among mended deep behind inside undisturbed killed; do
	drop_database $name
done
exit "$failed"
