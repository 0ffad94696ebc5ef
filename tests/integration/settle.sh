#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What becomes of mails and files once they are committed: every action, for every kind of source, on
# success and on failure. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/settle.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server

# Every file below a folder, with its digest: what must not change.
state() { (cd "$1" && find . -type f -exec sha256sum {} + | sort -k 2); }
names() { (cd "$1" && find . -type f | sort | sed 's|^\./||' | tr '\n' ' '); }
of() { sql "select $2 from message where locator like '%$1%'" | sed "s|$T|T|g"; }
broken_report() { printf '<?xml version="1.0"?>\n<feedback><report_metadata><report_id>%s</report_id></report_metadata></feedback>\n' "$1"; }
bounce() { printf 'From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nHi.\n'; }

# One of each ending: good, a duplicate of it, broken, of a wrong date, not a report, too large.
fill() {
	mkdir -p "$1"
	report "good-$2" example.com 10 20 >"$1/good.xml"
	cp "$1/good.xml" "$1/same.xml"
	broken_report "broken-$2" >"$1/broken.xml"
	report "late-$2" example.com 1 | sed 's|<begin>1793491200</begin><end>1793577599</end>|<begin>1893491200</begin><end>1893577599</end>|' >"$1/late.xml"
	bounce >"$1/bounce.eml"
	cp "$(dirname "$SAMPLE")/cases/mail/gzip-nested-four-deep.gz" "$1/nested.gz"
}
fill_maildir() {
	rm -rf "$1"
	fill "$1/new" "$2"
	mkdir -p "$1/cur" "$1/tmp"
	mv "$1/new/same.xml" "$1/cur/same.xml:2,FR"
}

# --- a Maildir ------------------------------------------------------------------------------------------

fresh_database maildir
fill_maildir "$T/box" 1
state "$T/box" >"$T/left"
for plan in "--then move:.Archive" "--then delete" "--if-broken move:$T/bad" "--then delete --if-broken delete"; do
	# shellcheck disable=SC2086
	ru ingest --db "host=$T/nowhere" $plan "$T/box"
	ok "the database is away, $plan: 75" ends_with 75
	state "$T/box" >"$T/right"
	ok "and nothing is touched" same "$T/left" "$T/right"
done
ru ingest --db "$DB" "$T/box"
state "$T/box" >"$T/right"
ok "left by default" same "$T/left" "$T/right"
ok "and settled so" is "0" "$(sql "select count(*) from message where settled_at is null or settlement is not null")"

fresh_database moved
ru ingest --db "$DB" --then move:.Archive "$T/box"
ok "what is stored is moved" is "bounce.eml broken.xml late.xml nested.gz " "$(names "$T/box/new")"
ok "to the folder's cur, seen, with its flags" is "good.xml:2,S same.xml:2,FRS " "$(names "$T/box/.Archive/cur")"
ok "a Maildir, for the owner alone" is "700 700 700 700" \
	"$(stat -c %a "$T/box/.Archive" "$T/box/.Archive/cur" "$T/box/.Archive/new" "$T/box/.Archive/tmp" | tr '\n' ' ' | sed 's/ $//')"
ok "the ledger knows where it is" is "maildir:T/box/.Archive|cur/good.xml:2,S|move" \
	"$(of good "source, locator, settlement")"
ok "and that others are where they were" is "maildir:T/box|new/broken.xml|t" \
	"$(of broken.xml "source, locator, settled_at is not null and settlement is null")"
ru ingest --db "$DB" "$T/box"
ok "again: all known" ends_with 0 "4 known from before"
ru ingest --db "$DB" "$T/box/.Archive"
ok "what was moved is known where it is now" ends_with 0 "2 known from before"
mv "$T/box/.Archive/cur/good.xml:2,S" "$T/box/.Archive/cur/good.xml:2,ST"
ru ingest --db "$DB" "$T/box/.Archive"
ok "whatever its flags" ends_with 0 "2 known from before"

fresh_database failures
fill_maildir "$T/box" 1
ru ingest --db "$DB" --then mark --if-broken "move:$T/deep/er/bad" "$T/box"
ok "the broken ones end with 1" ends_with 1 broken.xml late.xml
ok "what is broken or of no date moves to another Maildir" is "broken.xml:2,S late.xml:2,S " "$(names "$T/deep/er/bad/cur")"
ok "what is stored is marked" is "good.xml:2,S same.xml:2,FRS " "$(names "$T/box/cur")"
ok "other mail and what is too large are left" is "bounce.eml nested.gz " "$(names "$T/box/new")"
ok "the ledger tells where to look" is "maildir:T/deep/er/bad|cur/broken.xml:2,S" "$(of broken.xml "source, locator")"
ok "all are settled" is 0 "$(sql "select count(*) from message where settled_at is null")"

fresh_database deleted
fill_maildir "$T/box" 1
ru ingest --db "$DB" --then delete "$T/box"
ok "delete: only what is stored" is "bounce.eml broken.xml late.xml nested.gz" \
	"$(echo $(names "$T/box/new") $(names "$T/box/cur"))"
ok "is on record" is "delete|t" "$(of good "settlement, settled_at is not null")"
fresh_database deleted
fill_maildir "$T/box" 1
ru ingest --db "$DB" --if-broken delete "$T/box"
ok "if broken, delete: only that" is "bounce.eml good.xml nested.gz same.xml:2,FR" \
	"$(echo $(names "$T/box/new") $(names "$T/box/cur"))"

# A mail of which half is broken is kept, were the other half stored ten times.
fresh_database halves
report half-1 example.com 5 >"$T/1.xml"
broken_report half-2 >"$T/2.xml"
mixed() {
	printf 'From: r@reporter.example\nSubject: reports %s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n' "$1"
	printf -- '--b\nContent-Type: text/xml\n\n%s\n--b\nContent-Type: text/xml\n\n%s\n--b--\n' "$(cat "$T/1.xml")" "$(cat "$T/2.xml")"
}
rm -rf "$T/box" && mkdir -p "$T/box/cur" "$T/box/new" "$T/box/tmp"
mixed a >"$T/box/new/1.a"
mixed b >"$T/box/new/2.b"
ru ingest --db "$DB" --then delete --if-broken move:.Broken "$T/box"
ok "half stored is a failure" is "stored|move" "$(of 1.a "outcome, settlement")"
ok "half stored before is one, too" is "duplicate|move" "$(of 2.b "outcome, settlement")"
ok "both are kept" is "1.a:2,S 2.b:2,S " "$(names "$T/box/.Broken/cur")"

# What the database refuses is broken only when it is written.
fresh_database refused
sql "alter table report add check (report_id <> 'good-1')"
fill_maildir "$T/box" 1
rm "$T/box/cur/same.xml:2,FR"
ru ingest --db "$DB" --if-broken move:.Broken "$T/box"
ok "what the database refuses is a failure" is "broken.xml:2,S good.xml:2,S late.xml:2,S " "$(names "$T/box/.Broken/cur")"

# --- never overwriting ------------------------------------------------------------------------------------

fresh_database names
fill_maildir "$T/box" 1
mkdir -p "$T/box/.Archive/cur" "$T/box/.Archive/new" "$T/box/.Archive/tmp"
echo precious >"$T/box/.Archive/cur/good.xml:2,S"
ru ingest --db "$DB" --then move:.Archive "$T/box"
ok "a name that is taken stays as it is" is precious "$(cat "$T/box/.Archive/cur/good.xml:2,S")"
ok "the mail gets another" is "good.xml-1:2,S good.xml:2,S same.xml:2,FRS " "$(names "$T/box/.Archive/cur")"
ok "of which the ledger knows" is "cur/good.xml-1:2,S" "$(of good locator)"
fresh_database names
fill_maildir "$T/box" 1
mkdir -p "$T/box/.Archive/cur" "$T/box/.Archive/new" "$T/box/.Archive/tmp"
cp "$T/box/new/good.xml" "$T/box/.Archive/cur/good.xml:2,S"
ru ingest --db "$DB" --then move:.Archive "$T/box"
ok "the same mail there already is not kept twice" is "good.xml:2,S same.xml:2,FRS " "$(names "$T/box/.Archive/cur")"
fresh_database names
fill_maildir "$T/box" 1
ru ingest --db "$DB" --then "move:$T/box" "$T/box"
ok "a move to where it is marks" is "good.xml:2,S same.xml:2,FRS " "$(names "$T/box/cur")"
ru ingest --db "$DB" --then "move:$T/box" "$T/box"
ok "and is known after that" ends_with 0 "6 known from before"

# --- folders and files ------------------------------------------------------------------------------------

fresh_database folder
fill "$T/in" 1
mkdir -p "$T/in/deep/er" "$T/done/deep/er"
report deep-1 example.com 1 >"$T/in/deep/er/x.xml"
report deep-2 example.com 2 >"$T/in/deep/y.xml"
echo precious >"$T/done/good.xml"
echo precious >"$T/done/good.xml-1"
echo precious >"$T/done/deep/er/x.xml"
ru ingest --db "$DB" --then "move:$T/done" --if-broken "move:$T/wrong" "$T/in"
ok "files move with the folders they are in" is \
	"deep/er/x.xml deep/er/x.xml-1 deep/y.xml good.xml good.xml-1 good.xml-2 same.xml " "$(names "$T/done")"
ok "and write over nothing" is "precious precious precious" "$(echo $(cat "$T/done/good.xml" "$T/done/good.xml-1" "$T/done/deep/er/x.xml"))"
ok "broken ones elsewhere" is "broken.xml late.xml " "$(names "$T/wrong")"
ok "the others stay" is "bounce.eml nested.gz " "$(names "$T/in")"
ok "the ledger has the places" is "folder:T/done|T/done/deep/er/x.xml-1|move" "$(of x.xml "source, locator, settlement")"
ru ingest --db "$DB" "$T/done"
ok "where they are known: only what was there is new" ends_with 0 "3 not a report, 4 known from before"
ru ingest --db "$DB" --then "move:$T/done" "$T/in"
ok "again: nothing to do" ends_with 0 "2 known from before"

# The target lies inside the source: what was moved must not come up every night, one folder deeper.
fresh_database inside
rm -rf "$T/in"
fill "$T/in" 1
for _ in 1 2 3; do
	ru ingest --db "$DB" --then "move:$T/in/done" --if-broken "move:$T/in/sub/bad" "$T/in"
done
ok "a target inside the source is not read" is \
	"bounce.eml done/good.xml done/same.xml nested.gz sub/bad/broken.xml sub/bad/late.xml " "$(names "$T/in")"
ok "a run with nothing new" ends_with 0 "2 known from before"
rm -rf "$T/in"
mkdir "$T/in"
report one example.com 1 >"$T/in/one.xml"
ru ingest --db "$DB" --then delete "$T/in"
ok "files can be deleted" is "" "$(names "$T/in")"
ru ingest --db "$DB" --then delete "$T/in"
ok "and an emptied folder is no mistake" ends_with 0 "nothing there"
ru ingest --db "$DB" "$T/in"
ok "as an empty one is otherwise" ends_with 66 "holds no files"

# A folder of Maildirs: what is in tmp/ is still being delivered.
fresh_database delivered
rm -rf "$T/in"
fill_maildir "$T/in/a" 1
fill_maildir "$T/in/b/c" 2
report half example.com 1 >"$T/in/a/tmp/half.xml"
report half example.com 1 >"$T/in/b/c/tmp/half.xml"
mkdir "$T/in/tmp"
report plain example.com 1 >"$T/in/tmp/plain.xml"
ru ingest --db "$DB" --then delete --if-broken delete "$T/in"
ok "tmp/ of a Maildir in a folder is passed over, another tmp/ is not" is \
	"a/new/bounce.eml a/new/nested.gz a/tmp/half.xml b/c/new/bounce.eml b/c/new/nested.gz b/c/tmp/half.xml " "$(names "$T/in")"
ok "and not stored" is "good-1 good-2 plain" "$(echo $(sql "select report_id from report order by 1"))"

fresh_database files
rm -rf "$T/in" "$T/done"
fill "$T/in" 1
(cd "$T/in" && ru ingest --db "$DB" --then move:../done --if-broken delete good.xml ./same.xml broken.xml)
ok "single files move by their names" is "good.xml same.xml " "$(names "$T/done")"
ok "or are deleted" is "bounce.eml late.xml nested.gz " "$(names "$T/in")"
ok "the ledger has a path that anybody can open" is "T/done/good.xml" "$(of good locator)"

# Another file system, where there is one.
if [ -d /dev/shm ] && [ -w /dev/shm ] && [ "$(stat -c %d /dev/shm)" != "$(stat -c %d "$T")" ]; then
	far=$(mktemp -d /dev/shm/ruamill-settle.XXXXXX)
	fresh_database far
	rm -rf "$T/in"
	fill "$T/in" 1
	chmod 640 "$T/in/good.xml"
	touch -d '2026-11-01 00:00:00 UTC' "$T/in/good.xml"
	cp -p "$T/in/good.xml" "$T/good"
	mkdir -p "$far/done"
	echo precious >"$far/done/same.xml"
	ru ingest --db "$DB" --then "move:$far/done" "$T/in"
	ok "to another file system: copied, and gone here" is \
		"bounce.eml broken.xml late.xml nested.gz " "$(names "$T/in")"
	ok "with its bytes" same "$T/good" "$far/done/good.xml"
	ok "its mode and its time" is "640 $(stat -c %Y "$T/good")" "$(stat -c '%a %Y' "$far/done/good.xml")"
	ok "and no remains" is "good.xml same.xml same.xml-1 " "$(names "$far/done")"
	cp -p "$far/done/good.xml" "$T/in/good.xml"
	touch "$T/in/good.xml"
	ru ingest --db "$DB" --then "move:$far/done" "$T/in"
	ok "the same bytes there already: not twice" is "good.xml same.xml same.xml-1 " "$(names "$far/done")"
	fill_maildir "$T/box" 2
	ru ingest --db "$DB" --then "move:$far/Maildir" "$T/box"
	ok "a Maildir to another file system" is "cur/good.xml:2,S cur/same.xml:2,FRS " "$(names "$far/Maildir")"
	rm -rf "$far"
	drop_database far
fi

# --- what cannot be done is refused before anything is -------------------------------------------------

# A name that says something else in another folder. What was left unsettled stands for a crash.
fresh_database relative
mkdir -p "$T/here/a" "$T/there/b"
report here example.com 1 >"$T/here/a/a.xml"
report there example.com 1 >"$T/there/b/b.xml"
{ printf 'From r@reporter.example Fri Nov 20 12:08:34 2026\nSubject: x\n\nx\n'; } >"$T/here/mbox"
in_folder() { (cd "$T/$1" && ru ingest --db "$DB" --then delete "${@:2}"); }
(cd "$T/here/a" && ru ingest --db "$DB" .)
sql "update message set settled_at = null"
in_folder there/b .
ok "a run in one folder leaves another's mails alone" is "1|0" "$(sql "select count(*) filter (where settled_at is null),
	count(*) filter (where settlement = 'gone') from message")"
in_folder here/a .
ok "and a later one in that folder settles them" eval '[ ! -e "$T/here/a/a.xml" ] && is delete "$(of a.xml settlement)"'
report here-2 example.com 1 >"$T/here/a/2.xml"
report here-3 example.com 1 >"$T/here/3.xml"
(cd "$T/here" && ru ingest --db "$DB" a ./3.xml mbox)
ok "the ledger knows whole paths" is "file:T/here/3.xml|T/here/3.xml folder:T/here/a|T/here/a/2.xml mbox:T/here/mbox|T/here/mbox:49" \
	"$(echo $(sql "select source, locator from message where locator ~ '/here/(3|a/2|mbox)' order by source" | sed "s|$T|T|g"))"
# As it was before: known by the same key, under the old names.
sql "update message set source = 'folder:a', locator = 'a/2.xml', settled_at = null where locator like '%/2.xml'"
(cd "$T/here" && ru ingest --db "$DB" a)
ok "what is known by a relative name is known" eval 'grep -q "1 known from before" "$T/err"'
ok "and settled" is 0 "$(sql "select count(*) from message where settled_at is null")"

fresh_database refusals
rm -rf "$T/in"
fill "$T/in" 1
fill_maildir "$T/box" 1
{ printf 'From r@reporter.example Fri Nov 20 12:08:34 2026\nSubject: x\n\nx\n'; } >"$T/inbox"
wrong() {
	local name=$1 text=$2
	shift 2
	ru ingest --db "$DB" "$@" </dev/null
	ok "$name: refused" ends_with 64 "$text"
	ok "$name: before anything is begun" is 0 "$(sql "select count(*) from message")"
}
wrong "mark files" "a folder cannot do 'mark'" --then mark "$T/box" "$T/in"
wrong "mark one file" "a file cannot do 'mark'" --if-broken mark "$T/in/good.xml"
wrong "move standard input" "standard input cannot do 'move'" --then "move:$T/x" "$T/box" -
wrong "delete standard input" "standard input cannot do 'delete'" --if-broken delete -
wrong "move out of an mbox" "an mbox cannot do 'move'" --then "move:$T/x" "$T/box" "$T/inbox"
wrong "delete from an mbox" "an mbox cannot do 'delete'" --if-broken delete "$T/inbox"
wrong "mark in an mbox" "an mbox cannot do 'mark'" --then mark "$T/inbox"
wrong "move to nowhere" "not a value of --then" --then move: "$T/box"
wrong "move without a folder" "not a value of --then" --then move "$T/box"
wrong "delete with one" "not a value of --if-broken" --if-broken delete:x "$T/box"
for bad in Archive ./Archive .. . .a/b ../x; do
	wrong "a Maildir's '$bad'" "not a folder that mails of a Maildir can be moved to" --then "move:$bad" "$T/box"
done
ok "nothing was made" is "no no" "$([ -e "$T/x" ] && echo yes || echo no) $([ -e Archive ] && echo yes || echo no)"

# --- cut short between COMMIT and settling ------------------------------------------------------------------

# A run that stored all and settled nothing: a target that cannot be made stands for a crash.
fresh_database crash
fill_maildir "$T/box" 1
: >"$T/box/.Archive"
ru ingest --db "$DB" --then move:.Archive --if-broken "move:$T/box/.Archive/x" "$T/box"
ok "a target that cannot be made is told" ends_with 75 "still to be moved, marked or deleted: 4; the next run tries again" "cannot make the folder" .Archive "the next run tries again"
ok "the reports are stored" is 1 "$(sql "select count(*) from report")"
ok "the mails are as they were" is "bounce.eml broken.xml good.xml late.xml nested.gz same.xml:2,FR" \
	"$(echo $(names "$T/box/new") $(names "$T/box/cur"))"
ok "what is to be done is not yet settled" is "broken duplicate invalid date stored" \
	"$(echo $(sql "select outcome from message where settled_at is null order by outcome::text"))"
rm "$T/box/.Archive"
chmod 000 "$T"/box/new/*.xml
ru ingest --db "$DB" --then move:.Archive --if-broken move:.Broken "$T/box"
ok "the next run settles, and reads nothing" ends_with 0 "6 known from before"
ok "the good ones" is "good.xml:2,S same.xml:2,FRS " "$(names "$T/box/.Archive/cur")"
ok "and the broken ones, each in its way" is "broken.xml:2,S late.xml:2,S " "$(names "$T/box/.Broken/cur")"
ok "all is settled" is "0" "$(sql "select count(*) from message where settled_at is null")"

# A run that settled and did not get to say so.
sql "select key, source, locator, settlement from message order by key" >"$T/left"
sql "update message set settled_at = null, settlement = null, source = 'maildir:$T/box', place_key = null,
	locator = 'new/' || regexp_replace(locator, '^cur/|:2.*', '', 'g') where settlement = 'move'"
sql "update message set locator = 'cur/same.xml:2,FR' where locator like '%same.xml'"
ru ingest --db "$DB" --then move:.Archive --if-broken move:.Broken "$T/box"
sql "select key, source, locator, settlement from message order by key" >"$T/right"
ok "what was moved, but not on record, is found where it is" same "$T/left" "$T/right"
ok "and settled" is 0 "$(sql "select count(*) from message where settled_at is null")"

fresh_database crashfiles
rm -rf "$T/in" "$T/done" "$T/wrong"
fill "$T/in" 1
mkdir "$T/done"
echo precious >"$T/done/good.xml"
ru ingest --db "$DB" --then "move:$T/done" --if-broken delete "$T/in"
sql "select key, source, locator, settlement from message order by key" >"$T/left"
sql "update message set settled_at = null, source = 'folder:$T/in', place_key = null,
	locator = '$T/in/' || regexp_replace(locator, '^.*/|-1$', '', 'g'), settlement = null where settlement is not null"
ru ingest --db "$DB" --then "move:$T/done" --if-broken delete "$T/in"
sql "select key, source, locator, settlement from message order by key" >"$T/right"
ok "files that were moved or deleted, likewise" eval 'sed "s|folder:[^|]*||" "$T/left" >"$T/l"; sed "s|folder:[^|]*||" "$T/right" >"$T/r"; same "$T/l" "$T/r"'
ok "the one with another name, too" is "T/done/good.xml-1" "$(of good.xml locator)"
ok "and settled" is 0 "$(sql "select count(*) from message where settled_at is null")"

# Somebody else took a mail away, or put another file in its place.
fresh_database gone
rm -rf "$T/in"
fill "$T/in" 1
ru ingest --db "$DB" "$T/in"
sql "update message set settled_at = null"
rm "$T/in/good.xml"
cp "$T/in/bounce.eml" "$T/in/same.xml"
ru ingest --db "$DB" --then delete --if-broken "move:$T/done" "$T/in"
ok "what is gone is no fault" ends_with 0 "1 not a report"
ok "what lies there now is not what was settled" is "$(cat "$T/in/bounce.eml")" "$(cat "$T/in/same.xml")"
ok "nothing is left to do" is 0 "$(sql "select count(*) from message where settled_at is null")"

fresh_database back
fill_maildir "$T/box" 1
ru ingest --db "$DB" "$T/box"
sql "update message set settled_at = null"
mv "$T/box/new/good.xml" "$T/aside"
ru ingest --db "$DB" --then move:.Archive "$T/box"
ok "a mail that is not there is on record as gone" is "gone|t" "$(of good "settlement, settled_at is not null")"
mv "$T/aside" "$T/box/cur/good.xml:2,R"
ru ingest --db "$DB" --then move:.Archive "$T/box"
ok "when it comes up again it is settled" is "move|cur/good.xml:2,RS" "$(of good "settlement, locator")"

# --- two at once ------------------------------------------------------------------------------------------

fresh_database alone
copy_sample "$T/box"
ru ingest --db "$DB" --then move:.Archive --if-broken move:.Broken "$T/box"
names "$T/box" >"$T/left"
dump_facts >"$T/left.facts"
sql "select regexp_replace(locator, '^.*/', ''), source, settlement from message order by 1" >"$T/left.places"
ok "alone: the sample is settled" is "0|t" "$(sql "select count(*) filter (where settled_at is null), count(*) filter (where settlement = 'move') > 30 from message")"
fresh_database both
copy_sample "$T/box"
timeout 300 "$RUAMILL" ingest --db "$DB" --then move:.Archive --if-broken move:.Broken "$T/box" >/dev/null 2>"$T/first.err" &
first=$!
ru ingest --db "$DB" --then move:.Archive --if-broken move:.Broken "$T/box"
ok "two at once: one ends with 0 or 1" test "$status" -le 1
wait "$first"
ok "and so does the other" test $? -le 1
names "$T/box" >"$T/right"
ok "with each mail moved, once" same "$T/left" "$T/right"
dump_facts >"$T/right.facts"
ok "and the same facts" same "$T/left.facts" "$T/right.facts"
sql "select regexp_replace(locator, '^.*/', ''), source, settlement from message order by 1" >"$T/right.places"
ok "and the same places" same "$T/left.places" "$T/right.places"

# --- COMMIT fails --------------------------------------------------------------------------------------------

fresh_database boom
fill_maildir "$T/box" 1
rm -rf "$T/in"
fill "$T/in" 2
state "$T/box" >"$T/left"
state "$T/in" >>"$T/left"
sql "create function boom() returns trigger language plpgsql as
	\$\$ begin raise exception 'stopping' using errcode = '57P01'; end \$\$;
	create constraint trigger boom after insert on report deferrable initially deferred
	for each row execute function boom()"
for plan in "--then delete --if-broken delete" "--then move:$T/a --if-broken move:$T/b"; do
	for source in box in; do
		# shellcheck disable=SC2086
		ru ingest --db "$DB" $plan "$T/$source"
		ok "the database stops at COMMIT, $plan: 75" ends_with 75
	done
	state "$T/box" >"$T/right"
	state "$T/in" >>"$T/right"
	ok "and nothing is touched" same "$T/left" "$T/right"
done

for name in maildir moved failures deleted halves refused names folder inside delivered files relative refusals crash crashfiles gone back alone both boom; do
	drop_database $name
done
exit "$failed"
