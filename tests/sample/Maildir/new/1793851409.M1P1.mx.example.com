Return-Path: <noreply@dmarc.yahoo.com>
Received: from dmarc.yahoo.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Thu, 05 Nov 2026 04:03:29 +0000 (UTC)
Date: Thu, 05 Nov 2026 04:03:29 +0000
From: noreply@dmarc.yahoo.com
To: dmarc@example.com
Subject: Report Domain: example.org
	Submitter: Yahoo Inc.
	Report-ID: <1793842089.255569>
Message-ID: <1793851409.1@dmarc.yahoo.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793851409"

--=_1793851409
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is a DMARC aggregate report for example.org.

--=_1793851409
Content-Type: application/gzip;
	name="yahoo.com!example.org!1793750400!1793836799.xml.gz"
Content-Disposition: attachment;
	filename="yahoo.com!example.org!1793750400!1793836799.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1Y23KbMBB9br8ik3eLizHYM5T0N/rkkWEBGZBkXWzjr68IGEiawWkbT9rEL7bY
XXaPjvbgNeHDsSrv9iAkYfTbvYPs+4foy9cwBUg2OC7M+u4uFMCZUOsKFE6wwo9GY2YiW1NcQfQD
54yFVn/d+aHCpIySCos4h5J/r5swQmMUsyq0Wm8X2lUgSeQEq/nSc+3lCrmLxcJfhdbg7KINCFgL
TLNzKWPbQEbo493BwvZsO7RaSx8AtEs+94OVydpcd/msZwn7kk92HHJWkrhec70picxhgMPMVmgE
R1zxEpChwWRsbV0ETgpSRTK02sXZKnkaCWNsvjsbj3YaGySKUAgt3ptjFTnNpppFC/FFNIbImIke
mWCHgQDJtIhhTXjk2cixA+S6yHdCa7D3oTHTVEWecbar3tEVhT0uteEs6T0NDURyJokynRRR1sAf
W8aBDQccS8PHiI4Wo2Gi9QycjDb7vK45qH6HIUnA0JYS08zDnTngBMQ6Fax6ekBjxznZrxlCrFW+
FiB1qUZZn8O+2AHt5qCEWDERnRcN+WfbKK4t1/HQXQxUPKl9AYkBghitSCyYZKlqhfcaYLMhwWyU
YPaY4G8xj4/21eRNFxgpyPrlyJr4XhW/pZCl+fSmFGLfFHJTyGdWiGujZTChkLl3U8hNIZ9SIY63
QoGLHNdHjjef0Ii7+mONjIfFKaWkZtZ+WSmt539UijQTfCZIgiio6Y6sFMecXKvpLuF4l67zPPNo
nhruF7emuzXdWzXdwnSbGQjmaGpYdv2P2HFKaKnQ1fuuwOQEFPjFn1+XB75khSxrrXOtizo7lfm+
hoLDIqg5XG1cwBU+MSpBXoRI8jjP93qjd9lWHmudS5nudyzfB6e59nJ6Lc00L5wIoEtUvot0zH/N
5YR2/A+pHQoHif6ZifqwZWTrCtfH22Phil1Vq/0m81nhUcbyk/uJlQN6dgCpZg66iPVt1BNaozfQ
PwG4FQV0pRYAAA==
--=_1793851409--
