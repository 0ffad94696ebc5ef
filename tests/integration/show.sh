#!/bin/bash
# SPDX-License-Identifier: MIT
#
# ruamill show in its three formats: against golden files, over several files of which one is broken,
# and with text that is hostile in every field. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/show.sh [--accept]
#
# --accept writes the golden files anew: look at what changes in them.
#
# Checks are given as text that is evaluated later, and by functions called through ok.
# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

mails=("$SAMPLE"/Maildir/new/1793767272.* "$SAMPLE"/Maildir/new/1793335200.*)
report first example.com 1 2 >"$T/first.xml"
report last example.org 3 >"$T/last.xml"
head -c 200 "$T/first.xml" >"$T/broken.xml"
head -n -2 "$T/first.xml" >"$T/cut.xml"
CR=$(printf '\r')

# --- golden files ---------------------------------------------------------------------------------------------

# on_terminal WIDTH ARGUMENTS: like ru, on a terminal of that width.
on_terminal() {
	local width=$1
	shift
	script -qec "stty cols $width && $(printf '%q ' "$RUAMILL" "$@")" /dev/null </dev/null >"$T/typescript" 2>&1
	status=$?
	tr -d '\r' <"$T/typescript" >"$T/out"
}

ru show "${mails[@]}"
ok "table: done, and nothing to say" eval 'ends_with 0 && says_nothing'
cp "$T/out" "$T/show.table80"
on_terminal 160 show --no-progress "${mails[@]}"
ok "table on a wide terminal" is 0 "$status"
cp "$T/out" "$T/show.table160"
on_terminal 80 show --no-progress "${mails[@]}"
ok "a terminal of 80 columns and none are alike" same "$T/show.table80" "$T/out"
ru show --format table "${mails[@]}"
ok "the table is the default" same "$T/show.table80" "$T/out"
for format in csv json; do
	ru show --format $format "${mails[@]}"
	ok "$format: done, and nothing to say" eval 'ends_with 0 && says_nothing'
	cp "$T/out" "$T/show.$format"
done
cp "$T/show.csv" "$T/crlf.csv"
tr -d '\r' <"$T/crlf.csv" >"$T/show.csv"
jq -S . "$T/show.json" >"$T/sorted"
cp "$T/show.json" "$T/lines.json"
mv "$T/sorted" "$T/show.json"
for file in show.table80 show.table160 show.csv show.json; do
	if [ "${1:-}" = --accept ]; then
		cp "$T/$file" "$GOLDEN/$file"
	fi
	ok "golden: $file" same "$GOLDEN/$file" "$T/$file"
done
# too_long WIDTH FILE: lines that are longer, but records to publish.
too_long() {
	grep -Ev ' (CNAME|TXT|MX|A) ' "$2" | awk -v width="$1" 'length > width'
}
ok "no line is longer than 80" is "" "$(too_long 80 "$T/show.table80")"
ok "no line is longer than 160" is "" "$(too_long 160 "$T/show.table160")"
ok "csv ends its lines as RFC 4180 says" is "" "$(grep -v "$CR$" "$T/crlf.csv")"

# --- the three say the same -----------------------------------------------------------------------------------

# csv COLUMN: its fields, of the last CSV printed; no field of ours is bare and empty, or has a line end in it.
csv() {
	tr -d '\r' <"$T/out" | jq -Rr --arg column "$1" -s '[split("\n")[] | select(. != "") |
		[scan("\"(?:[^\"]|\"\")*\"|[^,\"]+") | if startswith("\"") then .[1:-1] | gsub("\"\""; "\"") else . end]] |
		.[0] as $names | .[1:][] | if length == ($names | length) then .[$names | index($column)] else "fields: \(length)" end'
}
# json FILTER: of each record shown, null as nothing.
json() {
	jq -r ". as \$report | .records[] | ($1) // \"\"" "$T/lines.json"
}

cp "$T/crlf.csv" "$T/out"
ok "names of the columns" is "org_name,report_id,begin,end,policy_domain,p,sp,np,adkim,aspf,pct,testing,discovery_method,source_ip,count,disposition,dkim,spf,reasons,header_from,envelope_from,envelope_to,dkim_results,spf_results,dkim_aligned,spf_aligned,dmarc,dkim_agreement,spf_agreement,sender,infrastructure,last_hop,path,confidence,spf_cause,dkim_cause,verdict,flags" \
	"$(head -n 1 "$T/show.csv" | tr -d '"')"
for column in org_name report_id begin end; do
	ok "csv as json: $column" is "$(json "\$report.$column")" "$(csv $column)"
done
for column in p sp np adkim aspf pct testing discovery_method; do
	ok "csv as json: $column" is "$(json "\$report.policy.$column")" "$(csv $column)"
done
ok "csv as json: policy_domain" is "$(json '$report.policy.domain')" "$(csv policy_domain)"
for column in source_ip count disposition dkim spf header_from envelope_from envelope_to sender infrastructure last_hop path \
	confidence spf_cause dkim_cause verdict; do
	ok "csv as json: $column" is "$(json ".$column")" "$(csv $column)"
done
ok "csv as json: dkim_results" is "$(json '[.auth.dkim[] | "\(.domain):\(.selector)=\(.result)"] | join(" ")')" "$(csv dkim_results)"
ok "csv as json: spf_results" is "$(json '[.auth.spf[] | "\(.domain)/\(.scope)=\(.result)"] | join(" ")')" "$(csv spf_results)"
for leg in dkim spf; do
	ok "csv as json: ${leg}_aligned" is "$(json ".aligned.$leg | tostring")" "$(csv ${leg}_aligned)"
	ok "csv as json: ${leg}_agreement" is "$(json ".agreement.$leg")" "$(csv ${leg}_agreement)"
done
ok "csv as json: dmarc" is "$(json '.aligned.dmarc | tostring')" "$(csv dmarc)"
ok "csv as json: flags" is "$(json '.flags | join(" ")')" "$(csv flags)"
ok "the table has a row for each record" is "$(json .source_ip | wc -l)" \
	"$(grep -cE '^ *[0-9,]+ [0-9a-f.:]+ +[a-z]' "$T/show.table160")"
ok "and their messages" is "$(jq -s 'map(.records[].count) | add' "$T/lines.json")" \
	"$(sed -n 's/ messages\{0,1\} in .*//p' "$T/show.table80" | tr -d , | awk '{ sum += $1 } END { print sum }')"

# --- several files, one of them broken ------------------------------------------------------------------------

ru show "$T/first.xml" "$T/broken.xml" "$T/last.xml"
ok "table: the others are shown" eval 'ends_with 1 broken.xml &&
	is "first last" "$(sed -n "s/^Reporter: Reporter, report //p" "$T/out" | xargs)"'
ok "a rule parts them" is 1 "$(grep -cx -- '-\{80\}' "$T/out")"
ru show --format csv "$T/first.xml" "$T/broken.xml" "$T/last.xml"
ok "csv: the others are shown" eval 'ends_with 1 broken.xml && is "first first last" "$(csv report_id | xargs)"'
ok "csv: its names stand once" is 1 "$(grep -c org_name "$T/out")"
ru show --format csv "$T/broken.xml"
ok "csv: names also where nothing follows" eval 'ends_with 1 && is 1 "$(wc -l <"$T/out")"'
ru show "$T/cut.xml" "$T/last.xml"
ok "table: cut off within the records" eval 'ends_with 1 cut.xml &&
	is 1 "$(grep -c "^The report breaks off here: " "$T/out")" && grep -q "^1 message in 1 record;" "$T/out" &&
	grep -q "^3 messages in 1 record;" "$T/out"'
ru show --format csv "$T/cut.xml" "$T/last.xml"
ok "csv: cut off within the records" eval 'ends_with 1 cut.xml && is "first last" "$(csv report_id | xargs)"'

# --- where it comes from and goes to ------------------------------------------------------------------------------

ru show "$T/first.xml"
cp "$T/out" "$T/left"
ru show - <"$T/first.xml"
ok "table: standard input" eval 'ends_with 0 && same "$T/left" "$T/out"'
ru show -o "$T/file" "$T/first.xml"
ok "table: -o" eval 'ends_with 0 && prints_nothing && same "$T/left" "$T/file"'
ru show --format csv "$T/first.xml"
cp "$T/out" "$T/left"
ru show --format csv - <"$T/first.xml"
ok "csv: standard input" eval 'ends_with 0 && same "$T/left" "$T/out"'
ru show --format csv -o "$T/file" "$T/first.xml"
ok "csv: -o" eval 'ends_with 0 && prints_nothing && same "$T/left" "$T/file"'
for format in table csv json; do
	timeout 60 "$RUAMILL" show --format $format "$T/first.xml" >/dev/full 2>"$T/err"
	status=$?
	ok "a full disk: $format" ends_with 74 "No space left"
done

# --- many records ---------------------------------------------------------------------------------------------------

# many COUNT: a report of so many records, some of which fail, every one from another address.
many() {
	report many example.com | sed '$d'
	awk -v count="$1" 'BEGIN {
		for (i = 0; i < count; i++)
			printf "<record><row><source_ip>10.%d.%d.%d</source_ip><count>1</count><policy_evaluated><disposition>none</disposition><dkim>%s</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>%s.example.com</header_from></identifiers><auth_results><dkim><domain>%s</domain><selector>s</selector><result>pass</result></dkim><spf><domain>other.example</domain><result>pass</result></spf></auth_results></record>\n",
				i / 65536, i / 256 % 256, i % 256, i % 4 ? "pass" : "fail", "n" i, i % 4 ? "example.com" : "signer.example"
	}'
	echo '</feedback>'
}
many 4000 >"$T/many.xml"
ru show "$T/many.xml"
ok "4,000 records" eval 'ends_with 0 && is 4000 "$(grep -c "^ *1 10\." "$T/out")" &&
	grep -q "^4,000 messages in 4,000 records; 75.0 % " "$T/out"'
ok "titles with every 500 of them" is 8 "$(grep -c "^MESSAGES SOURCE .* VERDICT$" "$T/out")"
ok "only so many kinds are told apart" eval 'is 300 "$(grep -c "^[0-9]*\. .*, From n" "$T/out")" &&
	tr "\n" " " <"$T/out" | grep -q "too many kinds of it: 700 messages\."'
# A sanitizer takes all the address space there is.
case ${BUILD_DIR:-} in
*asan*) ;;
*)
	many 100000 | gzip >"$T/many.xml.gz"
	for format in table csv json; do
		(
			ulimit -v 150000
			exec "$RUAMILL" show --format $format -o /dev/null "$T/many.xml.gz"
		) >"$T/out" 2>"$T/err"
		status=$?
		ok "100,000 records in bounded memory: $format" ends_with 0
	done
	;;
esac

# --- hostile text -----------------------------------------------------------------------------------------------------

long=$(head -c 70000 /dev/zero | tr '\0' x)

# hostile TEXT: a report with it in every field that takes any text. No '/' or '\' may be in it.
hostile() {
	local text=${1//&/\\&} name
	for name in org_name email report_id selector header_from disposition p adkim aspf; do
		echo "s/<$name>[^<]*</<$name>$text</g"
	done >"$T/hostile.sed"
	cat <<-END >>"$T/hostile.sed"
		s/<domain>other/<domain>$text.other/
		s/<result>pass/<result>$text/
		s/<\/report_id>/&<error>$text<\/error>/
		s/<spf>fail<\/spf>/<spf>$text<\/spf><reason><type>$text<\/type><comment>$text<\/comment><\/reason>/
		s/<\/header_from>/&<envelope_from>$text<\/envelope_from><envelope_to>$text<\/envelope_to>/
	END
	report ID example.com 5 | sed -f "$T/hostile.sed"
}
evil="=cmd|&#x9b;31m$(printf '\342\200\256')&#x2066;$(printf '\357\273\277')&quot;,&lt;b&gt;"
hostile "$evil" >"$T/evil.xml"
hostile "$evil$long" >"$T/long.xml"
harmful='[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xa9]|\xef\xbb\xbf|\xf3\xa0[\x80-\x81]'
harmless() {
	! LC_ALL=C grep -aqzP "$harmful" "$T/out" "$T/err" || { cat -v "$T/out" "$T/err" | cut -c 1-400; return 1; }
}
for name in evil long; do
	ru show "$T/$name.xml"
	ok "$name: table" eval 'ends_with 0 && harmless && is "" "$(grep "^ *5 " "$T/out" | awk "length > 80")"'
	ok "$name: the table's lines are bounded" is "" "$(awk 'length > 2500' "$T/out")"
	ok "$name: what it was can be seen" grep -qF '=cmd|\x9b31m\u202e\u2066' "$T/out"
	ru show --format csv "$T/$name.xml"
	ok "$name: csv" eval 'ends_with 0 && harmless && is 2 "$(wc -l <"$T/out")"'
	ok "$name: every field has its column" is 5 "$(csv count)"
	ok "$name: no field is a formula" eval '! grep -aE "(^|,)\"[=+@-]" "$T/out"'
done
ru show --format csv "$T/evil.xml"
ok "csv: what it was can be seen" is "'=cmd|\\x9b31m\\u202e\\u2066\\ufeff\",<b>" "$(csv org_name)"

exit "$failed"
