#!/bin/sh
# Installs the Debian packages that ruamill needs, as far as they are missing:
#
#     dist/deps.sh GROUP...        groups: build run test lint fuzz
#
# It leaves no service running, and none that would start with the machine. It makes no PostgreSQL
# cluster: ruamill makes its own.
set -eu

packages_of() {
	case $1 in
	build)
		echo gcc make pkg-config libc6-dev libxml2-dev zlib1g-dev libzip-dev libpq-dev \
			libgmime-3.0-dev libssl-dev libpsl-dev publicsuffix libidn2-dev \
			libsmartcols-dev libc-ares-dev libcurl4-openssl-dev libinih-dev
		;;
	run) echo postgresql postgresql-client publicsuffix ;;
	test) echo libcriterion-dev zip xz-utils jq nsd strace dovecot-imapd openssl ;;
	lint) echo gcc clang clang-format-14 clang-tidy-14 cppcheck mandoc ;;
	fuzz) echo clang libclang-rt-dev ;;
	*)
		echo "deps: there is no group '$1', only build run test lint fuzz" >&2
		exit 64
		;;
	esac
}

is_installed() {
	dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

# Any server from version 15 on will do, whoever packaged it.
has_server() {
	for initdb in /usr/lib/postgresql/*/bin/initdb; do
		version=${initdb#/usr/lib/postgresql/}
		[ -x "$initdb" ] && [ "${version%%/*}" -ge 15 ] && return 0
	done
	return 1
}

# Prints the packages of the groups that are not there, each once.
missing_of() {
	for group in "$@"; do
		for package in $(packages_of "$group"); do
			is_installed "$package" && continue
			case $package in
			postgresql) has_server && continue ;;
			postgresql-client) command -v psql >/dev/null && continue ;;
			esac
			echo "$package"
		done
	done | sort -u | tr '\n' ' '
}

# Debian starts what it installs and makes a cluster named main. Both are held off while we
# install: nothing that was there is touched, and everything of ours is removed again.
policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.d
no_main=$clusters/ruamill-deps.conf
made_policy='' made_clusters='' log=''

hold_services() {
	if [ ! -e "$policy" ]; then
		made_policy=1
		printf '#!/bin/sh\nexit 101\n' | $root tee "$policy" >/dev/null
		$root chmod 755 "$policy"
	fi
	if [ ! -d "$clusters" ]; then
		made_clusters=1
		$root mkdir -p "$clusters"
	fi
	echo 'create_main_cluster = false' | $root tee "$no_main" >/dev/null
}

restore() {
	[ -z "$made_policy" ] || $root rm -f "$policy"
	$root rm -f "$no_main"
	if [ -n "$made_clusters" ] && ! dpkg -S "$clusters" >/dev/null 2>&1; then
		$root rmdir -p --ignore-fail-on-non-empty "$clusters"
	fi
	[ -z "$log" ] || rm -f "$log"
}

apt() {
	$root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" \
		>"$log" 2>&1 </dev/null && return
	tail -n 20 "$log" >&2
	echo "deps: apt-get $1 failed; its last lines are above" >&2
	exit 1
}

[ $# -gt 0 ] || set -- build run
for group in "$@"; do
	packages_of "$group" >/dev/null
done
if ! command -v dpkg-query >/dev/null; then
	echo "deps: this is not Debian. Install what these packages hold, then run make:" >&2
	for group in "$@"; do packages_of "$group" >&2; done
	exit 1
fi

missing=$(missing_of "$@")
if [ -z "$missing" ]; then
	echo "deps: everything for $* is installed"
	exit 0
fi

if [ "$(id -u)" -eq 0 ]; then
	root=
elif command -v sudo >/dev/null; then
	root=sudo
else
	echo "deps: packages are missing, and there is neither root nor sudo. As root, run" >&2
	echo "    apt-get install --no-install-recommends $missing" >&2
	exit 1
fi

echo "deps: installing with ${root:+sudo }apt-get (a minute or two): $missing"
trap restore EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
log=$(mktemp)
hold_services
apt update
# Word splitting is meant: one argument a package.
# shellcheck disable=SC2086
apt install --no-install-recommends $missing
# Tests run servers of their own; Debian's would start with the machine.
for package in $missing; do
	case $package in
	nsd) service=nsd ;;
	dovecot-imapd) service=dovecot ;;
	*) continue ;;
	esac
	$root update-rc.d "$service" disable >"$log" 2>&1 ||
		echo "deps: the service $service will start with the machine" >&2
done
echo "deps: installed"
