#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The measurements of `make bench`: tests/bench/run.sh [--quick] build/BUILD
#
# The machine is never ours alone, so what counts are ratios within one run: each measurement of
# ruamill stands beside one of "bare" (tests/bench/bare.c), taken in turn. BENCH_RUNS says how often
# (3); the tables show the median, the smallest and the largest. The database is a private one that
# is made anew, outside the time measured, for every load. Corpora are kept under build/bench/.
set -eu
cd "$(dirname "$0")/../.."

quick=
if [ "${1:-}" = --quick ]; then
	quick=1
	shift
fi
[ $# = 1 ] || { echo "usage: tests/bench/run.sh [--quick] build/BUILD" >&2; exit 64; }

ruamill=$1/ruamill
tools=$1/tests/bench
runs=${BENCH_RUNS:-3}
corpora=build/bench
mails=10000 mail_records=305000 giant_records=1000000
stored_records=10000000 stored_days=90 day_mails=3600 day_records=110000 copies=24
if [ "$quick" ]; then
	mails=1000 mail_records=37000 giant_records=100000
	stored_records=300000 day_mails=360 day_records=11000 copies=14
fi

# Nothing of the caller's may choose the database.
unset "${!PG@}" XDG_RUNTIME_DIR XDG_DATA_HOME RUAMILL_PG_BINDIR
export LC_ALL=C RUAMILL_TODAY=2026-11-21

# As root the database runs as another user, who must get in.
work=$(mktemp -d "${TMPDIR:-/tmp}/ruamill-bench.XXXXXX")
chmod 755 "$work"
export RUAMILL_DATA=$work/data RUAMILL_CONFIG=/dev/null

# A server that could not be stopped keeps its folder, so that somebody can find it.
stop_database() {
	if [ -e "$RUAMILL_DATA" ] && ! "$ruamill" db stop >"$work/stop" 2>&1; then
		sed 's/^/    /' "$work/stop"
		echo "bench: the database in $RUAMILL_DATA may still be running"
		return 1
	fi >&2
	rm -rf "$RUAMILL_DATA"
}
responder=
# shellcheck disable=SC2317 # called by trap
clean_up() {
	[ -z "$responder" ] || kill "$responder" 2>/dev/null || true
	stop_database && rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# die WHAT [FILE OF OUTPUT]
die() {
	echo "bench: $1" >&2
	[ -z "${2:-}" ] || sed 's/^/    /' "$2" >&2
	exit 1
}

# --- numbers -------------------------------------------------------------------------------------

calculate() { awk "BEGIN { printf \"%.6f\", $1 }"; }

# 1234567 as 1,234,567
grouped() { sed -e :a -e 's/\(.*[0-9]\)\([0-9]\{3\}\)/\1,\2/;ta' <<<"$1"; }

heading() {
	printf '\n%s\n' "$1"
	printf '  %-42s %10s %10s %10s   %s\n' '' median min max target
}

# row NAME FORMAT TARGET NUMBER...: the target is "", or "<= N" or ">= N" for the median.
row() {
	local name=$1 format=$2 target=$3 number
	shift 3
	for number in "$@"; do
		[[ $number =~ ^-?[0-9.]+$ ]] || die "$name: '$number' is no measurement"
	done
	printf '%s\n' "$@" | sort -g | awk -v name="$name" -v format="$format" -v target="$target" '
		{ value[NR] = $1 }
		END {
			median = NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2
			split(target, bound, " ")
			missed = bound[1] == "<=" && median > bound[2] || bound[1] == ">=" && median < bound[2]
			line = sprintf("  %-42s %10s %10s %10s   %s%s", name, sprintf(format, median),
				sprintf(format, value[1]), sprintf(format, value[NR]), target,
				missed ? "  MISSED" : "")
			sub(/ +$/, "", line)
			print line
		}'
}

# measure COMMAND...: sets wall, cpu (seconds) and rss (MiB); its output is in $work/out.
measure() {
	"$tools/measure" "$work/measured" "$@" >"$work/out" 2>&1 || die "$* failed" "$work/out"
	read -r wall cpu rss <"$work/measured"
	rss=$(calculate "$rss / 1024")
}

# The same for a command that has to end with status 1, and say that something was too large.
measure_refused() {
	local status=0
	"$tools/measure" "$work/measured" "$@" >"$work/out" 2>&1 || status=$?
	if [ $status != 1 ] || ! grep -q 'too large' "$work/out"; then die "$* was not refused" "$work/out"; fi
	read -r wall cpu rss <"$work/measured"
	rss=$(calculate "$rss / 1024")
}

# --- corpora and databases -----------------------------------------------------------------------

# corpus FORM PATH OPTION...: makes it unless it is there; its manifest is in $work/manifest.
corpus() {
	local form=$1 path=$2
	shift 2
	"$tools/corpus" "$@" "$form" "$path" >"$work/manifest" || die "no corpus"
}
manifest() { awk -v field="$1" '$1 == field { print $2 }' "$work/manifest"; }

query() { "$ruamill" db psql -- -XAtc "$1"; }

# On every night but the first the server has the files of its log, and writes them over: to make one takes it
# some 20 ms, in which all wait.
fresh_database() {
	stop_database
	{ "$ruamill" db start && "$ruamill" db init; } >"$work/out" 2>&1 ||
		die "no database" "$work/out"
	query "select pg_logical_emit_message(false, 'bench', ''), pg_switch_wal() from generate_series(1, 5)" \
		>"$work/out"
	query checkpoint >"$work/out"
}

# CPU seconds of the server's processes that have ended. The query's end comes after that of a client
# before it, and costs some milliseconds.
server_cpu() {
	local ticks
	query 'select 1' >"$work/out"
	ticks=$(awk '{ print $16 + $17 }' "/proc/$(head -n 1 "$RUAMILL_DATA/cluster/postmaster.pid")/stat")
	calculate "$ticks / $(getconf CLK_TCK)"
}

check_bare() {
	local want
	want="$(manifest reports) $(manifest records) $(manifest messages) 0"
	[ "$(awk '{ printf "%s%s", sep, $2; sep = " " }' "$work/out")" = "$want" ] ||
		die "bare has not found what the manifest says: $want" "$work/out"
}

check_database() {
	local want got
	want="$(manifest reports)|$(manifest records)|$(manifest messages)"
	got=$(query 'select (select count(*) from dmarc.report), count(*), sum(count) from dmarc.record')
	[ "$got" = "$want" ] || die "reports|records|messages are $got in the database, not $want"
}

# --- measurements --------------------------------------------------------------------------------

measure_parser() {
	local ours=() bare=() ratio=() grown=() a b c d
	corpus gz "$corpora/giant-$giant_records.xml.gz" --records "$giant_records"
	"$tools/parse" --rounds "$runs" "$corpora/giant-$giant_records.xml.gz" >"$work/rounds" ||
		die "the parser alone failed"
	while read -r a b c d; do
		ours+=("$a") bare+=("$b") ratio+=("$c") grown+=("$(calculate "$d / 1024")")
	done <"$work/rounds"
	heading "The parser alone: one report of $(grouped "$(manifest records)") records, \
$(grouped $(($(manifest xml_bytes) / 1000000))) MB of XML (CPU time)"
	row "bare, records/s" %.0f "" "${bare[@]}"
	row "ruamill, records/s" %.0f "" "${ours[@]}"
	row "ruamill's speed : bare's" %.2f ">= 0.70" "${ratio[@]}"
	row "resident memory above start, MiB" %.1f "<= 16" "${grown[@]}"
}

# The smallest report pays for its parser; from there on, what a record costs must not depend on how many
# there are.
measure_growth() {
	local sizes=(10 1000 100000 1000000 10000000) records cost grown thousand largest memory
	[ -z "$quick" ] || sizes=(10 1000 100000 1000000)
	corpus xml "$corpora/growth.xml" --records 1000
	"$tools/growth" "$corpora/growth.xml" "${sizes[@]}" >"$work/growth" ||
		die "the parser alone failed"
	heading "The parser alone, by the size of the report (CPU time)"
	while read -r records cost grown; do
		row "$(grouped "$records") records, ns a record" %.0f "" "$cost"
		[ "$records" != 1000 ] || thousand=$cost
		largest=$cost memory=$grown # read empties its own at the end
	done <"$work/growth"
	row "the largest's cost : that of 1,000 records" %.2f "<= 1.20" "$(calculate "$largest / $thousand")"
	row "resident memory it added, MiB" %.1f "<= 16" "$(calculate "$memory / 1024")"
}

# Nothing is looked up or printed: what `show` and the questions pay for a judgement.
measure_judge() {
	local path=$corpora/giant-$giant_records.xml.gz remembered=() named=() distinct=() alone=()
	local grown=() combinations a b c d e f
	corpus gz "$path" --records "$giant_records"
	"$tools/judge" --rounds "$runs" "$path" >"$work/judged" || die "the judge alone failed"
	while read -r a b c d e f; do
		remembered+=("$a") named+=("$b") distinct+=("$c") alone+=("$d")
		combinations=$e grown+=("$(calculate "$f / 1024")")
	done <"$work/judged"
	heading "The judge alone: the first 100,000 of those records, ten times over, \
$(grouped "$combinations") distinct (CPU time)"
	row "as show asks it, records/s" %.0f ">= 2000000" "${remembered[@]}"
	row "each address with a name, records/s" %.0f ">= 2000000" "${named[@]}"
	row "no two records alike, records/s" %.0f "" "${distinct[@]}"
	row "  memory that this added, MiB" %.1f "<= 24" "$(printf '%s\n' "${grown[@]}" | sort -g | tail -n 1)"
	row "none remembered, records/s" %.0f "" "${alone[@]}"
}

# Ingestion leaves no marks, so that it finds no day to roll up: to measure the facts alone.
without_marks() {
	query "create function dmarc.unmarked() returns trigger language plpgsql as 'begin return null; end';
		create trigger unmarked before insert on dmarc.dirty_day
			for each row execute function dmarc.unmarked()" >"$work/out"
}

# load PATH: adds to the lists of its caller.
load() {
	local path=$1 server
	server=$(server_cpu)
	measure "$ruamill" ingest --no-progress "$path"
	servers+=("$(calculate "$(server_cpu) - $server")")
	check_database
	ours+=("$wall") cpus+=("$cpu") memory+=("$rss")
	rates+=("$(calculate "$(manifest records) / $wall")")
}

rows_of_load() {
	row "$1, s" %.2f "" "${ours[@]}"
	row "  its time : bare's" %.2f "$2" "${ratio[@]}"
	row "  CPU time of ruamill, s" %.2f "" "${cpus[@]}"
	row "  CPU time of PostgreSQL, s" %.2f "" "${servers[@]}"
	row "  records/s" %.0f "" "${rates[@]}"
	row "  peak resident memory, MiB" %.1f "<= 64" "${memory[@]}"
}

# load_each JUDGED PATH NAME TARGET: loads it into fresh databases, in turn with bare.
load_each() {
	local judged=$1 path=$2 name=$3 target=$4 _ bare_wall
	local ours=() ratio=() rates=() memory=() cpus=() servers=()
	for _ in $(seq "$runs"); do
		fresh_database
		[ "$judged" ] || without_marks
		measure "$tools/bare" "$path"
		bare_wall=$wall
		bare+=("$wall") bare_cpus+=("$cpu")
		load "$path"
		ratio+=("$(calculate "$wall / $bare_wall")")
	done
	rows_of_load "$name" "$target"
}

# measure_load PATH TARGET TARGET: the facts alone, and judged and rolled up as always.
measure_load() {
	local path=$1 facts_target=$2 target=$3 bare=() bare_cpus=()
	measure "$tools/bare" "$path"
	check_bare
	load_each "" "$path" "facts only" "$facts_target"
	load_each judged "$path" "judged and rolled up" "$target"
	row "bare, s" %.2f "" "${bare[@]}"
	row "  CPU time of bare, s" %.2f "" "${bare_cpus[@]}"
}

# repeat NAME TARGET FACTOR FORMAT COMMAND...: a row of its wall time; FACTOR 1 for s, 1000 for ms.
repeat() {
	local name=$1 target=$2 factor=$3 format=$4 walls=() _
	shift 4
	for _ in $(seq "$runs"); do
		measure "$@"
		walls+=("$(calculate "$wall * $factor")")
	done
	row "$name" "$format" "$target" "${walls[@]}"
}

row_of_query() {
	local got
	got=$(query "$4")
	row "$1" "$2" "$3" "$got"
}

measure_mails() {
	local path=$corpora/maildir-$mails-$mail_records
	corpus maildir "$path" --mails "$mails" --records "$mail_records"
	heading "A Maildir of $(grouped "$mails") mails with $(grouped "$(manifest records)") records, \
$(grouped "$(manifest messages)") messages, into PostgreSQL"
	measure_load "$path" "<= 1.3" "<= 1.25"
	repeat "the same again, nothing is new, s" "" 1 %.2f "$ruamill" ingest --no-progress "$path"
	row_of_query "bytes a record on disk, with its indexes" %.1f "<= 120" "
		select sum(pg_total_relation_size(inhrelid)) / (select count(*) from dmarc.record)
		from pg_inherits where inhparent = 'dmarc.record'::regclass"
	row_of_query "bytes a record, all tables together" %.1f "" "
		select sum(pg_total_relation_size(c.oid)) / (select count(*) from dmarc.record)
		from pg_class c where relkind = 'r' and relnamespace = 'dmarc'::regnamespace"
	row_of_query "records a stream" %.1f ">= 4" "
		select (select count(*) from dmarc.record)::numeric / (select count(*) from dmarc.stream)"
	repeat "report senders, 30 days, s" "" 1 %.2f "$ruamill" report --format csv senders
	repeat "report senders, all 92 days, s" "" 1 %.2f \
		"$ruamill" report --format csv --since 2026-08-01 senders
}

measure_giant() {
	local path=$corpora/giant-$giant_records.mail
	corpus mail "$path" --records "$giant_records"
	heading "One mail of $(grouped "$(manifest packed_bytes)") packed bytes with \
$(grouped "$(manifest records)") records, into PostgreSQL"
	measure_load "$path" "<= 1.5" "<= 1.3"
}

# Each is another report: one that is known would only be skipped.
measure_single() {
	local walls=() n
	heading "One mail with a report of 10 records, the database being up"
	for n in $(seq $((runs + 2))); do
		corpus mail "$work/single" --seed $((1000 + n)) --records 10
		measure "$ruamill" ingest --no-progress "$work/single"
		grep -q 'new: 1 reports, 10 records' "$work/out" || die "it was not stored" "$work/out"
		walls+=("$(calculate "$wall * 1000")")
	done
	row "from start to finish, ms" %.1f "<= 60" "${walls[@]}"
}

# From records in memory, against one bare COPY of the same rows into a table like the partition.
measure_writer() {
	local path=$corpora/write-20000.xml.gz writers ours bare ratio a b c
	corpus gz "$path" --records 20000
	heading "Writing alone: a report of 20,000 records, already parsed, as $copies reports (wall time)"
	for writers in 1 2; do
		fresh_database
		"$tools/write" --rounds "$runs" --copies "$copies" --writers "$writers" "$path" >"$work/rounds" ||
			die "the writer alone failed"
		ours=() bare=() ratio=()
		while read -r a b c; do
			ours+=("$a") bare+=("$b") ratio+=("$c")
		done <"$work/rounds"
		row "bare COPY, records/s" %.0f "" "${bare[@]}"
		row "writers: $writers, records/s" %.0f "" "${ours[@]}"
		row "  their speed : that of bare COPY" %.2f ">= 0.60" "${ratio[@]}"
	done
}

# --- ten million records -------------------------------------------------------------------------

# The sums behind the questions: the same answer from the roll-up and from the facts. Days are given by
# their dates, as questions give them.
judged="dmarc.record r join dmarc.stream s on s.key = r.stream_key
	left join dmarc.host h on h.address = r.source_ip
	join dmarc.judgement j on j.stream_key = r.stream_key and j.host_class = coalesce(h.class, '')"
senders_rolled="select sender, sum(messages) as messages, sum(messages) filter (where outcome_pass),
	sum(messages) filter (where spf_aligned), sum(messages) filter (where dkim_aligned)
	from dmarc.daily_sender where WINDOW group by 1 order by 2 desc, 1"
senders_facts="select j.service, sum(r.count) as messages, sum(r.count) filter (where outcome_pass),
	sum(r.count) filter (where spf_aligned), sum(r.count) filter (where dkim_aligned)
	from $judged where WINDOW group by 1 order by 2 desc, 1"
failures_rolled="select policy_domain, sender, path, verdict, severity, spf_cause, dkim_cause, sum(messages)
	from dmarc.daily_sender where WINDOW and not outcome_pass
	group by 1, 2, 3, 4, 5, 6, 7 order by 8 desc, 1, 2, 3, 4, 5, 6, 7"
failures_facts="select s.policy_domain, j.service, j.path, j.verdict, j.severity, j.spf_cause, j.dkim_cause, sum(r.count)
	from $judged where WINDOW and not outcome_pass
	group by 1, 2, 3, 4, 5, 6, 7 order by 8 desc, 1, 2, 3, 4, 5, 6, 7"

# timed FILE WINDOW SQL: the answer goes to FILE; sets seconds, as psql tells them.
timed() {
	"$ruamill" db psql -- -XAtq -c '\timing on' -c "${3//WINDOW/$2}" >"$work/timed" || die "no answer"
	grep -v '^Time: ' "$work/timed" >"$1" || true
	seconds=$(calculate "$(sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' "$work/timed") / 1000")
}

# measure_sums NAME SQL-ON-ROLL-UP SQL-ON-FACTS
measure_sums() {
	local rolled=() facts=() ratio=() once window _
	window=$(query "select format('day between %L and %L', max(day) - 89, max(day)) from dmarc.daily")
	timed "$work/rolled" "$window" "$2" # warm, for both
	for _ in $(seq "$runs"); do
		timed "$work/rolled" "$window" "$2"
		rolled+=("$seconds") once=$seconds
		timed "$work/facts" "$window" "$3"
		facts+=("$seconds") ratio+=("$(calculate "$seconds / $once")")
		cmp -s "$work/rolled" "$work/facts" || die "$1: the roll-up says something else than the facts"
	done
	row "sums behind $1, from the roll-up, s" %.3f "<= 0.1" "${rolled[@]}"
	row "  from the facts, s" %.2f "" "${facts[@]}"
	row "  faster than from the facts, times" %.0f ">= 20" "${ratio[@]}"
}

# Each question as it is asked on a terminal, with the server warm.
measure_questions() {
	local question
	for question in senders failures domains reporters hosts problems; do
		repeat "report $question, s" "<= 0.5" 1 %.2f "$ruamill" report "$question"
	done
	for question in senders failures hosts; do
		repeat "report $question, $stored_days days, s" "<= 0.5" 1 %.2f \
			"$ruamill" report --days "$stored_days" "$question"
	done
	repeat "report hosts --group-ipv6, s" "<= 0.5" 1 %.2f "$ruamill" report hosts --group-ipv6
	repeat "report hosts --sender, $stored_days days, s" "<= 0.5" 1 %.2f \
		"$ruamill" report hosts --days "$stored_days" --sender amazon-ses
	repeat "report hosts, all of them as CSV, s" "" 1 %.2f "$ruamill" report hosts --format csv
}

# One more day, in turn into an empty database beside the full one. Some reporters' days end in the next: the
# days of two rounds have none in common.
measure_another_day() {
	local day=$1 path=$2 conninfo empty n full=() alone=() ratio=()
	conninfo=$("$ruamill" db status | sed -n 's/^connect *//p')
	empty=${conninfo/dbname=ruamill/dbname=bench_empty}
	for n in $(seq "$runs"); do
		corpus maildir "$path-$n" --mails "$day_mails" --records "$day_records" \
			--first-day $((day + 2 * n)) --days 1 --owners 40 --flows 8
		query 'drop database if exists bench_empty' >"$work/out" 2>&1
		query 'create database bench_empty' >"$work/out"
		"$ruamill" db init --db "$empty" >"$work/out" 2>&1 || die "no second database" "$work/out"
		query checkpoint >"$work/out"
		measure "$ruamill" ingest --no-progress --db "$empty" "$path-$n"
		alone+=("$wall")
		query checkpoint >"$work/out"
		measure "$ruamill" ingest --no-progress "$path-$n"
		full+=("$wall") ratio+=("$(calculate "$wall / ${alone[-1]}")")
	done
	query 'drop database bench_empty' >"$work/out"
	row "another day's $(grouped "$day_records") records, s" %.2f "" "${full[@]}"
	row "  into an empty database, s" %.2f "" "${alone[@]}"
	row "  its time : that of the empty one" %.2f "<= 1.15" "${ratio[@]}"
}

# The sender with the most mail, and the addresses with the most and with the least.
measure_explain() {
	local order address
	repeat "explain amazon-ses, s" "<= 0.5" 1 %.2f "$ruamill" explain amazon-ses --days "$stored_days"
	for order in desc asc; do
		address=$(query "select host(address) from dmarc.host_seen order by messages $order, address limit 1")
		repeat "explain an address, of $([ $order = desc ] && echo most || echo least) mail, s" "<= 0.5" 1 %.2f \
			"$ruamill" explain "$address" --days "$stored_days"
	done
}

measure_store() {
	local first=20576 filled
	fresh_database
	heading "A database of $(grouped "$stored_records") records over $stored_days days"
	measure "$tools/fill" --first-day "$first" "$stored_records" "$stored_days"
	filled=$(awk '$1 == "records" { print $2 }' "$work/out")
	row "writing them, one writer, records/s" %.0f "" "$(calculate "$filled / $wall")"
	corpus mail "$work/single" --seed 77 --records 10 --first-day "$first" --days 1
	measure "$ruamill" ingest --no-progress "$work/single"
	row "rolling them up and judging, s" %.2f "" "$wall"
	query 'vacuum analyze' >"$work/out"
	row_of_query "streams" %.0f "" "select count(*) from dmarc.stream"
	row_of_query "addresses" %.0f "" "select count(distinct address) from dmarc.host_seen"
	row_of_query "rows of daily_sender" %.0f "" "select count(*) from dmarc.daily_sender"
	row_of_query "reports" %.0f "" "select count(*) from dmarc.report"
	row_of_query "rows of daily_report" %.0f "" "select count(*) from dmarc.daily_report"
	row_of_query "bytes a record on disk, with its indexes" %.1f "<= 120" "
		select sum(pg_total_relation_size(inhrelid)) / (select count(*) from dmarc.record)
		from pg_inherits where inhparent = 'dmarc.record'::regclass"
	row_of_query "bytes a record, all tables together" %.1f "" "
		select sum(pg_total_relation_size(c.oid)) / (select count(*) from dmarc.record)
		from pg_class c where relkind = 'r' and relnamespace = 'dmarc'::regnamespace"
	measure_sums "report senders" "$senders_rolled" "$senders_facts"
	measure_sums "report failures" "$failures_rolled" "$failures_facts"
	measure_questions
	measure_explain
	measure "$ruamill" db rejudge
	row "db rejudge, s" %.2f "<= 30" "$wall"
	query 'vacuum analyze' >"$work/out" # before it comes by itself
	measure_another_day $((first + stored_days)) "$corpora/day-$day_records"
}

# report_of_addresses COUNT: a report with a record for each of so many addresses.
report_of_addresses() {
	awk -v count="$1" 'BEGIN {
		print "<feedback><report_metadata><org_name>Reporter</org_name><report_id>addresses</report_id><date_range><begin>1793491200</begin><end>1793577599</end></date_range></report_metadata><policy_published><domain>example.com</domain><p>none</p></policy_published>"
		for (i = 0; i < count; i++)
			printf "<record><row><source_ip>198.18.%d.%d</source_ip><count>1</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers><auth_results><spf><domain>example.net</domain><result>pass</result></spf></auth_results></record>\n", i / 256, i % 256
		print "</feedback>"
	}'
}

# Against a name server on this machine that waits before each reply: from start to finish, names stored and
# all that is stored judged by them.
measure_lookup() {
	local addresses=10000 delay=20 walls=() rates=() _
	fresh_database
	report_of_addresses $addresses >"$work/addresses.xml"
	measure "$ruamill" ingest --no-progress "$work/addresses.xml"
	"$tools/../responder" $delay >"$work/port" &
	responder=$!
	for _ in $(seq 100); do
		[ -s "$work/port" ] || sleep 0.1
	done
	heading "Names of $(grouped $addresses) addresses, each reply after $delay ms"
	for _ in $(seq "$runs"); do
		query 'delete from dmarc.host' >"$work/stored"
		measure "$ruamill" hosts lookup --no-progress --server "127.0.0.1:$(cat "$work/port")"
		[ "$(query "select count(*) from dmarc.host where state = 'confirmed'")" = $addresses ] ||
			die "not all names were found" "$work/out"
		walls+=("$wall") rates+=("$(calculate "2 * $addresses / $wall")")
	done
	row "from start to finish, s" %.2f "<= 5" "${walls[@]}"
	row "  questions/s" %.0f "" "${rates[@]}"
	row "  peak resident memory, MiB" %.1f "<= 64" "$rss"
	kill "$responder" && wait "$responder" 2>/dev/null || true
	responder=
}

# Each alone into a database, beside an ordinary mail.
measure_bombs() {
	local kind kinds=(zip-bomb zip-rows zip-overlapping gzip-zeros gzip-names gzip-quine mime-parts
		mime-headers mime-nested gzip-records) ordinary
	fresh_database
	corpus mail "$work/ordinary" --seed 99 --records 10
	measure "$ruamill" ingest --no-progress "$work/ordinary"
	ordinary=$rss
	heading "Hostile inputs into PostgreSQL: seconds, and MiB above an ordinary run ($(printf %.1f "$ordinary"))"
	for kind in "${kinds[@]}"; do
		"$tools/../bomb" "$kind" "$work/bomb" || die "no bomb"
		measure_refused "$ruamill" ingest --no-progress "$work/bomb"
		row "$kind, $(grouped "$(stat -c %s "$work/bomb")") bytes, s" %.2f "" "$wall"
		row "  memory" %.1f "<= 64" "$(calculate "$rss - $ordinary")"
		rm "$work/bomb"
	done
}

# shellcheck source=tests/bench/imap.bash
. tests/bench/imap.bash

mkdir -p "$corpora"
fresh_database
server=$(query 'show server_version')
model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
echo "ruamill bench${quick:+, quick}: each $runs times"
echo "$(nproc) cores (${model:-unknown}), $(${CC:-gcc} --version | head -n 1), PostgreSQL ${server%% *}"
echo "load when it began: $(cut -d' ' -f1-3 /proc/loadavg)"

measure_parser
measure_growth
measure_judge
measure_giant
measure_mails
measure_single
measure_writer
measure_store
measure_imap
measure_lookup
measure_bombs
