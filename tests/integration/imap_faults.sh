#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Mail servers that die, stall, lie and have odd habits, at every step: each run ends in bounded time, keeps
# what arrived whole, and names host, step and remedy. Needs tests/imapd of the build. Run as
#
#	RUAMILL=/path/to/ruamill BUILD_DIR=build/release bash tests/integration/imap_faults.sh
#
# Checks are given as text that is evaluated later.
# shellcheck disable=SC2016
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"
# shellcheck source=tests/integration/imapd.bash
. "$(dirname "${BASH_SOURCE[0]}")/imapd.bash"
start_server
fresh_database faults

# --- cases ----------------------------------------------------------------------------------------

imap() {
	ru ingest -v --db "$DB" --password-file "$T/../password" --tls-ca-file "$C" --imap-timeout 1 "$@"
}
stored() { sql "select count(*) from report where report_id like '$rules-_'"; }
# What the ledger says of the case's mails; their reports tell which these are, as ports come up again.
ledger() { sql "select $1 from message m join report r on r.message_key = m.key where report_id like '$rules-_'"; }

# A case is a function; what it prints is shown when its turn comes. They wait much, so many run at once.
cases=()
start() {
	local name
	for name in "$@"; do
		cases+=("$name")
		("$name" >"$T/$name.out" 2>&1; kill %1 2>/dev/null) &
		[ $((${#cases[@]} % 12)) != 0 ] || wait
	done
}
show() {
	local name
	wait
	for name in "${cases[@]}"; do
		cat "$T/$name.out"
		grep -q '^ok ' "$T/$name.out" && ! grep -q '^not ok ' "$T/$name.out" || failed=1
	done
}

# fails_at STEP TEXT...: status 75, nothing and nobody waits for ever, and it says where and what to do.
fails_at() {
	local step=$1
	shift
	ends_with 75 "localhost" "${step:+, asked to $step}" "the next run" "$@"
}

for seconds in 0 3601 soon; do
	ru ingest --db "$DB" --password-file "$T/password" --imap-timeout $seconds imaps://rua@localhost/INBOX
	ok "--imap-timeout $seconds: 64" ends_with 64 "not a number of seconds" "give it like 60"
done

# --- it dies, before it has said anything ---------------------------------------------------------

dropped_at_once() {
	server dropped <<'RULES'
when CONNECT
drop
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "the end within TLS" fails_at "" "cannot connect to the mail server" "localhost:$port" "check its name"
	ok "is tried four times" is 4 "$(sent CONNECT)"
}
reset_at_once() {
	server reset <<'RULES'
when CONNECT
reset
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "a reset within TLS" fails_at "" "cannot connect"
}
comes_back() {
	server back <<'RULES'
once CONNECT
reset
once CONNECT
tls
drop
once CONNECT
tls
< * BYE too busy
drop
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "a server that comes back" ends_with 0 "2 reports"
	ok "and was waited for" is "4 2" "$(sent CONNECT) $(stored)"
}
no_tls_at_all() {
	server rubbish <<'RULES'
when CONNECT
< HTTP/1.1 400 what?
drop
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "no TLS" fails_at "" "cannot connect"
}
silent_at_once() {
	server silent <<'RULES'
when CONNECT
stall
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "silence within TLS" fails_at "" "cannot connect"
}
silent_greeting() {
	server greeting <<'RULES'
when CONNECT
tls
stall
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "silence for a greeting" fails_at "" "cannot connect"
}
dripping_greeting() {
	server dripping <<'RULES'
when CONNECT
tls
drip * OK hello\r\n* OK once more\r\n
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "a greeting that never ends" fails_at "" "cannot connect"
}
other_greeting() {
	server other <<'RULES'
when CONNECT
tls
< 220 mail ESMTP
stall
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "another protocol" fails_at "" "cannot connect"
}
flood_of_greetings() {
	server greetings <<'RULES'
when CONNECT
tls
flood * OK hello\r\n
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "greetings without an end" fails_at ""
}
start dropped_at_once reset_at_once comes_back no_tls_at_all silent_at_once silent_greeting dripping_greeting \
	other_greeting flood_of_greetings

# --- STARTTLS: whatever is between must not get a password ----------------------------------------

# A name that is not known to be this machine.
clear() { imap "imap://rua@mail.localhost:$port/INBOX"; }
clear_greeting="when CONNECT
< * OK ready"
good_starttls() {
	server starttls <<RULES
$clear_greeting
once CAPABILITY
< * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
< $ OK x
when STARTTLS
< $ OK go
tls
RULES
	clear
	ok "STARTTLS" ends_with 0
	ok "and then all goes well" is "2 1" "$(stored) $(sent STARTTLS)"
}
stripped() {
	server stripped <<RULES
$clear_greeting
RULES
	clear
	ok "STARTTLS that is not offered: 78" ends_with 78 "does not do STARTTLS" "mail.localhost:$port" "use imaps://"
	ok "gets no password" is 0 "$(sent 'AUTHENTICATE\|LOGIN')"
}
refused() {
	server refused <<RULES
$clear_greeting
when CAPABILITY
< * CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN
< $ OK x
when STARTTLS
< $ NO not today
RULES
	clear
	ok "STARTTLS that is refused: 78" ends_with 78 "does not do STARTTLS"
	ok "gets none" is 0 "$(sent 'AUTHENTICATE\|LOGIN')"
}
injected() {
	server injected <<RULES
$clear_greeting
when CAPABILITY
< * CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN
< $ OK x
when STARTTLS
= $ OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n
tls
RULES
	clear
	ok "bytes behind STARTTLS" ends_with 75 "cannot connect" "mail.localhost:$port"
	ok "get none" is 0 "$(sent 'AUTHENTICATE\|LOGIN')"
}
preauthenticated() {
	server preauth <<'RULES'
when CONNECT
< * PREAUTH welcome
RULES
	clear
	ok "PREAUTH in the clear: 78" ends_with 78 "does not do STARTTLS"
	ok "gets none, nor anything else" is 0 "$(sent 'AUTHENTICATE\|LOGIN\|EXAMINE')"
}
dropped_starttls() {
	server cut <<RULES
$clear_greeting
when CAPABILITY
< * CAPABILITY IMAP4rev1 STARTTLS
< $ OK x
when STARTTLS
< $ OK go
drop
RULES
	clear
	ok "the end behind STARTTLS" ends_with 75 "cannot connect"
}
start good_starttls stripped refused injected preauthenticated dropped_starttls

# --- it dies or stalls behind that ----------------------------------------------------------------

# at_step NAME GLOB STEP: each way to end there.
at_step() {
	local how=$1 glob=$2 step=$3
	server "$how-${step// /-}" <<RULES
when $glob
${how/-/ }
RULES
	imap --then move:Done "imaps://rua@localhost:$port/INBOX"
	ok "$how when asked to $step" fails_at "$step"
	ok "is tried again" is 4 "$(sent CONNECT)"
}
end_at_login() { at_step reset 'AUTHENTICATE*' "log in"; }
stall_at_login() { at_step stall 'AUTHENTICATE*' "log in"; }
end_at_delimiter() { at_step reset LIST* "name its folders"; }
end_at_folder() { at_step drop 'EXAMINE*' "open the folder"; }
stall_at_folder() { at_step stall 'EXAMINE*' "open the folder"; }
end_at_search() { at_step reset 'UID SEARCH*' "list the folder"; }
stall_at_search() { at_step stall 'UID SEARCH*' "list the folder"; }
end_at_sizes() { at_step drop 'UID FETCH*RFC822*' "give mails"; }
stall_at_sizes() { at_step stall 'UID FETCH*RFC822*' "give mails"; }
end_at_move() { at_step drop 'UID MOVE*' "move mails"; ok "what was read is stored" is 2 "$(stored)"; }
stall_at_move() { at_step stall 'UID MOVE*' "move mails"; ok "what was read is there" is 2 "$(stored)"; }

within_a_mail() {
	server within <<RULES
once UID FETCH *BODY*
$(first_mail)
= * 2 FETCH (UID 6 BODY[] {900}\r\n<feedback>
drop
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "the end within a mail: it is made up for" ends_with 0 "2 reports"
	ok "and the rest alone is fetched again" is "2 1" "$(stored) $(sent 'UID FETCH 6 .*BODY')"
}
always_within_a_mail() {
	server always <<RULES
when UID FETCH *BODY*
$(first_mail)
= * 2 FETCH (UID 6 BODY[] {900}\r\n<feedback>
drop
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "the end within a mail, always" fails_at "give mails"
	ok "what arrived whole is kept" is 1 "$(stored)"
	ok "and what did not is told" eval 'grep -q "^2 messages: 1 stored, 1 not read" "$T/err"'
}
stall_within_a_mail() {
	server stalled <<RULES
when UID FETCH *BODY*
$(first_mail)
= * 2 FETCH (UID 6 BODY[] {900}\r\n<feedback>
stall
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "silence within a mail" fails_at "give mails" "does not answer in time"
	ok "what arrived whole by then is kept" is 1 "$(stored)"
}
drip_within_a_mail() {
	server drip <<RULES
once UID FETCH *BODY*
$(first_mail)
= * 2 FETCH (UID 6 BODY[] {900000}\r\n
drip x
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "a mail that drips is not waited for" ends_with 0 "does not answer in time" "2 reports"
	ok "and had from another connection" is "2 2" "$(stored) $(sent CONNECT)"
}
between_commit_and_move() {
	server between <<'RULES'
once UID MOVE *
drop
once UID MOVE *
reset
once UID MOVE *
drop
once UID MOVE *
reset
RULES
	imap --then move:Done "imaps://rua@localhost:$port/INBOX"
	ok "the end between commit and move" fails_at "move mails" "what was read by then is stored"
	ok "both are stored" is 2 "$(stored)"
	imap --then move:Done "imaps://rua@localhost:$port/INBOX"
	ok "the next run" ends_with 0 "2 known from before"
	ok "moves them, and fetches nothing again" is "5 1" "$(sent 'UID MOVE') $(sent 'UID FETCH .*BODY')"
	ok "as the ledger knows" is 2 "$(ledger "count(settled_at)")"
}
stopped_while_connecting() {
	server stopped <<'RULES'
when CONNECT
stall
RULES
	"$RUAMILL" ingest --db "$DB" --password-file "$T/../password" --tls-ca-file "$C" \
		"imaps://rua@localhost:$port/INBOX" 2>"$T/err" &
	local pid=$!
	soon grep -q CONNECT "$T/log"
	kill -TERM $pid
	wait $pid
	status=$?
	ok "SIGTERM while connecting" ends_with 75 "stopped by a signal"
	ok "is the end of it" is 1 "$(sent CONNECT)"
}
start end_at_login stall_at_login end_at_delimiter end_at_folder stall_at_folder end_at_search \
	stall_at_search end_at_sizes stall_at_sizes end_at_move stall_at_move within_a_mail always_within_a_mail \
	stall_within_a_mail drip_within_a_mail between_commit_and_move stopped_while_connecting

# --- it lies --------------------------------------------------------------------------------------

# says NAME GLOB LINE: always the same answer to a command.
says() {
	server "$1" <<RULES
when $2
$3
RULES
	imap --then move:Done "imaps://rua@localhost:$port/INBOX"
}
four_gibibytes() {
	says gibibytes 'UID FETCH*BODY*' '= * 1 FETCH (UID 5 BODY[] {4294967296}\r\nonly this'
	ok "a mail of 4 GiB" fails_at "give mails" "a mail of 4294967296 bytes" "does not keep to IMAP"
}
endless_literal() {
	says endless 'UID FETCH*BODY*' 'flood * 1 FETCH (UID 9 BODY[] {5}\r\nhello)\r\n'
	ok "mails that nobody asked for" fails_at "give mails" "more than anybody asked for"
}
endless_lines() {
	says lines 'UID SEARCH*' 'flood * 2 EXISTS\r\n'
	ok "lines without an end" fails_at "list the folder" "more than anybody asked for"
}
line_without_end() {
	says line 'UID SEARCH*' 'flood * SEARCH'
	ok "a line without an end" fails_at "list the folder" "a line without an end"
}
nested() {
	says nested 'UID FETCH*RFC822*' "< * 1 FETCH $(printf '%060000d' 0 | tr 0 '(')"
	ok "parentheses in parentheses" fails_at "give mails" "a FETCH that cannot be read"
}
zero_byte() {
	says zero 'EXAMINE*' '< * OK \0 there'
	ok "a zero byte" fails_at "open the folder" "a zero byte"
}
many_uids() {
	says uids 'UID SEARCH*' "$(printf '< * SEARCH 4294967296')"
	ok "a UID that is none" fails_at "list the folder" "a UID that is none"
}
goodbye() {
	says goodbye 'UID SEARCH*' '< * BYE [UNAVAILABLE] \e[31mgo\r\n'
	ok "BYE" fails_at "list the folder" "the server ends the connection"
	ok "is made harmless" eval '! grep -q "$(printf "\033")" "$T/err"'
}
throttled() {
	says throttled 'UID FETCH*BODY*' '< $ NO [THROTTLED] Request is throttled. Suggested Backoff Time: 92415 milliseconds'
	ok "throttled" ends_with 75 "[THROTTLED]" localhost "refuses to give mails" "the next run tries again"
}
throttled_once() {
	server once <<'RULES'
once UID FETCH *BODY*
< $ NO [THROTTLED] wait
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "throttled once" ends_with 0 "2 reports"
}
no_right_to_move() {
	server right <<'RULES'
when UID MOVE *
< $ NO [NOPERM] no
when LIST "" "Done"
< $ OK x
when CREATE *
< $ NO [NOPERM] no
RULES
	imap --then move:Done "imaps://rua@localhost:$port/INBOX"
	ok "a folder that cannot be made" ends_with 75 "refuses to make the folder" "below INBOX/"
	ok "costs no mail" is "2 1" "$(stored) $(sent CONNECT)"
}
start four_gibibytes endless_literal endless_lines line_without_end nested zero_byte many_uids goodbye throttled \
	throttled_once no_right_to_move

# --- it has odd habits ----------------------------------------------------------------------------

# Sizes are wrong, what is asked for comes in another order and with more, and all kinds of things come in
# between.
like_exchange() {
	server exchange <<RULES
when CONNECT
tls
< * OK The Microsoft Exchange IMAP4 service is ready. [QQBNADAAUABSADAA]
when CAPABILITY
< * CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+
< $ OK CAPABILITY completed.
when EXAMINE *
< * 2 EXISTS
< * 0 RECENT
< * FLAGS (\\\\Seen \\\\Answered \\\\Flagged \\\\Deleted \\\\Draft \$MDNSent)
< * OK [PERMANENTFLAGS ()] Permanent flags
< * OK [UIDVALIDITY @validity] UIDVALIDITY value
< * OK [UIDNEXT 7] The next unique identifier value
< $ OK [READ-ONLY] EXAMINE completed.
when UID FETCH *RFC822.SIZE*
< * 1 FETCH (RFC822.SIZE 31 UID 5)
< * 2 FETCH (RFC822.SIZE 2000000 UID 6 FLAGS (\\\\Seen))
< $ OK FETCH completed.
when UID FETCH *BODY*
< * 3 EXISTS
= * 1 FETCH (BODY[]\\ 
mail 5
<  UID 5 FLAGS (\\\\Seen))
< * 2 FETCH (FLAGS (\\\\Seen))
= * 2 FETCH (BODY[]\\ 
mail 6
<  UID 6)
< * 1 EXPUNGE
< $ OK FETCH completed.
when LOGOUT
< * BYE Microsoft Exchange Server IMAP4 server signing off.
drop
RULES
	imap --then move:Done "imaps://rua@localhost:$port/INBOX"
	ok "Exchange's habits" ends_with 0 "2 reports"
	ok "cost nothing" is "2 1" "$(stored) $(sent CONNECT)"
}
exchange_not_connected() {
	says connected 'EXAMINE*' '< $ BAD User is authenticated but not connected.'
	ok "no right to the mailbox" ends_with 78 "authenticated but not connected" "may not open this mailbox"
}
exchange_bad_mail() {
	server bad <<RULES
when UID FETCH 5:6 *BODY*
< $ BAD Command Error. 12
when UID FETCH 6 *BODY*
< $ BAD Command Error. 12
when UID FETCH 5 *BODY*
$(first_mail)
< $ OK x
RULES
	imap "imaps://rua@localhost:$port/INBOX"
	ok "a mail that Exchange cannot give" ends_with 66 "Command Error. 12" "$validity/6"
	ok "takes no other along" is 1 "$(stored)"
}
# Capabilities come unasked and change with the log-in; everything has more words than others'.
like_gmail() {
	server gmail <<'RULES'
when CONNECT
tls
< * OK Gimap ready for requests from 192.0.2.1 k9mb1234
once CAPABILITY
< * CAPABILITY IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=XOAUTH2 AUTH=PLAIN AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER
< $ OK Thats all she wrote! k9mb1234
when AUTHENTICATE PLAIN *
< * CAPABILITY IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584
< $ OK rua@example.com authenticated (Success)
when EXAMINE *
< * FLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen $NotPhishing $Phishing)
< * OK [PERMANENTFLAGS ()] Flags permitted.
< * OK [UIDVALIDITY @validity] UIDs valid.
< * 2 EXISTS
< * 0 RECENT
< * OK [UIDNEXT 7] Predicted next UID.
< * OK [HIGHESTMODSEQ 31337]
< $ OK [READ-ONLY] INBOX selected. (Success)
when UID MOVE *
< * OK [COPYUID 601 5 12]
< * 1 EXPUNGE
< * OK [COPYUID 601 6 13]
< * 1 EXPUNGE
< * 0 EXISTS
< $ OK (Success)
RULES
	imap --then move:Done "imaps://rua@localhost:$port/INBOX"
	ok "Gmail's habits" ends_with 0 "2 reports"
	ok "cost nothing, and it is known where mails went" is "2 Done 601/12, Done 601/13" \
		"$(stored) $(ledger "string_agg(substring(source from '[^/]*$') || ' ' || locator, ', ' order by locator)")"
}
gmail_wants_another_password() {
	says alert 'AUTHENTICATE*' '< $ NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)'
	ok "Gmail's own advice" ends_with 78 "[ALERT] Application-specific password required" "check user and password"
}
gmail_has_enough() {
	says enough 'UID FETCH*BODY*' '< * BYE Account exceeded command or bandwidth limits. 12345'
	ok "Gmail has had enough" fails_at "give mails" "exceeded command or bandwidth limits"
}

# --- proxies --------------------------------------------------------------------------------------

# Behind the proxy stands the server; the empty line that ends a request comes as ANSWER.
proxied() {
	server proxied <<'RULES'
when CONNECT
when mail.example.test:993*
when Keep-Alive
when ANSWER
< HTTP/1.1 200 there you are
< 
tls
< * OK ready
RULES
	all_proxy=http://127.0.0.1:$port imap imaps://rua@mail.example.test/INBOX
	ok "a proxy of the environment" ends_with 0 "2 reports"
	ok "is asked for the server" is "CONNECT mail.example.test:993 HTTP/1.1" "$(grep HTTP "$T/log")"
}
refused_by_proxy() {
	server forbidden <<'RULES'
when CONNECT
when mail.example.test:993*
when Keep-Alive
when ANSWER
< HTTP/1.1 403 no mail here
< 
drop
RULES
	all_proxy=http://127.0.0.1:$port imap imaps://rua@mail.example.test/INBOX
	ok "a proxy that refuses" ends_with 75 "cannot connect" "403" "the next run"
}
start proxied refused_by_proxy

start like_exchange exchange_not_connected exchange_bad_mail like_gmail gmail_wants_another_password gmail_has_enough
show
drop_database faults
exit $failed
