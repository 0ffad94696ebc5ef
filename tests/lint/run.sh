#!/bin/sh
# The driver of `make lint`: runs every check in this folder, the quick ones first, goes on after
# a failure, and names at the end the checks that failed.
set -u
# The checks ask make for compiler flags: that is a make of its own, not part of this one.
unset MAKEFLAGS
cd "$(dirname "$0")/../.." || exit 1

checks='shell includes printing man cases catalogue globals format headers cppcheck tidy'
failed=''

for check in $checks; do
	begin=$(date +%s)
	if "tests/lint/$check.sh"; then verdict=ok; else verdict=FAILED; failed="$failed $check"; fi
	echo "lint: $check: $verdict, $(($(date +%s) - begin)) s"
done

for script in tests/lint/*.sh; do
	name=$(basename "$script" .sh)
	case " run $checks " in
	*" $name "*) ;;
	*) echo "lint: $script is not called by the driver"; failed="$failed $name" ;;
	esac
done

[ -z "$failed" ] || { echo "lint: failed:$failed"; exit 1; }
echo "lint: all checks passed"
