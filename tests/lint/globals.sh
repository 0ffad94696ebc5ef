#!/bin/sh
# No variable lives outside a function, a struct or the stack, but those listed here. Constant
# tables are in .rodata and .data.rel.ro, which is constant once the program runs.

# OBJECT SYMBOL
allowed='
base/log.o sink
base/interrupt.o requested
base/interrupt.o bell
'

set -u
folder=build/release/obj
[ -d "$folder" ] || { echo "there is no $folder: run make first"; exit 1; }

cd "$folder" || exit 1
find . -path ./tests -prune -o -name '*.o' -print | sed 's,^\./,,' | sort | while read -r object; do
	objdump -t "$object" | sed "s,^,$object ,"
done | awk -v allowed="$allowed" '
# OBJECT ADDRESS FLAGS SECTION<tab>SIZE NAME: the flags may hold blanks, so the tab is the anchor.
BEGIN {
	count = split(allowed, line, "\n")
	for (i = 1; i <= count; i++)
		known[line[i]] = 1
}
{
	split($0, half, "\t")
	fields = split(half[1], left, " ")
	section = left[fields]
	split(half[2], right, " ")
	name = right[2]
}
name != section && section ~ /^(\.t?data|\.t?bss|\*COM\*)/ && section !~ /^\.data\.rel\.ro/ {
	if (!((left[1] " " name) in known)) {
		printf "%s: the variable %s (%s) is global and can change\n", left[1], name, section
		bad = 1
	}
}
END { exit bad }
'
