#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What strangers write, through every field of a report and a mail and every name of a file, into everything
# that is printed: terminal escapes, turned writing, HTML, SQL, formulas, bytes that are no UTF-8, 64 KiB of
# anything. Needs tests/harmless of the build. Run as
#
#	RUAMILL=/path/to/ruamill BUILD_DIR=build/release bash tests/integration/harmless.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

harmless=$(realpath "${BUILD_DIR:-build/release}")/tests/harmless
start_server

# --- what strangers write ---------------------------------------------------------------------------------------

mkdir "$T/payloads"
# shellcheck disable=SC2059 # escapes are meant
payload() { printf -- "$2" >"$T/payloads/$1"; }
payload escape '\033]0;owned\007\033[31mred\033[2J\010\r\177'
payload c1 '\302\2330;31mred\302\205\302\235'
payload bidi '\342\200\256gpj.exe\342\201\246a\342\201\251\342\200\217\330\234\342\200\250\357\273\277\363\240\201\201'
payload html "<script>alert(1)</script>\"'&lt;"
payload sql "'); drop schema dmarc cascade; -- \\\\' \$\$ {a,\"b\"} %%s%%n"
payload formula "=cmd|' /c calc'!A1"
payload plus '+1+1'
payload minus '-1+1'
payload at '@sum(1)'
payload blank-formula ' =1+1'
payload tab-formula '\t=1+1'
payload return-formula '\r=1+1'
payload quote-formula '"=1+1'
payload wide-formula '\357\274\2351'
payload lines 'a\nb\r\nc\td'
payload bytes '\377\376\300\257\355\240\200\360\237 \200'
payload json '\\\\u0000",\\"a":1}\\'
payload slashes '../../../etc/passwd'
head -c 65536 /dev/zero | tr '\0' 'A' >"$T/payloads/long"
awk 'BEGIN { for (i = 0; i < 21846; i++) printf "\342\202\254" }' >"$T/payloads/long-euros"
payloads=$(ls "$T/payloads")

# One that stands in XML: what no document may hold by any means is left to itself.
in_xml() { sed -e 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g' -e 's/\r/\&#13;/g; s/\t/\&#9;/g' "$T/payloads/$1"; }

# --- every field of a report --------------------------------------------------------------------------------------

fields="namespace org_name email extra_contact_info report_id begin error version generator domain adkim aspf p sp np pct
	fo testing discovery_method source_ip count disposition dkim spf reason comment header_from envelope_from envelope_to
	dkim_domain selector dkim_result dkim_human spf_domain scope spf_result spf_human element"
cat >"$T/template" <<'END'
<feedback xmlns="{namespace=urn:ietf:params:xml:ns:dmarc-2.0}"><version>{version=1.0}</version>
<report_metadata><org_name>{org_name=reporter.example}</org_name><email>{email=dmarc@reporter.example}</email>
<extra_contact_info>{extra_contact_info=none}</extra_contact_info><report_id>{report_id=#}</report_id>
<date_range><begin>{begin=1793491200}</begin><end>1793577599</end></date_range><error>{error=none}</error>
<generator>{generator=x}</generator></report_metadata>
<policy_published><domain>{domain=example.com}</domain><adkim>{adkim=r}</adkim><aspf>{aspf=r}</aspf><p>{p=none}</p>
<sp>{sp=none}</sp><np>{np=none}</np><pct>{pct=100}</pct><fo>{fo=1}</fo><testing>{testing=n}</testing>
<discovery_method>{discovery_method=psl}</discovery_method></policy_published>
<record><row><source_ip>{source_ip=192.0.2.1}</source_ip><count>{count=3}</count>
<policy_evaluated><disposition>{disposition=none}</disposition><dkim>{dkim=fail}</dkim><spf>{spf=fail}</spf>
<reason><type>{reason=other}</type><comment>{comment=x}</comment></reason></policy_evaluated></row>
<identifiers><header_from>{header_from=example.com}</header_from><envelope_from>{envelope_from=a.example}</envelope_from>
<envelope_to>{envelope_to=b.example}</envelope_to></identifiers>
<auth_results><dkim><domain>{dkim_domain=c.example}</domain><selector>{selector=s}</selector>
<result>{dkim_result=pass}</result><human_result>{dkim_human=x}</human_result></dkim>
<spf><domain>{spf_domain=d.example}</domain><scope>{scope=mfrom}</scope><result>{spf_result=fail}</result>
<human_result>{spf_human=x}</human_result></spf></auth_results><x>{element=x}</x></record></feedback>
END
# hostile PAYLOAD FIELD...: a report in which these fields hold it.
hostile() {
	in_xml "$1" >"$T/escaped"
	awk -v wanted=" ${*:2} " -v id="$1-$2" -v file="$T/escaped" '
		BEGIN { while ((getline line <file) > 0) text = text (n++ ? "\n" : "") line }
		{
			for (rest = $0; match(rest, /\{[a-z_]*=[^}]*\}/); rest = substr(rest, RSTART + RLENGTH)) {
				field = substr(rest, RSTART + 1, RLENGTH - 2)
				value = substr(field, index(field, "=") + 1)
				field = substr(field, 1, index(field, "=") - 1)
				printf "%s%s", substr(rest, 1, RSTART - 1),
					index(wanted, " " field " ") ? text : value == "#" ? id : value
			}
			print rest
		}' "$T/template"
}
mkdir "$T/fields"
for name in $payloads; do
	for field in $fields; do
		hostile "$name" "$field" >"$T/fields/$name.$field.xml"
	done
	# shellcheck disable=SC2086 # words
	hostile "$name" all ${fields/begin/} >"$T/fields/$name.all.xml"
done
ok "a sane report comes of the template" eval 'hostile html none >"$T/sane.xml" && "$RUAMILL" show --format json "$T/sane.xml" |
	jq -e ".report_id == \"html-none\" and .error == null and .records[0].count == 3"'

# --- every field of a mail, and every name ---------------------------------------------------------------------------

# mail PAYLOAD FILE: a mail with the file attached, whose every field holds it.
mail() {
	local text
	text=$(tr -d '\n' <"$T/payloads/$1" | head -c 60000)
	printf '%s\n' "Authentication-Results: mx.example.com; dkim=pass header.d=$text; spf=fail ($text) smtp.mailfrom=$text" \
		"From: \"$text\" <a@$text>" "Subject: Report Domain: $text Submitter: $text Report-ID: <$text>" \
		"Message-ID: <$text@reporter.example>" "MIME-Version: 1.0" \
		"Content-Type: application/$text; name=\"$text\"" "Content-Disposition: attachment; filename=\"$text\"" ""
	cat "$2"
}
box=$T/box
mkdir -p "$box/new" "$box/cur" "$box/tmp" "$T/names"
for name in $payloads; do
	report "mail-$name" example.com 1 >"$T/good.xml"
	mail "$name" "$T/good.xml" >"$box/new/$name.good"
	sed 's|</record>.*||' "$T/good.xml" >"$T/broken.xml"
	mail "$name" "$T/broken.xml" >"$box/new/$name.torn"
	printf '\037\213\010\000broken' >"$T/broken.gz"
	mail "$name" "$T/broken.gz" >"$box/new/$name.broken"
	file=$(tr -d '/\0' <"$T/payloads/$name" | head -c 150; echo .)
	cp "$T/good.xml" "$T/names/${file}xml"
	cp "$T/broken.gz" "$T/names/${file}gz"
	cp "$box/new/$name.broken" "$box/new/${file}mail"
done

# --- the checker itself -------------------------------------------------------------------------------------------------

for name in escape c1 bidi bytes; do
	ok "the checker sees $name" eval '! "$harmless" text "$T/payloads/$name"'
done
for name in formula plus minus at tab-formula; do
	{ printf '"'; cat "$T/payloads/$name"; printf '"\r\n'; } >"$T/cell"
	ok "the checker sees $name in a cell" eval '! "$harmless" csv "$T/cell"'
done
printf '"a","b"\r\n"c"\r\n' >"$T/cell"
ok "the checker counts cells" eval '! "$harmless" csv "$T/cell"'
printf '"a","b\n"\r\n' >"$T/cell"
ok "the checker sees a line within a cell" eval '! "$harmless" csv "$T/cell"'
printf '"a",1,"\x27=b""c",\r\n"d\xc3\xa4",,"",2.5\r\n' >"$T/cell"
ok "the checker takes what is well" "$harmless" csv "$T/cell"

# --- everything that is printed ----------------------------------------------------------------------------------------

# looks FORMAT: what the last ru printed, and what it said.
looks() {
	[ "$status" -lt 124 ] || { echo "status $status"; return 1; }
	case $1 in json) jq -es 'length > 0' "$T/out" >/dev/null || return 1 ;; esac
	"$harmless" "$1" "$T/out" && "$harmless" text "$T/err"
}

fresh_database harmless
ru ingest -v --trust mx.example.com --db "$DB" "$T/fields" "$box" "$T/names"
ok "ingest: what it says" eval 'looks text && grep -q "to look at" "$T/err"'
ok "ingest: nothing that it says is endless" is "" "$(awk 'length > 8192' "$T/err" | head -c 200)"
ok "the tables stand, with values as they came" is "t|t|t" "$(sql "select
	exists (select from report where org_name like '%; drop schema dmarc cascade; --%'),
	exists (select from stream where header_from like '%<script>alert(1)</script>%'),
	exists (select from record where notes::text like '%=cmd|%')")"
for name in $payloads; do
	ru senders add "$(head -c 1000 "$T/payloads/$name")" --selector "s-$name" --db "$DB"
	ok "senders add $name" looks text
done
ru report --db "$DB" --format json
until=$(jq -r .until "$T/out")

# A line for each: how it is checked, and the command; with %, for a connection.
while read -r format command; do
	command=${command//%/--db '"$DB"'}
	eval "ru $command"
	ok "$command" looks "$format"
done <<END
text show "$T/fields"
csv  show --format csv "$T/fields"
json show --format json "$T/fields"
text show "$box" "$T/names"
csv  show --format csv "$box" "$T/names"
json show --format json "$box" "$T/names"
text report % --since 2012-01-01 --until $until
csv  report % --since 2012-01-01 --until $until --format csv
json report % --since 2012-01-01 --until $until --format json
text report failures % --since 2012-01-01 --until $until --limit 100000
csv  report failures % --since 2012-01-01 --until $until --format csv
json report failures % --since 2012-01-01 --until $until --format json
text report domains % --limit 100000
csv  report domains % --format csv
json report domains % --format json
text report reporters % --limit 100000
csv  report reporters % --format csv
json report reporters % --format json
text report hosts % --since 2012-01-01 --until $until --limit 100000
csv  report hosts % --since 2012-01-01 --until $until --format csv
json report hosts % --since 2012-01-01 --until $until --format json
text explain amazon-ses % --since 2012-01-01 --until $until
json explain amazon-ses % --since 2012-01-01 --until $until --format json
text explain spoofed % --since 2012-01-01 --until $until
json explain spoofed % --since 2012-01-01 --until $until --format json
text explain unknown % --since 2012-01-01 --until $until
json explain unknown % --since 2012-01-01 --until $until --format json
text explain forwarded % --since 2012-01-01 --until $until
json explain forwarded % --since 2012-01-01 --until $until --format json
text explain 192.0.2.1 % --since 2012-01-01 --until $until
json explain 192.0.2.1 % --since 2012-01-01 --until $until --format json
text report problems % --all --limit 100000
csv  report problems % --all --format csv
json report problems % --all --format json
text senders rules %
csv  senders rules % --format csv
json senders rules % --format json
text ingest -v --retry %  "$T/fields" "$box" "$T/names"
text ingest -v --dry-run "$T/fields" "$box" "$T/names"
text ingest --then "move:$T/$(printf '\033')[31m" % "$T/names"
text db rejudge %
text db describe %
text db prune --keep 400d --dry-run %
END

# What was put in comes out: else all of this would show nothing.
for field in $fields; do
	case $field in begin | source_ip | count | pct | element) continue ;; esac
	"$RUAMILL" show --format json "$T/fields/html.$field.xml" >"$T/out" 2>/dev/null
	ok "$field: it is in what is printed" eval 'jq -r ".. | strings" "$T/out" | grep -qiF "<script>alert(1)</script>"'
done

ru show --format csv "$T/fields/formula.header_from.xml"
ok "a formula in a cell has an apostrophe in front" grep -qF "\"'=cmd|" "$T/out"

# --- what is asked for on the command line -------------------------------------------------------------------------------

for name in escape c1 bidi html sql formula lines bytes json slashes long long-euros; do
	text=$(tr -d '\0' <"$T/payloads/$name" | head -c 65536)
	while read -r option value; do
		for format in text json; do
			ru senders test --from example.com --ip 192.0.2.1 --format "$format" "$option" "${value//@/$text}"
			ok "senders test $option $name, $format" eval \
				'if [ $status = 0 ]; then looks $format; else looks text; fi'
		done
	done <<-END
		--from @
		--ip @
		--ptr @
		--envelope-from @
		--spf @=pass
		--spf a.example=@/mfrom
		--dkim @:s=pass
		--dkim a.example:@=pass
		--dkim a.example:s=@
		--reason other:@
		--reason @
		--policy-domain @
		--owned @
		--rule ip=192.0.2.1=@
	END
	printf '%s %s\n' "192.0.2.9" "$text" "$text" x >"$T/hosts"
	for command in 'report --domain "$text" --db "$DB"' 'report --since "$text" --db "$DB"' 'report "$text" --db "$DB"' \
		'report failures --sender "$text" --db "$DB"' 'report hosts --sort "$text" --db "$DB"' 'explain "$text" --db "$DB"' \
		'explain amazon-ses --domain "$text" --db "$DB"' 'hosts lookup --server "$text" --db "$DB"' 'ingest --trust "$text" --db "$DB" "$box"' \
		'"$text"' '"--$text"' 'show "$T/$text"' 'ingest --db "$DB" "/$text"' 'ingest --then "$text" --db "$DB" "$box"' \
		'senders show "$text"' 'senders own --db "$DB" "$text"' 'db describe --db "$DB" "$text"' 'db payload --db "$DB" "$text"' \
		'hosts import --db "$DB" "$T/hosts"' 'db status --db "host=$T dbname=$text"'; do
		eval "ru $command"
		ok "$command, $name" looks text
	done
done
drop_database harmless
exit "$failed"
