#!/bin/sh
# The catalogue of senders can be read, and is fit to be read: told as FILE: LINE: FIELD: what is wrong.
# The grammar is the program's own; what only readers would mind is looked for here.
#
#	tests/lint/catalogue.sh [FILE]		another file than the shipped one; its grammar is not read
set -u
file=${1:-reports/senders.catalogue}
status=0

# The program that was built has the file in it, and names line and field of its first error.
if [ $# -eq 0 ]; then
	[ -x build/release/ruamill ] || { echo "there is no build/release/ruamill: run make first"; exit 1; }
	[ "$file" -ot build/release/ruamill ] || { echo "$file is newer than build/release/ruamill: run make first"; exit 1; }
	build/release/ruamill senders list >/dev/null || status=1
fi

# Each line and those that continue it, as one: LINE FIELD VALUE.
awk '
function wrong(line, field, why) {
	printf "%s: %d: %s: %s\n", file, line, field, why
	bad = 1
}
# Every word in capitals that a reader has to replace: not those of DNS, nor of a record'"'"'s own syntax.
function blank_in(record,    word, count, i, part) {
	count = split(record, word, /[^A-Za-z0-9]+/)
	for (i = 1; i <= count; i++) {
		part = word[i]
		if (part ~ /^(TXT|CNAME|MX|NS|DKIM1)$/)
			continue
		if (part ~ /[A-Z][A-Z]/)
			return part
	}
	return ""
}
function end_block(    leg) {
	for (leg in blank)
		if (!(leg in where))
			wrong(blank_line[leg], "record", "nobody says where " blank[leg] " is found: add \"where " leg " ...\"")
	delete blank; delete blank_line; delete where
}
function field_done(    leg, kind, name) {
	if (key == "")
		return
	if (value ~ / $| {2}/)
		wrong(key_line, key, "blanks that nobody sees")
	if (key == "record" || key == "gate") {
		split(value, part, " ")
		leg = part[1]; name = part[2]; kind = part[3]
		if (blank_in(value) != "" && !(leg in blank)) {
			blank[leg] = blank_in(value)
			blank_line[leg] = key_line
		}
		if (kind != "TXT" && value !~ /\.$/ && value !~ / HOST$/)
			wrong(key_line, key, "a target without a dot at its end")
		if (name ~ /\.$/)
			wrong(key_line, key, "the dot behind the name is added when it is printed")
		if (kind == "TXT" && value !~ /"[^"]+"$/)
			wrong(key_line, key, "a text without its quotation marks")
		if (name !~ /[{](from|mailfrom|spf-domain)[}]$/)
			wrong(key_line, key, "it lies under no domain of the reader'"'"'s")
	}
	if (key == "where") {
		split(value, part, " ")
		where[part[1]] = key_line
	}
	if ((key ~ /^(align-spf|align-dkim|note|spf-optional|spf-cost)$/) && value !~ /[.?]$/)
		wrong(key_line, key, "a sentence without its end")
	key = ""
}
length > 100 { wrong(FNR, "line", "longer than 100 columns") }
/[ \t]$/ { wrong(FNR, "line", "blanks at its end") }
/^#/ || /^$/ { field_done(); next }
/^ / { value = value " " substr($0, match($0, /[^ ]/)); next }
/^\[/ { field_done(); end_block(); next }
{ field_done(); key = $1; key_line = FNR; value = substr($0, length($1) + 2) }
END { field_done(); end_block(); exit bad }
' file="$file" "$file" || status=1
exit $status
