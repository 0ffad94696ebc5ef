#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The nightly run: what it does and tells, and five nights in a row, of which three go wrong; a Dovecot and a
# PostgreSQL of our own. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/nightly.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# The server is stopped: it must be nobody else's.
unset RUAMILL_TEST_DB
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"
# shellcheck source=tests/integration/dovecot.bash
. "$(dirname "${BASH_SOURCE[0]}")/dovecot.bash"

for user in one two; do
	echo "$user:{PLAIN}se cret\"\\:::::" >>"$D/users"
	BOX=$D/home/$user
	folder '' Reports
	mkdir -p "$T/$user/cur" "$T/$user/new" "$T/$user/tmp"
done
start_dovecot
own
start_server

# configure USER: its own mailbox, Maildir and database.
configure() {
	fresh_database "$1"
	cat >"$T/$1.conf" <<CONF
[database]
connect = $DB
[ingest]
jobs = 1
[source files]
from = $T/$1
then = move:.Done
if_broken = move:.Broken
[source server]
from = imaps://$1@localhost:$tls_port/Reports
imap_timeout = 2
password_file = $T/password
tls_ca_file = $D/tls/ca.pem
then = move:Done
if_broken = move:Broken
[retention]
keep = 400d
CONF
}
# of USER: whose mailbox and database are meant.
of() {
	BOX=$D/home/$1
	DB="$SERVER dbname=test_$$_$1"
	export RUAMILL_CONFIG=$T/$1.conf
}

# arrive NIGHT: the same mails for both: reports, one that came before, one that is broken, and another.
arrive() {
	local user n
	for user in one two; do
		of "$user"
		for n in 1 2 3; do mail Reports "server-$1-$n"; done
		report "files-$1-1" example.com 1 2 >"$T/$user/new/$1.1"
		report "files-$1-2" example.org 4 >"$T/$user/new/$1.2"
		report "server-$1-1" example.com 3 >"$T/$user/new/$1.3"
		printf 'From: x@example.com\nSubject: hello\n\nhi\n' >"$BOX/Reports/new/$1-other"
		printf 'Subject: broken\nContent-Type: text/xml\n\n<feedback><report_metadata/></feedback>\n' \
			>"$BOX/Reports/new/$1-broken"
	done
	own
	export RUAMILL_TODAY=2026-11-0$((1 + $1))
}

# All that is left of the nights of USER. A mail that was moved by a run that did not get to say so is gone to
# the next.
dump() {
	of "$1"
	dump_facts
	dump_judged
	sql "select outcome, reason, coalesce(settlement, '') in ('move', 'gone'), settled_at is null, size, message_id, count(*) from message
		group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6"
	for folder in Reports Done Broken; do
		echo "$folder: $(lies_in "$folder")"
	done
	(cd "$T/$1" && find . -type f | sed 's/:2,.*//' | sort)
}

# --- what it tells --------------------------------------------------------------------------------

configure one
configure two
arrive 0
of one
ru nightly
ok "some are broken: 1" ends_with 1 "the report names no domain"
cat >"$T/wanted" <<'END'
What came in, 2026-11-01:
  files: 3 reports on 10 messages
  server: 2 reports on 6 messages, 1 duplicate, 1 broken, 1 other mail

From 2026-10-03 to 2026-11-01: 16 messages, 100.0 % pass DMARC.

What is broken is listed by 'ruamill report problems'.
END
ok "the digest" same "$T/wanted" "$T/out"
ru nightly
ok "again: 0" ends_with 0
echo "Nothing new from 2 sources; 16 messages, 100.0 % pass DMARC." >"$T/wanted"
ok "in a line" same "$T/wanted" "$T/out"
ok "and silent else" says_nothing
ru nightly -q
ok "-q" prints_nothing
cp "$T/one.conf" "$T/kept.conf"
sed -i 's/^connect.*/connect = host=127.0.0.1 port=1 dbname=none/' "$T/one.conf"
ru nightly
ok "no database: 75" ends_with 75 "the database cannot be reached"
printf '[source a]\nfrom = /x\nthan = mark\n' >"$T/one.conf"
ru nightly
ok "a mistake: 78" ends_with 78 "unknown key 'than' in [source a]: $T/one.conf:3: did you mean then?"
: >"$T/one.conf"
ru nightly
ok "no source: 78" ends_with 78 "no source is configured"
cp "$T/kept.conf" "$T/one.conf"

# What fails and did not before; a hostile name neither breaks the width nor steers the terminal.
bad=$(printf 'x%.0s' $(seq 60))
bad=$bad.$bad.example
report bad "$bad" 5 | sed 's/<domain>[^<]*<\/domain><selector>/<domain>sendgrid.net<\/domain><selector>/
	s/other.example/sendgrid.net/; s/<dkim>pass/<dkim>fail/' >"$T/one/new/bad.1"
printf '[source nowhere]\nfrom = %s/nowhere\n[lookup]\nenabled = yes\nserver = 127.0.0.1:1\ntimeout = 50\ntries = 1\n' "$T" >>"$T/one.conf"
ru nightly
ok "what failed does not stop the rest: 75" ends_with 75 "no such file or folder: $T/nowhere" "no name server answers"
ok "it is in the digest" grep -q '^  nowhere: no such file or folder' "$T/out"
ok "the look-up too" grep -q '^  the look-up of names: no name server answers' "$T/out"
ok "the others were read" grep -q '^  files: 1 report on 5 messages$' "$T/out"
ok "what fails newly" is "  Twilio SendGrid, From ${bad:0:50}..:     5 messages, not set up     Turn on DKIM signing at Twilio SendGrid" \
	"$(sed -n '/did not before/,/^$/p' "$T/out" | sed '1d; $d' | paste -sd ' ')"
ok "and the rate" grep -q "^From 2026-10-03 to 2026-11-01: 21 messages, 76.2 % pass DMARC" "$T/out"
ok "in 80 columns" eval '! grep -E ".{80}" "$T/out"'
ru nightly
ok "and is told once" eval '! grep -q "did not before" "$T/out"'
cp "$T/kept.conf" "$T/one.conf"

# --- what would come of it ------------------------------------------------------------------------

ru check
ok "check: 0" ends_with 0
ok "says so, a line each" is "configuration database source files source server look-ups" \
	"$(sed -n 's/^ok  *\([^:]*\):.*/\1/p' "$T/out" | xargs)"
ok "how many there are" grep -q "^ok .*source server: imaps://one@localhost:$tls_port/Reports, 1 there, then move:Done, if broken move:Broken" "$T/out"
ru check -q
ok "-q" prints_nothing
ok "nothing has changed" is "hello " "$(lies_in Reports)"
try() {
	cp "$T/kept.conf" "$T/one.conf"
	sed -i "$1" "$T/one.conf"
	ru check
	cp "$T/kept.conf" "$T/one.conf"
}
finds() { is "$1" "$status" && grep -q "^failed  $2: .*$3" "$T/out" || { cat "$T/out"; return 1; }; }
try 's/Reports$/Nowhere/'
ok "a folder that is not there" finds 78 "source server" "refuses to open the folder.*check its name"
try 's/^password_file.*/password_command = echo wrong/'
ok "a wrong password" finds 78 "source server" "refuses to log in.*check user and password"
try 's/^password_file.*/password_credential = rua/'
ok "no credentials" finds 78 "source server" "no credentials of systemd's.*LoadCredential=rua:FILE"
mkdir "$T/credentials" && install -m 440 "$T/password" "$T/credentials/rua"
CREDENTIALS_DIRECTORY=$T/credentials try 's/^password_file.*/password_credential = rua/'
ok "with them" is 0 "$status"
PASSWORD=$(cat "$T/password") try 's/^password_file.*/password_variable = PASSWORD/'
ok "a password of a variable" is 0 "$status"
try "s/^tls_ca_file.*/tls_ca_file = ${D//\//\\/}\/tls\/other.pem/"
ok "another CA" finds 78 "source server" "cannot be verified"
try "s/^from = ${T//\//\\/}.*/from = ${T//\//\\/}\/nowhere/"
ok "no Maildir" finds 66 "source files" "no such file or folder"
try 's/^connect.*/connect = host=127.0.0.1 port=1 dbname=none/'
ok "no database" finds 75 database "cannot be reached"
empty_database bare
try "s/^connect.*/connect = ${DB//\//\\/}/"
ok "one without tables" finds 78 database "no ruamill tables.*ruamill db init"
of one
sql "create role weak login" && sql "grant usage on schema dmarc to weak"
try "s/^connect.*/connect = ${DB//\//\\/} user=weak/"
ok "one that may not be written" finds 78 database "weak may not store reports.*ruamill_ingest"
printf '[lookup]\nenabled = yes\nserver = 127.0.0.1:1\ntimeout = 50\ntries = 1\n' >>"$T/one.conf"
ru check
ok "no name server" finds 75 look-ups "no name server answers"
cp "$T/kept.conf" "$T/one.conf"
sql "drop owned by weak" && sql "drop role weak"

# ingest without a source reads all of them; what the command line says counts.
arrive 0
of one
for n in 1 2; do mail Reports "again-$n"; done
own
ru ingest --then leave
ok "ingest: all sources" ends_with 1 "2 reports"
ok "the command line wins" is "again-1 again-2 hello server-0-1 server-0-2 server-0-3 " "$(lies_in Reports)"
ru ingest --config /nowhere
ok "a configuration that is not there: 78" ends_with 78 "/nowhere" "--config"
chmod o+w "$T/one.conf"
ru report
ok "one that anybody can write: 78" ends_with 78 "anybody can write the configuration" "chmod o-w"
chmod o-w "$T/one.conf"
unset RUAMILL_CONFIG
ok "the user's own" eval 'install -D "$T/one.conf" "$T/.config/ruamill/ruamill.conf" && ru check && grep -q "$T/.config/ruamill/ruamill.conf, 2 sources" "$T/out"'
ok "of \$XDG_CONFIG_HOME" eval 'install -D "$T/one.conf" "$T/xdg/ruamill/ruamill.conf" && XDG_CONFIG_HOME=$T/xdg ru check && grep -q "$T/xdg/ruamill/ruamill.conf" "$T/out"'
rm -r "$T/.config" "$T/xdg"

# --- five nights ----------------------------------------------------------------------------------

drop_database one
drop_database two
for user in one two; do
	of "$user"
	rm -rf "$BOX" "${T:?}/$user"
	folder '' Reports
	mkdir -p "$T/$user/cur" "$T/$user/new" "$T/$user/tmp"
	configure "$user"
done
# What becomes of user one nothing disturbs. hold TABLE EVENT CONDITION: stops user two there, until let_go.
night() {
	arrive "$1"
	of one
	ru nightly
	ok "night $1, undisturbed: 1" is 1 "$status"
	of two
}
hold() {
	sql "create function dmarc.hold() returns trigger language plpgsql as
			'begin perform pg_advisory_xact_lock(4711); return new; end'" &&
		sql "create trigger hold before $2 on $1 for each row when ($3) execute function dmarc.hold()"
	coproc holder { psql -XqAt "$DB"; }
	echo "select pg_advisory_lock(4711), 'held';" >&"${holder[1]}"
	read -r _ <&"${holder[0]}"
}
let_go() {
	exec {holder[1]}>&-
	wait "$holder_PID"
	sql "drop trigger hold on $1" && sql "drop function dmarc.hold()"
}
is_held() { is t "$(sql "select exists (select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted)")"; }
is_free() { is f "$(sql "select exists (select from pg_stat_activity where application_name like 'ruamill nightly%' and datname = current_database())")"; }
begin() {
	"$RUAMILL" nightly >"$T/first.out" 2>"$T/first.err" &
	first=$!
	soon is_held >/dev/null
}

night 1
ru nightly
ok "night 1" is 1 "$status"

night 2
"$RUAMILL" db stop 2>"$T/err"
ru nightly
ok "night 2, without the database: 75" ends_with 75 "the database cannot be reached"
"$RUAMILL" db start 2>"$T/err"

night 3
end_dovecot
"$RUAMILL" check >"$T/check" 2>&1 &
checking=$!
ru nightly
ok "night 3, without the mailbox: 75" ends_with 75 "cannot connect to the mail server"
ok "the files are read" grep -q '^  files: 6 reports' "$T/out"
wait "$checking"
ok "as check has said: 75" is 75 $?
ok "and what to do" grep -q "^failed  source server: cannot connect to the mail server: .*check its name and the network" "$T/check"
run_dovecot || echo "not ok start Dovecot again"

# Half way in the mails of the server, and behind their move, before the ledger knows.
night 4
hold dmarc.report insert "new.report_id = 'server-4-2'"
begin
ok "night 4: half way" is_held
ru nightly
ok "a second run meanwhile: 75" ends_with 75 "another run of 'ruamill nightly' is under way" "process $first on" "since"
{ kill -KILL "$first"; wait "$first"; } 2>/dev/null
ok "killed" is 137 $?
let_go dmarc.report
soon is_free >/dev/null
hold dmarc.message update "new.settled_at is not null and new.source like '%/Done'"
begin
{ kill -KILL "$first"; wait "$first"; } 2>/dev/null
ok "killed behind the move" is 137 $?
let_go dmarc.message
soon is_free >/dev/null

night 5
hold dmarc.report insert "new.report_id = 'files-5-2'"
begin
kill -TERM "$first"
let_go dmarc.report
wait "$first"
ok "night 5, interrupted: 75" is 75 $?
ok "it says so" grep -q "It was interrupted" "$T/first.out"
ok "what it was at is stored" is 1 "$(sql "select count(*) from report where report_id = 'files-5-2'")"
ok "and no more was begun" is 0 "$(sql "select count(*) from report where report_id = 'server-5-2'")"
ru nightly
ok "and again" is 1 "$status"

dump one >"$T/undisturbed"
dump two >"$T/disturbed"
ok "the same as of undisturbed nights" same "$T/undisturbed" "$T/disturbed"
ok "which is all of it" is "25|10" "$(sql "select count(*) filter (where report_id ~ '^(server|files)-[1-5]-'), count(*) filter (where report_id ~ '^files-') from report")"
ok "and where it belongs" is "hello hello hello hello hello |15" "$(lies_in Reports)|$(lies_in Done | wc -w)"
drop_database one
drop_database two
exit $failed
