# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
#
# Servers of IMAP that go by a script, see imapd.c, and what a good one does. Sourced behind helpers.bash; needs
# tests/imapd of the build.
unset "${!RUAMILL_IMAP@}" http_proxy https_proxy all_proxy no_proxy ALL_PROXY NO_PROXY

imapd=$(realpath "${BUILD_DIR:-build/release}")/tests/imapd
C=$T/certificate.pem
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$T/key" -subj /CN=localhost -days 3650 \
	-addext 'subjectAltName=DNS:localhost,DNS:mail.localhost,DNS:mail.example.test' -out "$C" 2>"$T/openssl" || { echo "not ok make a certificate"; cat "$T/openssl"; exit 1; }
cat "$T/key" >>"$C"
echo secret >"$T/password"
chmod 600 "$T/password"

# What a good one does. Cases put rules of their own in front of these.
good_rules() {
	cat <<RULES
when CONNECT
tls
< * OK ready
when CAPABILITY
< * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN MOVE UIDPLUS
< $ OK x
when AUTHENTICATE PLAIN *
< $ OK in
when LIST "" ""
< * LIST (\\\\Noselect) "/" ""
< $ OK x
when EXAMINE *
< * 2 EXISTS
< * OK [UIDVALIDITY @validity] x
< $ OK [READ-ONLY] x
when SELECT *
< * 2 EXISTS
< * OK [UIDVALIDITY @validity] x
< $ OK [READ-WRITE] x
when UID SEARCH *
< * SEARCH 5 6
< $ OK x
when UID FETCH *RFC822.SIZE*
< * 1 FETCH (UID 5 RFC822.SIZE 900)
< * 2 FETCH (UID 6 RFC822.SIZE 900)
< $ OK x
when UID FETCH *BODY*
= * 1 FETCH (UID 5 BODY[]\\ 
mail 5
< )
= * 2 FETCH (UID 6 BODY[]\\ 
mail 6
< )
< $ OK x
when UID MOVE *
< * OK [COPYUID 9 5:6 1:2] x
< $ OK moved
when LOGOUT
< * BYE
drop
RULES
}

# One mail, and the rest of what a rule for UID FETCH says.
first_mail() {
	echo "= * 1 FETCH (UID 5 BODY[]\\ "
	echo "mail 5"
	echo "< )"
}

# server NAME: one of a case, with the rules from standard input in front; everything temporary of the case
# is in a folder of its own.
server() {
	T=$T/$1
	mkdir "$T"
	report "$1-5" example.com 1 >"$T/5"
	report "$1-6" example.com 2 >"$T/6"
	# a port comes up again now and then: without a number of its own a mailbox would be known already
	validity=$(($(cksum <<<"$1" | cut -d' ' -f1) % 1000000000 + 100))
	{ cat - && good_rules; } | sed "s/@validity/$validity/" >"$T/script"
	(cd "$T" && exec "$imapd" script log "$C" >port 2>imapd) &
	soon test -s "$T/port"
	port=$(cat "$T/port")
	rules=$1
}

# How often the server was sent such a thing.
sent() { grep -c "$1" "$T/log"; }
