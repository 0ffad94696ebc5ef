#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The case tests: every input in tests/cases/GROUP/ through the program beside this script, what it
# prints and says held against NAME.want and NAME.err; in senders/ what it tells people, against
# NAME.show and NAME.told. README.md tells how to add one. Run as
#
#	tests/cases/run.sh [--accept] BUILD_DIR
#
# --accept writes the expectations of cases that have none; it never overwrites one.
set -u
export LC_ALL=C

accept=
if [ "${1:-}" = --accept ]; then
	accept=1
	shift
fi
[ $# -eq 1 ] || { echo "usage: tests/cases/run.sh [--accept] BUILD_DIR" >&2; exit 64; }
program=$(realpath "$1")/tests/case
cd "$(dirname "$0")" || exit 1
[ -x "$program" ] || { echo "not ok cases: $program is not built"; exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/ruamill-cases.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

fail() {
	echo "not ok $1"
	[ -z "${2:-}" ] || echo "    $2"
	failed=1
}

# One field a line, so that a difference can be seen. What an input holds must not steer a terminal.
readable() {
	sed 's/[{,]"/\n&/g' "$1" | tr -c '[:print:]\n' '?'
}

# differs FILE: prints how $work/FILE is other than $work/wanted.FILE, nothing if it is not.
differs() {
	cmp -s "$work/wanted.$1" "$work/$1" && return
	readable "$work/wanted.$1" >"$work/left"
	readable "$work/$1" >"$work/right"
	diff -U 2 --label "wanted $1" --label "$1" "$work/left" "$work/right" | sed 's/^/    /'
	cmp -s "$work/left" "$work/right" && echo "    $1 differs in characters that are shown as ?"
}

# What is not written down is this: nothing printed, and nothing said but that it was stored.
wanted() {
	: >"$work/wanted.out"
	echo 'outcome: stored' >"$work/wanted.err"
	[ ! -e "$1.want" ] || cp "$1.want" "$work/wanted.out"
	[ ! -e "$1.err" ] || cp "$1.err" "$work/wanted.err"
}

# people NAME WAY: what people are told of $work/out, against NAME.WAY.
people() {
	if [ ! -s "$work/out" ]; then
		fail "$1" "--$2: $(head -n 1 "$work/err")"
	elif [ -e "$1.$2" ]; then
		diff -U 2 --label "wanted $2" --label "$2" "$1.$2" "$work/out" >"$work/diff" &&
			echo "ok $1.$2" && return
		fail "$1.$2"
		sed 's/^/    /' "$work/diff"
	elif [ -n "$accept" ]; then
		cp "$work/out" "$1.$2"
		echo "accepted $1.$2: look at it"
	else
		fail "$1" "there is no $1.$2"
	fi
}

# run_people INPUT: by `show`, and by somebody who knows what is in the .known beside it.
run_people() {
	local way
	for way in show told; do
		(cd "${1%/*}" && timeout 120 "$program" "--$way" "${1##*/}") >"$work/out" 2>"$work/err" ||
			: >"$work/out"
		people "${1%.*}" "$way"
	done
}

accept_case() {
	[ ! -s "$work/out" ] || cp "$work/out" "$1.want"
	[ "$(cat "$work/err")" = 'outcome: stored' ] || cp "$work/err" "$1.err"
	echo "accepted $1: look at it"
}

# run_case INPUT: where the tree lies is taken out of what is said.
run_case() {
	local name=${1%.*}
	local status
	(cd "${1%/*}" && timeout 120 "$program" "${1##*/}") >"$work/out" 2>"$work/said"
	status=$?
	awk -v folder="$PWD/${1%/*}/" '{
		at = index($0, folder)
		print at ? substr($0, 1, at - 1) substr($0, at + length(folder)) : $0
	}' "$work/said" >"$work/err"
	if [ "$status" -ne 0 ]; then
		fail "$name" "status $status"
		sed 's/^/    /' "$work/err"
	elif [ ! -e "$name.want" ] && [ ! -e "$name.err" ]; then
		if [ -n "$accept" ]; then
			accept_case "$name"
		else
			fail "$name" "there is neither $name.want nor $name.err"
		fi
	else
		wanted "$name"
		{ differs out; differs err; } >"$work/diff"
		if [ -s "$work/diff" ]; then
			fail "$name"
			cat "$work/diff"
		else
			echo "ok $name"
		fi
	fi
}

shopt -s nullglob
for expectation in */*.want */*.err senders/*.show senders/*.told senders/*.known; do
	compgen -G "${expectation%.*}.*" | grep -qvE '\.(want|err|show|told|known)$' ||
		fail "$expectation" "its input is missing"
done
for input in */*; do
	case $input in
	*.want | *.err | */README.md | mailboxes/* | senders/*.show | senders/*.told | senders/*.known) ;;
	senders/*) run_people "$input" ;;
	*) run_case "$input" ;;
	esac
done
exit $failed
