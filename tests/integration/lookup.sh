#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Host names out of DNS: from a real name server, and from one that does what a real one never would, both on
# the loopback. Run as
#
#	RUAMILL=/path/to/ruamill BUILD_DIR=build/release bash tests/integration/lookup.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"
RESPONDER=$(realpath "${BUILD_DIR:?}")/tests/responder
PATH=$PATH:/usr/sbin

# --- name servers ---------------------------------------------------------------------------------

# Each is ended by its process id: NSD's children go with their parent only when that is asked to.
servers=()
# shellcheck disable=SC2317 # called by trap
end_servers() {
	local pid
	for pid in "${servers[@]}"; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	clean_up
}
trap end_servers EXIT

# start_responder NAME [DELAY [ADDRESS=BEHAVIOUR ...]]: sets $AT; its questions are in $T/NAME.asked.
start_responder() {
	local name=$1 delay=${2:-0}
	shift 1
	[ $# -eq 0 ] || shift
	: >"$T/$name.asked"
	"$RESPONDER" "$delay" "$T/$name.asked" "$@" >"$T/$name.port" 2>"$T/$name.err" &
	servers+=($!)
	soon [ -s "$T/$name.port" ] || { echo "not ok start a responder"; cat "$T/$name.err"; exit 1; }
	AT=127.0.0.1:$(cat "$T/$name.port")
}
asked() { wc -l <"$T/$1.asked"; }
# at_least NUMBER COMMAND...
at_least() {
	local least=$1
	shift
	[ "$("$@")" -ge "$least" ]
}

# zone NAME: with its records from standard input.
zone() {
	local file=${1//\//_}
	{ printf '$ORIGIN %s.\n$TTL 60\n@ SOA ns.example.net. hostmaster.example.net. 1 3600 600 86400 60\n@ NS ns.example.net.\n' "$1"
		cat; } >"$T/nsd/$file"
	printf 'zone:\n\tname: "%s"\n\tzonefile: "%s"\n' "$1" "$file" >>"$T/nsd/zones"
}

# A port that is free now: of a server that is gone again.
free_port() {
	local pid
	rm -f "$T/free"
	"$RESPONDER" >"$T/free" 2>/dev/null &
	pid=$!
	soon [ -s "$T/free" ]
	kill "$pid" && wait "$pid" 2>/dev/null
	port=$(cat "$T/free")
}

write_nsd_conf() {
	cat <<CONF
server:
	ip-address: 127.0.0.1@$port
	port: $port
	username: ""
	chroot: ""
	database: ""
	zonesdir: "$T/nsd"
	xfrdir: "$T/nsd"
	xfrdfile: "$T/nsd/xfrd"
	zonelistfile: "$T/nsd/list"
	pidfile: "$T/nsd/pid"
	logfile: "$T/nsd/log"
	server-count: 1
remote-control:
	control-enable: no
CONF
	cat "$T/nsd/zones"
}

# Sets $NSD. Should somebody take the port just now, another is tried.
start_nsd() {
	local port pid _
	for _ in 1 2 3 4 5; do
		free_port
		write_nsd_conf >"$T/nsd/conf"
		: >"$T/nsd/log"
		nsd -d -c "$T/nsd/conf" >"$T/nsd/out" 2>&1 &
		pid=$!
		soon eval "grep -q 'nsd started' '$T/nsd/log' || ! kill -0 $pid 2>/dev/null"
		if kill -0 "$pid" 2>/dev/null; then
			servers+=("$pid")
			NSD=127.0.0.1:$port
			return
		fi
	done
	echo "not ok start NSD"
	cat "$T/nsd/out" "$T/nsd/log"
	exit 1
}

# --- zones ----------------------------------------------------------------------------------------

mkdir "$T/nsd"
{
	cat <<'ZONE'
1 PTR mail.example.net.
; 2 has no name
3 PTR elsewhere.example.net.
4 PTR nowhere.example.net.
5 PTR z.example.net.
5 PTR m.example.net.
5 PTR a.example.net.
6 CNAME loop
loop CNAME 6
7 PTR loop1.example.net.
8 PTR mx.broken.example.
10 PTR localhost.
10 PTR 10.100.51.198.
10 PTR MX10.EXAMPLE.NET.
10 PTR two\032words.example.net.
11 PTR localhost.
11 PTR \027[31mred.example.net.
11 PTR 198.51.100.11.
12 PTR a000.example.net.
13 PTR alias.example.net.
14 CNAME 14.0/26.100.51.198.in-addr.arpa.
15 TXT "no name either"
20 PTR a7-12.smtp-out.eu-west-1.amazonses.com.
ZONE
	seq -f '12 PTR b%03g-to-fill-a-reply.example.net.' 1 200
} | zone 100.51.198.in-addr.arpa
zone 0/26.100.51.198.in-addr.arpa <<'ZONE'
14 PTR classless.example.net.
ZONE
zone 8.b.d.0.1.0.0.2.ip6.arpa <<'ZONE'
1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR six.example.net.
2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR mail.example.net.
ZONE
zone example.net <<'ZONE'
mail A 198.51.100.1
elsewhere A 198.51.100.33
a A 198.51.100.33
m A 198.51.100.5
z A 198.51.100.5
loop1 CNAME loop2
loop2 CNAME loop1
mx10 A 198.51.100.10
a000 A 198.51.100.12
alias CNAME canonical
canonical A 198.51.100.34
canonical A 198.51.100.13
classless A 198.51.100.14
six AAAA 2001:db8::1
ZONE
zone amazonses.com <<'ZONE'
a7-12.smtp-out.eu-west-1 A 198.51.100.20
ZONE
# Without their files: the server fails.
for name in broken.example 113.0.203.in-addr.arpa; do
	printf 'zone:\n\tname: "%s"\n\tzonefile: "missing"\n' "$name" >>"$T/nsd/zones"
done
start_nsd

# --- what a real server says ----------------------------------------------------------------------

# record ADDRESS [COUNT]
record() {
	echo "<record><row><source_ip>$1</source_ip><count>${2:-1}</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers><auth_results><spf><domain>amazonses.com</domain><result>softfail</result></spf></auth_results></record>"
}
# report_of ID ADDRESS...
report_of() {
	local id=$1 address
	shift
	report "$id" example.com | grep -v '</feedback>'
	for address in "$@"; do record "$address"; done
	echo '</feedback>'
}
hosts() { sql "select host(address), state, name from host where looked_up_at is not null order by address"; }
lookup() { ru hosts lookup --db "$DB" "$@"; }

start_server
fresh_database lookup
report_of all 198.51.100.{1..8} 198.51.100.{10..15} 198.51.100.20 203.0.113.9 192.0.2.1 2001:db8::1 2001:db8::2 \
	10.0.0.1 127.0.0.1 169.254.1.1 ::1 fe80::1 fd00::1 255.255.255.255 >"$T/report.xml"
ru ingest --db "$DB" "$T/report.xml"
ok "ingest" ends_with 0
judged() {
	sql "select infrastructure, last_hop, 'host-not-looked-up' = any (flags) from records where source_ip = '198.51.100.20'"
}
ok "nobody was asked yet" is "||t" "$(judged)"

lookup --server "$NSD" --dry-run
ok "a rehearsal" eval 'ends_with 0 && is "would ask $NSD for the names of 19 addresses" "$(cat "$T/out")"'
ok "which stores nothing" is "" "$(hosts)"

lookup --server "$NSD"
ok "look up" ends_with 0 "19 addresses looked up: 8 with a confirmed name, 4 with one that is not, 4 without a name" \
	"of 3 nobody could tell" "7 addresses belong to local networks"
ok "names resolve back, or do not, or are none" is "192.0.2.1|not looked up|
198.51.100.1|confirmed|mail.example.net
198.51.100.2|no name|
198.51.100.3|unconfirmed|elsewhere.example.net
198.51.100.4|unconfirmed|nowhere.example.net
198.51.100.5|confirmed|m.example.net
198.51.100.6|no name|
198.51.100.7|unconfirmed|loop1.example.net
198.51.100.8|not looked up|
198.51.100.10|confirmed|mx10.example.net
198.51.100.11|no name|
198.51.100.12|confirmed|a000.example.net
198.51.100.13|confirmed|alias.example.net
198.51.100.14|confirmed|classless.example.net
198.51.100.15|no name|
198.51.100.20|confirmed|a7-12.smtp-out.eu-west-1.amazonses.com
203.0.113.9|not looked up|
2001:db8::1|confirmed|six.example.net
2001:db8::2|unconfirmed|mail.example.net" "$(hosts)"
ok "what is stored is judged by them" is "amazon-ses|amazon-ses|f" "$(judged)"
ok "and nothing is left to do" is 0 "$(sql "select count(*) from dirty_day")"

# --- what is asked for again ----------------------------------------------------------------------

lookup --server "$NSD"
ok "only what nobody could tell" ends_with 0 "3 addresses looked up: 0 with" "of 3 nobody could tell"
sql "update host set looked_up_at = '2020-01-01' where address in ('198.51.100.1', '198.51.100.2')"
sql "update host set state = 'confirmed', name = 'mx.example.org', looked_up_at = '2020-01-01' where address = '203.0.113.9'"
sql "update host set looked_up_at = '2020-01-01' where address = '2001:db8::1'"
sql "update host_seen set first_day = '2019-12-30', last_day = '2019-12-31' where address = '2001:db8::1'"
lookup --server "$NSD" --refresh 90d
ok "and what is old" ends_with 0 "5 addresses looked up: 1 with a confirmed name, 0 with one that is not, 1 without a name"
ok "a name that nobody can tell any more is kept" is "203.0.113.9|confirmed|mx.example.org" "$(hosts | grep ^203)"
ok "what sent nothing since is left alone" is "2020-01-01" "$(sql "select looked_up_at::date from host where address = '2001:db8::1'")"
lookup --server "$NSD" --refresh 90d --dry-run
ok "what was asked for is new again" is "would ask $NSD for the names of 3 addresses" "$(cat "$T/out")"

# --- order and limit ------------------------------------------------------------------------------

# seen ADDRESS DAY MESSAGES
seen() { sql "insert into host_seen values ('$1', 'example.com', '$2', '$2', $3)"; }
sql "delete from host; delete from host_seen"
seen 192.0.2.1 2026-11-01 5000
seen 192.0.2.2 2026-11-03 10
seen 192.0.2.3 2026-11-03 20
seen 192.0.2.4 2026-11-02 90
sql "insert into host values ('192.0.2.1', 'not looked up', null, '', null, null, now())"
start_responder order
lookup --server "$AT" --rate 5 --limit 3
ok "a limit" ends_with 0 "3 addresses looked up" "1 more addresses are left for another run"
ok "the newest first, of those the one with most mail" is "12 3.2.0.192.in-addr.arpa
12 2.2.0.192.in-addr.arpa
12 4.2.0.192.in-addr.arpa" "$(grep '^12.*192' "$T/order.asked")"
lookup --server "$AT" --limit 3
ok "and last of all who was asked for already" ends_with 0 "1 addresses looked up: 1 with a confirmed name"
lookup --server "$AT"
ok "nothing is left" eval 'ends_with 0 "no address is left" && is 10 "$(asked order)"'

# --- servers that misbehave -----------------------------------------------------------------------

sql "delete from host"
start_responder bad 0 192.0.2.1=forged 192.0.2.2=other-owner 192.0.2.3=other-alias 192.0.2.4=cut
lookup --server "$AT"
ok "replies for others are not believed" is "192.0.2.1|confirmed|host-c0000201.hosts.example.net
192.0.2.2|no name|
192.0.2.3|no name|
192.0.2.4|not looked up|" "$(hosts)"

sql "delete from host"
start_responder odd 0 192.0.2.1=servfail 192.0.2.2=refused 192.0.2.3=forward-servfail 192.0.2.4=nxdomain
lookup --server "$AT"
ok "a server that cannot tell is no answer" is "192.0.2.1|not looked up|
192.0.2.2|not looked up|
192.0.2.3|not looked up|
192.0.2.4|no name|" "$(hosts)"
ok "and is not asked the same again" is "$(sort "$T/odd.asked")" "$(sort -u "$T/odd.asked")"

ODD=$AT
sql "delete from host"
start_responder good
lookup --server "$ODD,$AT"
ok "but the next one is" is "192.0.2.1|confirmed
192.0.2.2|confirmed
192.0.2.3|confirmed
192.0.2.4|no name" "$(hosts | cut -d'|' -f1,2)"

sql "delete from host"
start_responder late 0 192.0.2.1=second 192.0.2.2=second
lookup --server "$AT" --timeout 300 --tries 10
ok "who does not answer is asked once more" ends_with 0 "4 addresses looked up: 4 with a confirmed name"

sql "delete from host"
start_responder mute 0 127.0.0.1=silent 192.0.2.1=silent 192.0.2.2=garbage 192.0.2.3=wrong-id 192.0.2.4=other-question
lookup --server "$AT" --timeout 100 --tries 3
ok "nothing that answers" eval 'ends_with 75 "no name server answers" "$AT" && soon at_least 15 asked mute'
ok "nothing becomes known of it" is 0 "$(sql "select count(*) from host where state <> 'not looked up'")"
free_port
lookup --server "127.0.0.1:$port"
ok "nobody there" ends_with 75 "no name server answers" "127.0.0.1:$port"
lookup --server "127.0.0.1:$port,$NSD,[::1]:$port" --refresh 1d
ok "one that is there among others" ends_with 0 "4 addresses looked up"

# --- a run that is broken off ---------------------------------------------------------------------

# many COUNT: so many addresses, and one before them that nobody answers for.
many() {
	sql "delete from host; delete from host_seen"
	sql "insert into host_seen select '198.18.0.0'::inet + n, 'example.com', '2026-11-01', '2026-11-01', 1 from generate_series(1, $1) n"
	seen 192.0.2.1 2026-11-02 1
}
stored() { sql "select count(*) from host where state = 'confirmed'"; }

many 300
start_responder broken 0 192.0.2.1=silent
"$RUAMILL" hosts lookup --db "$DB" --server "$AT" --timeout 60000 2>"$T/err" &
pid=$!
soon at_least 602 asked broken
kill -TERM $pid
wait $pid
status=$?
ok "a signal ends it" ends_with 75 "stopped by a signal" "what was found out is stored"
# Not more than 256 are under way: the last one was asked for when the others had been told.
ok "what was found out is stored" at_least 44 stored
before=$(stored)
lookup --server "$AT" --timeout 200 --tries 5
ok "the next run goes on" ends_with 0 "$((301 - before)) addresses looked up: $((300 - before)) with a confirmed name" "of 1 nobody"
ok "one address that nobody answers for is no fault" eval 'lookup --server "$AT" --timeout 200 --tries 5; ends_with 0 "1 addresses looked up" "of 1 nobody"'

many 10500
start_responder killed 0 192.0.2.1=silent
"$RUAMILL" hosts lookup --db "$DB" --server "$AT" --timeout 60000 2>"$T/err" &
pid=$!
soon at_least 10000 stored
disown $pid
kill -KILL $pid
ok "a long run stores piece by piece" is 10000 "$(stored)"

# --- nothing is sent unless it is asked for --------------------------------------------------------

# traced COMMAND...: the sockets that it opens, and its children, are in $T/sockets. A leak cannot be looked for
# while another watches.
traced() {
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 timeout 300 strace -f -qq -e trace=socket -o "$T/sockets" "$RUAMILL" "$@" >"$T/out" 2>"$T/err"
	status=$?
}
offline() {
	is "status 0" "status $status" && grep -q AF_UNIX "$T/sockets" && ! grep -E 'AF_INET|AF_PACKET|AF_NETLINK' "$T/sockets"
}
drop_database lookup
fresh_database lookup
traced ingest --db "$DB" "$T/report.xml"
ok "ingest asks nobody" offline
traced report --db "$DB"
ok "report asks nobody" offline
traced db rejudge --db "$DB"
ok "db rejudge asks nobody" offline
traced hosts lookup --db "$DB" --server "$NSD" --dry-run
ok "a rehearsal asks nobody" offline
traced hosts lookup --db "$DB" --server "$NSD"
ok "hosts lookup asks" grep -q 'AF_INET, SOCK_DGRAM' "$T/sockets"
ok "over TCP, where a reply does not fit" grep -q 'AF_INET, SOCK_STREAM' "$T/sockets"

# What the system says in a form that needs no understanding: else only that it is understood somehow.
system=$(awk '$1 == "nameserver" { printf "%s%s", sep, $2; sep = "," }' /etc/resolv.conf 2>/dev/null)
[[ ${system:=127.0.0.1} =~ ^[0-9.,]+$ ]] || system=
ru hosts lookup --db "$DB" --dry-run
ok "the system's name servers" eval 'ends_with 0 && grep -q "^would ask $system" "$T/out"'

# --- the command line -----------------------------------------------------------------------------

# wrong NAME SAYS OPTION...
wrong() {
	local name=$1 says=$2
	shift 2
	lookup "$@"
	ok "$name" ends_with 64 "$says"
}
for server in x 127.0.0.1: 127.0.0.1:0 127.0.0.1:65536 '[::1' '[::1]53' ::1: 1.2.3.4,, dns.example.net; do
	wrong "--server $server" "not the address of a name server" --server "$server"
done
wrong "nine servers" "more than 8 name servers" --server 127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1
wrong "--rate 0" "--rate 0" --rate 0
wrong "--timeout" "give it like 5000" --timeout 5s
wrong "--tries" "--tries 11" --tries 11
wrong "--limit" "--limit 1000001" --limit 1000001
wrong "--refresh" "give it like 90d" --refresh 90w
wrong "an argument" "takes no arguments" 192.0.2.1

# --- the nightly run ------------------------------------------------------------------------------

fresh_database night
start_responder night
mkdir "$T/night" && report night example.com 1 2 >"$T/night/report"
printf '[database]\nconnect = %s\n[source box]\nfrom = %s\n[lookup]\nserver = %s\n' "$DB" "$T/night" "$AT" >"$T/night.conf"
ru nightly --config "$T/night.conf"
ok "a nightly run asks nobody" eval 'ends_with 0 && is 0 "$(asked night)"'
echo 'enabled = yes' >>"$T/night.conf"
ru check --config "$T/night.conf"
ok "check: the name server answers" grep -q "^ok .*look-ups: $AT answers" "$T/out"
ru nightly --config "$T/night.conf"
ok "unless that is switched on" ends_with 0
ok "it tells" grep -q '^2 addresses were looked up, 2 have a confirmed name\.' "$T/out"
ok "they are known" is 2 "$(sql "select count(*) from host where looked_up_at is not null")"
ru hosts lookup --config "$T/night.conf"
ok "hosts lookup goes by it, too" ends_with 0 "no address is left"
drop_database night
drop_database lookup
exit $failed
