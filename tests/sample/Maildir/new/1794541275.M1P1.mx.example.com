Return-Path: <dmarc@post.spedition.example>
Received: from post.spedition.example by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Fri, 13 Nov 2026 03:41:15 +0000 (UTC)
Date: Fri, 13 Nov 2026 03:41:15 +0000
From: dmarc@post.spedition.example
To: dmarc@example.com
Subject: Report Domain: example.org Submitter: spedition.example
 Report-ID: <1794531600.88213@post.spedition.example>
Message-ID: <1794541275.1@post.spedition.example>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794541275"

--=_1794541275
Content-Type: multipart/alternative; boundary="alt=_1794541275"

--alt=_1794541275
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

Dear postmaster,

the file beside this text is an XML report. It begins like this:

<?xml version="1.0"?> <feedback> ...

Questions? Ask your account manager.
--alt=_1794541275
Content-Type: text/html; charset=us-ascii
Content-Transfer-Encoding: 7bit

<html><body><p>This is a DMARC aggregate report for example.org.</p><p>The <b>attached</b> file holds the data.</p></body></html>
--alt=_1794541275--

--=_1794541275
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This message may be confidential.

--=_1794541275
Content-Type: application/gzip;
	name="spedition.example!example.org!1794438000!1794524400.xml.gz"
Content-Disposition: attachment;
	filename="spedition.example!example.org!1794438000!1794524400.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1Y2XLaMBR9z1cwvCMvOEBmHKVP/YL22SNs2RZYC5IMJF/fa+StaRLSduikE15A
uovuucsZ7hA/HHk12VNtmBT30wD50wkVqcyYKO6n3799na2mD/gmzinN1iTd4pvJJG7NMVjHXndp
FJoqqW3CqSUZsaSRgVTqIhGEU2wUzZgFY0SPhKuKxl6vc6aUE1bhjBOdflHSWPSCi7Nx9m1AluFg
eRfdzoOF76PVKgzmr7oPLu4JAEoTTUTRYgDRmhZMnF6M5ivfhySdpNNT0cYLo6jRNnf3mPfza320
cUViJSuWPiaqXlfMlLQHIiExgVugCCoDzzmZMyDZlnFsYs8dWqFROdYga76dSOFdTQCDZQLyVZ00
tTho0DaHE7aXcEBFU6k7SFoe+qSNrHVKE6Zw5KPAX6IwRIsg9gZ5Z5nKWli8ij136MRtOLonVQ1V
yjpFkzoz0K5To7CQDeqxZGTX5K2IgRoMJXDoIHun6OswSvFZTGhLl1jMMgqFyhlMce9WUpJRneRa
8p/bMVa0L/3iH5Palommpq7s8OQzuOd67XKiFU2t1Lg7NNXuZIOZC9Vm3176Aozjvg0CMCApOEu1
NDK3KJX8XZhmg/9s5D87+f8V3FEn312yVCqKedMgCH66vDPyQB/veQMb444Uv8GPFXxGr/MjmF8J
ciXIpyRIEN2hZYiCcIGCaP46Re7+kCHjn783eJLDHvEiT5zif+KJgRWk0CxDgto3h5JbRRS7xNyd
g/CBBi+KUOgH17m7zt0/mrtbGDjYCmAnWH2SqRP0YNBHWA0OG8k2oQ4XZHPchnrHH+1+XSzkNhJS
lk/hRTYGwsmTFIaac0sCK9Oy3NfreldszPGxLo3J9ztZ7pdP8zoqxUUWhHp2oMbOAnQW5mW5E3vD
vwo/AMTD5HSIEAAA
--=_1794541275--
