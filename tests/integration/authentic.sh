#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Whether reports are what they say: whose mail they came in, what a trusted server says of that, and
# whether they are on the owner's domains. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/authentic.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server

# mail NAME FROM REPORTER DOMAIN [FIELD...]: a mail in the box with a report of the reporter on the domain, and
# with these fields above it. An empty FROM: it has none.
box=$T/box
mkdir -p "$box/new" "$box/cur" "$box/tmp"
mail() {
	local name=$1 from=$2 reporter=$3 domain=$4
	shift 4
	{
		[ $# = 0 ] || printf '%s\n' "$@"
		[ -z "$from" ] || printf '%s\n' "From: $from"
		printf '%s\n' "Subject: Report" "MIME-Version: 1.0" "Content-Type: application/xml" ""
		report "$name" "$domain" 5 | sed "s|>Reporter<|>$reporter<|; s|dmarc@reporter.example|noreply-dmarc-support@google.com|"
	} >"$box/new/$name"
}
trusted="Authentication-Results: mx.example.com;"
mail true noreply-dmarc-support@google.com google.com example.com "$trusted dmarc=pass header.from=google.com;
	dkim=pass header.d=google.com header.s=20230601"
mail untold "Google <noreply-dmarc-support@Google.COM.>" google.com example.com
mail forged noreply-dmarc-support@google.com google.com example.com "$trusted dmarc=fail header.from=google.com"
mail below noreply-dmarc-support@google.com google.com example.com "$trusted dmarc=fail header.from=google.com" \
	"Received: from evil.example by mx.example.com" "$trusted dmarc=pass header.from=google.com"
mail stranger noreply-dmarc-support@google.com google.com example.com \
	"Authentication-Results: mx.evil.example; dmarc=pass header.from=google.com"
mail other someone@evil.example google.com example.com "$trusted dmarc=pass header.from=evil.example; dkim=pass header.d=evil.example"
mail nobody "" google.com example.com
mail two "a@google.com, b@evil.example" google.com example.com
mail twice $'a@google.com\nFrom: b@evil.example' google.com example.com
mail nameless "undisclosed-recipients:;" google.com example.com
mail unsigned noreply-dmarc-support@google.com google.com example.com "$trusted spf=none smtp.mailfrom=google.com"
mail foreign noreply-dmarc-support@google.com google.com foreign.example "$trusted dmarc=pass header.from=google.com"
mail foreign-other someone@evil.example google.com sub.foreign.example
report file example.com 5 >"$T/file.xml"

origins() { sql "select r.report_id, r.origin, m.from_domain, m.authentication, m.signer from report r join message m on m.key = r.message_key order by 1"; }
cat >"$T/told" <<'END'
below|failed authentication|google.com|fail|
file|not known|||
foreign|authenticated|google.com|pass|
foreign-other|does not fit|evil.example||
forged|failed authentication|google.com|fail|
nameless|does not fit|||
nobody|does not fit|||
other|does not fit|evil.example|pass|evil.example
stranger|fits|google.com||
true|authenticated|google.com|pass|google.com
twice|does not fit|||
two|does not fit|||
unsigned|fits|google.com|none|
untold|fits|google.com||
END
fresh_database trust
ru ingest --db "$DB" --trust other.example --trust MX.example.com "$box" "$T/file.xml"
origins >"$T/got"
ok "with a trusted server" same "$T/told" "$T/got"
sql "update report set origin = 'not known'"
ru db rejudge --db "$DB"
origins >"$T/got"
ok "rejudge thinks the same of them" same "$T/told" "$T/got"
ok "and counts by what it thinks" is "$(sql "select reporter, origin, count(*) from report group by 1, 2 order by 1, 2")" \
	"$(sql "select reporter, origin, sum(reports) from daily_report group by 1, 2 order by 1, 2")"
ok "what comes without a mail has no From, a mail without one has an empty one" is "t|f" \
	"$(sql "select bool_or(from_domain is null) filter (where locator like '%file.xml'), bool_or(from_domain is null) filter (where locator not like '%file.xml') from message")"
ok "reporters are counted by it" is "google.com|13|2|3|6|2|0|0
reporter|1|0|0|0|0|1|0" "$(sql "select reporter, reports, reports_authenticated, reports_fitting, reports_not_fitting, reports_failing,
	reports_of_unknown_origin, reports_on_foreign_domains from reporters order by 1")"
ok "all count, since a forger must not be able to take a day away" is 70 "$(sql "select sum(messages) from senders_daily")"
ru ingest --db "$DB" "$box"
origins >"$T/got"
ok "what is known stays, whom the next run trusts or not" same "$T/told" "$T/got"

fresh_database distrust
ru ingest --db "$DB" "$box" "$T/file.xml"
ok "without one nobody vouches, and nothing fails" is "does not fit|6
fits|7
not known|1" "$(sql "select origin, count(*) from report group by 1 order by 1")"
ok "nor is anything kept" is 0 "$(sql "select count(authentication) + count(signer) from message")"

# --- problems ----------------------------------------------------------------------------------------------------

DB="$SERVER dbname=test_$$_trust"
ru report problems --db "$DB" --format json
ok "the headline counts them" is "Reports to look at, though they were stored whole: 6 whose sender does not fit the reporter, 2 whose sender failed authentication." \
	"$(jq -r '.headline[]' "$T/out")"
why() { jq -r ".rows[] | select(.report_id == \"$1\") | \"\(.outcome)|\(.concern)|\(.from_domain)|\(.signer)|\(.reason)\"" "$T/out"; }
ok "in another's name" is "stored|does not fit|evil.example|evil.example|evil.example does not fit the reporter (report other of google.com on example.com)" "$(why other)"
ok "by a forger" is "stored|failed authentication|google.com|null|google.com failed authentication, by the word of a trusted server (report forged of google.com on example.com)" "$(why forged)"
ok "by nobody" is "stored|does not fit||null|its From, which is not one good address, does not fit the reporter (report nobody of google.com on example.com)" "$(why nobody)"
ok "and no others" is "below foreign-other forged nameless nobody other twice two" "$(jq -r '[.rows[].report_id] | sort | join(" ")' "$T/out")"
ru report problems --db "$DB"
ok "a table of them" eval 'ends_with 0 && is 8 "$(grep -cE "(does not fit|failed authenti.*) +[0-9,]+ " "$T/out")"'

# --- domains of others ----------------------------------------------------------------------------------------------

ru report --db "$DB" --format json
ok "nothing is foreign until a domain is owned" eval 'is 70 "$(jq "[.rows[].messages] | add" "$T/out")" && ! jq -r ".headline[]" "$T/out" | grep -q "not yours"'
ru senders own example.com --db "$DB"
ok "own: what is left out from now on" ends_with 0 "reports on 2 other domains"
ru report --db "$DB" --format json
ok "answers leave it out" is 60 "$(jq "[.rows[].messages] | add" "$T/out")"
ok "and say so" is "Mail from 2026-10-03 to 2026-11-01, as told by 12 reports of 2 reporters.|2 reports on domains that are not yours are left out: see 'ruamill report problems'." \
	"$(jq -r '"\(.headline[0])|\(.headline[2])"' "$T/out")"
ru report --db "$DB" --domain foreign.example
ok "also where it is asked for" ends_with 0 "no reports on foreign.example, or none that is on a domain of yours"
ru report problems --db "$DB" --format json
ok "problems lists them" is "stored|foreign domain|google.com|null|it is on foreign.example, which is none of your domains, and is not counted" "$(why foreign)"
ok "once, whoever they are of" is 1 "$(jq '[.rows[] | select(.report_id == "foreign-other")] | length' "$T/out")"
ok "and counts them" eval 'jq -r ".headline[0]" "$T/out" | grep -q ", 2 on domains that are not yours, which answers leave out"'
ok "views tell them by a column" is "f|60
t|10" "$(sql "select is_foreign, sum(messages) from senders_daily group by 1 order by 1")"
sql "update daily_sender set outcome_pass = false"
for view in reports failures domains records daily_records hosts; do
	ok "view $view too" is "example.com|f
foreign.example|t
sub.foreign.example|t" "$(sql "select distinct policy_domain, is_foreign from $view order by 1")"
done
ok "so do the reporters" is "google.com|2" "$(sql "select reporter, reports_on_foreign_domains from reporters where reports_on_foreign_domains > 0")"
ru senders own foreign.example --db "$DB"
ok "own: all below it too" eval 'ends_with 0 && ! grep -q "other domain" "$T/err"'
ru report --db "$DB" --format json
ok "and it counts again, without a rejudge" is 70 "$(jq "[.rows[].messages] | add" "$T/out")"
sql "insert into owned_domain (domain) values ('a_b.EXAMPLE')"
ok "names match as names, not as patterns" is "f|f|t|t|t" \
	"$(sql "select is_foreign('a_b.example'), is_foreign('x.a_b.example'), is_foreign('axb.example'), is_foreign('xa_b.example'), is_foreign('')")"
sql "delete from owned_domain"
ok "where nothing is owned, nothing is foreign" is "f" "$(sql "select is_foreign('x.example')")"

drop_database trust
drop_database distrust
exit "$failed"
