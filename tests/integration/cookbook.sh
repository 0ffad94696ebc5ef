#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The analysts' cookbook over the sample mailbox and a few reports on domains of its own, as somebody who
# may read the views and nothing else. What each file answers is compared with cookbook/NAME.want, whose
# comments say where its numbers come from. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/cookbook.sh [--accept]
#
# --accept writes the answers anew below the comments: look at what changes in them.
#
# Checks are given as text that is evaluated later, and by functions called through ok.
# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

cookbook=$(realpath "$SAMPLE/../../sql/cookbook")
wanted=$(realpath "$(dirname "${BASH_SOURCE[0]}")")/cookbook
start_server

# --- reports ------------------------------------------------------------------------------------------------

# on DAY REPORTER DOMAIN P RECORD...: a report. A record is
#	ADDRESS COUNT DISPOSITION DKIM SPF FROM SELECTOR:RESULT|- SPF-DOMAIN:RESULT|- [REASON]
# with a signature of DOMAIN.
on() {
	local day=$1 reporter=$2 domain=$3 p=$4 begin
	local address count disposition dkim spf from signature envelope reason
	shift 4
	begin=$(date -u -d "$day" +%s)
	{
		echo "<feedback><report_metadata><org_name>$reporter</org_name><report_id>$day-$reporter</report_id><date_range>"
		echo "<begin>$begin</begin><end>$((begin + 86399))</end></date_range></report_metadata>"
		echo "<policy_published><domain>$domain</domain><adkim>r</adkim><aspf>r</aspf><p>$p</p><pct>100</pct></policy_published>"
		while read -r address count disposition dkim spf from signature envelope reason; do
			echo "<record><row><source_ip>$address</source_ip><count>$count</count><policy_evaluated>"
			echo "<disposition>$disposition</disposition><dkim>$dkim</dkim><spf>$spf</spf>"
			[ -z "$reason" ] || echo "<reason><type>$reason</type></reason>"
			echo "</policy_evaluated></row><identifiers><header_from>$from</header_from></identifiers><auth_results>"
			[ "$signature" = - ] || echo "<dkim><domain>$domain</domain><selector>${signature%:*}</selector><result>${signature#*:}</result></dkim>"
			[ "$envelope" = - ] || echo "<spf><domain>${envelope%:*}</domain><scope>mfrom</scope><result>${envelope#*:}</result></spf>"
			echo "</auth_results></record>"
		done < <(printf '%s\n' "$@")
		echo "</feedback>"
	} >"$T/reports/$day-$reporter-$domain.xml"
}

fresh_database cookbook
copy_sample "$T/box"
mkdir "$T/reports"
on 2026-11-04 first.example brand.example none \
	"2001:db8:1::1 40 none pass pass brand.example k1:pass brand.example:pass" \
	"198.51.100.10 10 none fail pass brand.example - brand.example:pass"
on 2026-11-10 first.example brand.example quarantine \
	"2001:db8:1::1 30 none fail pass brand.example k1:fail brand.example:pass" \
	"198.51.100.20 5 quarantine fail fail brand.example - -"
on 2026-11-11 second.example brand.example quarantine \
	"2001:db8:1::1 20 none fail pass brand.example k1:permerror brand.example:pass" \
	"198.51.100.30 4 none fail fail brand.example k1:fail list.example:pass mailing_list" \
	"198.51.100.40 3 quarantine fail fail brand.example k2:pass -" \
	"198.51.100.50 7 none fail pass brand.example - other.example:pass"
on 2026-11-12 first.example brand.example quarantine \
	"198.51.100.60 6 none pass fail promo.brand.example k2:pass -"
on 2026-11-15 first.example brand.example quarantine \
	"198.51.100.60 9 none pass fail brand.example k2:pass -" \
	"203.0.113.250 2 reject fail fail brand.example - -"
on 2026-11-16 first.example lookalike.example none \
	"203.0.113.250 2 none fail fail lookalike.example - lookalike.example:fail"
ru ingest --db "$DB" "$T/box"
ru ingest --db "$DB" "$T/reports"
ok "the reports are there" ends_with 0 "6 reports"
sed 's/\t$/\t-/' "$SAMPLE/hosts.tsv" >"$T/hosts"
ru hosts import --db "$DB" "$T/hosts"
ok "with the names of the sample's addresses" ends_with 0
sql "insert into owned_domain (domain) values ('museum.example'), ('lookalike.example'), ('parked.example')"

# --- a reader -----------------------------------------------------------------------------------------------

reader=ruamill_test_$$_reader
drop_reader() {
	psql -Xq "$DB" -c "drop owned by $reader" -c "drop role $reader" >/dev/null 2>&1
}
trap 'drop_reader; clean_up' EXIT
views=$(sql "select string_agg('dmarc.' || relname, ', ') from pg_class where relnamespace = 'dmarc'::regnamespace and relkind = 'v'")
sql "create role $reader"
sql "grant usage on schema dmarc to $reader"
sql "grant select on $views, dmarc.migration to $reader" # ruamill looks which version it meets
export PGOPTIONS="-c role=$reader"
ru db psql --db "$DB" -- -XAtc "select count(*) from record"
ok "the reader cannot read a table" eval 'ends_with 1 "permission denied"'

# --- the cookbook -------------------------------------------------------------------------------------------

files=("$cookbook"/*.sql)
ok "there are fifteen queries at least" test ${#files[@]} -ge 15
for file in "${files[@]}"; do
	name=$(basename "$file" .sql)
	want=$wanted/$name.want
	ok "$name: its first line asks the question" eval 'head -n 1 "$file" | grep -q "^-- .*?$"'
	ok "$name: one statement" is "1 1" "$(grep -v '^--' "$file" | grep -c ';') $(tail -n 1 "$file" | grep -c ';$')"
	ru db psql --db "$DB" -- -XqA -P footer=off -v ON_ERROR_STOP=1 -f "$file"
	cat -v "$T/out" >"$T/right"
	if [ "${1:-}" = --accept ]; then
		mkdir -p "$wanted"
		{ grep '^#' "$want" 2>/dev/null; cat "$T/right"; } >"$T/want"
		cp "$T/want" "$want"
	fi
	ok "$name: what it answers" eval 'ends_with 0 && says_nothing && grep -v "^#" "$want" >"$T/want" && same "$T/want" "$T/right"'
	ok "$name: something, with a word on where it comes from" eval '[ "$(wc -l <"$T/out")" -ge 2 ] && grep -q "^# ." "$want"'
done
ok "no answer without a query" is "${#files[@]}" "$(find "$wanted" -name '*.want' | wc -l | tr -d ' ')"

unset PGOPTIONS
drop_reader
drop_database cookbook
exit $failed
