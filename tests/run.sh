#!/bin/bash
# The test driver: tests/run.sh [--only unit|fuzz|cases|integration|threads] BUILD...
#
# It runs what `make` has built under build/BUILD. Every group must have at least one test. The
# last line is "N passed, N failed", and the exit status says the same.
set -u
cd "$(dirname "$0")/.." || exit 1

groups="unit fuzz cases integration"
if [ "${1:-}" = --only ]; then
	groups=$2
	shift 2
fi
[ $# -gt 0 ] || { echo "usage: tests/run.sh [--only GROUP] BUILD..." >&2; exit 64; }

# `timeout --foreground` throughout: so that Ctrl-C reaches the test too.
passed=0 failed=0
jobs=$(nproc)

# criterion calls a leaking test passed, and a leak ends with status 0, unless it aborts.
export ASAN_OPTIONS=abort_on_error=1:detect_leaks=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
# GLib's own allocator hides from it who uses what.
export TSAN_OPTIONS=halt_on_error=1:exitcode=66 G_SLICE=always-malloc
unset RUAMILL_TEST_DB
export RUAMILL_CONFIG=/dev/null

# Everything temporary is in here. As root the database runs as another user, who must get in.
work=$(mktemp -d "${TMPDIR:-/tmp}/ruamill-test.XXXXXX") && chmod 755 "$work" || exit 1
export TMPDIR=$work/tmp
mkdir -m 1777 "$TMPDIR"

database_of=
stop_database() {
	[ -z "$database_of" ] || RUAMILL_DATA=$work/data "$database_of" db stop >/dev/null 2>&1
	database_of=
	unset RUAMILL_TEST_DB
	rm -rf "$work/data"
}
trap 'stop_database; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

pass() {
	passed=$((passed + 1))
}

# fail NAME [FILE OF OUTPUT]
fail() {
	failed=$((failed + 1))
	echo "not ok $1"
	[ -z "${2:-}" ] || sed 's/^/    /' "$2"
}

# A throw-away PostgreSQL, kept by the program under test, for all groups of one build. Without it
# the tests that need one fail, each by itself, and the others still run.
start_database() {
	local ask=(env RUAMILL_DATA="$work/data" timeout --foreground 120 "$1")
	database_of=$1
	if "${ask[@]}" db start >"$work/out" 2>&1 &&
		RUAMILL_TEST_DB=$("${ask[@]}" db status --conninfo 2>"$work/out") &&
		[ -n "$RUAMILL_TEST_DB" ]; then
		export RUAMILL_TEST_DB
	else
		unset RUAMILL_TEST_DB
		fail "$build: the test database could not be started (ruamill db start)" "$work/out"
	fi
}

# Prints suite/name of every test in the criterion binary $1.
list_unit_tests() {
	LC_ALL=C "$1" --list | awk '
		/^[^ ]+: [0-9]+ tests?$/ { suite = $1; sub(/:$/, "", suite); next }
		/^[|`]-- / { print suite "/" $2 }'
}

# Runs the test $2 of the binary $1 in a process of its own. Its output stays in a file if it
# failed; a test that did not run has failed too.
run_unit_test() {
	local out=$work/unit/${2//\//.}
	if timeout --foreground 300 "$1" --filter "$2" >"$out" 2>&1 &&
		! grep -q 'Tested: 0 ' "$out"; then
		rm "$out"
	fi
}
export -f run_unit_test
export work

run_unit() {
	local binary=$1/tests/unit name out
	rm -rf "$work/unit" && mkdir "$work/unit"
	[ -x "$binary" ] && list_unit_tests "$binary" >"$work/list"
	# shellcheck disable=SC2016 # The inner shell expands them.
	xargs -a "$work/list" -P "$jobs" -I{} bash -c 'run_unit_test "$0" "$1"' "$binary" {}
	while read -r name; do
		out=$work/unit/${name//\//.}
		if [ -e "$out" ]; then fail "$build: $name" "$out"; else pass; fi
	done <"$work/list"
}

run_fuzz() {
	local target name inputs
	for target in "$1"/tests/fuzz_*; do
		[ -x "$target" ] || continue
		name=${target##*/} inputs=tests/fuzz/corpus/${target##*/}
		if timeout --foreground 600 "$target" "$inputs" >"$work/out" 2>&1; then
			pass
		else
			fail "$build: $name over $inputs" "$work/out"
		fi
	done
}

# count_script NAME FILE: counts what a script has printed, "ok NAME" and "not ok NAME"; its last line is its
# status. One that printed neither, or ended badly without saying what failed, has failed itself.
count_script() {
	local name=$1 good bad status
	status=$(tail -n 1 "$2")
	good=$(grep -c '^ok ' "$2")
	bad=$(grep -c '^not ok ' "$2")
	passed=$((passed + good))
	failed=$((failed + bad))
	sed '$d' "$2" | grep -v '^ok ' >"$work/rest"
	if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
		fail "$build: $name ended with status $status" "$work/rest"
	elif [ $((good + bad)) -eq 0 ]; then
		fail "$build: $name ran no test" "$work/rest"
	elif [ "$bad" -gt 0 ]; then
		echo "failures in $build: $name"
		sed 's/^/    /' "$work/rest"
	fi
}

# run_script FILE COMMAND...: into the file, for count_script.
run_script() {
	local out=$1
	shift
	timeout --foreground 1800 "$@" >"$out" 2>&1
	printf '\n%s\n' "$?" >>"$out"
}

run_cases() {
	[ -e tests/cases/run.sh ] || return
	run_script "$work/out" bash tests/cases/run.sh "$1"
	count_script tests/cases/run.sh "$work/out"
}

# A server of its own for each, so that several can run at once.
run_integration_script() {
	run_script "$work/integration/${2##*/}" \
		env -u RUAMILL_TEST_DB RUAMILL="$1/ruamill" BUILD_DIR="$1" bash "$2"
}
export -f run_script run_integration_script

# run_scripts FOLDER SCRIPT...: twice as many at once as there are processors, since they wait for servers for half
# of their time.
run_scripts() {
	local folder=$1 script
	shift
	rm -rf "$work/integration" && mkdir "$work/integration"
	# shellcheck disable=SC2016 # The inner shell expands them.
	printf '%s\n' "$@" | xargs -P $((2 * jobs)) -I{} bash -c 'run_integration_script "$0" "$1"' "$folder" {}
	for script in "$@"; do
		count_script "$script" "$work/integration/${script##*/}"
	done
}

# The largest first: they take the longest, and none of them should be left over in the end.
run_integration() {
	mapfile -t scripts < <(ls -S tests/integration/*.sh)
	run_scripts "$1" "${scripts[@]}"
}

# The part of the integration tests that is about threads.
run_threads() {
	run_scripts "$1" tests/integration/jobs.sh tests/integration/imap.sh
}

for build in "$@"; do
	folder=$PWD/build/$build
	start_database "$folder/ruamill"
	for group in $groups; do
		before=$((passed + failed)) begin=$SECONDS
		: >"$work/list"
		"run_$group" "$folder"
		count=$((passed + failed - before))
		[ "$count" -gt 0 ] || fail "$build: no $group test was found"
		echo "$build: $group, $count tests, $((SECONDS - begin)) s"
	done
	stop_database
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
