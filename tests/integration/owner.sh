#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What the owner knows, in the database: written down by commands, or in SQL, and applied. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/owner.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server
fresh_database owner
copy_sample "$T/box"
ru ingest --db "$DB" "$T/box"
rules() { sql "select kind, value, sender from sender_rule order by 1, 2"; }

ru senders rules --db "$DB"
ok "nothing is said yet" eval 'ends_with 0 && grep -q "Nothing yet" "$T/out"'
ru senders add --db "$DB" kaizen --mailfrom Bounce.Example.COM --selector tok1
ok "add: two rules of a service of the catalogue" eval 'ends_with 0 "db rejudge" && prints_nothing'
ru senders add --db "$DB" "Our CRM" --ip 192.0.2.7 --ip 2001:db8::/32
ok "add: a name of one's own" ends_with 0
ok "all are there, in one spelling" is "ip|192.0.2.7|Our CRM
ip|2001:db8::/32|Our CRM
mailfrom|bounce.example.com|kaizen
selector|tok1|kaizen" "$(rules)"
ok "with who and when" is 4 "$(sql "select count(*) from sender_rule where added_by = session_user and added_at <= now()")"
ru senders add --db "$DB" spotme --mailfrom bounce.example.com
ok "what says else replaces what was said" is spotme "$(sql "select sender from sender_rule where kind = 'mailfrom'")"
ru senders own --db "$DB" Example.NET. bücher.example
ok "own: two domains" ends_with 0
ok "as reports spell them" is "example.net
xn--bcher-kva.example" "$(sql "select domain from owned_domain order by 1")"
ru senders acknowledge --db "$DB" amazon-ses "Our CRM"
ok "acknowledge: of the catalogue, and one's own" is "Our CRM|f
amazon-ses|t" "$(sql "select id, shipped from sender where acknowledged order by id collate \"C\"")"
ru senders rules --db "$DB" --format json
ok "rules lists it all" is "acknowledged Our CRM, acknowledged amazon-ses, ip 192.0.2.7, ip 2001:db8::/32, mailfrom bounce.example.com, owned example.net, owned xn--bcher-kva.example, selector tok1" \
	"$(jq -r '[.rows[] | "\(.kind) \(.value)"] | sort | join(", ")' "$T/out")"
ru ingest --db "$DB" "$T/box"
ok "an ingestion leaves the owner's own alone" is "72|2" "$(sql "select count(*), count(*) filter (where acknowledged) from sender")"

wrong() {
	local name=$1 says=$2
	shift 2
	ru senders "$@" --db "$DB"
	ok "$name" ends_with 64 "$says"
}
before=$(rules)
wrong "add: no sender" "which sender?" add --ip 192.0.2.1
wrong "add: no rule" "how is it recognised?" add kaizen
wrong "add: a slip" "did you mean kaizen?" add kaizn --ip 192.0.2.1
wrong "add: not an address" "--ip 192.0.2.300" add kaizen --ip 192.0.2.300
wrong "add: not the first of its network" "not the first address" add kaizen --ip 192.0.2.7/24
wrong "add: not a domain" "not a domain" add kaizen --mailfrom "a b"
wrong "add: of several rules one is wrong" "not a domain" add kaizen --ip 192.0.2.9 --mailfrom "a b"
ok "and none of them is written" is "$before" "$(rules)"
wrong "own: a suffix" "nobody owns it" own co.uk
wrong "own: where anybody has an account" "nobody owns it" own example.info Gmail.com
wrong "own: nothing" "which domain?" own
wrong "disown: not owned" "not among the owned domains" disown example.org
wrong "remove: no such rule" "there is no such rule" remove --ip 192.0.2.99
wrong "remove: which?" "which rule?" remove
wrong "acknowledge: nobody" "neither a sender of the catalogue" acknowledge nobody

ru senders remove --db "$DB" --ip 192.0.2.7 --selector tok1
ok "remove" is "ip|2001:db8::/32|Our CRM
mailfrom|bounce.example.com|spotme" "$(rules)"
ru senders disown --db "$DB" example.net
ok "disown" is xn--bcher-kva.example "$(sql "select domain from owned_domain")"
ru senders acknowledge --undo --db "$DB" amazon-ses
ok "acknowledge --undo" is "Our CRM" "$(sql "select id from sender where acknowledged")"

# Applied to history, and to new mail.
sql "delete from sender_rule"
host=$(sql "select mailfrom from judgement where service = 'amazon-ses' and spf_cause = 'spf-unaligned-default-mailfrom'
	group by 1 order by count(*) desc, 1 limit 1")
before=$(sql "select sum(messages) from daily_sender where sender = 'amazon-ses'")
ru senders add --db "$DB" xmpie-xes --mailfrom "$host"
ru db rejudge --db "$DB"
ok "rejudge applies it to history" test "$(sql "select coalesce(sum(messages), 0) from daily_sender where sender = 'xmpie-xes'")" -gt 0
ok "and takes it from the other" eval '[ "$(sql "select coalesce(sum(messages), 0) from daily_sender where sender = '"'amazon-ses'"'")" -lt "$before" ]'
drop_database owner

# New mail is judged by a rule on its address at once, whatever is known of the address by then; history is by
# rejudge, also where the address has sent again meanwhile.
fresh_database addresses
# day NAME DAYS [SED]: a report so many days after the first, of two addresses.
day() {
	report "$1" example.com 3 4 |
		sed "s/1793491200/$((1793491200 + $2 * 86400))/; s/1793577599/$((1793577599 + $2 * 86400))/; ${3:-}" >"$T/$1.xml"
	ru ingest --db "$DB" "$T/$1.xml"
}
sent() { sql "select day, string_agg(coalesce(sender, '-') || ' ' || messages, ', ' order by messages) from daily_sender group by 1 order by 1"; }
day earlier -1 '/192\.0\.2\.1</d'
day first 0
printf '192.0.2.1 mx.example.com\n' >"$T/names"
ru hosts import --db "$DB" "$T/names"
ok "before the rule" is "2026-10-31|- 4
2026-11-01|- 3, - 4" "$(sent)"
ru senders add --db "$DB" "Our CRM" --ip 192.0.2.0/24
day second 1
ok "after it new mail is judged by it, of an address with a name and of one without" is "2026-10-31|- 4
2026-11-01|- 3, - 4
2026-11-02|Our CRM 7" "$(sent)"
ok "the name stays" is "192.0.2.1|confirmed|mx.example.com" "$(sql "select host(address), state, name from host where name is not null")"
ru db rejudge --db "$DB"
ok "rejudge applies it to history" is "2026-10-31|Our CRM 4
2026-11-01|Our CRM 7
2026-11-02|Our CRM 7" "$(sent)"
ok "and is done then" is 0 "$(sql "select count(*) from host where stale")"
ru senders remove --db "$DB" --ip 192.0.2.0/24
day third 2
ok "without the rule new mail is as before" is "2026-10-31|Our CRM 4
2026-11-01|Our CRM 7
2026-11-02|Our CRM 7
2026-11-03|- 3, - 4" "$(sent)"
ru db rejudge --db "$DB"
ok "and history by rejudge" is "2026-10-31|- 4
2026-11-01|- 3, - 4
2026-11-02|- 3, - 4
2026-11-03|- 3, - 4" "$(sent)"
ok "nothing is known of an address any more that only the rule knew" is 192.0.2.1 "$(sql "select host(address) from host")"

# What SPF is to list is the rule's network, wherever it is said.
sql "delete from sender_rule"
ru senders add --db "$DB" "Our CRM" --ip 192.0.2.0/24
report listing example.com 5 | sed 's#<dkim><domain>.*</dkim>##; s/<dkim>pass/<dkim>fail/; s/other.example/example.com/
	s/<result>pass/<result>softfail/' >"$T/listing.xml"
ru ingest --db "$DB" "$T/listing.xml"
listing='example.com. TXT "v=spf1 ip4:192.0.2.0/24 ~all"'
ru report senders --db "$DB" --since 2026-11-01 --until 2026-11-03 --format json
ok "what SPF is to list: in the report" is "$listing" "$(jq -r '.findings[].remedies[] | select(.kind == "record").text' "$T/out")"
ru explain "Our CRM" --db "$DB" --since 2026-11-01 --until 2026-11-03
ok "in the explanation" eval 'ends_with 0 && grep -qF "$listing" "$T/out"'
ok "in the view" is "$listing" "$(sql "select distinct unnest(dns) from remedies")"
drop_database addresses

ru senders add kaizen --ip 192.0.2.1 --db "host=$T/nowhere"
ok "no database: try again" ends_with 75
exit $failed
