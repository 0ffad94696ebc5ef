# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
#
# A Dovecot of our own on the loopback, with TLS and a CA of our own, and the mails in it. Sourced behind
# helpers.bash; its end is seen to. Between start_dovecot and the next it may be told other things: $capability,
# $mechanisms, $want_certificate.
PATH=$PATH:/usr/sbin
unset "${!RUAMILL_IMAP@}" http_proxy https_proxy all_proxy no_proxy ALL_PROXY NO_PROXY

D=$T/dovecot
mkdir -p "$D/run" "$D/home" "$D/tls"

# certificate NAME CA SUBJECT EXTENSION
certificate() {
	openssl req -new -newkey rsa:2048 -nodes -keyout "$D/tls/$1.key" -subj "/CN=$3" -out "$D/tls/$1.csr" &&
		openssl x509 -req -in "$D/tls/$1.csr" -CA "$D/tls/$2.pem" -CAkey "$D/tls/$2.key" -CAcreateserial \
			-days 3650 -extfile <(echo "$4") -out "$D/tls/$1.pem"
}
# authority NAME
authority() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$D/tls/$1.key" -subj "/CN=$1" -days 3650 -out "$D/tls/$1.pem"
}
{
	authority ca && authority other &&
		certificate server ca localhost 'subjectAltName=DNS:localhost' &&
		certificate us ca us 'extendedKeyUsage=clientAuth'
} >"$T/openssl" 2>&1 || { echo "not ok make certificates"; cat "$T/openssl"; exit 1; }

# Dovecot refuses root's mailboxes, and as root runs its parts as others.
owner=$(id -un) group=$(id -gn)
[ "$owner" != root ] || owner=nobody group=nogroup
echo "rua:{PLAIN}se cret\"\\:::::" >"$D/users"

write_conf() {
	cat <<CONF
base_dir = $D/run
state_dir = $D/run
log_path = $D/log
protocols = imap
listen = 127.0.0.1
default_internal_user = $owner
default_internal_group = $group
default_login_user = $owner
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:$D/home/%u:LAYOUT=fs
mail_fsync = never
disable_plaintext_auth = yes
auth_mechanisms = ${mechanisms:-plain login xoauth2 oauthbearer}
auth_failure_delay = 0
auth_verbose = yes
ssl = yes
ssl_cert = <$D/tls/server.pem
ssl_key = <$D/tls/server.key
ssl_ca = <$D/tls/ca.pem
ssl_require_crl = no
ssl_verify_client_cert = ${want_certificate:-no}
auth_ssl_require_client_cert = ${want_certificate:-no}
imap_capability = ${capability:-}
passdb {
	driver = passwd-file
	args = scheme=PLAIN $D/users
}
passdb {
	driver = oauth2
	mechanisms = xoauth2 oauthbearer
	args = $D/oauth2
}
userdb {
	driver = static
	args = uid=$owner gid=$group home=$D/home/%u
}
namespace inbox {
	inbox = yes
	separator = .
}
service anvil {
	chroot =
	unix_listener anvil-auth-penalty {
		mode = 0
	}
}
service imap-login {
	chroot =
	inet_listener imap {
		port = $port
	}
	inet_listener imaps {
		port = $tls_port
	}
}
CONF
}

# A token is a JWT of ours.
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d =; }
token() {
	local head body
	head=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url)
	body=$(printf '{"sub":"rua","username":"rua","exp":%s,"iat":1700000000}' "$1" | base64url)
	printf '%s.%s.%s' "$head" "$body" \
		"$(printf '%s.%s' "$head" "$body" | openssl dgst -sha256 -hmac "shared secret" -binary | base64url)"
}
mkdir -p "$D/keys/default/HS256"
printf 'shared secret' | openssl base64 -A >"$D/keys/default/HS256/default"
cat >"$D/oauth2" <<CONF
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$D/keys/
username_attribute = username
CONF

dovecot_pid=
end_dovecot() {
	[ -z "$dovecot_pid" ] || { kill "$dovecot_pid" && wait "$dovecot_pid"; } 2>/dev/null
	dovecot_pid=
}
trap 'end_dovecot; clean_up' EXIT

# run_dovecot: on $port and $tls_port; fails where somebody has them.
run_dovecot() {
	end_dovecot
	write_conf >"$D/conf"
	: >"$D/log"
	dovecot -F -c "$D/conf" >"$D/out" 2>&1 &
	dovecot_pid=$!
	soon eval "grep -q 'starting up' '$D/log' || ! kill -0 $dovecot_pid 2>/dev/null"
	kill -0 "$dovecot_pid" 2>/dev/null
}
# Sets $port and $tls_port. Should somebody take them just now, others are tried.
start_dovecot() {
	local _
	for _ in 1 2 3 4 5; do
		port=$((20000 + RANDOM % 10000)) tls_port=$((port + 1))
		run_dovecot && return
	done
	echo "not ok start Dovecot"
	cat "$D/out" "$D/log"
	exit 1
}

# --- mails ----------------------------------------------------------------------------------------

BOX=$D/home/rua
# folder PATH...: empty ones.
folder() {
	local name
	for name in "$@"; do
		mkdir -p "$BOX/$name/cur" "$BOX/$name/new" "$BOX/$name/tmp"
	done
	own
}
own() {
	[ "$(id -un)" != root ] || chown -R "$owner:$group" "$D/home" "$D/run"
	chmod -R u+rwX,go+rX "$D"
}
# mail FOLDER NAME: a report of that name.
mail() {
	{
		printf 'From: r@reporter.example\nSubject: %s\nContent-Type: text/xml\n\n' "$2"
		report "$2" example.com 3
	} >"$BOX/$1/new/$2"
}
# Names of reports in a folder, without flags.
lies_in() { (cd "$BOX/$1" 2>/dev/null && find . -path '*/[cn][ue][rw]/*' -type f -exec grep -h '^Subject' {} + | sed 's/.*: //' | sort | tr '\n' ' '); }
seen_in() { find "$BOX/$1/cur" -name '*,*S*' | wc -l; }

at() { echo "imaps://rua@localhost:$tls_port/$1"; }
printf 'se cret"\\\n' >"$T/password"
chmod 600 "$T/password"
