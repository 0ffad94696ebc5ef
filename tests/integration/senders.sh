#!/bin/bash
# SPDX-License-Identifier: MIT
#
# ruamill senders: the catalogue as list, table and JSON, made-up records judged, and what is said of
# values that cannot be. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/senders.sh
#
# Checks are given as text that is evaluated later, and by functions called through ok.
# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

ses_host=a9-92.smtp-out.amazonses.com
ses_key=224i4yxa5dv7c2xz3womw6peuasteono

# query FILTER: of the JSON printed last.
query() { jq -r "$1" "$T/out"; }
# has TEXT...: each is in what was printed last, whose lines may be broken anywhere.
has() {
	local text
	for text in "$@"; do
		tr -s '\n ' ' ' <"$T/out" | grep -qF -- "$text" || { echo "it does not print: $text"; cat "$T/out"; return 1; }
	done
}
has_not() {
	! tr -s '\n ' ' ' <"$T/out" | grep -F -- "$1"
}

# --- list -------------------------------------------------------------------------------------------------

ru senders list
ok "list: done, and nothing to say" eval 'ends_with 0 && says_nothing'
ok "list: a line of titles, and one a sender" is 72 "$(tail -n +3 "$T/out" | wc -l)"
ok "list: within 80 columns" is "" "$(awk 'length > 80' "$T/out")"
ru senders list --format csv
ok "list as csv" is '"Kaizen risr/advance","kaizen","saas","S","yes","amazon-ses"' "$(grep kaizen "$T/out" | tr -d '\r')"
ru senders list --format json
ok "list as json: in the order of the catalogue" is "71 amazon-ses forwardemail" "$(query '"\(.rows | length) \(.rows[0].id) \(.rows[-1].id)"')"
ids=$(query '.rows[].id')
ru senders list -o "$T/list"
ok "list to a file" eval 'ends_with 0 && prints_nothing && grep -q secutix "$T/list"'

# --- show -------------------------------------------------------------------------------------------------

ru senders show kaizen
ok "show: done, and nothing to say" eval 'ends_with 0 && says_nothing'
ok "show: how it is recognised, and what to publish" has "Kaizen risr/advance (kaizen), saas" \
	"An SPF pass under: mail.kaizenep.com, mailie.kaizenep.com" "Sends through: Amazon SES" \
	'bounce.DOMAIN. TXT "v=spf1 include:amazonses.com ~all"'
ru senders show amazon-ses
ok "show: addresses, and when they were seen" has "54.240.0.0/18" "as seen in 2025-2026"
ok "show: whose mail looks the same" has "May be taken for it: Kaizen risr/advance, Xtremepush"
ru senders show secutix --format json
ok "show as json" is 'secutix S customer/unique/stxsel[12] secutix.com yes' \
	"$(query '"\(.id) \(.status) \(.selectors[0] | "\(.domain)/\(.weight)/\(.pattern)") \(.ptr[0]) \(.spf_possible)"')"
ok "show as json: its records" is 'stxsel1._domainkey.DOMAIN. CNAME sel1-CODE._domainkey.dkim.secutix.com.' \
	"$(query '[.remedies[] | select(.kind == "record")][0].text')"
ok "show as json: the keys" is "default_mailfrom default_signature dkim helo id kind name net ptr remedies runs_on selectors spf spf_possible status status_note" \
	"$(query 'keys | join(" ")')"

# Every row, in both forms; what is known by hearsay has no record, and nobody's mail or policy is put at risk.
shown=0 hearsay=0 careless=0
for id in $ids; do
	ru senders show "$id" && [ -s "$T/out" ] && ru senders show --format json "$id" && is "$id" "$(query .id)" >"$T/why" && shown=$((shown + 1))
	[ "$(query .status)" != K ] || [ "$(query '[.remedies[] | select(.kind == "record" or .kind == "gate")] | length')" = 0 ] || hearsay=$((hearsay + 1))
	! query '.remedies[] | select(.kind == "record" or .kind == "gate").text' | grep -qE '[-?+]all"|^_dmarc|^mail\.' || careless=$((careless + 1))
done
ok "show: all of them" is 71 $shown
ok "show: no record by hearsay" is 0 $hearsay
ok "show: no -all, no DMARC record, no mail. to take" is 0 $careless

# --- test -------------------------------------------------------------------------------------------------

try() { ru senders test --from example.com "$@"; }
try_json() { try --format json "$@"; }

try_json --ip 54.240.9.92 --ptr $ses_host --spf amazonses.com=pass --dkim amazonses.com:$ses_key=pass --claimed-dkim fail --claimed-spf fail
ok "test: done, and nothing to say" eval 'ends_with 0 && says_nothing'
ok "test: its keys" is "sender infrastructure last_hop path confidence spf_cause dkim_cause verdict flags agreement dmarc remedies" \
	"$(query 'keys_unsorted | join(" ")')"
ok "test: SES with nothing set up" is "amazon-ses amazon-ses amazon-ses direct high spf-unaligned-default-mailfrom dkim-unaligned-esp-signature sender-not-authenticated [] agrees agrees fail" \
	"$(query '"\(.sender) \(.infrastructure) \(.last_hop) \(.path) \(.confidence) \(.spf_cause) \(.dkim_cause) \(.verdict) \(.flags) \(.agreement.dkim) \(.agreement.spf) \(.dmarc)"')"
ok "test: the records to paste" is "TOKEN1._domainkey.example.com. CNAME TOKEN1.dkim.amazonses.com.
TOKEN2._domainkey.example.com. CNAME TOKEN2.dkim.amazonses.com.
TOKEN3._domainkey.example.com. CNAME TOKEN3.dkim.amazonses.com.
bounce.example.com. MX 10 feedback-smtp.us-east-1.amazonses.com.
bounce.example.com. TXT \"v=spf1 include:amazonses.com ~all\"" "$(query '.remedies[] | select(.kind == "record").text')"
ok "test: whom it may be" has "May be one of the services that send through Amazon SES: Kaizen risr/advance, Xtremepush"
cp "$T/out" "$T/known.json"
try --ip 54.240.9.92 --ptr $ses_host --spf amazonses.com=pass --dkim amazonses.com:$ses_key=pass
ok "test: in words" has "Sender: Amazon SES (amazon-ses); may be one of the services that send through it; confidence: high" "Verdict: sender-not-authenticated (fail)" \
	"bounce.example.com. MX 10 feedback-smtp.us-east-1.amazonses.com."

try_json --ip 203.0.113.99 --spf example.com=fail --policy reject --disposition reject --claimed-dkim fail --claimed-spf fail
ok "test: nobody is null" is "null null null unknown none likely-spoof [] fail" \
	"$(query '"\(.sender) \(.infrastructure) \(.last_hop) \(.path) \(.confidence) \(.verdict) \(.flags) \(.dmarc)"')"
try_json --ip 203.0.113.99 --ptr-unknown --spf example.com=fail
ok "test: a name that was not looked up" is '["host-not-looked-up"]' "$(query '.flags | tojson')"
ok "test: and what to do first" has "never asked for"
try_json --ip 203.0.113.99 --ptr $ses_host --ptr-unconfirmed --spf example.com=fail
ok "test: a name that does not resolve back decides nothing" is "null []" "$(query '"\(.sender) \(.flags)"')"
try --ip 192.0.2.1 --ptr ec2-1.eu-west-1.compute.amazonaws.com --spf example.com=fail
ok "test: a rented machine is no service" has "Sender: unknown" "a server at Amazon EC2"

try_json --ip 192.0.2.1 --policy-domain com --discovery treewalk --spf a.example.com=pass --aspf s --adkim strict --dkim example.com:s=pass
ok "test: modes, tree walk" is "spf-strict-mismatch dkim-aligned pass" "$(query '"\(.spf_cause) \(.dkim_cause) \(.dmarc)"')"
try_json --ip 192.0.2.1 --spf example.net=pass --reason "local_policy:arc=pass as.1.x" --reason mailing_list --envelope-from "<>"
ok "test: reasons and a null sender" is '["override:local_policy","override:mailing_list"] null-sender' \
	"$(query '"\(.flags | map(select(startswith("override"))) | tojson) \(.flags | map(select(startswith("null"))) | join(""))"')"
try_json --ip 192.0.2.1 --spf mx.example.com=pass/helo --dkim example.com=permerror
ok "test: a scope, and a signature without a selector" is "spf-helo-only dkim-key-error" "$(query '"\(.spf_cause) \(.dkim_cause)"')"
try_json --ip 192.0.2.1 --spf example.com=BESTGUESS --dkim example.com:s=unknown
ok "test: words that nobody knows" is "spf-unrecognised dkim-unrecognised" "$(query '"\(.spf_cause) \(.dkim_cause)"')"
ru senders test --format json --from name@example.com --ip 192.0.2.1 --spf example.com=pass --envelope-from bounce@example.com
ok "test: whole addresses will do" is "aligned-spf-only" "$(query .verdict)"
try_json --ip 192.0.2.1 --spf =pass --dkim :s=pass
ok "test: results without a domain" is "spf-absent dkim-unreported" "$(query '"\(.spf_cause) \(.dkim_cause)"')"

# --- what the owner knows ---------------------------------------------------------------------------------

try_json --ip 54.240.9.92 --ptr $ses_host --spf bounce.example.com=pass --dkim amazonses.com:$ses_key=pass --rule mailfrom=bounce.example.com=kaizen
ok "rule: a service of the catalogue" is "kaizen amazon-ses" "$(query '"\(.sender) \(.infrastructure)"')"
try --ip 192.0.2.7 --spf bounce.acme.test=pass --rule mailfrom=bounce.acme.test=Acme
ok "an envelope that a rule names: whom to ask" eval 'tr "\n" " " <"$T/out" | sed "s/  */ /g" |
	grep -qF "bounce.acme.test is the envelope of Acme, by your rule: ask it for one under example.com."'
ok "rule: and nobody else it may be" has_not "May be one of"
try_json --ip 192.0.2.7 --spf example.com=softfail --rule ip=192.0.2.0/24=our-crm
ok "rule: a name of one's own, by its network" is "our-crm direct sender-not-authenticated" "$(query '"\(.sender) \(.path) \(.verdict)"')"
record() { query '.remedies[] | select(.kind == "record").text'; }
ok "rule: its record lists the network" is 'example.com. TXT "v=spf1 ip4:192.0.2.0/24 ~all"' "$(record)"
try_json --ip 192.0.2.7 --spf example.com=softfail --rule ip=192.0.2.7=our-crm
ok "rule: or the one address" is 'example.com. TXT "v=spf1 ip4:192.0.2.7 ~all"' "$(record)"
try_json --ip 2001:db8::7 --spf example.com=softfail --rule ip=2001:db8::/32=our-crm --rule ip=192.0.2.7=our-crm --rule ip=192.0.2.8=other
ok "rule: all that is its own" is 'example.com. TXT "v=spf1 ip6:2001:db8::/32 ip4:192.0.2.7 ~all"' "$(record)"
try --ip 192.0.2.7 --dkim example.com:tok1=pass --rule selector=tok1=our-crm
ok "rule: is named" has "Sender: our-crm, by your rule on its selector"
try_json --ip 192.0.2.7 --spf mail.example.org=pass --owned example.net --owned example.org
ok "owned" is "spf-unaligned-own-other-domain sender-not-authenticated" "$(query '"\(.spf_cause) \(.verdict)"')"

mail=$(ls "$SAMPLE"/Maildir/new/1793767272.*)
ru show --format json "$mail"
ok "show without rules" is "kaizen amazon-ses" "$(query '[.records[] | select(.source_ip | startswith("54.240")).sender] | join(" ")')"
ru show --format json --rule ip=54.240.7.0/24=our-crm --rule dkim=kaizenep.com=spotme "$mail"
ok "show with rules" is "spotme our-crm" "$(query '[.records[] | select(.source_ip | startswith("54.240")).sender] | join(" ")')"
ru show --format csv --rule ip=54.240.7.0/24=our-crm "$mail"
ok "show with rules as csv" eval 'grep -q "\"our-crm\"" "$T/out"'
ru show --rule ip=54.240.7.0/24=our-crm "$mail"
ok "show with rules as a table" has "our-crm"

# --- names that try to look like others ---------------------------------------------------------------------

long=$(printf 'a%.0s' $(seq 60))
long=$long.$long.$long.$long
for name in amazonses.com.evil.test notamazonses.com "$long.amazonses.com" 'amazonses.com\0.evil.test' xn--mazonses-2fg.com; do
	try_json --ip 192.0.2.1 --ptr "mx.$name" --spf "$name=pass" --dkim "$name:s=pass"
	ok "not amazonses.com: ${name:0:30}" is "status 0 null" "status $status $(query .sender)"
done
ok "254 bytes are no name" eval 'try --ip 192.0.2.1 --spf "'"$long"'.example.test=pass"; ends_with 0 "none that DNS could have"'
try_json --ip 54.240.9.92 --ptr "A9-92.SMTP-OUT.AmazonSES.COM." --spf "AMAZONSES.com.=PASS" --dkim "AmazonSES.com.:X=Pass"
ok "upper case and a dot at the end" is "amazon-ses high" "$(query '"\(.sender) \(.confidence)"')"
ru senders test --format json --from BÜCHER.example. --ip 192.0.2.1 --spf xn--bcher-kva.example=pass --dkim "bücher.example:s=pass"
ok "IDN" is "aligned-both" "$(query .verdict)"
ru senders test --format json --from co.uk --ip 192.0.2.1 --spf example.co.uk=pass --dkim example.co.uk:s=pass
ok "a public suffix as From" is "unknown-sender fail" "$(query '"\(.verdict) \(.dmarc)"')"
evil=$(printf 'a\033]0;x\007.test')
ru senders test --ip 192.0.2.1 --ptr mail10.secutix.com --from "$evil" --spf "$evil=softfail"
ok "no name steers a terminal" eval '! grep -q "$(printf "\\033")" "$T/out" && has "a\\x1b]0;x\\x07.test"'

# --- usage errors: 64, and what was meant -------------------------------------------------------------------

# wrong NAME TEXT... -- ARGUMENTS: ends with 64, prints nothing, says each text.
wrong() {
	local name=$1 texts=()
	shift
	while [ "$1" != -- ]; do
		texts+=("$1")
		shift
	done
	shift
	ru senders "$@"
	ok "$name" eval 'ends_with 64 "${texts[@]}" && prints_nothing'
}
H="test --from example.com --ip 192.0.2.1"

wrong "no id" "which sender" "senders list" -- show
wrong "two ids" "one argument too many" -- show kaizen secutix
wrong "a mistyped id" kaizn "did you mean kaizen?" -- show kaizn
wrong "an id like none" xyzzy "senders list" -- show xyzzy
wrong "a list of what" "one argument too many" -- list kaizen
wrong "no From" "--from DOMAIN" -- test --ip 192.0.2.1
wrong "no address" "--ip ADDRESS" -- test --from example.com
wrong "an empty From" "a domain is missing" --from -- test --from "" --ip 192.0.2.1
wrong "no address at all" "not an address" "--ip 192.0.2" 2001:db8::7 -- test --from example.com --ip 192.0.2
# shellcheck disable=SC2086 # Two options and their values.
{
	wrong "an operand" "one argument too many" -- $H x
	wrong "a result that is missing" "a result is missing" "--spf example.com" -- $H --spf example.com
	wrong "a result nearly right" "did you mean pass?" "--spf example.com=pas" -- $H --spf example.com=pas
	wrong "an empty result" "--dkim example.com:s=" softfail -- $H --dkim example.com:s=
	wrong "a scope nearly right" "did you mean mfrom?" -- $H --spf example.com=pass/mform
	wrong "a claim nearly right" "did you mean fail?" --claimed-dkim -- $H --claimed-dkim fial
	wrong "a reason nearly right" "did you mean mailing_list?" -- $H --reason mailing-list
	wrong "no such mode" "choose one of: r, s" --adkim -- $H --adkim x
	wrong "no such policy" quarantine "--policy block" -- $H --policy block
	wrong "a policy nearly right" "did you mean reject?" -- $H --policy rejct
	wrong "no such disposition" quarantine --disposition -- $H --disposition dropped
	wrong "no such discovery" "psl, treewalk" -- $H --discovery dns
	wrong "no such format" "text, json" -- $H --format table
	wrong "a name that is not looked up" contradict -- $H --ptr a.test --ptr-unknown
	wrong "an unconfirmed nothing" "without --ptr" -- $H --ptr-unconfirmed
	wrong "nobody's domain" "nobody owns it" "--owned: co.uk" -- $H --owned co.uk
	wrong "no rule" "not a rule" "mailfrom=bounce.example.com=kaizen" -- $H --rule bounce.example.com=kaizen
	wrong "no kind of rule" "selector, dkim, mailfrom, ip" -- $H --rule host=a.example.com=kaizen
	wrong "no network" "not the first address of its network" -- $H --rule ip=192.0.2.1/24=kaizen
	wrong "a sender nearly right" "did you mean kaizen?" -- $H --rule ip=192.0.2.1=kaizn
	wrong "who never sends" "passes mail on" "ip=ADDRESS=proofpoint" -- $H --rule dkim=example.com=proofpoint
}
ru show --rule ip=192.0.2.1=kaizn "$mail"
ok "show: a sender nearly right" eval 'ends_with 64 "did you mean kaizen?" && prints_nothing'
ok "no database was made" test ! -e "$RUAMILL_DATA"

# --- the check of the catalogue can fail --------------------------------------------------------------------

cat >"$T/catalogue" <<'END'
[a]
name A
record spf {mailfrom} CNAME a.HOSTID.b
record dkim s._domainkey.example.com. TXT p=KEY
where spf HOSTID: here
align-spf Do this
align-dkim Publish it.
END
ok "lint: a file with faults, each with its line and field" is "$T/catalogue: 3: record: a target without a dot at its end
$T/catalogue: 4: record: the dot behind the name is added when it is printed
$T/catalogue: 4: record: a text without its quotation marks
$T/catalogue: 4: record: it lies under no domain of the reader's
$T/catalogue: 6: align-spf: a sentence without its end
$T/catalogue: 4: record: nobody says where KEY is found: add \"where dkim ...\"" \
	"$(sh "$SAMPLE/../lint/catalogue.sh" "$T/catalogue")"

exit "$failed"
