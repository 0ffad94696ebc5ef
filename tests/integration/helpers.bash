# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
#
# What the integration tests share: a folder $T that goes away at the end, a database server that
# nobody else uses, and checks that print "ok NAME" or "not ok NAME". Sourced, with RUAMILL set.
set -u
unset RUAMILL_PG_BINDIR RUAMILL_TODAY "${!PG@}"
export LC_ALL=C RUAMILL_TODAY=2026-11-21 RUAMILL_CONFIG=/dev/null

: "${RUAMILL:?set it to the path of the program}"
RUAMILL=$(realpath "$RUAMILL")
SAMPLE=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../sample")
GOLDEN=$(dirname "$SAMPLE")/integration/golden
failed=0

T=$(mktemp -d "${TMPDIR:-/tmp}/ruamill-integration.XXXXXX") || exit 1
chmod 755 "$T"
export HOME=$T RUAMILL_DATA=$T/data

# shellcheck disable=SC2317 # called by trap
clean_up() {
	local pid
	for pid in $(jobs -p); do
		kill -9 "$pid" 2>/dev/null
	done
	[ ! -d "$RUAMILL_DATA" ] || "$RUAMILL" db stop >/dev/null 2>&1
	rm -rf "$T"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# ok NAME COMMAND...: the check passes when the command does. What it prints explains why it did not.
ok() {
	local name=$1
	shift
	if "$@" >"$T/why" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/    /' "$T/why" | head -n 40
		failed=1
	fi
}

# Runs ruamill; what it prints goes to $T/out, what it says to $T/err, its status to $status.
ru() {
	timeout 300 "$RUAMILL" "$@" >"$T/out" 2>"$T/err"
	status=$?
	return $status
}

# is WANTED GOT
is() {
	[ "$1" = "$2" ] && return
	echo "wanted: $1"
	echo "   got: $2"
	return 1
}

# same FILE FILE: wanted first.
same() {
	diff -U 1 "$1" "$2"
}

# ends_with STATUS TEXT...: the last ru ended so, and each text is in what it said.
ends_with() {
	local text wrong=0
	is "status $1" "status $status" || wrong=1
	shift
	for text in "$@"; do
		grep -qF -- "$text" "$T/err" || { echo "it does not say: $text"; wrong=1; }
	done
	[ $wrong = 0 ] || { echo "it says:"; cat "$T/err"; }
	return $wrong
}

prints_nothing() { is "" "$(cat "$T/out")"; }
says_nothing() { is "" "$(cat "$T/err")"; }

# Polls; fails after 30 seconds.
soon() {
	local _
	for _ in $(seq 600); do
		"$@" && return 0
		sleep 0.05
	done
	return 1
}

# --- databases ------------------------------------------------------------------------------------

# Sets $SERVER, how to connect to a server of our own: the one of the test run, or a private one.
start_server() {
	SERVER=${RUAMILL_TEST_DB:-}
	[ -n "$SERVER" ] && return
	ru db start || { echo "not ok start the database server"; cat "$T/err"; exit 1; }
	ru db status --conninfo
	SERVER=$(cat "$T/out")
}

# empty_database NAME: sets $DB to a new one without ruamill's tables. fresh_database: with them, spread over
# machines by the command $SPREAD if there is one: distributed.sh runs other scripts so.
empty_database() {
	local name=test_$$_$1
	psql -XqAt "$SERVER" -c "set client_min_messages = error" -c "drop database if exists $name with (force)" \
		-c "create database $name"
	DB="$SERVER dbname=$name"
}
fresh_database() {
	empty_database "$1"
	timeout 120 "$RUAMILL" db init --db "$DB" >/dev/null 2>"$T/err" || cat "$T/err"
	[ -z "${SPREAD:-}" ] || "$SPREAD" "test_$$_$1" || echo "not ok spread $DB"
}
drop_database() {
	psql -XqAt "$SERVER" -c "drop database if exists test_$$_$1 with (force)"
}

# sql TEXT: rows of $DB as plain text, columns apart by |.
sql() {
	PGCLIENTENCODING=UTF8 PGOPTIONS='-c search_path=dmarc -c timezone=UTC -c bytea_output=hex' psql -XAtq -v ON_ERROR_STOP=1 "$DB" -c "$1"
}

# All that can be made again, in an order of its own.
dump_judged() {
	sql "select * from daily order by day, stream_key, host_class, reporter"
	sql "select * from host_seen order by address, policy_domain"
	sql "select stream_key, host_class, service, path, spf_cause, dkim_cause, verdict, severity, flags, spf_aligned,
		dkim_aligned, outcome_pass, remedy_key from judgement order by stream_key, host_class"
	sql "select * from daily_sender order by day, policy_domain, header_from, reporter, sender, path, spf_cause, dkim_cause,
		verdict, severity, disposition, spf_aligned, dkim_aligned, outcome_pass, messages"
	sql "select to_jsonb(d) from daily_report d" | sort
}

# Everything ingested into $DB, but times and what depends on where a mail lay.
dump_facts() {
	sql "select 'report', to_jsonb(r) - array['message_key', 'seen_at'] from report r order by key"
	sql "select 'stream', to_jsonb(s) from stream s order by key"
	sql "select 'record', to_jsonb(r) from record r order by report_key, ordinal"
	sql "select 'conflict', to_jsonb(c) - 'message_key' from report_conflict c order by report_key, content"
}
dump_messages() {
	sql "select regexp_replace(locator, '^.*/|:2,.*$', '', 'g') as mail, message_id, from_domain, authentication, signer, size,
		outcome, reason from message order by 1"
}

# --- mailboxes ------------------------------------------------------------------------------------

# copy_sample FOLDER: the sample mailbox, as a Maildir that may be changed.
copy_sample() {
	rm -rf "$1"
	mkdir -p "$1/cur" "$1/new" "$1/tmp"
	cp -p "$SAMPLE"/Maildir/cur/* "$1/cur/"
	cp -p "$SAMPLE"/Maildir/new/* "$1/new/"
}

# report ID DOMAIN COUNT...: a small report with a record for each count.
report() {
	local id=$1 domain=$2 count n=0
	shift 2
	printf '%s\n' '<?xml version="1.0" encoding="UTF-8"?>' '<feedback>' \
		"<report_metadata><org_name>Reporter</org_name><email>dmarc@reporter.example</email><report_id>$id</report_id><date_range><begin>1793491200</begin><end>1793577599</end></date_range></report_metadata>" \
		"<policy_published><domain>$domain</domain><adkim>r</adkim><aspf>r</aspf><p>none</p></policy_published>"
	for count in "$@"; do
		n=$((n + 1))
		printf '%s\n' "<record><row><source_ip>192.0.2.$n</source_ip><count>$count</count><policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>$domain</header_from></identifiers><auth_results><dkim><domain>$domain</domain><selector>s</selector><result>pass</result></dkim><spf><domain>other.example</domain><result>pass</result></spf></auth_results></record>"
	done
	echo '</feedback>'
}
