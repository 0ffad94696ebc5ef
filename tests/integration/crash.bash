# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What the crash tests share. Sourced behind helpers.bash by a script that has
#
#	fresh_box       makes the mailbox as it was, out of the files in $T/mails
#	list_box        prints what is in it, and where
#	dump_ledger     prints the ledger, but what depends on when the run was killed
#	${ingesting[@]} the command that reads it into $DB, and moves mails once they are stored
#
# and calls crash_everywhere. A point is a share of the time that an undisturbed run takes, drawn from the
# seed; where it falls is the machine's.
crashes=${CRASHES:-5}
seed=${SEED:-$RANDOM}

# A thousand mails: most good, some broken, sent twice or in conflict, and a large one.
make_mails() {
	local i
	mkdir -p "$T/mails"
	report template example.com 1 2 3 4 5 >"$T/template.xml"
	for i in $(seq 1000 1999); do
		case $i in
		*7) cp "$T/mails/$((i - 3)).crash" "$T/mails/$i.crash" ;;
		*59) sed "s/template/r-$((i - 9))/" "$T/template.xml" >"$T/mails/$i.crash" ;;
		*51) head -c 300 "$T/template.xml" >"$T/mails/$i.crash" ;;
		*) sed "s/template/r-$i/; s/<count>1</<count>$i</" "$T/template.xml" >"$T/mails/$i.crash" ;;
		esac
	done
	report large example.org 1 | sed '/<record>/,$d' >"$T/mails/1500.crash"
	awk 'BEGIN { for (i = 0; i < 40000; i++) printf "<record><row><source_ip>10.1.%d.%d</source_ip><count>1</count></row><identifiers><header_from>example.org</header_from></identifiers></record>\n", i / 256, i % 256; print "</feedback>" }' \
		>>"$T/mails/1500.crash"
}

ingest() { "$RUAMILL" ingest -q --jobs 2 --db "$DB" "${ingesting[@]}" >/dev/null 2>"$T/err"; }

undisturbed() {
	local begin
	fresh_database undisturbed
	fresh_box
	begin=$(date +%s%N)
	ingest
	ok "undisturbed: some are broken" is 1 $?
	duration=$(($(date +%s%N) - begin))
	{ dump_facts && dump_ledger && dump_judged; } >"$T/facts"
	list_box >"$T/boxed"
	ok "undisturbed: all is there" is 40000 "$(sql "select max(records) from report")"
	drop_database undisturbed
}

# killed_after SECONDS: and started again until it is done.
killed_after() {
	local status
	fresh_database crash
	fresh_box
	{ timeout -s KILL "$1" "$RUAMILL" ingest -q --jobs 2 --db "$DB" "${ingesting[@]}"; } >/dev/null 2>&1
	for _ in 1 2 3; do
		ingest
		status=$?
		[ $status -gt 1 ] || break
	done
	{ dump_facts && dump_ledger && dump_judged; } >"$T/left"
	list_box >"$T/right"
	ok "killed after $1 s (seed $seed): the facts" same "$T/facts" "$T/left"
	ok "killed after $1 s (seed $seed): the mails" same "$T/boxed" "$T/right"
	drop_database crash
}

crash_everywhere() {
	local delay
	make_mails
	undisturbed
	awk -v seed="$seed" -v n="$crashes" -v d="$duration" \
		'BEGIN { srand(seed); for (i = 0; i < n; i++) printf "%.4f\n", d * rand() / 1e9 }' >"$T/points"
	while read -r delay; do
		killed_after "$delay"
	done <"$T/points"
}
