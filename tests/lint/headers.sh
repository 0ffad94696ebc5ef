#!/bin/sh
# Every header compiles alone: it includes what it uses.
set -u
status=0

for folder in base parser ingest store reports cli; do
	flags=$(make -s "flags-$folder")
	for header in "$folder"/*.h; do
		[ -e "$header" ] || continue
		# shellcheck disable=SC2086 # One argument a flag.
		echo "#include \"$header\"" | gcc $flags -Wall -Werror -fsyntax-only -x c - || {
			echo "$header does not compile alone"
			status=1
		}
	done
done
exit $status
