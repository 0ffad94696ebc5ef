#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Killed at any point, and started again until it is done, it ends as if undisturbed: nothing is lost,
# nothing is there twice. Run as
#
#	RUAMILL=/path/to/ruamill [CRASHES=100] [SEED=1] bash tests/integration/crash.sh
#
# `make test-crash` kills it at a hundred points, `make test` at ten in each build.
#
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"
# shellcheck source=tests/integration/crash.bash
. "$(dirname "${BASH_SOURCE[0]}")/crash.bash"
crashes=${CRASHES:-10}

start_server
fresh_box() {
	rm -rf "$T/box"
	mkdir -p "$T/box/cur" "$T/box/tmp"
	cp -r "$T/mails" "$T/box/new"
}
list_box() { (cd "$T/box" && find . -type f | sort); }
dump_ledger() { dump_messages; }
# shellcheck disable=SC2034 # in crash.bash
ingesting=(--then move:.Done --if-broken move:.Broken "$T/box")
crash_everywhere
exit "$failed"
