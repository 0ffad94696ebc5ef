#!/bin/bash
# demo.sh RUAMILL: what `make demo` shows. The bundled mailbox goes into a throw-away database, and
# the summary of what fails comes out. Nothing of the user's is touched.
set -eu
ruamill=$(realpath "$1")
sample=$(dirname "$(realpath "$0")")

# As root the database runs as another user, who must get through to its folder.
work=$(mktemp -d "${TMPDIR:-/tmp}/ruamill-demo.XXXXXX")
chmod 755 "$work"
finish() {
	RUAMILL_DATA=$work/data "$ruamill" db stop >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# No database of the user's, whatever his environment names; and the day the sample was made for.
unset PGHOST PGHOSTADDR PGPORT PGDATABASE PGSERVICE
export RUAMILL_DATA=$work/data RUAMILL_TODAY=2026-11-21 RUAMILL_CONFIG=/dev/null
cp -r "$sample/Maildir" "$work/Maildir"
cd "$work"

# One server for both commands.
"$ruamill" db start --quiet
echo "\$ ruamill ingest Maildir"
status=0
"$ruamill" ingest Maildir || status=$?
# 1 says that some mails are broken: the sample has broken ones on purpose.
[ "$status" -le 1 ] || exit "$status"
echo
echo "\$ ruamill report senders"
"$ruamill" report senders
cat <<END

This was the sample mailbox in a throw-away database. With your own reports:

    ${ruamill#"$OLDPWD"/} ingest ~/Maildir        a Maildir, a folder or files
    ${ruamill#"$OLDPWD"/} report                  the summary above, for your mail
    ${ruamill#"$OLDPWD"/} --help                  everything else
END
