#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The questions over the sample mailbox: against golden files, and their numbers against what the
# mailbox is known to hold. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/report.sh [--accept]
#
# --accept writes the golden files anew: look at what changes in them.
#
# Checks are given as text that is evaluated later, and by functions called through ok.
# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

expected=$SAMPLE/expected-senders.tsv
start_server

# --- nothing there ------------------------------------------------------------------------------------------

fresh_database report
ru report --db "$DB"
ok "an empty database: what to do" eval 'ends_with 0 "no reports yet" "ruamill ingest" && prints_nothing'
ru report -q --db "$DB"
ok "-q: not a word" eval 'ends_with 0 && says_nothing && prints_nothing'
for option in "--since 2026-11-01" "--until 2026-11-01" "--days 7" "--domain example.com"; do
	# shellcheck disable=SC2086 # words are meant
	ru report --db "$DB" $option
	ok "an empty database, $option" ends_with 0 "no reports"
done

# --- golden files ---------------------------------------------------------------------------------------------

copy_sample "$T/box"
ru ingest --db "$DB" "$T/box"
ok "the sample mailbox is there" ends_with 1
for format in table csv json; do
	ru report senders --db "$DB" --format $format
	ok "$format: done, and nothing to say" eval 'ends_with 0 && says_nothing'
	cp "$T/out" "$T/senders.$format"
done
mv "$T/senders.table" "$T/senders.table80"
jq -S . "$T/senders.json" >"$T/sorted"
ok "json: one object, with a newline behind it" eval \
	'[ "$(jq -s length "$T/senders.json")" = 1 ] && [ -z "$(tail -c 1 "$T/senders.json" | tr -d "\n")" ]'
mv "$T/sorted" "$T/senders.json"
for file in senders.table80 senders.csv senders.json; do
	if [ "${1:-}" = --accept ]; then
		mkdir -p "$GOLDEN"
		cp "$T/$file" "$GOLDEN/$file"
	fi
	ok "golden: $file" same "$GOLDEN/$file" "$T/$file"
done
ru report --db "$DB"
ok "senders is the question when none is asked" same "$T/senders.table80" "$T/out"
ru report --db "$DB" -o "$T/file" --format csv
ok "-o" eval 'ends_with 0 && prints_nothing && same "$T/senders.csv" "$T/file"'
ok "no line of the table is longer than 80, but records to publish" is "" \
	"$(grep -Ev ' (CNAME|TXT|MX|A) ' "$T/senders.table80" | awk 'length > 80')"
ok "csv ends its lines as RFC 4180 says" is "" "$(grep -v "$(printf '\r')$" "$T/senders.csv")"

# --- numbers ----------------------------------------------------------------------------------------------------

# Lines of expected-senders.tsv that $1, an awk condition, takes: pass|fail|dkim aligned|spf aligned.
sums() {
	awk -F '\t' "/^#/ { next } $1 { p += \$4; f += \$5; d += \$6; s += \$7 } END { printf \"%d|%d|%d|%d\", p, f, d, s }" "$expected"
}
# The same of the rows that $1, a jq condition, takes.
rows() {
	jq -r "[.rows[] | select($1)] | [(map(.passed) | add // 0), (map(.failed) | add // 0), (map(.dkim_aligned) | add // 0),
		(map(.spf_aligned) | add // 0)] | map(tostring) | join(\"|\")" "$T/out.json"
}
ask() {
	ru report senders --db "$DB" --format json "$@"
	cp "$T/out" "$T/out.json"
}

ask
ok "all senders" is "$(sums 1)" "$(rows true)"
ok "each row: messages are those that pass and those that fail" \
	jq -e 'all(.rows[]; .messages == .passed + .failed and .passed >= .dkim_aligned and .passed >= .spf_aligned)' "$T/out.json"
# Without host names Google's own mail and what Microsoft 365 forwards have no sender.
while IFS='|' read -r id name; do
	ok "sender $id" is "$(sums "\$2 == \"$id\" && \$3 != \"forwarded-broken\"")" "$(rows ".sender | startswith(\"$name\")")"
done <<'END'
amazon-ses|Amazon SES
mailchimp|Mailchimp marketing
mandrill|Mailchimp Transactional
microsoft-365|Microsoft 365
sendgrid|Twilio SendGrid
kaizen|Kaizen
secutix|SECUTIX
END
ok "spoofed" is "$(sums '$3 == "likely-spoof"')" "$(rows '.sender == "(likely spoofed)"')"
ok "not identified" is "$(sums '$3 == "unknown-sender"')" "$(rows '.sender == "(not identified)"')"
ok "forwarded, and broken" is "$(sums '$3 == "forwarded-broken"')" "$(rows '.sender == "(forwarded)" and .failed > 0')"
ok "own mail, without host names" is "$(sums '$2 == "google-workspace" || $3 == "forwarded-dkim-survived"')" \
	"$(rows '(.sender | startswith("(")) and .passed > 0')"
ok "no label stands in two rows" is "" "$(jq -r '.rows[].sender' "$T/out.json" | sort | uniq -d)"

# What fails, by sender, From domain and verdict; spoofing is one finding whomever it pretends to be.
awk -F '\t' -v OFS='\t' '/^#/ || $5 == 0 { next }
	$3 == "likely-spoof" { $1 = "*" }
	$2 == "unknown" || $3 == "forwarded-broken" { $2 = "-" }
	{ sum[$1 OFS $2 OFS $3] += $5 } END { for (key in sum) print key, sum[key] }' "$expected" | sort >"$T/left"
jq -r '.findings[] | select(.verdict | startswith("aligned") | not) |
	[(if .verdict == "likely-spoof" then "*" else .header_from end), .sender // "-", .verdict, .messages] | @tsv' "$T/out.json" |
	awk -F '\t' -v OFS='\t' '{ sum[$1 OFS $2 OFS $3] += $4 } END { for (key in sum) print key, sum[key] }' | sort >"$T/right"
ok "findings" same "$T/left" "$T/right"
ok "each finding that can be mended says how" \
	jq -e '[.findings[] | select(.verdict == "sender-not-authenticated" or .verdict == "strict-mode-misalignment")] |
		length >= 7 and all(.task and (.remedies | length) > 0)' "$T/out.json"
jq -r '.rows[] | [.messages, .passed, .spf_aligned, .dkim_aligned, .failed] | @csv' "$T/out.json" >"$T/left"
tail -n +2 "$T/senders.csv" | sed 's/^"[^"]*",\([0-9,]*\),".*$/\1/' >"$T/right"
ok "csv has the same numbers" same "$T/left" "$T/right"

# --- domains ---------------------------------------------------------------------------------------------------------

for domain in example.com example.org museum.example; do
	ask --domain $domain
	ok "--domain $domain" is "$(sums "(\".\" \$1) ~ /\\.$domain\$/")" "$(rows true)"
done
cp "$T/out.json" "$T/left"
ask --domain Museum.EXAMPLE.
ok "--domain in other letters, with a dot" same "$T/left" "$T/out.json"
ask --domain news.example.org
ok "--domain of a subdomain that mails" is "$(sums '$1 == "news.example.org"')" "$(rows true)"
ask --domain org
ok "--domain of what is above it" is "$(sums '$1 ~ /\.org$/')" "$(rows true)"
ask --domain xample.com
ok "a domain without data" eval 'ends_with 0 "no reports on xample.com" && [ -z "$(jq ".rows[]" "$T/out.json")" ]'
ask --domain "example.com' or '1'='1"
ok "a domain is no SQL" ends_with 64 "not a domain"
ask --domain '%'
ok "nor a pattern" ends_with 64 "not a domain"

# --- windows -----------------------------------------------------------------------------------------------------------

newest=$(sql "select max(day) from report")
oldest=$(sql "select min(day) from report")
# window SINCE UNTIL OPTIONS...: the answer is of these days, and has their messages.
window() {
	local since=$1 until=$2 sum
	shift 2
	sum=$(sql "select coalesce(sum(count), 0) from record where day between '$since' and '$until'")
	ask "$@"
	is "$since $until $sum" "$(jq -r '"\(.since) \(.until) \([.rows[].messages] | add // 0)"' "$T/out.json")"
}
day() { date -u -d "$1" +%F; }
ok "without dates: 30 days up to the newest" window "$(day "$newest - 29 days")" "$newest"
ok "--days 1" window "$newest" "$newest" --days 1
ok "--days 7" window "$(day "$newest - 6 days")" "$newest" --days 7
ok "--days 36500" window "$(day "$newest - 36499 days")" "$newest" --days 36500
ok "--since" window 2026-11-10 "$newest" --since 2026-11-10
ok "--until" window "$(day "2026-11-05 - 29 days")" 2026-11-05 --until 2026-11-05
ok "--since and --until" window 2026-11-01 2026-11-07 --since 2026-11-01 --until 2026-11-07
ok "one day" window 2026-11-03 2026-11-03 --since 2026-11-03 --until 2026-11-03
ok "--until and --days" window 2026-11-02 2026-11-04 --until 2026-11-04 --days 3
ok "days before all" window 2025-01-01 2025-01-31 --since 2025-01-01 --until 2025-01-31
ok "days behind all" window 2027-01-01 2027-01-31 --since 2027-01-01 --until 2027-01-31
ok "--since behind all: that day" window 2027-01-01 2027-01-01 --since 2027-01-01
ok "the first and the last day count" window "$oldest" "$newest" --since "$oldest" --until "$newest"
ask
cp "$T/out.json" "$T/left"
RUAMILL_TODAY=2030-01-01 ask
ok "the clock does not matter" same "$T/left" "$T/out.json"
museum=$(sql "select max(day) from records where header_from = 'museum.example'")
ask --domain museum.example --days 1
ok "the newest day of a domain is its own" is "$museum $museum" "$(jq -r '.since + " " + .until' "$T/out.json")"

drop_database report

# --- failing without being the owner's work -------------------------------------------------------------------------

# Aligned by what the reporter itself found, and failed by it all the same; and forwarded, with a signature that broke.
fresh_database reporter
report failed example.com 5 | sed 's/<dkim>pass/<dkim>fail/' >"$T/failed.xml"
report forwarded example.com 3 | sed 's/<dkim>pass/<dkim>fail/; s/<result>pass/<result>fail/g; s/192.0.2.1</192.0.2.9</' >"$T/forwarded.xml"
ru ingest --db "$DB" "$T/failed.xml" "$T/forwarded.xml"
ask
ok "the reporter is the cause, and the owner cannot mend it" is "(forwarded) forwarded 3, (your own, or not listed) reporter 5; 0 8" \
	"$(jq -r '([.rows[] | "\(.sender) \(.main_cause) \(.failed)"] | sort | join(", ")) + "; \(.figures.fixable) \(.figures.unfixable)"' "$T/out.json")"
ru report failures --db "$DB" --format json
ok "as among the failures" is "forwarded 3, reporter 5" "$(jq -r '[.rows[] | "\(.cause) \(.messages)"] | sort | join(", ")' "$T/out")"
for question in senders failures; do
	ru report $question --db "$DB" --color always
	ok "$question: yellow, and nothing red" eval 'grep -q "$(printf "\033")\[33m" "$T/out" && ! grep -q "$(printf "\033")\[31m" "$T/out"'
done
drop_database reporter
exit "$failed"
