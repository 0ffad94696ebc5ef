#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The command line: help, usage errors, exit statuses, where output goes, and what other programs
# rely on in it. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/commands.sh
#
# Checks are given as text that is evaluated later, and by functions called through ok.
# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

copy_sample "$T/box"
report good example.com 1 2 >"$T/good.xml"
report better example.org 3 >"$T/better.xml"
head -c 200 "$T/good.xml" >"$T/bad.xml"
nowhere="host=$T/nowhere"

# --- help and version -----------------------------------------------------------------------------------

# helps NAME...: --help prints, says nothing, and ends well.
helps() {
	ru "$@" --help
	ends_with 0 && says_nothing && grep -qx "usage: ruamill $*.*" "$T/out"
}

for word in --help -h help; do
	ru $word
	ok "$word" eval 'ends_with 0 && says_nothing && grep -q "^usage: ruamill COMMAND" "$T/out"'
done
commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' "$T/out")
ok "it lists the commands" eval 'for c in ingest report show db; do echo "$commands" | grep -qx $c || exit 1; done'
for command in $commands; do
	ok "$command --help" helps "$command"
	ok "$command -h is the same" eval 'cp "$T/out" "$T/left"; ru '"$command"' -h; same "$T/left" "$T/out"'
done
ru db --help
subcommands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' "$T/out")
ok "db --help lists its commands" eval 'for c in init migrate status psql start stop; do echo "$subcommands" | grep -qx $c || exit 1; done'
for command in $subcommands; do
	ok "db $command --help" helps db "$command"
done
ok "help makes no database" test ! -e "$RUAMILL_DATA"
for word in --version -V; do
	ru $word
	ok "$word" eval 'ends_with 0 && says_nothing && grep -Eqx "ruamill [0-9]+\.[0-9]+\.[0-9]+.*" "$T/out"'
done

# --- usage errors: 64, and what was meant ------------------------------------------------------------------

# wrong NAME TEXT... -- ARGUMENTS: ends with 64, prints nothing, says each text.
wrong() {
	local name=$1 texts=()
	shift
	while [ "$1" != -- ]; do
		texts+=("$1")
		shift
	done
	shift
	ru "$@"
	ok "$name" eval 'ends_with 64 "${texts[@]}" && prints_nothing'
}

ru
ok "no command" eval 'is 64 $status && grep -q "^usage:" "$T/out"'
ru db
ok "no command of db" eval 'is 64 $status && grep -q "^usage:" "$T/out"'
wrong "a mistyped command" "unknown command" "did you mean 'ingest'?" -- ingset
wrong "a mistyped command of db" "unknown command" "did you mean 'db status'?" -- db statsu
wrong "a command like none" "unknown command" "--help" -- xyzzy
wrong "a mistyped option" "unknown option" --domian "did you mean --domain?" -- report --domian example.com
wrong "with a value behind =" "unknown option" "did you mean --format?" -- show --fromat=json "$T/good.xml"
wrong "an option like none" "unknown option" "--help" -- show --xyzzy "$T/good.xml"
wrong "an unknown letter" "unknown option" "-Z" -- show -Z "$T/good.xml"
wrong "an option of another command" "unknown option" "--then" -- show --then mark "$T/good.xml"
wrong "a value is missing" "needs a value" --db -- report --db
wrong "of a letter too" "needs a value" -- show "$T/good.xml" -o
wrong "a flag takes none" "takes no value" --quiet -- show --quiet=yes "$T/good.xml"
wrong "an unknown format" xml "table" csv json -- report --format xml
wrong "colours that there are not" "choose one of: auto, always, never" -- report --db "$nowhere" --color foo
wrong "an unknown format of show" yaml "choose one of: table, json, csv" -- show --format yaml "$T/good.xml"
wrong "an unknown settlement" destroy leave mark -- ingest --then destroy "$T/box"
wrong "an unknown question" sendres senders -- report sendres
wrong "two questions" "one question" -- report senders senders
for days in 0 -1 x 1.5 36501 99999999999999999999 ''; do
	wrong "--days '$days'" "not a number of days" -- report --db "$nowhere" --days "$days"
done
for day in 2026-13-01 2026-02-30 2026-1-1 yesterday 20261101 ''; do
	wrong "--since '$day'" "not a date" --since -- report --db "$nowhere" --since "$day"
done
wrong "--until likewise" "not a date" --until -- report --db "$nowhere" --until 2026-11-31
wrong "--since after --until" "--since" -- report --db "$nowhere" --since 2026-11-02 --until 2026-11-01
wrong "--since and --days" "--since" "--days" -- report --db "$nowhere" --since 2026-11-02 --days 3
wrong "nothing to ingest" "nothing to ingest" -- ingest
wrong "nothing to show" "nothing to show" -- show
for command in init migrate status start stop; do
	wrong "db $command with an argument" "no arguments" -- db $command surplus
done
wrong "a mistake in front of standard input is one too" "unknown option" -- ingest --bogus -
ok "none of them made a database" test ! -e "$RUAMILL_DATA"
ru show -- --help
ok "behind -- there are no options" ends_with 66 "--help"
ru show "$T/good.xml" -q
ok "options may stand behind" ends_with 0

# --- 66: inputs ------------------------------------------------------------------------------------------------

ru show "$T/absent.xml"
ok "show: no such file" eval 'ends_with 66 absent.xml && prints_nothing'
ru show --format json "$T/absent.xml" "$T/good.xml" "$T/better.xml"
ok "the others are shown" eval 'ends_with 66 absent.xml && is 2 "$(wc -l <"$T/out" | tr -d " ")"'
mkdir "$T/hollow"
ru show "$T/hollow"
ok "a folder without files" ends_with 66 hollow
ru show <(cat "$T/good.xml")
ok "a pipe named like a file is read or refused, not passed over" eval '[ -s "$T/out" ] || ends_with 66'
ru show /dev/null
ok "so is a device" eval '[ -s "$T/err" ]'
ru ingest "$T/absent"
ok "ingest: no such file" ends_with 66 absent

# As an ordinary user, whom a mode can stop.
as_user=()
if [ "$(id -u)" = 0 ]; then
	install -m 755 "$RUAMILL" "$T/ruamill"
	install -d -m 755 -o nobody "$T/nobody"
	as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups env "RUAMILL_DATA=$T/nobody/data" "HOME=$T/nobody")
else
	install -m 755 "$RUAMILL" "$T/ruamill"
	mkdir "$T/nobody"
	as_user=(env "RUAMILL_DATA=$T/nobody/data" "HOME=$T/nobody")
fi
# as_nobody ARGUMENTS: like ru.
as_nobody() {
	timeout 300 "${as_user[@]}" "$T/ruamill" "$@" >"$T/out" 2>"$T/err"
	status=$?
}
mkdir "$T/locked" "$T/locked/folder"
cp "$T/good.xml" "$T/locked/a.xml"
cp "$T/good.xml" "$T/locked/b.xml"
cp "$T/better.xml" "$T/locked/c.xml"
chmod 644 "$T"/locked/*.xml "$T/good.xml"
chmod 000 "$T/locked/b.xml"
as_nobody show "$T/locked/b.xml"
ok "a file that may not be read" ends_with 66 "b.xml" "ermission"
as_nobody show --format json "$T/locked/a.xml" "$T/locked/b.xml" "$T/locked/c.xml"
ok "the others are shown all the same" eval 'ends_with 66 b.xml && is 2 "$(wc -l <"$T/out" | tr -d " ")"'
rmdir "$T/locked/folder"
as_nobody ingest "$T/locked"
ok "ingest: the others are stored" ends_with 66 "b.xml" "2 reports, 3 records" "1 unreadable"
chmod 644 "$T/locked/b.xml"
as_nobody ingest "$T/locked"
ok "and this one once it may be read" ends_with 0 "2 known from before" "1 duplicate"
mkdir -m 000 "$T/secret"
as_nobody show "$T/secret"
ok "a folder that may not be read" ends_with 66 secret
chmod 755 "$T/secret"

# --- 74: output --------------------------------------------------------------------------------------------------

# fills ARGUMENTS: their output goes to a full disk.
fills() {
	timeout 300 "$RUAMILL" "$@" >/dev/full 2>"$T/err"
	status=$?
	ends_with 74 "No space left"
}
ok "a full disk: show" fills show "$T/good.xml"
ok "--help" fills --help
ok "--help of a command" fills show --help
ok "--version" fills --version
ok "db status" fills db status
ru show -o /dev/full "$T/good.xml"
ok "-o /dev/full" ends_with 74 /dev/full "No space left"
"$RUAMILL" --version >&- 2>"$T/err"
status=$?
ok "stdout is closed" ends_with 74
ru ingest "$T/good.xml"
"$RUAMILL" report >&- 2>"$T/err"
status=$?
ok "nor does the database get what is printed then" ends_with 74
"$RUAMILL" ingest - <&- 2>"$T/err"
status=$?
ok "stdin is closed" ends_with 75 "cannot read" "Bad file descriptor"
"$RUAMILL" show "$T/box" 2>"$T/err" | head -c 1 >/dev/null
status=${PIPESTATUS[0]}
ok "a reader that goes away" ends_with 74 "Broken pipe"

echo before >"$T/result.json"
ru show --format json -o "$T/result.json" "$T/good.xml"
ok "-o: nothing on stdout" eval 'ends_with 0 && prints_nothing'
cp "$T/result.json" "$T/left"
ru show --format json "$T/good.xml"
ok "the file is what stdout would be" same "$T/out" "$T/left"
ru show --format json "-o$T/letter.json" "$T/good.xml"
ok "-oFILE" same "$T/left" "$T/letter.json"
ru show --format json --output="$T/long.json" "$T/good.xml"
ok "--output=FILE" same "$T/left" "$T/long.json"
ok "its mode is the usual one" is "$( (umask 022 && : >"$T/usual") && stat -c %a "$T/usual")" \
	"$( (umask 022 && ru show --format json -o "$T/mode.json" "$T/good.xml") && stat -c %a "$T/mode.json")"
ru show --format json -o "$T/absent/x.json" "$T/good.xml"
ok "-o into no folder" ends_with 74 absent/x.json
echo before >"$T/rules.csv"
ru senders rules --db "$nowhere" --format csv -o "$T/rules.csv"
ok "-o: of a command that fails the file stays what it was" eval 'ends_with 75 && is before "$(cat "$T/rules.csv")"'
ru show --format json -o "$T/result.json" "$T/bad.xml" "$T/good.xml"
ok "-o: what is broken is told, the file holds the rest" eval 'ends_with 1 bad.xml && same "$T/left" "$T/result.json"'

mkdir "$T/full"
echo before >"$T/full/result.json"
(
	ulimit -c 0 -f 1
	exec "$RUAMILL" show --format json -o "$T/full/result.json" "$T/box" 2>"$T/err"
) 2>/dev/null
status=$?
ok "the file grows too large: 74" ends_with 74 "$T/full/result.json"
ok "-o: what was there before stays" is before "$(cat "$T/full/result.json")"
ok "and nothing half done beside it" is result.json "$(ls -A "$T/full")"
(
	ulimit -c 0 -f 1
	exec "$RUAMILL" show --format json "$T/box" >"$T/full/stdout.json" 2>"$T/err"
) 2>/dev/null
status=$?
ok "stdout grows too large: 74" ends_with 74 "standard output"

# --- 75 and 78 -----------------------------------------------------------------------------------------------------

for command in "ingest $T/good.xml" "report" "db init" "db migrate" "db psql"; do
	# shellcheck disable=SC2086 # words are meant
	ru $command --db "$nowhere"
	ok "${command%% /*}: database away" eval 'ends_with 75 "cannot be reached" && prints_nothing'
done
ru db status --conninfo
ok "conninfo while nothing runs" eval 'ends_with 75 "ruamill db start" && prints_nothing'
RUAMILL_DATA=$T/other PGHOST=$T/nowhere ru report
ok "PGHOST names a database, too" ends_with 75 "$T/nowhere"
ok "and no private one is made" test ! -e "$T/other"
RUAMILL_TODAY=tomorrow ru ingest "$T/good.xml"
ok "a bad setting" ends_with 78 RUAMILL_TODAY tomorrow
start_server
empty_database commands
for command in "ingest $T/good.xml" report "db psql"; do
	# shellcheck disable=SC2086 # words are meant
	ru $command --db "$DB"
	ok "${command%% /*}: no tables, and what to do" eval 'ends_with 78 "ruamill db init" && prints_nothing'
done

# --- data on stdout, talk on stderr -----------------------------------------------------------------------------------

ru show --format json "$T/box"
cp "$T/out" "$T/all.json"
cp "$T/err" "$T/all.err"
ok "show of the whole mailbox" ends_with 1
ok "stdout is JSON, an object a line" eval '[ "$(jq -c . "$T/all.json" | wc -l)" = "$(wc -l <"$T/all.json")" ]'
ok "stderr is talk, a line a mail" eval '! grep -v "^ruamill: " "$T/all.err"'
ok "nothing else is told twice" is "" "$(sort "$T/all.err" | uniq -d)"
ru show -q "$T/good.xml"
ok "-q leaves data alone" eval 'ends_with 0 && says_nothing && [ -s "$T/out" ]'
ru show --format json - <"$T/good.xml"
ok "show -" eval 'ends_with 0 && jq -e ".report_id == \"good\"" "$T/out"'
RUAMILL_DATA=$T/other ru show "$T/good.xml"
ok "show makes no database" eval 'ends_with 0 && [ ! -e "$T/other" ]'

# Each mail alone gives what it gives among the others.
for mail in "$T"/box/*/*; do
	"$RUAMILL" show --format json "$mail"
done >"$T/single.json" 2>/dev/null
sort "$T/all.json" >"$T/left"
sort "$T/single.json" >"$T/right"
ok "each mail alone" same "$T/left" "$T/right"

# --- the names that other programs rely on -----------------------------------------------------------------------------

# holds NAME FILTER: for each report shown.
holds() {
	jq -r "select(($2) | not) | .org_name + \" \" + (.report_id // \"\")" "$T/all.json" >"$T/unlike" 2>&1
	ok "show: $1" same /dev/null "$T/unlike"
}
holds "names of a report" '["org_name","email","extra_contact_info","report_id","begin","end","version","generator",
	"errors","namespace","policy","records","quirks","error"] - keys == []'
holds "names of its policy" '["domain","adkim","aspf","p","sp","np","pct","fo","testing","discovery_method"] - (.policy | keys) == []'
holds "names of its records" 'all(.records[]; ["source_ip","count","disposition","dkim","spf","reasons","header_from","envelope_from",
	"envelope_to","auth","raw","aligned","agreement","sender","infrastructure","last_hop","path","confidence","spf_cause","dkim_cause",
	"verdict","flags"] - keys == [])'
holds "names of reasons" 'all(.records[].reasons[]; ["type","comment"] - keys == [])'
holds "names of results" 'all(.records[].auth; ["dkim","spf"] - keys == []) and
	all(.records[].auth.dkim[]; ["domain","selector","result","human_result"] - keys == []) and
	all(.records[].auth.spf[]; ["domain","scope","result","human_result"] - keys == [])'
holds "alignment" 'all(.records[].aligned; (.dkim | type) == "boolean" and (.spf | type) == "boolean" and .dmarc == (.dkim or .spf))'
holds "agreement" 'all(.records[].agreement | .dkim, .spf; . == "none" or . == "agrees" or . == "unsupported" or . == "contradicts")'
holds "times" '.begin, .end | test("^20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$")'
holds "lists are lists" '[.errors, .records, .quirks, (.records[] | .reasons, .auth.dkim, .auth.spf, .flags)] | all(type == "array")'
holds "raw is an object" 'all(.records[].raw; type == "object")'
holds "counts are numbers" 'all(.records[].count; type == "number")'
holds "verdicts are there" 'all(.records[]; (.verdict | type) == "string" and (.spf_cause | type) == "string" and (.dkim_cause | type) == "string")'
holds "domains are A-labels in lower case" '[.policy.domain, (.records[] | .header_from, (.auth.dkim[], .auth.spf[] | .domain))] |
	all(. == null or test("^[a-z0-9._-]*$"))'
ok "the sums are those of the mailbox" eval 'is "$(sed -n "s/^# totals: .*, \([0-9]*\) messages$/\1/p" "$SAMPLE/expected.tsv")" \
	"$(jq -s "unique_by([.org_name, .report_id, .policy.domain]) | [.[].records[].count] | add" "$T/all.json")"'

# --- hostile text -----------------------------------------------------------------------------------------------------------

# Control characters but newline (and carriage return before it, in CSV), in UTF-8 too, and what turns or hides text.
harmful='[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xa9]|\xef\xbb\xbf|\xf3\xa0[\x80-\x81]'
harmless() {
	local file wrong=0
	for file in "$T/out" "$T/err"; do
		LC_ALL=C grep -aqzP "$harmful" "$file" && { echo "in ${file##*/}:"; cat -v "$file"; wrong=1; }
	done
	return "$wrong"
}
printf 'a\033[31mb\n' >"$T/out"
printf 'a\302\233b\n' >"$T/err"
ok "harm would be noticed" eval '! harmless >/dev/null'
ru show --format json "$T/box/new/1794790813.M1P1.mx.example.com"
ok "show: the hostile mail" ends_with 0
ok "show: harmless" harmless
ok "show: and nothing is lost" eval 'jq -r .org_name "$T/out" | grep -q "$(printf "\302\23331m")"'

# A report that is hostile in every field, which reaches the answers by volume.
evil=$(printf '\\&#x9b;31m\342\200\256\\&#x2066;\303\211\\&lt;b\\&gt;') # for sed
report "=cmd|' /C calc'!A0" example.com 900000 |
	sed "s/Reporter/$evil/; s/<selector>s/<selector>$evil/; s|<header_from>example.com|<header_from>$evil.example.com|; s/other.example/$evil.other.example/
		s|<domain>example.com</domain><selector>|<domain>$evil.signer.example</domain><selector>|
		s|<dkim>pass</dkim><spf>|<reason><type>$evil</type><comment>$evil</comment></reason><dkim>$evil</dkim><spf>|" >"$T/evil.xml"
for format in table json csv; do
	ru show --format $format "$T/evil.xml"
	ok "show: hostile in every field as $format" eval 'ends_with 0 && [ -s "$T/out" ] && harmless'
done
fresh_database hostile
ru ingest --db "$DB" "$T/evil.xml" "$T/box/new/1794790813.M1P1.mx.example.com"
ok "ingest: hostile" eval 'ends_with 0 "2 stored" && harmless'
for format in table csv json; do
	ru report --db "$DB" --format $format
	ok "report: hostile as $format" eval 'ends_with 0 && [ -s "$T/out" ] && harmless'
done
ru report --db "$DB" --format csv
ok "no cell of the CSV is a formula" eval '! grep -aE "(^|,)\"?[=+@-]" "$T/out"'
odd=$(printf 'no\033[31m\302\233such\342\200\256file')
for command in "show $odd" "ingest --db $nowhere $odd" "$odd" "report --$odd" "report --format $odd" "report --days $odd"; do
	# shellcheck disable=SC2086 # words are meant
	ru $command
	ok "hostile arguments: ${command%%no*}" eval '[ $status -ge 64 ] && [ -s "$T/err" ] && harmless'
done
cp "$T/bad.xml" "$T/$odd"
ru show "$T/$odd"
ok "a hostile file name" eval 'ends_with 1 && harmless'

drop_database commands
drop_database hostile
exit "$failed"
