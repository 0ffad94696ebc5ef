#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Killed at any point, and started again until it is done, it ends as if undisturbed: nothing is lost,
# nothing is there twice. Run as
#
#	RUAMILL=/path/to/ruamill [CRASHES=100] [SEED=1] bash tests/integration/crash.sh
#
# A point is a share of the time that an undisturbed run takes, drawn from the seed; where it falls is
# the machine's. `make test-crash` does a hundred, `make test` ten.
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

crashes=${CRASHES:-10}
seed=${SEED:-$RANDOM}
start_server

# --- a thousand mails: most good, some broken, sent twice or in conflict, and a large one ---------------------

mkdir -p "$T"/mails/cur "$T"/mails/new "$T"/mails/tmp
report template example.com 1 2 3 4 5 >"$T/template.xml"
for i in $(seq 1000 1999); do
	case $i in
	*7) cp "$T/mails/new/$((i - 3)).crash" "$T/mails/new/$i.crash" ;;
	*59) sed "s/template/r-$((i - 9))/" "$T/template.xml" >"$T/mails/new/$i.crash" ;;
	*51) head -c 300 "$T/template.xml" >"$T/mails/new/$i.crash" ;;
	*) sed "s/template/r-$i/; s/<count>1</<count>$i</" "$T/template.xml" >"$T/mails/new/$i.crash" ;;
	esac
done
report large example.org 1 | sed '/<record>/,$d' >"$T/mails/new/1500.crash"
awk 'BEGIN { for (i = 0; i < 40000; i++) printf "<record><row><source_ip>10.1.%d.%d</source_ip><count>1</count></row><identifiers><header_from>example.org</header_from></identifiers></record>\n", i / 256, i % 256; print "</feedback>" }' \
	>>"$T/mails/new/1500.crash"

# What is in the mailbox, and where: names without what comes and goes.
list_box() { (cd "$T/box" && find . -type f | sort); }

fresh_box() {
	rm -rf "$T/box"
	cp -r "$T/mails" "$T/box"
}

# The options under test: mails are moved once they are stored.
ingest() { "$RUAMILL" ingest -q --jobs 2 --db "$DB" "${moving[@]}" "$T/box" >/dev/null 2>&1; }
moving=(--then "move:.Done" --if-broken "move:.Broken")

fresh_database undisturbed
fresh_box
begin=$(date +%s%N)
ingest
ok "undisturbed: some are broken" is 1 $?
duration=$(($(date +%s%N) - begin))
{ dump_facts && dump_messages && dump_judged; } >"$T/facts"
list_box >"$T/boxed"
ok "undisturbed: all is there" is 40000 "$(sql "select max(records) from report")"
drop_database undisturbed

# --- killed ------------------------------------------------------------------------------------------------------

awk -v seed="$seed" -v n="$crashes" 'BEGIN { srand(seed); for (i = 0; i < n; i++) print rand() }' >"$T/points"
while read -r point; do
	fresh_database crash
	fresh_box
	delay=$(awk -v d="$duration" -v p="$point" 'BEGIN { printf "%.4f", d * p / 1e9 }')
	{ timeout -s KILL "$delay" "$RUAMILL" ingest -q --jobs 2 --db "$DB" "${moving[@]}" "$T/box"; } >/dev/null 2>&1
	for _ in 1 2 3; do
		ingest
		status=$?
		[ $status -gt 1 ] || break
	done
	{ dump_facts && dump_messages && dump_judged; } >"$T/left"
	list_box >"$T/right"
	ok "killed after $delay s (seed $seed): the facts" same "$T/facts" "$T/left"
	ok "killed after $delay s (seed $seed): the mails" same "$T/boxed" "$T/right"
	drop_database crash
done <"$T/points"
exit "$failed"
