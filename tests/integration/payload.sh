#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Reports as they were sent: kept where that is asked for, and given back byte for byte. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/payload.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server
mkdir "$T/box"
report plain example.com 1 2 3 >"$T/plain.xml"
cp "$T/plain.xml" "$T/box/plain.xml"
report packed example.com 1 >"$T/packed.xml"
gzip -n <"$T/packed.xml" >"$T/box/packed.xml.gz"
# What is mended is read more than once, and kept as it came.
report mended example.com 1 | sed 's|</feedback>|<note>a \& b</note></feedback>|' >"$T/mended.xml"
cp "$T/mended.xml" "$T/box/"
{ report behind example.com 1 2 | sed '/<report_metadata>/,/<\/policy_published>/d; /<\/feedback>/d'
	report behind example.com 1 | grep -E '<(report_metadata|policy_published)>'
	echo '</feedback>'; } >"$T/behind.xml"
cp "$T/behind.xml" "$T/box/"
printf '\xef\xbb\xbf' | cat - "$T/plain.xml" | sed 's/plain/bom/; s/$/\r/' >"$T/bom.xml"
cp "$T/bom.xml" "$T/box/"
report a/b example.com 1 >"$T/slash.xml"
cp "$T/slash.xml" "$T/box/"
{
	printf 'Subject: two\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n'
	for id in first second; do
		report $id example.com 1 2 >"$T/$id.xml"
		printf -- '--x\nContent-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n'
		gzip -n <"$T/$id.xml" | base64
	done
	echo '--x--'
} >"$T/box/two.mail"

fresh_database payload
ru ingest --db "$DB" "$T/box"
ok "nobody asked: nothing is kept" eval 'ends_with 0 && is 0 "$(sql "select count(*) from payload")"'
dump_facts >"$T/left"
fresh_database payload
ru ingest --store-payload --db "$DB" "$T/box"
ok "--store-payload keeps each report" eval 'ends_with 0 && is "8|8" "$(sql "select count(distinct report_key), count(*) from payload")"'
dump_facts >"$T/right"
ok "the facts are the same" same "$T/left" "$T/right"
for id in plain packed mended behind bom a/b first second; do
	file=$T/$id.xml
	[ $id = a/b ] && file=$T/slash.xml
	ru db payload --db "$DB" "reporter/$id"
	ok "reporter/$id: byte for byte" eval 'ends_with 0 && says_nothing && cmp "$file" "$T/out"'
done
key=$(sql "select key from report where report_id = 'packed'")
ru db payload --db "$DB" "$key"
ok "by its key" eval 'ends_with 0 && cmp "$T/packed.xml" "$T/out"'
ru db payload --db "$DB" -o "$T/file" "${key^^}"
ok "in capitals, into a file" eval 'ends_with 0 && prints_nothing && cmp "$T/packed.xml" "$T/file"'
ru show --format json "$T/file"
ok "which can be shown" eval 'ends_with 0 && grep -q "\"report_id\":\"packed\"" "$T/out"'

# --- what there is not ------------------------------------------------------------------------------------------

ru db payload --db "$DB"
ok "none named" ends_with 64 "one report is wanted"
ru db payload --db "$DB" reporter/none
ok "no such report" eval 'ends_with 66 "there is no such report" "reporter/none" && prints_nothing'
ru db payload --db "$DB" -o "$T/nofile" "$(printf 'reporter/\xff\xc3')"
ok "a name that is not UTF-8" eval '[ $status -ne 0 ] && [ ! -e "$T/nofile" ]'
ok "not to a terminal" eval 'script -qec "\"$RUAMILL\" db payload --db \"$DB\" \"$key\"" /dev/null >"$T/typescript" 2>&1 </dev/null
	grep -q "not written to a terminal" "$T/typescript" && ! grep -q "<feedback>" "$T/typescript"'
report plain other.example 5 >"$T/box/other.xml"
ru ingest --db "$DB" "$T/box"
ok "a later run that does not ask keeps none" eval 'ends_with 0 "1 stored" && is 8 "$(sql "select count(distinct report_key) from payload")"'
ru db payload --db "$DB" reporter/plain
ok "two of one name: both are named" ends_with 66 "several reports are called so" example.com other.example \
	"$(sql "select key from report where policy_domain = 'other.example'")" "give the key"
ru db payload --db "$DB" "$(sql "select key from report where policy_domain = 'other.example'")"
ok "one whose payload was not kept" ends_with 66 "was not stored" "--store-payload"

# --- duplicates, conflicts, broken ones ---------------------------------------------------------------------------

sum() { sql "select md5(string_agg(md5(bytes), '' order by report_key, piece)) from payload"; }
sum >"$T/left"
mkdir "$T/more"
cp "$T/plain.xml" "$T/more/again.xml"
sed 's/<count>1</<count>9</' "$T/packed.xml" >"$T/more/conflict.xml"
report broken example.com 1 2 | head -c 300 >"$T/more/broken.xml"
ru ingest --store-payload --db "$DB" "$T/more"
ok "of duplicates, conflicts and what is broken nothing is kept" eval 'ends_with 1 "1 duplicate" "1 conflicting" "1 broken" &&
	sum >"$T/right" && same "$T/left" "$T/right"'
sql "alter table report add constraint refused check (report_id <> 'refused')"
report refused example.com 1 >"$T/more/refused.xml"
report fine example.com 1 >"$T/more/fine.xml"
ru ingest --store-payload --db "$DB" "$T/more"
ok "nor of what the database refuses, but of others in its batch" eval 'ends_with 1 "refused by the database" &&
	is fine "$(sql "select string_agg(report_id, '"','"') from report join payload on key = report_key where report_id in ('"'fine', 'refused'"')")"'
ru db payload --db "$DB" reporter/fine
ok "byte for byte" cmp "$T/more/fine.xml" "$T/out"

# --- damage --------------------------------------------------------------------------------------------------------

sql "update payload set bytes = overlay(bytes placing '\\x00' from 20) where report_key = '$key'"
ru db payload --db "$DB" -o "$T/damaged" "$key"
ok "one that is damaged is told, and no file is made" eval 'ends_with 78 "damaged" && [ ! -e "$T/damaged" ]'
ru db payload --db "$DB" -o /dev/full "reporter/fine"
ok "a full disk" ends_with 74

# --- giants --------------------------------------------------------------------------------------------------------------

# One that streams, packed small; and one of few records whose text does not pack.
report giant giant.example 1 | sed '/<record>/,$d' >"$T/giant.xml"
awk 'BEGIN { for (i = 0; i < 60000; i++) printf "<record><row><source_ip>10.%d.%d.%d</source_ip><count>1</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>pass</spf></policy_evaluated></row><identifiers><header_from>n%d.giant.example</header_from></identifiers><auth_results><spf><domain>giant.example</domain><result>pass</result></spf></auth_results></record>\n", i / 65536, i / 256 % 256, i % 256, i % 3000
	print "</feedback>" }' >>"$T/giant.xml"
report noise noise.example 1 | sed 's|</feedback>||' >"$T/noise.xml"
for _ in $(seq 60); do
	printf '<!-- %s -->\n' "$(head -c 60000 /dev/urandom | base64 -w 0)"
done >>"$T/noise.xml"
echo '</feedback>' >>"$T/noise.xml"
mkdir "$T/giants"
cp "$T/giant.xml" "$T/giants/b.xml"
cp "$T/noise.xml" "$T/giants/c.xml"
report before example.com 1 >"$T/giants/a.xml"
report after example.com 1 >"$T/giants/d.xml"
fresh_database giants
ru ingest --store-payload --db "$DB" "$T/giants"
ok "giants among small ones" ends_with 0 "4 reports, 60003 records"
ok "the one that does not pack is in pieces" is t "$(sql "select count(*) > 8 and min(piece) = 0 and max(piece) = count(*) - 1
	and max(length(bytes)) <= 262144 from payload join report on key = report_key where report_id = 'noise'")"
for id in giant noise before after; do
	ru db payload --db "$DB" "reporter/$id"
	case $id in giant | noise) file=$T/$id.xml ;; before) file=$T/giants/a.xml ;; after) file=$T/giants/d.xml ;; esac
	ok "reporter/$id: byte for byte" eval 'ends_with 0 && cmp "$file" "$T/out"'
done
sum >"$T/left"
cp "$T/giant.xml" "$T/giants/e.xml"
cp "$T/noise.xml" "$T/giants/f.xml"
ru ingest --store-payload --db "$DB" "$T/giants"
ok "again: duplicates, which keep nothing" eval 'ends_with 0 "2 duplicate" && sum >"$T/right" && same "$T/left" "$T/right"'
sed 's/>giant</>cut</; s/>noise</>cut</' "$T/noise.xml" | sed '$d' | sed '$s/-->//' >"$T/giants/g.xml"
sed 's/>giant</>deep</' "$T/giant.xml" | sed "\$s|.*|$(printf '<a>%.0s' $(seq 40))&|" >"$T/giants/h.xml"
ru ingest --store-payload --db "$DB" "$T/giants"
ok "one that breaks a limit at its end leaves nothing behind" eval 'ends_with 1 &&
	is 0 "$(sql "select count(*) from report where report_id = '"'deep'"'")" &&
	is 0 "$(sql "select count(*) from payload left join report on key = report_key where key is null")"'
ok "one that is cut off is kept as far as it goes, where it is" eval '
	[ "$(sql "select count(*) from report where report_id = '"'cut'"'")" = 0 ] ||
	{ ru db payload --db "$DB" reporter/cut; cmp "$T/giants/g.xml" "$T/out"; }'

for name in payload giants; do
	drop_database $name
done
exit "$failed"
