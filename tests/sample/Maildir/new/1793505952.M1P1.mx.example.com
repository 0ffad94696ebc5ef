Return-Path: <noreply@dmarc.yahoo.com>
Received: from dmarc.yahoo.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Sun, 01 Nov 2026 04:05:52 +0000 (UTC)
Date: Sun, 01 Nov 2026 04:05:52 +0000
From: noreply@dmarc.yahoo.com
To: dmarc@example.com
Subject: Report Domain: museum.example
	Submitter: Yahoo Inc.
	Report-ID: <1793494896.606512>
Message-ID: <1793505952.1@dmarc.yahoo.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793505952"

--=_1793505952
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is a DMARC aggregate report for museum.example.

--=_1793505952
Content-Type: application/octet-stream;
	name="yahoo.com!museum.example!1793404800!1793491199.xml.gz"
Content-Disposition: attachment;
	filename="yahoo.com!museum.example!1793404800!1793491199.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA81Vy27bMBA8t19h5AMk0XVtC2CZ/kZPAk2tLCLiAySVOn/fVUhRim0EzSFATlrN
Dnd2lwOJPl7UsHkG56XRvx5IUT08sm/faQfQnrh4wnizoQ6scaFREHjLA38FETbu3GiugP3hvTG0
zO8pD4rLgbWKO9HDYH+/TDSpRSGMomXMJmpSkC0jh/rHrt4d632xr/Y/yZaWSzKxsQloHNfnWQqx
E5yljqer3bGqaBmRTAA9FyekrlFf53rlVcEs+WZias0gxUtjx9MgfQ9LOwZH0UyNHkZVwIUrOwAW
jXAi8fZJKuZoGYMZ9bZ7BadnwizTRuN5mwERGJkmmoLY391WcIvCuNyWM3+X6b0ZnYBGWkbqbVEV
24JgwQXNRGFGjXKHIy1jmDNJE575MOK+2pyZViC9NV4GdFHqfo2sidPwlnuPjGUPsUVcQcwsy1jN
eq2Ll5QHpLIFHWQn0cjLyR54C67pnFE3l7POzfVui1A+hr5x4MchrApfd/4/BogjwgAiGMd8uGBM
cNQZWbGiXtpFelnW8Uacrlf1kU7e11i5sbxZwcTPPvug58g7ntsdPtFyHX5s7lsuZr665e7fswcx
BnmJH9TPumRarv4G/wCAu7pQMQYAAA==
--=_1793505952--
