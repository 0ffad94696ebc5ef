#!/bin/bash
# SPDX-License-Identifier: MIT
#
# An mbox: every mail in it is a message of its own, known again whatever is appended or expunged. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/mbox.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server

from() { echo "From ${1:-r@reporter.example} Fri Nov 20 12:08:34 2026"; }
# mail ID: a mail with a report in it, XML as text.
mail() {
	printf 'From: r@reporter.example\nSubject: report %s\nMessage-ID: <%s@reporter.example>\nMIME-Version: 1.0\nContent-Type: text/xml; charset=utf-8\n\n' "$1" "$1"
	report "$1" example.com "${2:-1}"
}
packed_mail() {
	printf 'From: r@reporter.example\nMessage-ID: <%s@reporter.example>\nMIME-Version: 1.0\nContent-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n' "$1"
	report "$1" example.com 1 2 3 | gzip -nc | base64
}
broken_mail() {
	printf 'From: r@reporter.example\nMIME-Version: 1.0\nContent-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n'
	report "$1" example.com 1 2 3 | gzip -nc | head -c 150 | base64
}
outcomes() { echo $(sql "select outcome from message order by regexp_replace(locator, '.*:', '')::bigint"); }
ids() { echo $(sql "select report_id from report order by 1"); }

fresh_database box
{
	from; mail one; echo
	from; packed_mail two; echo
	from; broken_mail three; echo
	from; printf 'Subject: hello\n\nFrom the start\nFrom here it was 12:30 already\n>From us\n\n\nFrom all of us, bye\n'; echo
	from; mail four; echo
} >"$T/box"
cp -p "$T/box" "$T/before"
ru ingest --db "$DB" "$T/box"
ok "a broken mail among good ones" ends_with 1 "5 messages: 3 stored, 1 not a report, 1 broken" "$T/box:" "gzip data end early"
ok "each has its outcome" is "stored stored broken not a report stored" "$(outcomes)"
ok "each report is there" is "four one two" "$(ids)"
ok "the mbox is as it was" eval 'same "$T/before" "$T/box" && is "$(stat -c "%Y %i" "$T/box")" "$(stat -c "%Y %i" "$T/box")"'
ok "locators tell the position" is "$(grep -b '^From r@' "$T/box" | sed "s/:From.*//; s/\$//" | while read -r at; do echo $((at + $(from | wc -c))); done | tr '\n' ' ')" \
	"$(sql "select regexp_replace(locator, '.*:', '') from message order by 1" | sort -n | tr '\n' ' ')"
ok "and the file" is "mbox:$T/box" "$(sql "select distinct source from message")"
at=$(sql "select regexp_replace(locator, '.*:', '') from message where message_id like '%two%'")
size=$(sql "select size from message where message_id like '%two%'")
ok "size and position are those of the mail's bytes" is "$(packed_mail two | sha256sum)" \
	"$(tail -c +$((at + 1)) "$T/box" | head -c "$size" | sha256sum)"
ru ingest --db "$DB" "$T/box"
ok "again: all known" ends_with 0 "5 known from before"

{ from; mail five; } >>"$T/box"
ru ingest --db "$DB" "$T/box"
ok "an appended mail is new" ends_with 0 "6 messages: 1 stored, 5 known from before"
printf '\n%s\n%s' "$(from)" "$(mail six)" >>"$T/box"
ru ingest --db "$DB" "$T/box"
ok "so is one without an end" ends_with 0 "7 messages: 1 stored, 6 known from before"
{ echo; echo; from; mail seven; echo; echo; echo; } >>"$T/box"
ru ingest --db "$DB" "$T/box"
ok "which is known when it has one" ends_with 0 "8 messages: 1 stored, 7 known from before"

# Expunged by a mail reader: all that stays has another position, and the file another inode.
awk '/^From r@/ { n++ } n != 2' "$T/box" >"$T/box.new"
mv "$T/box.new" "$T/box"
ru ingest --db "$DB" "$T/box"
ok "after mails were expunged the others are known" ends_with 0 "7 messages: 7 known from before"
(cd "$T" && ru ingest --db "$DB" ./box)
ok "by another path, too" ends_with 0 "7 messages: 7 known from before"
{ from; mail one; echo; from; mail one; } >"$T/twins"
ru ingest --db "$DB" "$T/twins"
ok "the same mail twice in a new mbox" ends_with 0 "duplicate"
ru ingest --db "$DB" "$T/twins"
ok "is known twice" ends_with 0 "2 messages: 2 known from before"

# --- forms ------------------------------------------------------------------------------------------------

fresh_database forms
rm -rf "$T/forms" && mkdir "$T/forms"
{ from; mail crlf-1; echo; from; packed_mail crlf-2; echo; } | sed 's/$/\r/' >"$T/forms/crlf"
{ from -; mail tb-1; echo; echo "From "; mail tb-2; } >"$T/forms/thunderbird"
{ from; mail cut-1 | head -n 12; from; mail cut-2; } >"$T/forms/cut"
{ from MAILER-DAEMON; from 'x y' | sed 's/^/>/'; mail quoted-1; } >"$T/forms/quoted"
printf 'From 1234@xxx Fri Nov 20 12:08:34 +0000 2026\r\n%s' "$(mail takeout-1)" >"$T/forms/no.end.xml"
{ echo; echo; from; mail blank-1; } >"$T/forms/blank"
{ from; echo; from; mail empty-2; } >"$T/forms/empty"
{ echo "From here on 12:30 it is no mail"; echo "and this is no header"; } >"$T/forms/text"
mail plain >"$T/forms/plain"
ru ingest --db "$DB" "$T/forms"
ok "in a folder, whatever their names" ends_with 0
ok "every mail of every mbox" is \
	"blank-1 crlf-1 crlf-2 cut-1 cut-2 empty-2 plain quoted-1 takeout-1 tb-1 tb-2" "$(ids)"
ok "a mail that is cut short does not take the next one along" is 2 "$(sql "select count(*) from message where locator like '%/cut:%'")"
ok "a text is a file" is "folder:T/forms" "$(sql "select source from message where locator like '%/text'" | sed "s|$T|T|")"
ru ingest --db "$DB" "$T/forms"
ok "known again" ends_with 0 "13 messages: 13 known from before"
ru ingest --db "$DB" --then "move:$T/done" "$T/forms"
ok "known files stay" test -e "$T/forms/plain"

fresh_database moves
ru ingest --db "$DB" --then "move:$T/done" --if-broken "move:$T/bad" "$T/forms"
ok "of a folder the files move" is "plain" "$(ls "$T/done")"
ok "and the mboxes stay" is "blank crlf cut empty no.end.xml quoted text thunderbird" "$(echo $(ls "$T/forms"))"
ok "all are settled" is "0" "$(sql "select count(*) from message where settled_at is null")"

ru show --format json "$T/forms/crlf"
ok "show takes an mbox" is "crlf-1 crlf-2" "$(echo $(grep -o '"report_id":"[^"]*"' "$T/out" | cut -d'"' -f4))"

# --- limits -----------------------------------------------------------------------------------------------

# A mail of one line beyond the limit, between two others.
fresh_database large
{
	from; mail before; echo
	from; printf 'Subject: large\n\n'; head -c $((66 << 20)) /dev/zero | tr '\0' x; echo; echo
	from; mail behind
} >"$T/large"
ru ingest --db "$DB" "$T/large"
ok "a mail that is too large: the others are read" ends_with 1 "2 stored, 1 too large"
ru ingest --db "$DB" "$T/large"
ok "it is known again" ends_with 0 "3 known from before"

for name in box forms moves large; do
	drop_database $name
done
exit "$failed"
