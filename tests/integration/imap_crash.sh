#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The same as crash.sh, of a folder on a server, from which mails move to others. Run as
#
#	RUAMILL=/path/to/ruamill [CRASHES=50] [SEED=1] bash tests/integration/imap_crash.sh
#
# `make test-crash` kills it at fifty points, `make test` at five in each build.
#
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"
# shellcheck source=tests/integration/dovecot.bash
. "$(dirname "${BASH_SOURCE[0]}")/dovecot.bash"
# shellcheck source=tests/integration/crash.bash
. "$(dirname "${BASH_SOURCE[0]}")/crash.bash"

start_dovecot
start_server
fresh_box() {
	rm -rf "${BOX:?}"
	folder '' Box
	cp "$T"/mails/* "$BOX/Box/new/"
	own
}
# Where each mail is: servers give them names and UIDs as they like.
list_box() { (cd "$BOX" && find . -path '*/[cn][ue][rw]/*' -type f -exec md5sum {} +) | sed 's|  \./\([^/]*\)/.*| \1|' | sort; }
dump_ledger() {
	sql "select message_id, size, outcome, reason, settled_at is not null, count(*) from message group by 1, 2, 3, 4, 5
		order by 1, 2, 3, 4, 5"
}
# shellcheck disable=SC2034 # in crash.bash
ingesting=(--password-file "$T/password" --tls-ca-file "$D/tls/ca.pem" --then move:Done --if-broken move:Broken "$(at Box)")
crash_everywhere
exit "$failed"
