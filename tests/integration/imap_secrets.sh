#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Passwords and tokens are where they must be, and nowhere else: not in the arguments of any process, not in the
# environment of a child, not in what would be a core, not in what is said. Needs tests/imapd and tests/secrets
# of the build. Run as
#
#	RUAMILL=/path/to/ruamill BUILD_DIR=build/release bash tests/integration/imap_secrets.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"
# shellcheck source=tests/integration/imapd.bash
. "$(dirname "${BASH_SOURCE[0]}")/imapd.bash"

secrets=$(realpath "${BUILD_DIR:-build/release}")/tests/secrets
start_server
fresh_database secrets

# In no arguments of this script's own, either: they are read from files.
printf 'pw-%s-%s\n' "$RANDOM$RANDOM" "$RANDOM$RANDOM" >"$T/password"
{
	cat "$T/password"
	printf '\0rua\0%s' "$(cat "$T/password")" | base64 -w 0
	echo
	printf 'user=rua\1auth=Bearer %s\1\1' "$(cat "$T/password")" | base64 -w 0
	echo
} >"$T/texts"

# looked_at NAME GLOB OPTION...: it is looked at while the server has yet to answer such a command.
looked_at() {
	local glob=$2
	T_ALL=$T
	server "$1" <<RULES
when CAPABILITY
< * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2 MOVE UIDPLUS
< \$ OK x
once $glob
meet $T/fifo-$1
< \$ OK x
when AUTHENTICATE XOAUTH2 *
< \$ OK in
RULES
	shift 2
	mkfifo "$T_ALL/fifo-$rules"
	# no earlier: the server would have it
	[ -z "$variable" ] || export RUAMILL_IMAP_PASSWORD="$(cat "$T_ALL/password")"
	"$secrets" "$T_ALL/fifo-$rules" "$T_ALL/texts" "$RUAMILL" ingest -v -v --tls-ca-file "$C" "$@" \
		"imaps://rua@localhost:$port/INBOX" >"$T/out" 2>"$T/err"
	status=$?
	# a sanitizer keeps a copy of the environment that it was started with
	[ -z "$variable" ] || ! grep -q __asan_init "$RUAMILL" || sed -i '/^core/d' "$T/out"
}
nowhere() {
	ends_with 0 && is "" "$(cat "$T/out")" && ! grep -F -f "$T_ALL/texts" "$T/err"
}
# The server was told it, so there was something to be found.
was_told() { is 1 "$(tr ' ' '\n' <"$T/log" | grep -c -x -F -f "$T_ALL/texts")"; }

check() {
	(
		name=$1
		shift
		looked_at "$@"
		ok "$name" nowhere
		ok "$name: was used" was_told
		kill %1 # its server
		exit "$failed"
	) || failed=1
}

for step in AUTHENTICATE SEARCH; do
	variable=
	check "a password from a file, at $step" "file-$step" "*$step*" --db "$DB" --password-file "$T/password"
	check "from a command, at $step" "command-$step" "*$step*" --db "$DB" --password-command "cat '$T/password'"
	check "a token, at $step" "token-$step" "*$step*" --db "$DB" --token-command "cat '$T/password'"
	variable=yes
	check "from the environment, at $step" "variable-$step" "*$step*" --db "$DB"
done

# A server of a private cluster is a child, and so is a command.
mkdir -m 755 "$T/own"
(
	export RUAMILL_DATA=$T/own/data
	check "from the environment, with a cluster that is started" cluster '*SEARCH*'
	ru db stop
	exit "$failed"
) || failed=1

# --- who looks can see ----------------------------------------------------------------------------

mkfifo "$T/fifo"
"$secrets" "$T/fifo" "$T/texts" sh -c 'secret=$(cat "$1"); export secret; sh -c ": $secret; cat \"\$0\"; :" "$2"; :' sh \
	"$T/password" "$T/fifo" >"$T/out"
ok "what is there is found" is "arguments 1,core 1,environment 1," "$(sort -u "$T/out" | tr '\n' ',')"
drop_database secrets
exit $failed
