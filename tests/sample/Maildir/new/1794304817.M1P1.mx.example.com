Return-Path: <noreply-smtp-tls-reporting@google.com>
Received: from google.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Tue, 10 Nov 2026 10:00:17 +0000 (UTC)
Date: Tue, 10 Nov 2026 10:00:17 +0000
From: noreply-smtp-tls-reporting@google.com
To: dmarc@example.com
Subject: Report Domain: example.com Submitter: google.com~Report-ID: <2026.11.09T00.00.00Z+example.com@google.com>
Message-ID: <1794304817.1@google.com>
MIME-Version: 1.0
TLS-Report-Domain: example.com
TLS-Report-Submitter: google.com
Content-Type: multipart/report; report-type="tlsrpt";
	boundary="=_1794304817"

--=_1794304817
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is an aggregate TLS report from google.com

--=_1794304817
Content-Type: application/tlsrpt+gzip;
	name="google.com!example.com!1794182400!1794268799!001.json.gz"
Content-Disposition: attachment;
	filename="google.com!example.com!1794182400!1794268799!001.json.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA3WRwW7DIAyG730KxLlUJOu6Nqfdpp3bU6eqsgjNkAKOwKnSVXn3AdGmrlMlJOD3
b/szXGeMcfQNOPMFZNAJB1bzivE3xKbV7N2pBZ8nVw2khQfXpPCVBwJPIolkpoxSlitRFEJudlJW
ee35nHHt6ke+8ql63sS152PuodARKBLGnTBZg6VOUBuE1x16Mq55bTLXQqGdsKaIMPUjhKMewHa3
KR22RhkdYsbHNQo/0iUNlu+/iqBLl6EDhZx8GwvkI1Gqws/ah/h6FdvutuciTW2x1hUjHRJ1FoaK
2WHxhyaqMByhic6VXK6l5If7JjVaMC4h3M+RXXYQnxgoQ9xVP2TPOFl56K0Fn0fkhAStCL1SOoRT
H49xT5+vsHepVrF+WUa4yXcC0/Ze/zPJMVYeD7Nx9g0CGgrWRgIAAA==
--=_1794304817--
