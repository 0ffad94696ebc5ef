#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ruamill explain, and the mailboxes of services' customers: what they are told to do, and what never.
# With --accept the golden files are written anew: look at the difference.
# shellcheck source=tests/integration/helpers.bash
source "$(dirname "$0")/helpers.bash"
boxes=$(dirname "$SAMPLE")/cases/mailboxes
accept=${1:-}

start_server

# golden FILE: what was printed last is what stands there.
golden() {
	[ "$accept" != --accept ] || { mkdir -p "$(dirname "$1")" && cp "$T/out" "$1"; }
	same "$1" "$T/out"
}

# says TEXT...: what was printed last has each, across the ends of lines. lacks TEXT...: and none of these.
flat() { tr -s '\n ' ' ' <"$T/out"; }
says() {
	local text wrong=0
	for text in "$@"; do
		[[ $(flat) == *"$text"* ]] || { echo "it does not say: $text"; wrong=1; }
	done
	return $wrong
}
lacks() {
	local text wrong=0
	for text in "$@"; do
		[[ $(flat) != *"$text"* ]] || { echo "it says: $text"; wrong=1; }
	done
	return $wrong
}

# --- mailboxes -------------------------------------------------------------------------------------------------

# take_in BOX: its mail in a database of its own, with the names and rules that its owner has.
take_in() {
	local rule
	fresh_database explain
	while read -r -a rule; do
		ru senders add --db "$DB" "${rule[@]}" || cat "$T/err"
	done <"$boxes/$1/rules"
	ru hosts import --db "$DB" "$boxes/$1/hosts"
	ru ingest --db "$DB" "$boxes/$1/mail"
}
report() { ru report senders --db "$DB" "$@"; }
explain() { ru explain --db "$DB" "$@"; }

for box in "$boxes"/*/; do
	box=$(basename "$box")
	take_in "$box"
	ok "$box: ingested" ends_with 0
	report
	ok "$box: report" eval 'ends_with 0 && golden "$boxes/$box/report.golden"'
	ok "$box: no record asks for -all, or for a DMARC record" lacks '-all"' 'v=DMARC1' 'p=none;'
	while read -r sender; do
		explain "$sender"
		ok "$box: explain $sender" eval 'ends_with 0 && golden "$boxes/$box/explain-$sender.golden"'
		ok "$box: nor does that of explain $sender" lacks '-all"' 'v=DMARC1' 'p=none;'
	done <"$boxes/$box/explain"
done

take_in kaizen
explain kaizen
ok "Kaizen: the step that is not done, its records, and the second leg" says \
	"Step 4 is not done: publish the DKIM records that Kaizen generates for example.com." \
	"Kaizen states that it cannot make the mail DMARC compliant otherwise." \
	"bounce.example.com. MX 10 feedback-smtp.eu-west-1.amazonses.com." \
	'bounce.example.com. TXT "v=spf1 include:amazonses.com ~all"' \
	"A second MX record on that name makes the set-up fail." \
	"From was switched before the MAIL FROM was."
ok "Kaizen: what fell back is told from what never had an envelope" says \
	"Other mail of this account has the envelope mf.notices.example.com, and this fell back from it"
ok "Kaizen: not the host that receives mail" lacks " mail.example.com." "TOKEN1"

take_in xtremepush
explain xtremepush-ses
ok "Xtremepush: a send domain under the From domain, by its support" says \
	"custom send domain" "support" "must keep pointing to Xtremepush"
ok "Xtremepush: what aspf=s does not take" says "aspf=s takes no envelope but oxfordgems.co.uk itself"
explain xtremepush
ok "Xtremepush: its own platform is told apart" says "x1.xtremepush.com: pass, but not From's domain"

take_in secutix
explain secutix
ok "SECUTIX: both records, and who turns signing on" says \
	"stxsel1._domainkey.shop.mosamuseum.com. CNAME sel1-CODE._domainkey.dkim.secutix.com." \
	"stxsel2._domainkey.shop.mosamuseum.com. CNAME sel2-CODE._domainkey.dkim.secutix.com." \
	"then open a SECUTIX service support request: signing starts only then" \
	'shop.mosamuseum.com. TXT "v=spf1 include:spf.secutix.com ~all"'
ok "SECUTIX: a key that passes nowhere" says \
	"stxsel2._domainkey.sam.mosamuseum.com passes nowhere, and two or more reporters say so" \
	"the target of its record is wrong (a placeholder in it was never replaced, say), or it is not published."

take_in xmpie
report --format json
ok "XMPie: the state that it recommends is no task" jq -e \
	'[.findings[] | select(.header_from != "print.example.com")] == []' "$T/out"
explain xmpie-xes
ok "XMPie: what an envelope of one's own costs, and whom to write to" says \
	"then stops tracking complaints and hard bounces" "support@xmpie.com" \
	"for XES that is the supported set-up"
ok "XMPie: no envelope is pressed on anybody" lacks "feedback-smtp"

take_in spotme
explain spotme
ok "SpotMe: by provider, what is missing" says \
	"It left through Mailchimp Transactional (Mandrill), one of several that SpotMe Backstage Emailing sends through" \
	"It left through Amazon SES, one of several" "include:_spf.spotme.com" "(gate, does not align)" \
	"you have one, leave it"

take_in ses-right
report --format json
ok "SES set up right: nothing to do" jq -e '.findings == [] and all(.rows[]; .failed == 0)' "$T/out"
explain amazon-ses --format json
ok "and nothing is explained as a task" jq -e \
	'.messages == 910 and .passed == 910 and (.kinds | length) == 2 and all(.kinds[]; .task | not)' "$T/out"
explain amazon-ses
ok "its DKIM alone is enough" says "Optional. Only if you run this SES account"
ok "and two accounts are no fallback" lacks "fell back" "falls back"

take_in forwarded
report
ok "forwarded by Microsoft and Google: no key, no SPF record" lacks \
	"CNAME" " TXT " "publish it" "passes nowhere" "Publish what" "Turn on"
ok "the key that it was signed with is right" says "google._domainkey.example.com passes elsewhere, last on 2026-11-03"
explain microsoft-365
ok "the key is right" says "google._domainkey.example.com passes elsewhere, last on 2026-11-03: the key is right." \
	"DNS is not at fault" "never list a forwarder" "A list that rewrites From does not appear in your reports"
ok "nor here" lacks "CNAME" " TXT " "publish it" "passes nowhere" "Turn on"
explain microsoft-365 --format json
ok "nothing of it is a task" jq -e 'all(.kinds[]; .task | not)' "$T/out"

# --- whom it can explain -----------------------------------------------------------------------------------------

fresh_database explain
explain amazon-ses
ok "an empty database, and what the catalogue knows" eval \
	'ends_with 0 "no reports yet" && says "No report tells of mail of it" "An SPF pass under: amazonses.com"'
copy_sample "$T/box"
ru ingest --db "$DB" "$T/box"
for target in amazon-ses secutix spoofed forwarded unknown unlisted 54.240.9.92; do
	explain $target
	ok "golden: $target" eval 'ends_with 0 && says_nothing && golden "$GOLDEN/explain-$target.text"'
	grep -Ev ' (CNAME|TXT|MX|A) ' "$T/out" >"$T/lines"
	ok "golden: $target fits" is "" "$(awk 'length > 80' "$T/lines")"
done
explain amazon-ses --format json
jq -S . "$T/out" >"$T/sorted" && mv "$T/sorted" "$T/out"
ok "golden: json" golden "$GOLDEN/explain-amazon-ses.json"
explain amazon-ses
cp "$T/out" "$T/wanted"
explain "amazon SES"
ok "a sender by its name" same "$T/wanted" "$T/out"
explain amazon-ses -o "$T/file"
ok "-o" eval 'prints_nothing && same "$T/wanted" "$T/file"'
explain loops
ok "a sender never seen: what is known of it" says "No report tells of mail of it from 2026-10-20 to 2026-11-18" "Loops (loops), esp"
explain loops --format json
ok "as json, it is nothing" jq -e '.messages == 0 and .kinds == [] and .first_day == null' "$T/out"
ru senders add --db "$DB" "Our CRM" --ip 192.0.2.11
ru db rejudge --db "$DB"
explain "Our CRM"
ok "a sender of the owner's own" says "Our CRM" "328 messages" "your rule on its ip: 328 messages"
while IFS='|' read -r given why remedy; do
	explain "$given"
	ok "not '$given'" ends_with 64 "$why" "$remedy"
done <<'END'
amazon-se|neither a sender nor an address: amazon-se|did you mean amazon-ses?
spofed|neither a sender nor an address|did you mean spoofed?
Our CRN|neither a sender nor an address|did you mean Our CRM?
xyzzyplugh|neither a sender nor an address|'ruamill senders list'
192.0.2.300|neither a sender nor an address|
END
explain
ok "nothing given" ends_with 64 "explain what?"
explain amazon-ses secutix
ok "two given" ends_with 64 "one sender or address at a time"
explain amazon-ses --format csv
ok "no csv" ends_with 64 "--format"
explain amazon-ses --since 2026-11-03 --days 3
ok "dates are those of the questions" ends_with 64 "--since and --days"

# --- numbers -------------------------------------------------------------------------------------------------------

# The same as in the table of senders, whatever the window.
for window in "" "--days 3" "--domain example.com" "--since 2026-11-01 --until 2026-11-07"; do
	# shellcheck disable=SC2086 # words are meant
	report --format json $window
	jq -r '.rows[] | select(.sender == "Amazon SES") | [.messages, .passed, .spf_aligned, .dkim_aligned] | @csv' "$T/out" >"$T/left"
	# shellcheck disable=SC2086
	explain amazon-ses --format json $window
	jq -r '[.messages, .passed, .spf_aligned, .dkim_aligned] | @csv' "$T/out" >"$T/right"
	ok "as many as report says, $window" eval '[ -s "$T/left" ] && same "$T/left" "$T/right"'
	ok "kinds, reporters: all of it, $window" jq -e \
		'.messages == ([.kinds[].messages] | add) and .messages == ([.reporters[].messages] | add)' "$T/out"
done
explain amazon-ses --format json
wanted=$(sql "select count(distinct source_ip) || '|' || sum(r.count) from record r join judgement j on j.stream_key = r.stream_key
	where j.service = 'amazon-ses' and r.day >= '2026-10-20'")
ok "addresses: each once, with its mail" is "$wanted" "$(jq -r '"\(.address_count)|\(.messages)"' "$T/out")"
ok "an example is a record that there is" is t "$(sql "select exists (select from records where
	day = '$(jq -r '.kinds[0].example.day' "$T/out")' and source_ip = '$(jq -r '.kinds[0].example.source_ip' "$T/out")'
	and reporter = '$(jq -r '.kinds[0].example.reporter' "$T/out")' and messages = $(jq -r '.kinds[0].example.count' "$T/out"))")"

for address in 54.240.9.92 192.0.2.201 2001:db8:51::25; do
	explain $address --format json
	ok "address $address: its records" is \
		"$(sql "select coalesce(sum(count), 0) from record where source_ip = '$address' and day >= '2026-10-20'")" \
		"$(jq -r .messages "$T/out")"
	ok "address $address: since when" is \
		"$(sql "select min(first_day) || ' ' || max(last_day) || ' ' || sum(messages) from host_seen where address = '$address'")" \
		"$(jq -r '"\([.domains[].first_day] | min) \([.domains[].last_day] | max) \([.domains[].messages] | add)"' "$T/out")"
done
explain 54.240.9.92 --since 2026-11-03 --until 2026-11-05 --format json
ok "an address, by days" is "$(sql "select sum(count) from record where source_ip = '54.240.9.92' and day between '2026-11-03' and '2026-11-05'")" \
	"$(jq -r .messages "$T/out")"
explain 2001:DB8:51::0025
ok "an address in another spelling" says "2001:db8:51::25" "46 messages"
explain 203.0.113.7
ok "an address never seen" eval 'ends_with 0 && says "No report tells of mail from it."'
explain 54.240.9.92 --until 2026-01-31
ok "an address, of days before" says "None of it is in the days asked for"
explain spoofed --format json
ok "addresses of spoofing: count times days times reporters" jq -e \
	'[.addresses[] | .messages * .days * .reporters] | . == (sort | reverse) and length == 8' "$T/out"

# Detail that is gone leaves the sums.
ru db prune --db "$DB" --keep 3000d --detail 1d
ok "detail is pruned" ends_with 0
explain secutix --since 2026-10-01 --until 2026-10-31
ok "without detail" eval 'ends_with 0 && says "messages from 2026-10-27" "told by" && lacks " addresses "'

drop_database explain
exit "$failed"
