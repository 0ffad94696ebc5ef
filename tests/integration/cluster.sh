#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The private database: made on first use, started on demand, stopped by the last one out, and what
# happens when any of that is disturbed. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/cluster.sh
#
# As root everything is tried again as an unprivileged user, since the two differ.
# Checks are given as text that is evaluated later, and by functions called through ok and trap.
# shellcheck disable=SC2016,SC2317
set -u
unset XDG_RUNTIME_DIR XDG_DATA_HOME RUAMILL_PG_BINDIR "${!PG@}"
export LC_ALL=C

: "${RUAMILL:?set it to the path of the program}"
AS=${CLUSTER_TEST_AS:-}
failed=0

# Short names: the path of a socket has 107 bytes, and the tests say which paths are longer.
T=$(mktemp -d "${TMPDIR:-/tmp}/rc.XXXXXX") || exit 1
chmod 755 "$T"
export HOME=$T

# What works in a data folder: the server and its children, and nothing else. A zombie works nowhere.
server_pids() {
	# shellcheck disable=SC2010,SC2012 # it prints the targets of all links in one go
	ls -ld /proc/[0-9]*/cwd 2>/dev/null | grep -F -- " -> $1/cluster" |
		sed 's|.* /proc/\([0-9]*\)/cwd -> .*|\1|'
}

clean_up() {
	local folder pid
	exec 5>&- 6>&-
	for folder in "$T"/*/ "$T"/*/*/; do
		for pid in $(server_pids "${folder%/}"); do
			kill -9 "$pid" 2>/dev/null
		done
	done
	for pid in $(jobs -p); do
		kill -9 "$pid" 2>/dev/null
	done
	chmod -R u+rwx "$T" 2>/dev/null
	rm -rf "$T"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# ok NAME COMMAND...: the check passes when the command does.
ok() {
	local name=$1
	shift
	if "$@"; then
		echo "ok $AS$name"
	else
		echo "not ok $AS$name"
		[ -s "$T/err" ] && sed 's/^/# /' "$T/err"
		failed=1
	fi
}

# Runs ruamill in the folder $D; what it says goes to $T/out and $T/err.
ru() {
	RUAMILL_DATA=$D timeout 120 "$RUAMILL" "$@" >"$T/out" 2>"$T/err"
}

ask() { ru db psql -- -XAtc "$1"; }
answers() { ask 'select 1' && [ "$(cat "$T/out")" = 1 ]; }
# 0 yes, 1 no, 2 it did not say.
is_up() {
	RUAMILL_DATA=$D "$RUAMILL" db status --conninfo >/dev/null 2>"$T/status.err"
	case $? in
	0) return 0 ;;
	75) return 1 ;;
	esac
	sed 's/^/# /' "$T/status.err"
	return 2
}
is_not_up() {
	is_up
	[ $? = 1 ]
}
is_down() { is_not_up && gone; }
gone() { [ -z "$(server_pids "$D")" ]; }
mode() { stat -c %a "$1"; }
postmaster() { head -n 1 "$D/cluster/postmaster.pid"; }
socket_of() { ru db status --conninfo && sed "s/^host='\([^']*\)'.*/\1/" "$T/out"; }

# Status $1, and every other argument is in what it said.
fails_with() {
	local wanted=$1 status=$2 text
	shift 2
	[ "$status" = "$wanted" ] || {
		echo "# status $status, not $wanted"
		return 1
	}
	for text in "$@"; do
		grep -qF -- "$text" "$T/err" || {
			echo "# does not say: $text"
			return 1
		}
	done
}

# Polls; fails after ten seconds.
soon() {
	local _
	for _ in $(seq 200); do
		"$@" && return 0
		sleep 0.05
	done
	return 1
}

# A command that stays inside until told to leave: psql, fed through a pipe on descriptor 5.
come_in() {
	rm -f "$T/pipe" "$T/inside"
	mkfifo "$T/pipe"
	RUAMILL_DATA=$D "$RUAMILL" db psql -- -XAt <"$T/pipe" >"$T/inside" 2>"$T/inside.err" &
	inside=$!
	exec 5>"$T/pipe"
	echo "select 'in';" >&5
	soon grep -qs in "$T/inside"
}
go_out() {
	echo '\q' >&5
	exec 5>&-
	wait "$inside"
}

# --- first use ----------------------------------------------------------------------------------

D=$T/first
ok "status where nothing is makes nothing" eval 'ru db status && [ ! -e "$D" ]'
ok "conninfo where nothing runs is 75" eval 'ru db status --conninfo; [ $? = 75 ]'
ok "stop where nothing is makes nothing" eval 'ru db stop && [ ! -e "$D" ]'
ok "first use makes it and answers" answers
ok "and says so" grep -qF "creating the private database in $D" "$T/err"
ok "second use does not" eval 'answers && [ ! -s "$T/err" ]'
ok "the last one out stopped the server" is_down
ok "nothing is kept up" test ! -e "$D/kept"
folder_mode=700
[ "$(id -u)" = 0 ] && folder_mode=711
ok "mode of the folder" test "$(mode "$D")" = "$folder_mode"
ok "mode of the data" test "$(mode "$D/cluster")" = 700
ok "mode of the socket's folder" test "$(mode "$D/socket")" = 700
ok "nothing in it is readable to others" \
	test -z "$(find "$D" -mindepth 1 -maxdepth 1 -perm /007)"
ok "encoding, collation, zone, durability" eval \
	'ask "select current_setting(\$\$server_encoding\$\$), datcollate like \$\$C%\$\$,
	current_setting(\$\$timezone\$\$), current_setting(\$\$fsync\$\$),
	current_setting(\$\$listen_addresses\$\$) from pg_database where datname = \$\$ruamill\$\$" &&
	[ "$(cat "$T/out")" = "UTF8|t|UTC|on|" ]'
ok "a status that is not 0 comes through" eval 'ask "select nonsense"; [ $? = 1 ]'
ok "and the server still stopped" is_down
ok "init, twice" eval 'ru db init && ru db init'

D=$T/made-before
mkdir -m 755 "$D"
ok "an empty folder made before is taken" answers
ok "and closed to others" test "$(mode "$D")" = "$folder_mode"

D=$T/umask
(umask 077 && answers)
ok "a strict umask is no obstacle" is_down

# --- several at once ------------------------------------------------------------------------------

# at_once N: all at the same time; counts those that did not answer.
at_once() {
	local n wrong=0 pids=()
	for n in $(seq "$1"); do
		RUAMILL_DATA=$D timeout 120 "$RUAMILL" db psql -- -XAtc "select $n" \
			>"$T/many.$n" 2>"$T/many.$n.err" &
		pids+=($!)
	done
	for n in $(seq "$1"); do
		wait "${pids[n - 1]}" || wrong=$((wrong + 1))
		[ "$(cat "$T/many.$n")" = "$n" ] || wrong=$((wrong + 1))
	done
	cat "$T"/many.*.err >"$T/err"
	[ "$wrong" = 0 ]
}

D=$T/many
ok "twenty first uses at once all answer" at_once 20
ok "one of them made it" test "$(grep -c creating "$T/err")" = 1
ok "the last of twenty stopped the server" is_down
for round in 1 2 3; do
	ok "twenty at once, round $round" at_once 20
	ok "stopped after round $round" is_down
done
ok "two at once" at_once 2
ok "stopped after two" is_down

# --- users and keeping -----------------------------------------------------------------------------

D=$T/many
ok "one is inside" come_in
first=$(postmaster)
ok "another comes and goes" answers
ok "and leaves the server to the first" test "$(postmaster)" = "$first"
ok "the first one leaves" go_out
ok "and stops it" is_down

# The server must hold neither our stdout, or this would wait for ever, nor our session.
ok "start returns" eval 'echo "$(RUAMILL_DATA=$D timeout 20 "$RUAMILL" db start 2>&1)" >"$T/err"; is_up'
ok "it is in a session of its own" \
	test "$(cut -d' ' -f6 "/proc/$(postmaster)/stat")" != "$(cut -d' ' -f6 /proc/$$/stat)"
ok "a kept one stays when its user leaves" eval 'answers && is_up'
ok "start again is fine" eval 'ru db start && is_up'
ok "psql takes the conninfo" eval \
	'[ "$(psql -X "$(RUAMILL_DATA=$D "$RUAMILL" db status --conninfo)" -Atc "select 1")" = 1 ]'
if [ "$(id -u)" = 0 ]; then
	ok "another user cannot come in" eval '! setpriv --reuid=nobody --regid=nogroup \
		--clear-groups psql -X "$(RUAMILL_DATA=$D "$RUAMILL" db status --conninfo)" -c "" 2>/dev/null'
fi
ok "one is inside the kept one" come_in
ok "stop does not stop it under him" eval 'ru db stop && is_up'
ok "and says so" grep -q "still use" "$T/err"
ok "he leaves" go_out
ok "the server with him" is_down
ok "start, stop" eval 'ru db start && is_up && ru db stop && is_down'
ok "stop where none runs" eval 'ru db stop && is_down'

# --- crashes --------------------------------------------------------------------------------------

ok "a client comes in" come_in
kill -9 "$inside"
wait "$inside" 2>/dev/null
ok "killed, it leaves the server up" is_up
ok "the next one works" answers
ok "and stops it" soon is_down
exec 5>&-

ok "a client is inside" come_in
kill -9 "$(postmaster)"
ok "the server is killed: the next one starts it again" answers
exec 5>&-
wait "$inside" 2>/dev/null
ok "and it stops after both" soon is_down

ru db start
# shellcheck disable=SC2046 # a list of numbers
kill -9 $(server_pids "$D") 2>/dev/null
soon gone
ok "killed with all children, status tells" is_not_up
ok "it starts again" eval 'answers && is_up'

# A restart of the machine: the number of the dead server is another program's.
# shellcheck disable=SC2046
kill -9 $(server_pids "$D") 2>/dev/null
soon gone
as_server=()
[ "$(id -u)" = 0 ] && as_server=(setpriv --reuid=postgres --regid=postgres --clear-groups)
"${as_server[@]}" sleep 300 &
pid=$!
for file in "$D/cluster/postmaster.pid" "$D/socket/.s.PGSQL.5432.lock"; do
	sed "1s/.*/$pid/" "$file" >"$T/stale" && cat "$T/stale" >"$file"
done
ok "a stale number that another program has" answers
kill "$pid"
wait "$pid" 2>/dev/null
ok "stop after crashes" eval 'ru db stop && is_down'

# initdb goes on when its caller is killed; whoever comes next waits for it, then begins anew.
D=$T/killed
RUAMILL_DATA=$D "$RUAMILL" db psql -- -XAtc 'select 1' >/dev/null 2>&1 &
victim=$!
soon test -e "$D/cluster.new"
kill -9 "$victim"
wait "$victim" 2>/dev/null
ok "killed while it makes the database, the next one makes it" answers
ok "and leaves nothing unfinished" test ! -e "$D/cluster.new"
ok "and stops it" is_down

ru db start
RUAMILL_DATA=$D "$RUAMILL" db psql -- -XAtqd "host=$D/socket dbname=postgres user=ruamill" \
	-c 'drop database ruamill with (force)' >/dev/null 2>&1
ok "a dropped database is made again" answers
ru db stop

# A server whose socket somebody has cleaned away.
ru db start
rm -rf "$D/socket"
ok "a lost socket" answers
ru db stop
ok "and stopped" is_down

# --- names ------------------------------------------------------------------------------------------

D="$T/it's \"a\" \\path \$(with) \`blanks\` %s é"
ok "blanks, quotes and backslashes in the path" answers
ok "stopped there" is_down
D="$T/a, comma"
ok "a comma, which libpq takes for the end of a host" answers
ok "stopped there too" is_down

D=$T/$(printf 'long%.0s' $(seq 40))
ok "too long for a socket" eval 'ru db start && answers'
short=$(socket_of)
ok "has a short one elsewhere" eval '[ -n "$short" ] && [ "${#short}" -lt 80 ]'
ok "only we can enter it" test "$(mode "$short")" = 700
ru db stop
ok "which is gone after it" test ! -e "$short"
mkdir -m 755 "$short"
ok "refused where others can enter it" eval 'answers; fails_with 78 $? "$short"'
rmdir "$short"
ln -s "$T" "$short"
ok "refused where it is a link" eval 'answers; fails_with 78 $? "$short"'
rm "$short"
if [ "$(id -u)" = 0 ]; then
	install -d -m 700 -o nobody "$short"
	ok "refused where it is another's" eval 'answers; fails_with 78 $? "$short"'
	rmdir "$short"
else
	mkdir -m 700 "$T/run"
	ok "in the user's runtime folder" eval 'XDG_RUNTIME_DIR=$T/run ru db start'
	ok "it is there" eval 'socket_of | grep -qF "$T/run/"'
	ok "one without that variable finds it" eval 'answers && is_up'
	ru db stop
fi
ok "works after all that" eval 'answers && is_down'

D=$T/deeper/and/deeper
ok "folders above it are made" eval 'answers && is_down'
if [ "$(id -u)" != 0 ]; then
	D=$T/xdg/ruamill
	ok "XDG_DATA_HOME" eval 'XDG_DATA_HOME=$T/xdg RUAMILL_DATA= "$RUAMILL" db psql -- -XAtc "select 1" \
		>/dev/null 2>"$T/err" && [ -d "$D/cluster" ]'
	D=$T/.local/share/ruamill
	ok "else HOME" eval 'RUAMILL_DATA= "$RUAMILL" db psql -- -XAtc "select 1" \
		>/dev/null 2>"$T/err" && [ -d "$D/cluster" ]'
fi

# --- what cannot work ---------------------------------------------------------------------------------

D=$T/none
export RUAMILL_PG_BINDIR=/nonexistent
ok "no server programs" eval \
	'answers; fails_with 78 $? "server programs are missing" /nonexistent "apt-get install postgresql"'
D=$T/many
ok "none for an existing database" eval 'answers; fails_with 78 $? "server programs are missing" /nonexistent'
unset RUAMILL_PG_BINDIR
D=$T/none
ok "then with them" eval 'answers && is_down'

D=$T/many
cp "$D/cluster/PG_VERSION" "$T/version"
echo 14 >"$D/cluster/PG_VERSION"
ok "made by another version" eval \
	'answers; fails_with 78 $? "PostgreSQL 14" "PostgreSQL $(cat "$T/version")" pg_upgrade'
: >"$D/cluster/PG_VERSION"
ok "not a database" eval 'answers; fails_with 78 $? PG_VERSION "$D"'
cat "$T/version" >"$D/cluster/PG_VERSION"
ok "put right again" answers

echo 'nonsense here' >>"$D/cluster/postgresql.conf"
ok "broken settings of its owner" eval 'answers; fails_with 78 $? "configuration file"'
sed -i '$d' "$D/cluster/postgresql.conf"
ok "put right as well" eval 'answers && is_down'

mkdir -m 700 "$T/closed"
D=$T/closed/data
if [ "$(id -u)" = 0 ]; then
	ok "a folder above that the server cannot pass" eval \
		'answers; fails_with 78 $? "postgres" "$T/closed: " RUAMILL_DATA'
	ok "nothing was made in there" test ! -e "$D/cluster" -a ! -e "$D/cluster.new"
else
	chmod 500 "$T/closed"
	ok "a folder above that cannot be written" eval 'answers; fails_with 78 $? "$T/closed" RUAMILL_DATA'
	chmod 700 "$T/closed"
fi

D=$T/open
mkdir "$D"
chmod 777 "$D"
ok "a folder that others can write to" eval 'answers; fails_with 78 $? "$D" "others can write"'
D=$T/file
: >"$D"
ok "a file in its place" eval 'answers; fails_with 78 $? "$D"'

D=$T/full
ok "disk full while it is made" eval '(ulimit -f 100 && answers); fails_with 74 $? "$D" "File too large"'
ok "nothing half done is left" test ! -e "$D/cluster" -a ! -e "$D/cluster.new"
ok "with room it is made" eval 'answers && is_down'

# --- the same as an unprivileged user -------------------------------------------------------------------

if [ "$(id -u)" = 0 ]; then
	install -m 755 "$RUAMILL" "$T/ruamill"
	install -m 644 "${BASH_SOURCE[0]}" "$T/cluster.sh"
	install -d -m 755 -o nobody "$T/n"
	(cd / && setpriv --reuid=nobody --regid=nogroup --clear-groups \
		env RUAMILL="$T/ruamill" TMPDIR="$T/n" CLUSTER_TEST_AS="unprivileged: " \
		bash "$T/cluster.sh") || failed=1
fi

exit "$failed"
