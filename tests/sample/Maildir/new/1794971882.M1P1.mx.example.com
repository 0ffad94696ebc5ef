Return-Path: <dmarcreport@microsoft.com>
Received: from microsoft.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Wed, 18 Nov 2026 03:18:02 +0000 (UTC)
Date: Wed, 18 Nov 2026 03:18:02 +0000
From: "DMARC Aggregate Report" <dmarcreport@microsoft.com>
To: dmarc@example.com
Subject: [Preview] Report Domain: example.com Submitter:
 enterprise.protection.outlook.com Report-ID: 5d52a5599012b9f5f10b9374c3481072
Message-ID: <1794971882.1@microsoft.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794971882"

--=_1794971882
Content-Type: text/html; charset=us-ascii
Content-Transfer-Encoding: 7bit

<html><body><p>This is a DMARC aggregate report for example.com.</p><p>The <b>attached</b> file holds the data.</p></body></html>

--=_1794971882
Content-Type: application/gzip;
	name="enterprise.protection.outlook.com!example.com!1794873600!1794960000.xml.gz"
Content-Disposition: attachment;
	filename="enterprise.protection.outlook.com!example.com!1794873600!1794960000.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1cTXOjOBC9z69I5T4CCcSHi2H2srfd2sNe9uYSIIxskIgExvavXxFsx4kDyeyO
J8TmEpvuhm4178kPpErwfVPkd2sqFRP82z0E5v338EuQUppEJF7daS9Xs41Kvt1nVVXODKNpGtBY
QMiFgUwTGv/8+cffcUYLcn8MZm8Hf2VcVYTH9D78cncX7AsIdf7AOBy0DklLIat5QSuSkIq0Nm3V
15tzUtDwd15RWUqm6N1fdZULsQqMo7OL1clYHiYFkXF3sd8KFkuhRFqBWBSB0QV0wft0LAlxghHB
2PdNiCI/xSk0I99y7diyPWi6KDCeYrtzdX10Lglf7DNrU0QXTA/K9W3PtRxTj62zHPyUJ49eX/ta
b3vcXcx4frVjttNGBKXIWbydl3WUM5XRYyFCj4iHdEOKMqfdIPe2LoAkK1aEMjC6L3ujKtNHW/vZ
mcqQC04Dozwcx1UI2zrbL50pFaE+1n8fi3ytIN3TWMhDbVI0x9ErUcuYzlkZImKaM2hjc2Z7jj1D
5mzmoCgwniIO58Si5lVo+4HRfTvY95npmuS17lxycLTtYKoUilUtpLrxnFpO4tpelEQpHXBsS1eo
7kjnOPbmZLQvcupbdRhjwBLKK5YyDeiTe76muSjpvBJhLHilkbjH4YnjLDiVonh+R5+7DidklCRU
vhJ+6tjXeVZdQOoqm0uq6rx6KvhFM95CV9cxmtO4EjJcCLHIdcuPhqeYLs++sfuDY29PkwYnXX93
AbFuTVi0w9XJHw/emfkJ/sbLdrTBByz/R1hDlPbDGpvXAeuURJKtSDHh+kpxbfrAwwBBD9hOP5wt
5zrg3P7g1hOYrxvM0HGB7Q5IDjxJjgnNn2ZqNj0AXTggNbxJakx4Hj+esQ2QbQIf+KgfzOhyk3NK
WP4qmjvHhyoNUpCd4IqqUaD5RTX9eEbIZvZ2Q3CydmO02VmNKBqnpDVRFRVcXALpbxY3IqxDCKwB
IYKgfR1g/0ElMqH9KtHugUdA9z5DIu860P6jQmWC+1XC3QXQ6kc7vNwrkzELGVp/baiqvkLwSVHP
sjjL1nVUPyyWarOtM6XS9YPI1u7Oqu2MX0S89zVt1Pi3gTUkbfBNSpsJ/zeDfwcgc+C1DML+bcqd
iQI3Q4FhCYTQr3/R/rklkMpECS5KgvMM/TzQ5caR2NauteJEJBvCZbPg2yUXC9fiCf6fPJhYOgah
BrFzHST9dUJtYunE0p/PUuQCe2BhBNvwNpf5Ij3mmAJOGwV+cMnv/JyfTdTzDP1UyB+Wu22TULXe
LndynRXScpZLWm4xiuQuLT6WqIukWaCttRKr1WqJCcY7xPJVXeKmxFm22VyCqL23duxEhdDrZ6rj
W7e4WWri6cTTkcneIZbCD9h4/tlfUK51JRcm6ms5+smQNPHCedhti4W9imInWS1ze7neVTJvULTG
xaR9R659oe8BpHnqDj2itlsobvFFakF4Ilmek7IcE0XPyupnQFFReAmUv6OEcaEbDSwUXO7BbswL
xRO4Pzm42+1tZrsAAHw8MHff5irwNW5N7hr7EVuTX8/8U7faW6DdrWkBewDL0LtVHcJyKkHNc6Z0
wsME/AuR3TNP9pQ1VjGANMbQ8KYB6yb3jH3IbPl55yoTzpLIm2E4m6GB6cqefnpvGEyBcfjHH+GX
fwHq1fdVGkQAAA==
--=_1794971882--
