Return-Path: <dmarc@behoerde.example>
Received: from behoerde.example by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Sat, 14 Nov 2026 02:10:38 +0000 (UTC)
Date: Sat, 14 Nov 2026 02:10:38 +0000
From: dmarc@behoerde.example
To: dmarc@example.com
Subject: Report Domain: example.com Submitter: behoerde.example
 Report-ID: <2026.11.14.3310>
Message-ID: <1794622238.1@behoerde.example>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794622238"

--=_1794622238
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is a DMARC aggregate report for example.com.

--=_1794622238
ContentType: application/gzip;
	name="behoerde.example!example.com!1794524400!1794610800.xml.gz"
Content-Disposition: attachment;
	filename="behoerde.example!example.com!1794524400!1794610800.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+2XTXPaMBCG7/kVDPfIljGYMIrTU39Be/YIe7HVWB+RbPLx6ysh2zgkBQ6l03Y4
Ie2ute+7egYDeXjh9WQL2jAp7qcYhdMJiFwWTJT30+/fvt4upw/pDdkAFGuaP6Y3kwnpylNbTYJ+
4xIalNRNxqGhBW2oi9mo1GUmKId0DZUEXQCCF8pVDSQYUr4SOGV1WnCq8y8fi33WV3adWJFGYbRA
GCMco9kMW0H7lC+1SiDTVJRdFxtaQ8ms/OQunkdxHNqHfKTPgyh22QUOly7r9v6w4P1pQ7exZaJk
zfLXTLXrmpkKBiHSGhBp5wflktvjfMwX0OKR8VSTwC+6oFGbXcx9+pBKhRR2IKrf502KnU632Kn6
TIGdWS51L0bL58Guka3OIWPKDvMOLecILxIUJyTYJ/rSXLbCNSOBX/XxriFsad3aCRV9wtlmRknD
GgeJ1z2OjOqcZ0WNsQWDfa/POveJYQYjkwc97ZX01ggrQDRswyyiw2MV0AJ0ttGSv7+KcaI76cPz
hLZNlWkwbd3sjzyQe+qevSeoIW+kTkspS0f3ENjX+D6d9W4zuB83JaO5nC0glwpS7uza5rvNmZ33
IAaH43DFPWRn8UbDcIXjebiKl4t4FYWr1SJa/xq8+MrdlbvfwN08RlEcogTh2ZFvueRStG3si+xT
2nziX6KNcvomhQFzijdW5VW1bdftU/nDvLy2lTGb7ZOstsnbrI0rcRES29tnMM0tRidl/kVU2h8y
R6CcX6G8QvkHocR3SxQhvEyOUfm/QLm1eYMuyianotCsrqlSp+jkDeBLEHiGhMuSR4L9/8mfbNpN
D4IOAAA=
--=_1794622238--
