#!/usr/bin/env bash
# Builds Maildir/ from reports/ and other/, byte for byte the same on every run.
#   make-mails.sh            write Maildir/
#   make-mails.sh --check    build into a temporary directory, fail if Maildir/ differs
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 022
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
out=$tmp/Maildir

# One line a mail. In a subject %D is the policy domain, %I the report id, ~ and ^ fold the line with a blank or a tab.
# "receiver" is the first part of the attachment's name; with a "!" in it, it is the whole name.
mails() { sed '/^#/d; s/ *| */|/g' <<'TABLE'
# sent                | flags | shape | pack     | type                     | source                 | receiver   | from | subject
2026-10-25 09:14:02   | :2,S  | bare  | zip      | application/zip          | google-com-1024        | google.com | noreply-dmarc-support@google.com | Report domain: %D Submitter: google.com Report-ID:~%I
2026-10-27 03:21:40   | :2,S  | outlook | gz     | application/gzip         | outlook-com-1026       | protection.outlook.com | "DMARC Aggregate Report" <dmarcreport@microsoft.com> | Report Domain: %D Submitter: protection.outlook.com Report-ID:~%I
2026-10-27 04:02:11   | :2,S  | text  | gz       | application/gzip         | yahoo-com-1026         | yahoo.com  | noreply@dmarc.yahoo.com | Report Domain: %D^Submitter: Yahoo Inc.^Report-ID: <%I>
2026-10-27 09:15:33   | :2,S  | mixed | zip      | application/zip          | google-org-1026        | google.com | noreply-dmarc-support@google.com | Report domain: %D Submitter: google.com Report-ID:~%I
2026-10-28 02:30:05   |       | split | gz       | application/octet-stream | amazon-com-1027        | amazonses.com | postmaster@amazonses.com | Dmarc Aggregate Report Domain: {%D} Submitter: {Amazon SES}~Date: {2026-10-27} Report-ID: {%I}
2026-10-28 09:02:11   |       | raw   |          |                          | newsletter.eml         |            | |
2026-10-28 09:16:20   |       | mixed | zip      | application/zip          | google-museum-1027     | google.com | noreply-dmarc-support@google.com | Report domain: %D Submitter: google.com Report-ID:~%I
2026-10-28 23:48:51   |       | text  | gz       | application/gzip         | mailru-com-1028        | mail.ru    | dmarc_support@corp.mail.ru | Report Domain: %D; Submitter: mail.ru; Report-ID:~%I
2026-10-29 03:19:07   |       | outlook | gz     | application/gzip         | ms-org-1028            | enterprise.protection.outlook.com | "DMARC Aggregate Report" <dmarcreport@microsoft.com> | [Preview] Report Domain: %D Submitter:~enterprise.protection.outlook.com Report-ID: %I
2026-10-30 04:40:00   |       | mixed | gz       | application/gzip         | gmx-com-1029           | gmx.net    | noreply-dmarc@sicher.gmx.net | Report Domain: %D Submitter: gmx.net Report-ID:~%I
2026-10-30 09:14:48   |       | mixed | zip      | application/zip          | google-com-1029        | google.com | noreply-dmarc-support@google.com | Report domain: %D Submitter: google.com Report-ID:~%I
2026-10-31 01:12:30   |       | text  | gz-crlf  | application/gzip         | mimecast-com-1030      | mimecast.org | no-reply@eu-1.mimecastreport.com | Report domain: %D Submitter: mimecast.org Report-ID:~%I
2026-10-31 06:55:19   |       | text  | zip      | application/x-zip-compressed | aol-com-1030       | aol.com    | abuse_dmarc@abuse.aol.com | Report Domain: %D Submitter: AOL Report-ID: <%I>
2026-11-01 04:05:52   |       | text  | gz       | application/octet-stream | yahoo-museum-1031      | yahoo.com  | noreply@dmarc.yahoo.com | Report Domain: %D^Submitter: Yahoo Inc.^Report-ID: <%I>
2026-11-01 16:20:41   |       | text  | gz       | application/gzip         | fastmail-com-1101      | fastmail.com | Fastmail DMARC Reports <reports@fastmaildmarc.com> | Report Domain: %D Submitter: fastmail.com Report-ID: <%I>
2026-11-03 03:18:26   |       | outlook | gz     | application/gzip         | ms-museum-1102         | enterprise.protection.outlook.com | "DMARC Aggregate Report" <dmarcreport@microsoft.com> | [Preview] Report Domain: %D Submitter:~enterprise.protection.outlook.com Report-ID: %I
2026-11-03 09:14:10   |       | mixed | zip      | application/zip          | google-com-1102        | google.com | noreply-dmarc-support@google.com | Report domain: %D Submitter: google.com Report-ID:~%I
2026-11-03 09:44:10   |       | copy  |          |                          | 2026-11-03 09:14:10    |            | |
2026-11-04 03:30:00   |       | qp    | xml      | text/xml                 | plain-com-1103         | werke-musterstaedt.example | postmaster@werke-musterstaedt.example | Report Domain: %D Submitter: werke-musterstaedt.example~Report-ID: <%I>
2026-11-04 04:14:02   |       | raw   |          |                          | bounce.eml             |            | |
2026-11-04 04:41:12   |       | mixed | gz       | application/gzip         | webde-org-1103         | web.de     | noreply-dmarc@sicher.web.de | Report Domain: %D Submitter: web.de Report-ID:~%I
2026-11-04 16:02:37   |       | text  | gz       | application/gzip         | kddi-com-1104          | kddi.com   | dmarc-report@kddi.com | Report Domain: %D Submitter: kddi.com Report-ID: <%I>
2026-11-05 04:03:29   |       | text  | gz       | application/gzip         | yahoo-org-1104         | yahoo.com  | noreply@dmarc.yahoo.com | Report Domain: %D^Submitter: Yahoo Inc.^Report-ID: <%I>
2026-11-06 02:11:00   |       | mixed | gz-gz    | application/gzip         | gzgz-museum-1105       | klinik.example | dmarc@klinik.example | Report Domain: %D Submitter: klinik.example Report-ID: <%I>
2026-11-06 02:47:18   |       | text  | gz       | application/x-gzip       | identities-org-1105    | ateneo.example | postmaster@ateneo.example | Report Domain: %D Submitter: ateneo.example~Report-ID: <%I>
2026-11-06 03:17:55   |       | outlook | gz     | application/gzip         | ms-com-1105            | enterprise.protection.outlook.com | "DMARC Aggregate Report" <dmarcreport@microsoft.com> | [Preview] Report Domain: %D Submitter:~enterprise.protection.outlook.com Report-ID: %I
2026-11-07 02:05:00   |       | text  | gz-half  | application/gzip         | half-com-1106          | kanton.example | dmarc-reports@kanton.example | Report Domain: %D Submitter: kanton.example Report-ID: <%I>
2026-11-07 03:00:09   |       | text  | zip      | application/zip          | verbund-com-1106 verbund-org-1106 | relay.verbund.example | noreply@relay.verbund.example | DMARC aggregate reports of 2026-11-06
2026-11-09 06:30:44   |       | text  | xml      | application/xml          | week-com-1102          | gemeinde.example | postmaster@gemeinde.example | Report Domain: %D Submitter: gemeinde.example Report-ID: <%I>
2026-11-10 09:13:59   |       | wrapped | zip    | application/zip          | google-org-1109        | google.com | noreply-dmarc-support@google.com | Report domain: %D Submitter: google.com Report-ID:~%I
2026-11-10 10:00:17   |       | tlsrpt | gz      | application/tlsrpt+gzip  | tlsrpt.json            | google.com!example.com!1794182400!1794268799!001.json.gz | noreply-smtp-tls-reporting@google.com | Report Domain: example.com Submitter: google.com~Report-ID: <2026.11.09T00.00.00Z+example.com@google.com>
2026-11-11 01:10:26   |       | mixed | zip      | application/gzip         | mimecast-org-1110      | mimecast.org | no-reply@eu-1.mimecastreport.com | Report domain: %D Submitter: mimecast.org Report-ID:~%I
2026-11-11 05:31:06   |       | text  | gz       | application/gzip         | placeholder.txt        | !example.com!1794268800!1794355199.xml.gz | noreply@dmarc.yahoo.com | Report Domain: example.com^Submitter:^Report-ID: <1794375066.000000>
2026-11-11 08:40:13   |       | raw   |          |                          | failure.eml            |            | |
2026-11-11 09:15:01   |       | mixed | zip      | application/zip          | google-museum-1110     | google.com | noreply-dmarc-support@google.com | Report domain: %D Submitter: google.com Report-ID:~%I
2026-11-12 04:04:40   |       | text  | gz       | application/gzip         | yahoo-com-1111         | yahoo.com  | noreply@dmarc.yahoo.com | Report Domain: %D^Submitter: Yahoo Inc.^Report-ID: <%I>
2026-11-12 04:04:43   |       | text  | gz       | application/gzip         | yahoo-com-1111         | yahoo.com  | noreply@dmarc.yahoo.com | Report Domain: %D^Submitter: Yahoo Inc.^Report-ID: <%I>
2026-11-13 02:20:00   |       | mixed | gz       | application/gzip         | cut-com-1112           | stadtwerke.example | postmaster@stadtwerke.example | Report Domain: %D Submitter: stadtwerke.example~Report-ID: <%I>
2026-11-13 03:41:15   |       | prose | gz       | application/gzip         | prose-org-1112         | spedition.example | dmarc@post.spedition.example | Report Domain: %D Submitter: spedition.example~Report-ID: <%I>
2026-11-14 02:10:38   |       | alias | gz       | application/gzip         | seg-com-1113           | behoerde.example | dmarc@behoerde.example | Report Domain: %D Submitter: behoerde.example~Report-ID: <%I>
2026-11-14 02:15:00   |       | mixed | gz       | application/gzip         | zero-museum-1113       | hochschule.example | postmaster@hochschule.example | Report Domain: %D Submitter: hochschule.example~Report-ID: <%I>
2026-11-15 02:31:47   |       | mixed | gz       | application/gzip         | baddate-org-1114       | werft.example | postmaster@werft.example | Report Domain: %D Submitter: werft.example Report-ID: <%I>
2026-11-16 01:00:13   |       | mixed | gz       | application/gzip         | hostile-com-1115       | ../../../../tmp/evil | "=cmd" <x@hostile.example> | =?utf-8?B?wpszMW1SRUQgPHNjcmlwdD4=?=
2026-11-17 09:14:31   |       | mixed | zip      | application/zip          | google-com-1116        | google.com | noreply-dmarc-support@google.com | Report domain: %D Submitter: google.com Report-ID:~%I
2026-11-18 03:18:02   |       | outlook | gz     | application/gzip         | ms-com-1117            | enterprise.protection.outlook.com | "DMARC Aggregate Report" <dmarcreport@microsoft.com> | [Preview] Report Domain: %D Submitter:~enterprise.protection.outlook.com Report-ID: %I
2026-11-18 09:15:44   |       | mixed | zip      | application/zip          | google-org-1117        | google.com | noreply-dmarc-support@google.com | Report domain: %D Submitter: google.com Report-ID:~%I
2026-11-19 09:14:56   |       | mixed | zip      | application/zip          | google-com-1118        | google.com | noreply-dmarc-support@google.com | Report domain: %D Submitter: google.com Report-ID:~%I
TABLE
}

field() { sed -n "/<\(ns1:\)\{0,1\}$1>/{s/.*>\(.*\)<\/.*/\1/p;q;}" "$2"; } # text of the first such element

stem() { # report.xml -> receiver!domain!begin!end
	printf '%s!%s!%s!%s' "$receiver" "$(field domain "$1")" "$(field begin "$1")" "$(field end "$1")"
}

pack() { # file ... -> the attachment on stdout
	case $pack in
	xml) cat "$1" ;;
	gz) gzip -9nc "$1" ;;
	gz-gz) gzip -9nc "$1" | gzip -9nc ;;
	gz-crlf) gzip -9nc "$1" && printf '\r\n\r\n' ;;
	gz-half) gzip -9nc "$1" >"$tmp/whole" && head -c $(($(wc -c <"$tmp/whole") / 2)) "$tmp/whole" ;;
	zip)
		rm -rf "$tmp/zip" && mkdir "$tmp/zip"
		for f; do
			cp "$f" "$tmp/zip/$(stem "$f").xml"
			touch -d "$sent" "$tmp/zip/$(stem "$f").xml"
		done
		(cd "$tmp/zip" && zip -9Xq - -- *) ;;
	esac
}

quoted_printable() {
	awk 'BEGIN { for (i = 0; i < 256; i++) code[sprintf("%c", i)] = i }
	{
		line = ""
		for (i = 1; i <= length($0); i++) {
			c = substr($0, i, 1)
			if (code[c] > 126 || c == "=") c = sprintf("=%02X", code[c])
			if (length(line c) > 75) { print line "="; line = "" }
			line = line c
		}
		print line
	}'
}

payload() { printf 'Content-Transfer-Encoding: base64\n\n' && base64 -w 76 "$tmp/payload"; }

attachment() { printf '%s: %s;\n\tname="%s"\nContent-Disposition: attachment;\n\tfilename="%s"\n' "$1" "$type" "$name" "$name" && payload; }

text() { printf 'Content-Type: text/%s; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\n%s\n' "$1" "$2"; }

# text parts, then the attachment, as one multipart/mixed
mixed() { # field name of the attachment's type, text part ...
	local field=$1 part
	shift
	printf 'Content-Type: multipart/mixed;\n\tboundary="%s"\n\n' "$mark"
	for part; do printf -- '--%s\n%s\n\n' "$mark" "$part"; done
	printf -- '--%s\n' "$mark"
	attachment "$field"
	printf -- '--%s--\n' "$mark"
}

body() {
	local note="This is a DMARC aggregate report for ${domain:-example.com}." html
	html="<html><body><p>$note</p><p>The <b>attached</b> file holds the data.</p></body></html>"
	case $shape in
	bare) attachment Content-Type ;;
	mixed | wrapped) mixed Content-Type ;;
	text) mixed Content-Type "$(text plain "$note")" ;;
	outlook) mixed Content-Type "$(text html "$html")" ;;
	alias) mixed ContentType "$(text plain "$note")" ;;
	prose)
		local both="alt$mark"
		mixed Content-Type "$(
			printf 'Content-Type: multipart/alternative; boundary="%s"\n\n' "$both"
			printf -- '--%s\n%s\n' "$both" "$(text plain "Dear postmaster,

the file beside this text is an XML report. It begins like this:

<?xml version=\"1.0\"?> <feedback> ...

Questions? Ask your account manager.")"
			printf -- '--%s\n%s\n--%s--' "$both" "$(text html "$html")" "$both"
		)" "$(text plain 'This message may be confidential.')" ;;
	split)
		printf 'Content-Type: multipart/mixed; boundary="%s"\n\n--%s\n' "$mark" "$mark"
		text plain "This MIME email was sent through Amazon SES."
		printf -- '\n--%s\nContent-Type: %s;\n\tname*0="%s";\n\tname*1="%s"\n' "$mark" "$type" "${name%ml.gz}" ml.gz
		printf 'Content-Disposition: attachment;\n\tfilename*0="%s";\n\tfilename*1="%s"\n' "${name%ml.gz}" ml.gz
		payload
		printf -- '--%s--\n' "$mark" ;;
	qp)
		printf 'Content-Type: %s; charset=utf-8; name="%s"\nContent-Transfer-Encoding: quoted-printable\n\n' "$type" "$name"
		quoted_printable <"$tmp/payload" ;;
	tlsrpt)
		printf 'TLS-Report-Domain: example.com\nTLS-Report-Submitter: google.com\n'
		mixed Content-Type "$(text plain 'This is an aggregate TLS report from google.com')" |
			sed '1s/mixed;/report; report-type="tlsrpt";/' ;;
	esac
}

headers() { # from, subject, Message-ID
	printf 'Date: %s\nFrom: %s\nTo: dmarc@example.com\nSubject: %s\nMessage-ID: <%s>\nMIME-Version: 1.0\n' \
		"$(date -d "$sent" '+%a, %d %b %Y %H:%M:%S +0000')" "$@"
}

mail() {
	local sender=${from##*<}
	sender=${sender%>}
	printf 'Return-Path: <%s>\nReceived: from %s by mx.example.com (Postfix) with ESMTPS\n\tfor <dmarc@example.com>; %s\n' \
		"$sender" "${sender#*@}" "$(date -d "$sent" '+%a, %d %b %Y %H:%M:%S +0000 (UTC)')"
	if [ "$shape" = wrapped ]; then
		headers postmaster@example.com "Fwd: $subject" "fwd-$epoch@mx.example.com"
		printf 'Content-Type: multipart/mixed;\n\tboundary="outer%s"\n\n--outer%s\n' "$mark" "$mark"
		text plain 'Forwarded by a mailbox rule.'
		printf -- '\n--outer%s\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n' "$mark"
	fi
	headers "$from" "$subject" "$epoch.1@${sender#*@}"
	body
	[ "$shape" != wrapped ] || printf -- '\n--outer%s--\n' "$mark"
}

mkdir -p "$out"/{cur,new,tmp}
touch "$out"/{cur,new,tmp}/.gitkeep
mails | while IFS='|' read -r sent flags shape pack type source receiver from subject; do
	epoch=$(date -d "$sent" +%s)
	file=$out/new/$epoch.M1P1.mx.example.com
	[ -z "$flags" ] || file=$out/cur/${file##*/}$flags
	mark="=_$epoch"
	case $shape in
	raw)
		cp "other/$source" "$file"
		continue ;;
	copy) # the source is the date of the mail to repeat
		cp "$out/new/$(date -d "$source" +%s).M1P1.mx.example.com" "$file"
		continue ;;
	esac
	case $source in
	*.*) # not a report
		name=$receiver domain=''
		pack "other/$source" >"$tmp/payload" ;;
	*)
		sources=()
		for s in $source; do sources+=("reports/$s.xml"); done
		domain=$(field domain "${sources[0]}")
		id=$(field report_id "${sources[0]}")
		subject=${subject//%D/"$domain"} subject=${subject//%I/"$id"}
		subject=${subject//\~/$'\n '} subject=${subject//^/$'\n\t'}
		name=$(stem "${sources[0]}")
		case $pack,$type in
		xml,*) name+=.xml ;;
		zip,*zip*compressed | zip,*/zip) name+=.zip ;;
		*) name+=.xml.gz ;;
		esac
		pack "${sources[@]}" >"$tmp/payload" ;;
	esac
	mail >"$file"
done

if [ "${1-}" = --check ]; then
	diff -r "$out" Maildir && exit
	echo "make-mails.sh: Maildir/ is not what reports/ and other/ make; run tests/sample/make-mails.sh" >&2
	exit 1
fi
rm -rf Maildir
mv "$out" Maildir
