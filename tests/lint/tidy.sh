#!/bin/sh
# clang-tidy, as .clang-tidy says, over the program's C files, with the flags of each file's folder: clang's
# warnings are among what it tells.
# Tests are left out: criterion's macros take it minutes, and a fault there shows by itself.
set -u
status=0

command -v clang-tidy-14 >/dev/null || { echo "clang-tidy-14 is not installed"; exit 1; }

# tidy FOLDER FILE...: as many at once as there are processors. It counts on stderr the warnings
# it does not show.
tidy() {
	flags="$(make -s "flags-$1") $(make -s clang-warnings)"
	shift
	[ -e "$1" ] || return 0
	# shellcheck disable=SC2086 # One argument a flag.
	printf '%s\n' "$@" |
		xargs -P "$(nproc)" -I{} clang-tidy-14 --quiet {} -- $flags 2>/dev/null || status=1
}

for folder in base parser ingest store reports cli; do
	tidy "$folder" "$folder"/*.c
done
exit $status
