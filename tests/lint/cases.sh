#!/bin/sh
# The table of tests/cases/README.md names cases that are there; every slug of a quirk stands in it,
# and is what some case shows, or what a unit test of limits does.
set -u
readme=tests/cases/README.md
status=0

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# The last column of the tables below the heading holds the names of cases.
sed -n '/^## Services/,$p' "$readme" | grep '^|' | awk -F'|' '{ print $(NF - 1) }' |
	grep -oE '`[^`]+`' | tr -d '`' | grep -v / | sort -u >"$work/named"
find tests/cases/mail tests/cases/parser tests/cases/senders -type f | sed 's|.*/||; s|\.[a-z]*$||' | sort -u >"$work/there"
for name in $(comm -23 "$work/named" "$work/there"); do
	echo "$readme: there is no case $name"
	status=1
done

tr '\n' ' ' <parser/quirks.h | grep -oE 'X\(QUIRK_[A-Z0-9_]+,[^")]*"[a-z0-9-]+"' |
	grep -oE '"[a-z0-9-]+"' | tr -d '"' >"$work/slugs"
[ -s "$work/slugs" ] || { echo "no quirk was found in parser/quirks.h"; status=1; }
while read -r slug; do
	grep -q "\`$slug\`" "$readme" || {
		echo "$readme: the slug $slug is not in it"
		status=1
	}
	grep -q -e "\"$slug\"" tests/cases/*/*.want || grep -q "quirks $slug" tests/unit/test_limits.c || {
		echo "tests/cases: no case shows $slug"
		status=1
	}
done <"$work/slugs"
exit $status
