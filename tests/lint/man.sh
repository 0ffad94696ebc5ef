#!/bin/sh
# The manual page and the option tables of cli/ name the same options, the page and parser/quirks.c the
# same oddities, the page and the sample of ruamill.conf the same keys, the sample is the program's, and
# mandoc is content.
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

# [QUIRK_NAME] = ODD("what it means"), and the same of USUAL, which the page marks with a star.
sed -n 's/^.*\[QUIRK_\([A-Z0-9_]*\)\] = \([A-Z]*\)("\(.*\)").*$/\1 \2 \3/p' parser/quirks.c |
	while read -r name kind meaning; do
		slug=$(echo "$name" | tr 'A-Z_' 'a-z-')
		[ "$kind" = ODD ] || slug="$slug *"
		printf '.It Cm %s\n%s.\n' "$slug" "$(echo "$meaning" | sed 's/^./\U&/')"
	done >"$work/quirks"
sed -n '/^\.Sh ODDITIES/,/^\.El/p' "$page" | sed -n '/^\.It/,$p' | sed '/^\.El/d' >"$work/oddities"
[ -s "$work/quirks" ] || { echo "no quirk was found in parser/quirks.c"; status=1; }
diff "$work/oddities" "$work/quirks" || {
	echo "$page: its oddities are not those of parser/quirks.c (right)"
	status=1
}

# What config_keys[] declares, the program prints: "section key" of a line.
sample=dist/ruamill.conf conf=dist/ruamill.conf.5
build/release/ruamill check --sample | diff "$sample" - || {
	echo "$sample is not what the program prints (right): ruamill check --sample >$sample"
	status=1
}
sed -n 's/^#\{0,1\}\[\([a-z]*\).*\]$/[\1/p; s/^#\([a-z_]*\) = .*/\1/p' "$sample" |
	awk '/^\[/ { section = $0; next } { print section, $0 }' | sort >"$work/keys"
sed -n 's/^\.Ss \(\[[a-z]*\).*/\1/p; s/^\.It Ic \([a-z_]*\) No = .*/\1/p' "$conf" |
	awk '/^\[/ { section = $0; next } { print section, $0 }' | sort >"$work/told"
[ -s "$work/keys" ] || { echo "no key was found in $sample"; status=1; }
diff "$work/keys" "$work/told" || {
	echo "the keys of $conf are not those of $sample (left)"
	status=1
}

mandoc -T lint -W warning dist/*.[1-8] || status=1
exit $status
