#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Mailboxes on a server: a Dovecot of our own on the loopback, with TLS and a CA of our own. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/imap.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"
# shellcheck source=tests/integration/dovecot.bash
. "$(dirname "${BASH_SOURCE[0]}")/dovecot.bash"

folder '' Reports
start_dovecot
own
start_server
imap() { ru ingest --db "$DB" --password-file "$T/password" --tls-ca-file "$D/tls/ca.pem" "$@"; }

# --- reading --------------------------------------------------------------------------------------

fresh_database imap
for n in 1 2 3; do mail Reports "r-$n"; done
printf 'From: x@example.com\nSubject: hello\n\nhi\n' >"$BOX/Reports/new/other"
own
imap "$(at Reports)"
ok "three reports" ends_with 0 "3 reports"
ok "are stored" is 3 "$(sql "select count(*) from report")"
ok "with size and place" is "imap://rua@localhost:$tls_port/Reports|t" \
	"$(sql "select distinct source, size > 10 and locator ~ '^[0-9]+/[0-9]+$' from message")"
ok "nothing is marked" is 0 "$(seen_in Reports)"
mail Reports r-4
own
imap "$(at Reports)"
ok "only the new one is fetched" ends_with 0 "4 known from before"
ok "and stored" is 4 "$(sql "select count(*) from report")"
imap "imap://rua@localhost:$port/Reports"
ok "STARTTLS: the same mails" is 4 "$(sql "select count(*) from report")"
imap --dry-run "$(at Reports)"
ok "--dry-run" ends_with 0 "5 known from before"
imap "$(at "")"
ok "an empty INBOX" ends_with 0

# --- what becomes of them -------------------------------------------------------------------------

imap --then move:Archive/Read "$(at Reports)"
ok "what was stored without moving stays" is "hello r-1 r-2 r-3 r-4 " "$(lies_in Reports)"
fresh_database moved
imap --then move:Archive/Gelesen-ü "$(at Reports)"
ok "mails move to a folder that is made" is "r-1 r-2 r-3 r-4 " "$(lies_in 'Archive/Gelesen-&APw-')"
ok "others stay" is "hello " "$(lies_in Reports)"
ok "the ledger knows where they are" is "4|imap://rua@localhost:$tls_port/Archive/Gelesen-ü|move" \
	"$(sql "select count(*), source, settlement from message where outcome = 'stored' group by 2, 3")"
imap "$(at Archive/Gelesen-%c3%bc)"
ok "and knows them there" ends_with 0 "4 known from before"
imap --then mark "$(at Archive/Gelesen-%C3%BC)"
fresh_database marked
imap --then mark "$(at Archive/Gelesen-%C3%BC)"
ok "mark" is 4 "$(seen_in 'Archive/Gelesen-&APw-')"
fresh_database deleted
imap --then delete "$(at Archive/Gelesen-%C3%BC)"
ok "delete" is "" "$(lies_in 'Archive/Gelesen-&APw-')"
for n in 11 12; do mail Reports "r-$n"; done
printf 'From: x@example.com\nContent-Type: text/xml\nSubject: broken\n\n<feedback><report_metadata/></feedback>\n' >"$BOX/Reports/new/broken"
own
imap --then move:Archive --if-broken move:Broken "$(at Reports)"
ok "a broken one: 1" ends_with 1
ok "goes elsewhere" is "broken " "$(lies_in Broken)"
ok "the others as well" is "r-11 r-12 " "$(lies_in Archive)"

# Only some of them: those that came in lately, and those that nobody has read.
fresh_database some
folder Some
for n in 61 62 63; do mail Some "r-$n"; done
mv "$BOX/Some/new/r-62" "$BOX/Some/cur/r-62:2,S"
touch -d 2026-11-10T12:00:00Z "$BOX/Some/new/r-61"
touch -d 2026-11-19T12:00:00Z "$BOX/Some/new/r-63" "$BOX/Some/cur/r-62:2,S"
own
imap --imap-days 2 --imap-unseen "$(at Some)"
ok "of the last days, and unseen" is r-63 "$(sql "select string_agg(report_id, ' ' order by report_id) from report")"
imap --imap-unseen "$(at Some)"
ok "unseen" is "r-61 r-63" "$(sql "select string_agg(report_id, ' ' order by report_id) from report")"
imap --imap-days 2 "$(at Some)"
ok "of the last days" is "r-61 r-62 r-63" "$(sql "select string_agg(report_id, ' ' order by report_id) from report")"
imap --imap-days 0 "$(at Some)"
ok "no day at all: 64" ends_with 64 "not a number of days" "give it like 400d"

# What was committed and not moved is moved by the next run.

for n in 21 22 23; do mail Reports "r-$n"; done
own
imap "$(at Reports)"
sql "update message set settled_at = null, settlement = null where outcome = 'stored' and source like '%/Reports'"
imap --then move:Later "$(at Reports)"
ok "known, and moved" ends_with 0 "4 known from before"
ok "moved later, without being read again" is "r-21 r-22 r-23 " "$(lies_in Later)"
ok "and said so" is 0 "$(sql "select count(*) from message where settled_at is null")"

# A server that has neither MOVE nor UIDPLUS, and one that has UIDPLUS only.
capability="IMAP4rev1 SASL-IR LITERAL+ ID ENABLE UNSELECT CHILDREN NAMESPACE UIDPLUS"
start_dovecot
fresh_database copies
for n in 31 32; do mail Reports "r-$n"; done
own
imap --then move:Copied "$(at Reports)"
ok "without MOVE" is "r-31 r-32 |hello " "$(lies_in Copied)|$(lies_in Reports)"
capability="IMAP4rev1 ID"
start_dovecot
for n in 41 42; do mail Reports "r-$n"; done
own
imap --then move:Copied "$(at Reports)"
ok "without UIDPLUS: copied" is "r-31 r-32 r-41 r-42 " "$(lies_in Copied)"
ok "and marked as deleted, which nobody else's mail pays for" is 2 "$(find "$BOX/Reports/cur" -name '*,*T*' | wc -l)"
imap "$(at Reports)"
ok "not listed again" ends_with 0 "1 known from before"
rm -f "$BOX"/Reports/cur/*T*
capability=
start_dovecot

# Another UIDVALIDITY: all is looked at again, and nothing is stored twice.
for n in 51 52; do mail Reports "r-$n"; done
own
imap "$(at Reports)"
before=$(sql "select count(*) from report")
rm -f "$BOX"/Reports/dovecot.*
sed -i '1s/ V[0-9]*/ V7/' "$BOX/Reports/dovecot-uidlist"
imap "$(at Reports)"
ok "another UIDVALIDITY" is "$before" "$(sql "select count(*) from report")"
ok "was seen" is 3 "$(sql "select count(*) from message where locator like '7/%'")"
ok "duplicates, known as such" is 2 "$(sql "select count(*) from message where outcome = 'duplicate'")"

# --- many -----------------------------------------------------------------------------------------

fresh_database many
folder Many
for n in $(seq 5000); do
	report "many-$n" example.com 1 >"$BOX/Many/new/$n"
done
own
imap --jobs 2 --then move:Done "$(at Many)"
ok "five thousand" ends_with 0
ok "are stored, each once" is "5000|5000" "$(sql "select count(*), count(distinct report_id) from report")"
ok "and moved" is "5000|0" "$(find "$BOX/Done/cur" "$BOX/Done/new" -type f | wc -l)|$(find "$BOX/Many/cur" "$BOX/Many/new" -type f | wc -l)"
imap "$(at Done)"
ok "and known there" ends_with 0 "5000 known from before"

# Somebody else has taken them away before they were settled: that is found out in few commands.
sql "update message set settled_at = null, settlement = null, source = replace(source, '/Many', '/Done')"
find "$BOX/Done/cur" "$BOX/Done/new" -type f -delete
sessions() { grep -c 'Logged out' "$D/log"; }
before=$(sessions)
imap --then move:Elsewhere "$(at Done)"
ok "five thousand are gone" is "5000|0" \
	"$(sql "select count(*) filter (where settlement = 'gone'), count(*) filter (where settled_at is null) from message")"
ok "the session ends" soon eval '[ "$(sessions)" -gt "$before" ]'
ok "and was short" eval '[ "$(sed -n "s/.* in=\([0-9]*\) .*/\1/p" "$D/log" | tail -n 1)" -lt 50000 ]'

# --- getting in -----------------------------------------------------------------------------------

fresh_database login
with() { ru ingest --db "$DB" --tls-ca-file "$D/tls/ca.pem" "$@" "$(at Reports)"; }
RUAMILL_IMAP_PASSWORD='se cret"\' with
ok "a password from the environment" ends_with 0
with --password-command "cat '$T/password'"
ok "from a command" ends_with 0
# stopped_while COMMAND: a signal ends it while the command for the password is under way.
stopped_while() {
	local pid
	rm -f "$T/started"
	"$RUAMILL" ingest --db "$DB" --tls-ca-file "$D/tls/ca.pem" --password-command "$1" "$(at Reports)" 2>"$T/err" &
	pid=$!
	soon test -e "$T/started"
	kill -INT $pid
	wait $pid
	status=$?
	ends_with 75 "stopped by a signal"
}
ok "a signal while a command has yet to say the password" stopped_while "touch $T/started; exec sleep 612"
ok "while it has closed its output and goes on" stopped_while "exec >&-; touch $T/started; exec sleep 612"
ok "leaves neither" eval '! pgrep -f "^sleep 612$"'
with --password-command "false"
ok "a command that fails: 78" ends_with 78 "the command for the password or token fails"
with --token-command "echo $(token 4000000000)"
ok "a token" ends_with 0
echo 0 >"$T/asked"
cat >"$T/token" <<COMMAND
n=\$((\$(cat "$T/asked") + 1)); echo \$n >"$T/asked"
[ \$n -gt 1 ] && echo $(token 4000000000) || echo $(token 1700000001)
COMMAND
with --token-command "sh $T/token"
ok "a token that has ended: the command runs again" ends_with 0
ok "once" is 2 "$(cat "$T/asked")"
with --token-command "echo $(token 1700000001)"
ok "a token that is refused twice: 78" ends_with 78 "the server refuses to log in" "(invalid_token)" "see whether the token"
echo wrong >"$T/wrong"
chmod 600 "$T/wrong"
with --password-file "$T/wrong"
ok "a wrong password: 78" ends_with 78 "refuses to log in" localhost "check user and password"
ok "is not told" eval '! grep -q wrong "$T/err"'
chmod 640 "$T/wrong"
with --password-file "$T/wrong"
ok "a file that others read: 78" ends_with 78 "others can read the password file" "chmod 600"
ru ingest --db "$DB" --password-file "$T/wrong" imaps://rua@localhost:1/x
ok "and where no server is, too" ends_with 78 "others can read the password file"
with
ok "no password: 64" ends_with 64 "there is no password"
with --password-file "$T/password" --token-command true
ok "two: 64" ends_with 64 "more than one way"
ru ingest --db "$DB" --password-file "$T/password" "imaps://rua:se%20cret@localhost/x"
ok "one in the URL: 64" ends_with 64 "does not belong into a command line"
ok "is not told either" eval '! grep -q "se.*cret" "$T/err"'
ru show "$(at Reports)"
ok "show: 64" ends_with 64 "can only be ingested"

# SCRAM where it is offered; PLAIN behind it where the server keeps the password in another way.
mechanisms=scram-sha-256
start_dovecot
with --password-file "$T/password"
ok "SCRAM-SHA-256" ends_with 0
chmod 600 "$T/wrong"
with --password-file "$T/wrong"
ok "SCRAM with a wrong password: 78" ends_with 78 "refuses to log in" "check user and password"
mechanisms="plain scram-sha-256"
cp "$D/users" "$T/users"
echo "rua:$(doveadm pw -s SSHA256 -p 'se cret"\')::::::" >"$D/users"
start_dovecot
with --password-file "$T/password"
ok "a password that SCRAM cannot be done with" ends_with 0
ok "it was tried" eval "grep -qi scram \"\$D/log\""
cp "$T/users" "$D/users"
mechanisms=
start_dovecot

# --- TLS ------------------------------------------------------------------------------------------

ru ingest --db "$DB" --password-file "$T/password" --tls-ca-file "$D/tls/other.pem" "$(at Reports)"
ok "a CA that did not sign it: 78" ends_with 78 "cannot be verified" --tls-ca-file "localhost:$tls_port"
ru ingest --db "$DB" --password-file "$T/password" "$(at Reports)"
ok "nor did the system's: 78" ends_with 78 "cannot be verified"
imap "imaps://rua@127.0.0.1:$tls_port/Reports"
ok "another name than in the certificate: 78" ends_with 78 "cannot be verified"
ru ingest --db "$DB" --password-file "$T/password" --tls-ca-file "$D/tls/other.pem" "imap://rua@localhost:$port/Reports"
ok "so is it with STARTTLS: 78" ends_with 78 "cannot be verified"
imap --tls-ca-file "$T/nothing" "$(at Reports)"
ok "a CA file that is none: 78" ends_with 78 "CA file cannot be used"
imap --plaintext "imap://rua@localhost:$port/Reports"
ok "in the clear, when asked to" ends_with 0

want_certificate=yes
start_dovecot
imap "$(at Reports)"
ok "without a client certificate" eval '[ $status -ne 0 ]'
imap --tls-certificate "$D/tls/us.pem" --tls-key "$D/tls/us.key" "$(at Reports)"
ok "with a key that others can read: 78" ends_with 78 "others can read the key" "chmod 600"
install -m 600 "$D/tls/us.key" "$T/us.key"
imap --tls-certificate "$D/tls/us.pem" --tls-key "$T/us.key" "$(at Reports)"
ok "with one" ends_with 0
imap --tls-certificate "$T/nothing" "$(at Reports)"
ok "with one that is none: 78" ends_with 78 "client certificate cannot be used"
want_certificate=no
start_dovecot

# --- what is not there ----------------------------------------------------------------------------

imap "$(at Nowhere)"
ok "no such folder: 78" ends_with 78 "refuses to open the folder" /Nowhere "check its name"
imap "$(at 'a*b')"
ok "no name of a folder: 64" ends_with 64
imap --then move:/x "$(at Reports)"
ok "nor to move to: 64" ends_with 64 "not the name of a mailbox"
end_dovecot
imap --imap-timeout 1 "$(at Reports)"
ok "no server: 75" ends_with 75 "cannot connect to the mail server" "localhost:$tls_port" "the next run tries again"
drop_database imap
exit $failed
