Return-Path: <dmarc-reports@kanton.example>
Received: from kanton.example by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Sat, 07 Nov 2026 02:05:00 +0000 (UTC)
Date: Sat, 07 Nov 2026 02:05:00 +0000
From: dmarc-reports@kanton.example
To: dmarc@example.com
Subject: Report Domain: example.com Submitter: kanton.example Report-ID: <kanton-20261106-311>
Message-ID: <1794017100.1@kanton.example>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794017100"

--=_1794017100
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is a DMARC aggregate report for example.com.

--=_1794017100
Content-Type: application/gzip;
	name="kanton.example!example.com!1793919600!1794006000.xml.gz"
Content-Disposition: attachment;
	filename="kanton.example!example.com!1793919600!1794006000.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1YTW+jMBC991dEuYfvQBNRuqf9Bbtn5JgJuAEPtYEk/fVrYiA0bbeVulm1EqfY
88Yz88ZvZJTw/lDkswaEZMjv5rZhzWfAKSaMp3fz379+Lm7n99FNuAVINoTuopvZLOzcI+Udmv2m
BQSUKKq4gIokpCKtTVlRpDEnBUQ7wivkBhxIUeYQmgOg/aAgLI+Sggi60JHkj8sj2kf7d9lY0gVe
OJbj27blL1zbDs0zrN1VRRALwtMunzJtIGWKRrByV/bKtxQbbelx4EmLepalQIW2ex3MfB5tyDam
HpaYM3qMy3qTM5nBUAgqEjzqOBkUCxVO27QDSXasiERo6kVnlOX2ZGt/tamMOHLVlLLf0yqy2zrb
xamq1ypQfaMo+mIE7ge6EmtBIWZl5Fgr43Zp2H5geEFonoHelWLNVTLVZr3q7V1CaEheqw4lPdDS
ZrJE
--=_1794017100--
