#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Several workers: what comes out does not depend on how many there are. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/jobs.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server

# --- a mailbox of every kind, more than four workers have in hand ---------------------------------------------

mkdir -p "$T"/box/cur "$T"/box/new "$T"/box/tmp
report template example.com 1 2 3 >"$T/template.xml"
for i in $(seq 1000 1999); do
	sed "s/template/r-$i/; s/<count>1</<count>$i</" "$T/template.xml" >"$T/box/new/$i.xml"
	case $i in
	*7) cp "$T/box/new/$((i - 5)).xml" "$T/box/new/$i.xml" ;;                                      # a duplicate, near
	*9) sed "s/template/r-$((i % 400 + 1000))/" "$T/template.xml" >"$T/box/new/$i.xml" ;;          # in conflict, far
	*51) head -c 300 "$T/template.xml" >"$T/box/new/$i.xml" ;;                                     # broken
	*52) sed "s/template/r-$i/; s/<report_id>/&A \& /" "$T/template.xml" >"$T/box/new/$i.xml" ;;   # mended
	*53) printf 'Subject: no report\n\nnone\n' >"$T/box/new/$i.xml" ;;
	esac
done
# Long ones, which are parsed aside: whole, damaged where it is packed, damaged in itself, cut off, two in one,
# with a record that the parser refuses before the damage, and with bytes that are not of its encoding.
long() { awk -v id="$1" '/<record>/ { for (i = 0; i < 5000; i++) print; next } { sub("template", id); print }' "$T/template.xml"; }
long long-whole | gzip >"$T/box/new/long-1.xml.gz"
long long-unpacked | gzip >"$T/long.gz"
head -c -7000 "$T/long.gz" >"$T/box/new/long-2.xml.gz"
{ head -c 20000 "$T/long.gz" && head -c 5000 /dev/zero && tail -c +25001 "$T/long.gz"; } >"$T/box/new/long-3.xml.gz"
long long-mended | sed '13000s/<count>3/<count>3 \& 4/' >"$T/box/new/long-4.xml"
long long-cut | head -n 14000 >"$T/box/new/long-5.xml"
{ long long-twice && long long-second; } | gzip >"$T/box/new/long-6.xml.gz"
long long-deep | awk 'NR == 13000 { for (i = 0; i < 2000; i++) printf "<a>" } { print }' | gzip | head -c -1000 >"$T/box/new/long-7.xml.gz"
long long-encoded | sed '1s/UTF-8/UTF-16/i' | iconv -t UTF-16 >"$T/long.xml"
{ head -c 9000000 "$T/long.xml" && printf '\0\330\0\330' && tail -c +9000005 "$T/long.xml"; } >"$T/box/new/long-8.xml"
copy_sample "$T/sample"
cp "$T"/sample/new/* "$T/box/new/"

# run_with JOBS SOURCE: everything in the database, and everything said but the time it took.
run_with() {
	fresh_database "jobs$1"
	ru ingest --jobs "$1" --db "$DB" "$2"
	grep -v 'per second' "$T/err" >"$T/said$1"
	{ dump_facts && dump_messages; } >"$T/facts$1"
	drop_database "jobs$1"
}
run_with 1 "$T/box"
ok "one worker" ends_with 1 "broken"
ok "has stored what there is" [ "$(wc -l <"$T/facts1")" -gt 2000 ]
ok "a long one with bytes that are not of its encoding is stored whole" eval '! grep -q long-8 "$T/said1" && [ "$(grep -c long-encoded "$T/facts1")" -gt 0 ]'
for jobs in 2 3 8 16; do
	run_with $jobs "$T/box"
	ok "$jobs workers: status" ends_with 1
	ok "$jobs workers: the same facts" same "$T/facts1" "$T/facts$jobs"
	ok "$jobs workers: the same is said, in the same order" same "$T/said1" "$T/said$jobs"
done

# --- as many as were asked for, also where the source does not know how much it has ---------------------------

# Files in folders and mails in an mbox, with duplicates and conflicts far apart.
mkdir "$T/tree"
for i in $(seq 1000 1999); do
	mkdir -p "$T/tree/${i:0:2}"
	cp "$T/box/new/$i.xml" "$T/tree/${i:0:2}/$i.xml"
done
for i in $(seq 1000 1499); do
	printf 'From r@reporter.example Fri Nov 20 12:08:34 2026\nSubject: %s\nContent-Type: text/xml\n\n' "$i"
	cat "$T/box/new/$i.xml"
	echo
done >"$T/mbox"

# Nobody can write while the table is locked: what has been begun by then is all under way.
exec 3> >(psql -XqAt "$SERVER" >/dev/null 2>&1)
mkfifo "$T/held"
hold() {
	printf '%s\n' "\\c test_$$_$1" "begin; lock table dmarc.message in share mode;" "\\! echo held >'$T/held'" >&3
	read -r _ <"$T/held"
}
let_go() { echo "commit;" >&3; }
has_threads() { [ "$(find "/proc/$1/task" -mindepth 1 -maxdepth 1 | wc -l)" -ge "$2" ]; }
threads_with() {
	fresh_database threads
	hold threads
	"$RUAMILL" ingest --jobs 4 --db "$DB" "$1" >/dev/null 2>&1 &
	ok "four workers: $2" soon has_threads $! 5
	let_go
	wait $!
}
threads_with "$T/box" "a Maildir"
threads_with "$T/tree" "a folder"
threads_with "$T/mbox" "an mbox"
echo "\\q" >&3
exec 3>&-
drop_database threads

for source in tree mbox; do
	for jobs in 1 2 4 8; do
		run_with $jobs "$T/$source"
		ok "$source, $jobs workers: status" ends_with 1
		ok "$source, $jobs workers: the same facts" same "$T/facts1" "$T/facts$jobs"
		ok "$source, $jobs workers: the same is said, in the same order" same "$T/said1" "$T/said$jobs"
	done
done

# --- what goes wrong --------------------------------------------------------------------------------------------

for jobs in 0 17 x -1; do
	ru ingest --jobs=$jobs --db "$DB" "$T/box"
	ok "--jobs $jobs" ends_with 64 "not a number of jobs" "$jobs"
done

fresh_database lost
sql "create function dmarc.fail() returns trigger language plpgsql as \$\$ begin
	if new.locator like '%1500.xml' then raise exception 'out of order' using errcode = '57P01'; end if; return new; end \$\$"
sql "create trigger fail before insert on dmarc.message for each row execute function dmarc.fail()"
ru ingest --jobs 4 --db "$DB" --then mark --if-broken mark "$T/box"
ok "a database that fails on the way: try again" ends_with 75
ok "nothing is there by halves" is "0|0" "$(sql "select
	(select count(*) from record r left join report p on p.key = report_key where p.key is null),
	(select count(*) from report p where p.records <> (select count(*) from record where report_key = p.key))")"
ok "what is marked is stored" is "$(sql "select count(*) from message where settlement = 'mark'")" \
	"$(find "$T/box/cur" -type f | wc -l | tr -d ' ')"
sql "drop trigger fail on dmarc.message"
ru ingest --jobs 4 --db "$DB" --then mark --if-broken mark "$T/box"
ok "the next run finishes" ends_with 1
ok "with all mails marked but those of other kinds, and too large ones" is "$(sql "select count(*) from message
	where outcome in ('not a report', 'unsupported kind', 'too large')")" "$(find "$T/box/new" -type f | wc -l | tr -d ' ')"
dump_facts >"$T/facts"
fresh_database undisturbed
ru ingest --jobs 1 --db "$DB" "$T/box"
dump_facts >"$T/facts1"
ok "and the facts are as if undisturbed" same "$T/facts1" "$T/facts"

for name in lost undisturbed; do
	drop_database $name
done
exit "$failed"
