#!/bin/bash
# SPDX-License-Identifier: MIT
#
# ruamill ingest --watch: mailboxes on a Dovecot of our own, and folders. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/watch.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"
# shellcheck source=tests/integration/dovecot.bash
. "$(dirname "${BASH_SOURCE[0]}")/dovecot.bash"

folder '' Reports Quiet
start_dovecot
own
start_server
fresh_database watch

watcher=
# watch OPTION... SOURCE...: in the background; what it says goes to $T/watched.
watch() {
	"$RUAMILL" ingest --watch --db "$DB" --password-file "$T/password" --tls-ca-file "$D/tls/ca.pem" "$@" \
		>"$T/watched" 2>&1 &
	watcher=$!
}
# Ends it by a signal; its status is in $status.
stop_watching() {
	kill "-${1:-TERM}" "$watcher"
	wait "$watcher"
	status=$?
}
# drop FOLDER NAME: a mail as it is delivered, which a server that idles is told of.
drop() {
	mail "$1" "$2"
	[ "$(id -un)" != root ] || chown "$owner:$group" "$BOX/$1/new/$2"
}
has_reports() { [ "$(sql "select count(*) from report")" = "$1" ]; }
is_judged() { [ "$(sql "select (select count(*) from dirty_day), (select sum(messages) from daily_sender)")" = "0|$1" ]; }

# --- a server that tells --------------------------------------------------------------------------

drop Reports w-1
watch --watch-interval 86400 --then move:Done "$(at Reports)"
ok "what is there is stored" soon has_reports 1
ok "and judged" soon is_judged 3
drop Reports w-2
ok "so is what comes: the server tells" soon has_reports 2
drop Reports w-3
ok "again and again" soon has_reports 3
ok "all is judged" soon is_judged 9
ok "and moved" soon eval '[ "$(lies_in Done)" = "w-1 w-2 w-3 " ]'
ok "by one connection" is 1 "$(grep -c 'Login: user=<rua>' "$D/log")"
stop_watching
ok "SIGTERM ends it well" is 0 "$status"
ok "each time is told" is 3 "$(grep -c '^1 messages: 1 stored' "$T/watched")"
ok "and nothing else" is 6 "$(wc -l <"$T/watched")"

# --- one that does not, and one that goes away ----------------------------------------------------

capability="IMAP4rev1 SASL-IR UIDPLUS MOVE"
start_dovecot
watch --watch-interval 1 "$(at Reports)"
drop Reports w-4
ok "without IDLE it is asked" soon has_reports 4
stop_watching INT
ok "SIGINT ends it well" is 0 "$status"
capability=
start_dovecot
watch --watch-interval 1 --imap-timeout 6 "$(at Reports)"
drop Reports w-5
ok "a fifth one" soon has_reports 5
end_dovecot
ok "a server that goes away is told" soon grep -q 'ruamill: cannot connect to the mail server.*: it is tried again until it works' "$T/watched"
dovecot -F -c "$D/conf" >"$D/out" 2>&1 &
dovecot_pid=$!
ok "and when it is back" soon grep -q 'ruamill: back again: imap://' "$T/watched"
drop Reports w-6
ok "nothing is lost" soon has_reports 6
ok "both once" is 2 "$(grep -c '^ruamill: ' "$T/watched")"
stop_watching
ok "it ends as well as ever" is 0 "$status"

# --- several, and other ones ----------------------------------------------------------------------

mkdir -p "$T/box/cur" "$T/box/new" "$T/box/tmp"
watch --watch-interval 1 "$(at Reports)" "$(at Quiet)" "$T/box"
report w-7 example.com 3 >"$T/box/new/w-7"
ok "a Maildir is looked at" soon has_reports 7
drop Quiet w-8
ok "two mailboxes tell" soon has_reports 8
report w-9 example.com 3 >"$T/box/new/w-9"
ok "and the Maildir is looked at again" soon has_reports 9
stop_watching
ok "all end" is 0 "$status"

# --- the database goes away -----------------------------------------------------------------------

watch "$(at Reports)"
drop Reports w-10
ok "a tenth one" soon has_reports 10
sql "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()" >"$T/ended"
drop Reports w-11
wait "$watcher"
status=$?
ok "that ends it: 75" is 75 "$status"
ru ingest --db "$DB" --password-file "$T/password" --tls-ca-file "$D/tls/ca.pem" "$(at Reports)"
ok "nothing is lost" has_reports 11

# --- what cannot be -------------------------------------------------------------------------------

ru ingest --watch --db "$DB" "$T/nothing"
ok "no such folder: 66" ends_with 66
ru ingest --watch --db "$DB" -
ok "standard input: 64" ends_with 64 "cannot be watched"
ru ingest --watch --dry-run --db "$DB" "$T/box"
ok "--dry-run: 64" ends_with 64 "does not go with"
ru ingest --watch --watch-interval 0 --db "$DB" "$T/box"
ok "no number: 64" ends_with 64 "not a number of seconds"
ru ingest --watch-interval 5 --db "$DB" "$T/box"
ok "without --watch: 64" ends_with 64 "is of --watch"
printf 'wrong\n' >"$T/password"
ru ingest --watch --db "$DB" --password-file "$T/password" --tls-ca-file "$D/tls/ca.pem" "$(at Reports)"
ok "a wrong password is told at once: 78" ends_with 78 "refuses to log in"
drop_database watch
exit $failed
