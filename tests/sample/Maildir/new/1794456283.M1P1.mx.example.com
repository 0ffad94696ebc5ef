Return-Path: <noreply@dmarc.yahoo.com>
Received: from dmarc.yahoo.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Thu, 12 Nov 2026 04:04:43 +0000 (UTC)
Date: Thu, 12 Nov 2026 04:04:43 +0000
From: noreply@dmarc.yahoo.com
To: dmarc@example.com
Subject: Report Domain: example.com
	Submitter: Yahoo Inc.
	Report-ID: <1794447300.608797>
Message-ID: <1794456283.1@dmarc.yahoo.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794456283"

--=_1794456283
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is a DMARC aggregate report for example.com.

--=_1794456283
Content-Type: application/gzip;
	name="yahoo.com!example.com!1794355200!1794441599.xml.gz"
Content-Disposition: attachment;
	filename="yahoo.com!example.com!1794355200!1794441599.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+2bW3ejKhSAn8/8iq55HwTES7I8zvkb85RFlKiNggU1SX/9wWpMemOmqzXpdPFU
s9myL3wbBWn0c1+VNx2TqhD83+8IwO8/43++RRvG0jVNtvr65iaSrBayWVWsoSlt6INQi4XMVpxW
LP5FcyEiZ/o9trOKFmWcVlQmOSvr/w69WsETkIgqcobWUXW0UKQxChaEkMCFEPgwDBZB5JwaR23t
BFtJyrOjKS1bs6zgD3e7nochjJxBMikwfuwceYuFts+n/pwnHU4mH0Uc1aIsksOqbtdloXJ2ckfo
UHjM9rSqSzZEN8pGDZpuiyqWkTNcHKWq3jwI+7+jrI654Cxy6kmQNDHqw+kvBude9EOnMBFy8kmK
3Sl0JVqZsFVRxx4BmECwAAscOSfxpJmIlmt7yI2c4XJqGY2yjpatzlY6tfQJKFQtVNFohkb3zyXn
in30Gz3uWuOUiMFHnYOh5ZSNs2Cf2tVDNEUYFSnjTbEpNManO3NGUyZXGymqx0Nz3nDs7HkPEW2b
fCWZasvmrNenbo/jTCt6L7hi6oXRH8JjJUsaIWOMSUEOe+qlXZDg/b27E9XOr1lLVcME12U0qZ7d
PvgR11SpHs6HH6ccPXIqOs/fGzw0mzhD1HmWmV5/gu9NICIE3MBAIoaeJdGSeAESQ4ARMc2JviXR
kngJEgPQP35fBxETC+JMIBZ5kuddu27vslu1P7S5UpvuTuRdcO+2JOdzgcjaHzummh8IfE4kCTAT
aadGS+RlifQBhsjIpG+ZtEx+pgf3Ys5F9RDpRYlUuajB7Fg+t2Igk3csWYtDG7hbTkW6p1zuMn64
5SILXJ567yfTFs91XjGILR5bPLZ4nhYPhgsQegCjEBDfUD8uvEr5DC1/49vQnxZNJkRWstm4M3tx
YdYohEtEPLgkoU+WGC6XPl4boLvSnG2h+9rQIbwxfTEILXQWug95qiI/AMT0dcr1LWuWtY95g4Mh
QIFpR4sQC5uF7X2woUUIMEAhAoiEJtZ89LWW27PDViUJqBLVAc4aI21bNNs6+k+B37pzwd4f6dJk
AdXu9IpUquz1hFxpkwmZsEcQfzHsO62g5t9nesmOAcB0l2T+3f2hysh2nfjp9rYkt919I8sdXnde
ZXeaPt9O0/HRERj3aXHwxb66XaiAKspTWZQlrevfolk1DM03gf/Wj2thh40vx9ByZ7n70GUZRMt0
HS49tFz251teRS+w5wxeRu4966EhvAuMsgv6Q8guIKYhtsfh3zbG/TKASdDyslDax+M0Nl9VR87Z
P6z8D9tQxJDUMgAA
--=_1794456283--
