#!/bin/sh
# The manual page and the option tables of cli/ name the same options, and mandoc is content.
set -u
page=dist/ruamill.1
status=0

[ -e "$page" ] || { echo "$page is not there"; exit 1; }

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# OPT_FLAG("--name", ...) and its kin; a row may be spread over lines.
cat cli/*.[ch] 2>/dev/null | tr '\n' ' ' | grep -oE 'OPT_[A-Z_]+\(\s*"--[a-z0-9-]+"' |
	sed 's/.*"--//; s/"//' | sort -u >"$work/table"

options_in() {
	sed 's/\\-/-/g' | grep -oE 'Fl -[a-z0-9][a-z0-9-]*' | sed 's/^Fl -//' | sort -u
}
options_in <"$page" >"$work/page"
grep '^\.It' "$page" | options_in >"$work/items"

[ -s "$work/table" ] || { echo "no option table was found in cli/"; status=1; }
for option in $(comm -23 "$work/table" "$work/items"); do
	echo "$page: --$option has no item (.It Fl -$option)"
	status=1
done
for option in $(comm -13 "$work/table" "$work/page"); do
	echo "$page: --$option is in no option table of cli/"
	status=1
done

mandoc -T lint -W warning dist/*.[1-8] || status=1
exit $status
