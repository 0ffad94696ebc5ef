Return-Path: <dmarc_support@corp.mail.ru>
Received: from corp.mail.ru by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Wed, 28 Oct 2026 23:48:51 +0000 (UTC)
Date: Wed, 28 Oct 2026 23:48:51 +0000
From: dmarc_support@corp.mail.ru
To: dmarc@example.com
Subject: Report Domain: example.com; Submitter: mail.ru; Report-ID:
 94727614104931636541623867122249460697
Message-ID: <1793231331.1@corp.mail.ru>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793231331"

--=_1793231331
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is a DMARC aggregate report for example.com.

--=_1793231331
Content-Type: application/gzip;
	name="mail.ru!example.com!1793134800!1793221200.xml.gz"
Content-Disposition: attachment;
	filename="mail.ru!example.com!1793134800!1793221200.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+2YTW/jIBCG7/0VUe7BxnacOKJ0T3vby2r3bBF7kqDagAC32f31C/FH3CbKdj8q
VVFOhneGGWZ4hJDJw76uJk+gDZfifopROJ2AKGTJxfZ++v3b59ly+kDvyAagXLPikd5NJkSDktrm
NVhWMsu85lSpt7lgNdAvjFfoa0OCQWkdoHYGWtZMF7lplI/xqZBaIa8j7Ra0Hp333mqWF1JYVtic
i42kO2vVKgh2UA1rAv+decWtPl3Rhur2y0uaJYtokeIEh0kW4zRO5wlOo3iZLnAURUmWpGGaLUhw
XNFGcGVCrpnYdrU4aQ1bLiheuDhxsgxDErRKbwdRHqxRhCNv9fM2WPAy2pBt3E+iZMWLH7lq1hU3
Oxg2Il3BgsKe1aoCVMjahWu11kFRIQWQQHVz4wRekcCoNte5uK5B7hz6FFo+D0UY2egCcq7oPEFR
EqIFwrELNsi9YyEbYSmek6Ad9XqXDp5Y1biqy97gS+FGScOtA6/b81gZ+T3ymm6YL+IwPFqM2nQG
P+pTBudzujb3hRFegrB8wx32o/N6gkoqyK2kRyBHYu+4A1aCzjda1i/PYWzoUp4kIqyxu1yDaSp7
zP2qru5AWc1+SmHAnB5zh7WPQhUzxjN0mAxNGIcko/aMGGpmz2DsDKPfJTKFawGtfWGu1YfJG3cx
JCbB68K9c0/dHwCYoEv8xdfBHxdrub8B+CEBvHwDLt8LwLa8D3cBmp1U6F0hPM3wDxzeOP8/F212
HZi//Z69cX51nEdhjEKEcYyy7MKTIrk9af8G8vOEXMT7LVS0vXlXKkK8KtfL1RyvVtH8Ahjp7a15
JWSQ4Ph74xfiIc1UEREAAA==
--=_1793231331--
