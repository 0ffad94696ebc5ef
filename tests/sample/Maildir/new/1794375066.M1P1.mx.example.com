Return-Path: <noreply@dmarc.yahoo.com>
Received: from dmarc.yahoo.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Wed, 11 Nov 2026 05:31:06 +0000 (UTC)
Date: Wed, 11 Nov 2026 05:31:06 +0000
From: noreply@dmarc.yahoo.com
To: dmarc@example.com
Subject: Report Domain: example.com^Submitter:^Report-ID: <1794375066.000000>
Message-ID: <1794375066.1@dmarc.yahoo.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794375066"

--=_1794375066
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is a DMARC aggregate report for example.com.

--=_1794375066
Content-Type: application/gzip;
	name="!example.com!1794268800!1794355199.xml.gz"
Content-Disposition: attachment;
	filename="!example.com!1794268800!1794355199.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACAyvNKy1OTQEA+UgslAYAAAA=
--=_1794375066--
