#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Host names of source addresses: taken from a file, and judged by. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/hosts.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server
fresh_database hosts
report names example.com 1 2 >"$T/report.xml"
sed -i '0,/<source_ip>[^<]*/s//<source_ip>198.51.100.1/; 0,/<source_ip>192[^<]*/s//<source_ip>198.51.100.2/' "$T/report.xml"
ru ingest --db "$DB" "$T/report.xml"
ok "two addresses" is "198.51.100.1
198.51.100.2" "$(sql "select host(source_ip) from record order by 1")"
ok "of which nobody has asked" is "host-not-looked-up|2" "$(sql "select f, count(distinct source_ip) from record r
	join judgement j on j.stream_key = r.stream_key, unnest(j.flags) f where f like 'host%' group by 1")"

printf '%s\n' "# names" "198.51.100.1 mx1.Example.COM.  # ours" "" "198.51.100.2	-" "2001:db8::1 mx.example.org" >"$T/names"
ru hosts import --db "$DB" "$T/names"
ok "import" eval 'ends_with 0 "3 addresses" && prints_nothing'
ok "names, in the one spelling of names" is "198.51.100.1|confirmed|mx1.example.com
198.51.100.2|no name|
2001:db8::1|confirmed|mx.example.org" "$(sql "select host(address), state, name from host order by 1")"
ok "looked up just now" is 3 "$(sql "select count(*) from host where looked_up_at <= now()")"
ok "what is stored is judged by them" is "0|2" "$(sql "select (select count(*) from dirty_day), (select count(*) from daily d
	join judgement j on j.stream_key = d.stream_key and j.host_class = d.host_class
	where not 'host-not-looked-up' = any (j.flags))")"
ok "each by its own" is "confirmed example.com
none" "$(sql "select host_class from daily order by 1")"
ok "and nothing is lost" is "$(sql "select sum(count) from record")" "$(sql "select sum(messages) from daily_sender")"
printf '198.51.100.1 -\n' >"$T/names"
ru hosts import --db "$DB" "$T/names"
ok "a name can be taken back" is "none|$(sql "select sum(records) from daily")" "$(sql "select host_class, sum(records) from daily group by 1")"

wrong() {
	local name=$1 says=$2
	printf '%s\n' "198.51.100.9 mx.example.org" "$3" >"$T/names"
	ru hosts import --db "$DB" "$T/names"
	ok "$name" ends_with 78 "$says" "$T/names"
}
wrong "not an address" "not an address: mx.example.org" "mx.example.org 198.51.100.1"
wrong "no name" "not one name" "198.51.100.1"
wrong "two names" "not one name" "198.51.100.1 a.example b.example"
wrong "no host name" "not a host name" "198.51.100.1 a..b"
wrong "an address twice" "198.51.100.9 comes twice" "198.51.100.9 -"
wrong "which line" "line 2" "x y"
ok "nothing of such a file is taken" is 0 "$(sql "select count(*) from host where address = '198.51.100.9'")"
ru hosts import --db "$DB" "$T/none"
ok "no such file" ends_with 66
ru hosts import --db "$DB"
ok "no file" ends_with 64 "which file?"
drop_database hosts

# All classes anew, of more addresses than are held at once: those that are known and those that a rule makes worth it.
fresh_database many
report many example.com 1 | sed 's/<source_ip>[^<]*/<source_ip>10.0.255.255/' >"$T/report.xml"
ru ingest --db "$DB" "$T/report.xml"
sql "insert into host (address, state, name, class) select a, 'confirmed', 'mx.example.org', 'of before' from (
	select '10.0.0.0'::inet + n from generate_series(0, 69999) n union all select '2001:db8::'::inet + n from generate_series(0, 9) n) h (a)"
sql "insert into host_seen (address, policy_domain, first_day, last_day, messages, newest, stream_key)
	select '172.16.0.0'::inet + n, 'example.com', '2026-11-01', '2026-11-01', 1, 0, (select key from stream limit 1) from generate_series(1, 25000) n"
sql "insert into sender_rule (kind, value, sender) values ('ip', '172.16.0.0/12', 'Our CRM')"
tell_rows='-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c auto_explain.log_level=notice
	-c auto_explain.log_analyze=on -c auto_explain.log_timing=off'
[ -z "${SPREAD:-}" ] || tell_rows= # several machines cannot
PGOPTIONS=$tell_rows ru db rejudge -v --db "$DB"
ok "many addresses are classed anew" ends_with 0
ok "each of them" is "@172.16.0.0|25000
confirmed example.org|70010" "$(sql "select class, count(*) from host group by 1 order by 1")"
ok "and what is known stays" is "confirmed|mx.example.org|70010
not looked up||25000" "$(sql "select state, name, count(*) from host group by 1, 2 order by 1")"
ok "days are judged by them" is "confirmed example.org" "$(sql "select distinct host_class from daily")"
[ -n "${SPREAD:-}" ] || ok "no statement brings them all" is 20000 "$(awk '/select host\(/ && match($0, /actual rows=[0-9]+/) {
	print substr($0, RSTART + 12, RLENGTH - 12) }' "$T/err" | sort -n | tail -n 1)"
drop_database many

# Whose an address is: the newest of its records tells, of that day the largest, in whatever order they come.
fresh_database whose
# mail NAME DAYS SERVICE COUNT: from 192.0.2.1, so many days after the first.
mail() {
	report "$1" example.com "$4" | sed "s/1793491200/$((1793491200 + $2 * 86400))/; s/1793577599/$((1793577599 + $2 * 86400))/
		s/other.example/$3/" >"$T/$1.xml"
	ru ingest --db "$DB" "$T/$1.xml"
}
whose() { ru report hosts --db "$DB" --format json "$@" && jq -r '.rows[] | [.sender // "-", .sender_name, .messages, .last_day] | map(tostring) | join("|")' "$T/out"; }
mail old 1 amazonses.com 50
ok "of one" is "amazon-ses|Amazon SES|50|2026-11-02" "$(whose)"
mail small 2 sendgrid.net 5
ok "of the newest" is "sendgrid|Twilio SendGrid|55|2026-11-03" "$(whose)"
mail large 2 mandrillapp.com 6
ok "and largest" is "mandrill|Mailchimp Transactional (Mandrill)|61|2026-11-03" "$(whose)"
mail less 2 amazonses.com 4
mail late 0 amazonses.com 1000
ok "not of what is smaller or older, and comes later" is "mandrill|Mailchimp Transactional (Mandrill)|1065|2026-11-03" "$(whose)"
ok "--sender is of that one" is "mandrill 0" "$(whose --sender mandrill | cut -d "|" -f 1) $(whose --sender amazon-ses | wc -l)"
sql "truncate record"
ok "whose it is is known without the records" is "mandrill|Mailchimp Transactional (Mandrill)|1065|2026-11-03" "$(whose)"
ok "the view says so, too" is "mandrill|Mailchimp Transactional (Mandrill)|aligned-dkim-only|f" "$(sql "select sender, sender_name, verdict, is_foreign from hosts")"
ru senders own --db "$DB" example.org
ok "what is told of other people's domains is left out" is 0 "$(whose | wc -l)"
drop_database whose
exit $failed
