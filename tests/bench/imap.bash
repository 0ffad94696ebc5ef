# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
#
# Part of run.sh: mailboxes on a Dovecot of our own, over TLS on the loopback, and behind a line that is as
# slow as one to a far away server.

imap_mails=5000 imap_records=50000 old_mails=100000 one_by_one=250
if [ "$quick" ]; then
	imap_mails=1000 imap_records=10000 old_mails=10000 one_by_one=50
fi
large_mails=8 large_bytes=$((20 << 20))

# What dovecot.bash wants of whoever uses it.
T=$work
soon() {
	local _
	for _ in $(seq 600); do
		"$@" && return 0
		sleep 0.05
	done
	return 1
}
# shellcheck source=tests/integration/dovecot.bash
. tests/integration/dovecot.bash
slow_line=
trap '[ -z "$slow_line" ] || kill "$slow_line" || true; end_dovecot || true; clean_up' EXIT

# Sets $slow_port.
start_slow_line() {
	"$tools/delay" "$tls_port" 10 >"$work/slow" &
	slow_line=$!
	soon test -s "$work/slow" || die "no slow line"
	slow_port=$(cat "$work/slow")
}

mailbox() { echo "imaps://rua@localhost:$1/$2"; }
imap_ingest() { measure "$ruamill" ingest --no-progress --password-file "$work/password" --tls-ca-file "$D/tls/ca.pem" "$@"; }

# download PORT FOLDER OPTION...: sets downloaded, mails a second.
download() {
	local port=$1 folder=$2 count bytes seconds
	shift 2
	"$tools/download" "$@" "$work/password" "$D/tls/ca.pem" "$(mailbox "$port" "$folder")" >"$work/downloaded" ||
		die "the download failed"
	read -r count bytes seconds <"$work/downloaded"
	downloaded=$(calculate "$count / $seconds")
}

# fill FOLDER PATH: with the mails of a Maildir, and nothing else.
fill() {
	rm -rf "${BOX:?}/$1"
	folder "$1"
	cp -a "$2/." "$BOX/$1"
	own
}

# The same mails from a Maildir and from the server, in turn, each into a fresh database.
measure_imap_load() {
	local path=$1 n files=() ours=() cpus=() memory=() ratio=() far=() moved=()
	for n in $(seq "$runs"); do
		fresh_database
		measure "$ruamill" ingest --no-progress "$path"
		files+=("$wall")
		fresh_database
		imap_ingest "$(mailbox "$tls_port" Reports)"
		check_database
		ours+=("$wall") cpus+=("$cpu") memory+=("$rss")
		ratio+=("$(calculate "$wall / ${files[-1]}")")
		fresh_database
		imap_ingest "$(mailbox "$slow_port" Reports)"
		far+=("$wall")
		fresh_database
		fill "Moving-$n" "$path"
		imap_ingest --then "move:Moved-$n" "$(mailbox "$slow_port" "Moving-$n")"
		moved+=("$wall")
	done
	row "from start to finish, s" %.2f "" "${ours[@]}"
	row "  its time : that of the same from a Maildir" %.2f "<= 1.3" "${ratio[@]}"
	row "  CPU time of ruamill, s" %.2f "" "${cpus[@]}"
	row "  peak resident memory, MiB" %.1f "<= 64" "${memory[@]}"
	row "from a Maildir, s" %.2f "" "${files[@]}"
	row "with 20 ms there and back, s" %.2f "" "${far[@]}"
	row "  and each mail moved to another folder, s" %.2f "" "${moved[@]}"
}

measure_downloads() {
	local _ near=() far=() each=() ratio=()
	for _ in $(seq "$runs"); do
		download "$tls_port" Reports
		near+=("$downloaded")
		download "$slow_port" Reports --one-by-one "$one_by_one"
		each+=("$downloaded")
		download "$slow_port" Reports
		far+=("$downloaded")
		ratio+=("$(calculate "$downloaded / ${each[-1]}")")
	done
	row "downloads alone, mails/s" %.0f "" "${near[@]}"
	row "with 20 ms there and back, mails/s" %.0f "" "${far[@]}"
	row "  one FETCH a mail, $one_by_one of them, mails/s" %.0f "" "${each[@]}"
	row "  our speed : that" %.0f "$([ "$quick" ] || echo ">= 50")" "${ratio[@]}"
}

# small_mails COUNT FOLDER, which hold no report.
small_mails() {
	folder "$2"
	awk -v count="$1" -v path="$BOX/$2/cur/" 'BEGIN {
		for (i = 0; i < count; i++) {
			file = path "1790000000.M" i "P1.host:2,S"
			printf "From: us@example.com\nMessage-ID: <%d@example.com>\nSubject: mail %d\n\nhello\n", i, i >file
			close(file)
		}
	}'
	own
}

# large_mails COUNT BYTES FOLDER
large_mails() {
	local n
	folder "$3"
	for n in $(seq "$1"); do
		{
			printf 'From: us@example.com\nMessage-ID: <large-%s@example.com>\nSubject: large\n\n' "$n"
			head -c "$2" /dev/zero | tr '\0' x | fold -w 72
		} >"$BOX/$3/cur/1790000000.M${n}P1.host:2,S"
	done
	own
}

measure_mailboxes() {
	local again=() memory=() _
	fresh_database
	small_mails "$old_mails" Old
	imap_ingest "$(mailbox "$tls_port" Old)"
	row "$(grouped "$old_mails") small mails, s" %.2f "" "$wall"
	row "  peak resident memory, MiB" %.1f "<= 64" "$rss"
	for _ in $(seq "$runs"); do
		imap_ingest "$(mailbox "$tls_port" Old)"
		grep -q "$old_mails known from before" "$work/out" || die "they are not known" "$work/out"
		again+=("$wall") memory+=("$rss")
	done
	row "the same again, nothing is new, s" %.2f "<= 2" "${again[@]}"
	row "  peak resident memory, MiB" %.1f "<= 64" "${memory[@]}"
	large_mails "$large_mails" "$large_bytes" Large
	imap_ingest "$(mailbox "$tls_port" Large)"
	row "$large_mails mails of $((large_bytes >> 20)) MiB, s" %.2f "" "$wall"
	row "  peak resident memory, MiB" %.1f "<= 64" "$rss"
}

measure_imap() {
	local path=$corpora/imap-$imap_mails
	corpus maildir "$path" --mails "$imap_mails" --records "$imap_records" --relayed 1900
	fill Reports "$path"
	start_dovecot
	start_slow_line
	heading "A mailbox of $(grouped "$imap_mails") mails of 4 KiB over TLS, into PostgreSQL"
	measure_downloads
	measure_imap_load "$path"
	measure_mailboxes
	kill "$slow_line" && wait "$slow_line" 2>/dev/null || true
	slow_line=
	end_dovecot || true
}
