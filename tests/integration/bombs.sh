#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Mails that cost far more than they weigh: each is refused as too large, soon and in bounded memory, and
# the ones after it are processed. Run as
#
#	RUAMILL=/path/to/ruamill BUILD_DIR=build/release bash tests/integration/bombs.sh
#
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"
: "${BUILD_DIR:?set it to the folder the program was built in}"
bomb=$BUILD_DIR/tests/bomb
measure=$BUILD_DIR/tests/bench/measure

# Kinds of tests/integration/bomb.c, what is said of each, and how much of it (empty: all).
bombs="zip-bomb|it unpacks to more than 100 times its size|
zip-rows|the zip has 900000 members, more than 64|
zip-overlapping|it unpacks to more than 100 times its size|
gzip-zeros|it unpacks to more than 100 times its size|
gzip-names|too many unknown names of elements and attributes|
gzip-records|its records have fewer than 64 bytes each: they say nothing|
gzip-quine|archives are nested more than 3 deep|
mime-parts|the mail has more than 256 boundary lines|
mime-headers|the mail has more than 2000 header lines|
mime-nested|the mail has more than 2000 header lines|"

# measured FILE COMMAND...: like ru, and what it took goes to a file.
measured() {
	local file=$1
	shift
	timeout 300 "$measure" "$file" "$RUAMILL" "$@" >"$T/out" 2>"$T/err"
	status=$?
}
peak() { awk '{ print int($3 / 1024) }' "$1"; }

mkdir "$T/ordinary" "$T/hostile"
number=10
report first example.com 1 >"$T/ordinary/$number-good.xml"
while IFS='|' read -r kind _ size; do
	number=$((number + 1))
	"$bomb" "$kind" "$T/hostile/$number-$kind" ${size:+"$size"} || echo "not ok make $kind"
	number=$((number + 1))
	report "after-$kind" example.com 1 2 >"$T/ordinary/$number-good.xml"
done <<<"$bombs"
cp "$T"/ordinary/* "$T/hostile/"
wanted=$(find "$T/ordinary" -type f | wc -l | tr -d ' ')

ok "the quine unpacks to itself" eval 'gzip -dc <"$T"/hostile/*-gzip-quine | cmp - "$T"/hostile/*-gzip-quine'

start_server
fresh_database ordinary
measured "$T/ordinary.measured" ingest --db "$DB" "$T/ordinary"
ok "an ordinary run" ends_with 0
fresh_database hostile
measured "$T/hostile.measured" ingest --db "$DB" "$T/hostile"
ok "a run with bombs ends" ends_with 1
ok "the reports between them are stored" is "$wanted" "$(sql 'select count(*) from report')"

while IFS='|' read -r kind said _; do
	ok "$kind: its outcome" is "too large|$said" \
		"$(sql "select outcome, reason from message where locator like '%-$kind'" | sed 's/: line [0-9]*$//')"
done <<<"$bombs"

# What a sanitizer keeps of freed memory is far more than the program does.
case $BUILD_DIR in
*asan*) ;;
*)
	ordinary=$(peak "$T/ordinary.measured")
	grown=$(($(peak "$T/hostile.measured") - ordinary))
	ok "memory, $grown MiB above an ordinary run" test "$grown" -le 64
	seconds=$(awk '{ print int($2) }' "$T/hostile.measured")
	ok "the bombs took $seconds s of processor time" test "$seconds" -le 10
	;;
esac
drop_database ordinary
drop_database hostile
exit $failed
