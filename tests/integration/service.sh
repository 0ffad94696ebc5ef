#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What is installed for timers: units that systemd understands, and lines that its journal sorts. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/service.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

DIST=$(dirname "$SAMPLE")/../dist

# Where it is installed is for `make install` to say; manual pages are looked for with man, which may be missing.
mkdir "$T/units"
for unit in ruamill.service ruamill.timer; do
	sed "s|/usr/local/bin/ruamill|$RUAMILL|; /^Documentation=/d" "$DIST/$unit" >"$T/units/$unit"
done
ok "the service runs what is built" grep -q "^ExecStart=$RUAMILL nightly --no-progress --config /etc/ruamill/ruamill.conf$" "$T/units/ruamill.service"
ok "and gets its password" grep -q '^LoadCredential=rua-password$' "$T/units/ruamill.service"
if command -v systemd-analyze >/dev/null; then
	verify() { systemd-analyze verify --man=no "$T/units/ruamill.service" "$T/units/ruamill.timer" >"$T/verified" 2>&1; }
	ok "systemd understands the units" eval 'verify && is "" "$(grep ruamill "$T/verified")"'
fi
# The options that a unit or crontab gives are there: it ends for want of a configuration only.
ran() {
	# shellcheck disable=SC2046 # One argument a word.
	"$RUAMILL" $(grep -o 'ruamill nightly .*' "$1" | cut -d ' ' -f 2- | sed "s|/etc/ruamill|$T/none|") >"$T/out" 2>"$T/err"
	status=$?
	ends_with 78 "$T/none/ruamill.conf"
}
ok "the service's command" ran "$DIST/ruamill.service"
ok "the crontab's" ran "$DIST/ruamill.cron"

# Lines of the journal begin with their priority; of no other stream.
printf '<feedback>' >"$T/broken"
mkdir "$T/box" && report r example.com 1 >"$T/box/report" && cp "$T/broken" "$T/box"
tell() {
	: >"$T/journal"
	JOURNAL_STREAM=$1 "$RUAMILL" ingest -v --dry-run "$T/box" 2>"$T/journal"
}
: >"$T/journal"
tell "$(stat -c %d:%i "$T/journal")"
ok "an error" grep -q '^<3>ruamill: ' "$T/journal"
ok "what it tells" grep -q '^<6>2 messages would be' "$T/journal"
ok "what only --verbose tells" grep -q '^<7>' "$T/journal"
ok "every line" eval '! grep -v "^<[0-9]>" "$T/journal"'
tell "1:1"
ok "another stream is none" eval 'grep -q "^ruamill: " "$T/journal" && ! grep "^<" "$T/journal"'

# The sample is a configuration: as it is, it says nothing.
ok "the sample" eval 'RUAMILL_CONFIG=$DIST/ruamill.conf ru nightly; ends_with 78 "no source is configured"'
ru check --sample
ok "is what the program prints" same "$DIST/ruamill.conf" "$T/out"
exit $failed
