Return-Path: <postmaster@hochschule.example>
Received: from hochschule.example by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Sat, 14 Nov 2026 02:15:00 +0000 (UTC)
Date: Sat, 14 Nov 2026 02:15:00 +0000
From: postmaster@hochschule.example
To: dmarc@example.com
Subject: Report Domain: museum.example Submitter: hochschule.example
 Report-ID: <hochschule-000913>
Message-ID: <1794622500.1@hochschule.example>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794622500"

--=_1794622500
Content-Type: application/gzip;
	name="hochschule.example!museum.example!1794524400!1794610800.xml.gz"
Content-Disposition: attachment;
	filename="hochschule.example!museum.example!1794524400!1794610800.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA21Ry27DIBC85yss3xPs1G0TiZCe+gXt2SKwsVF4CXCV/n3B+JGqPbE7M7s7I/D5
rmTxBc4Lo09lvavKAjQzXOjuVH5+vG8P5Zls8BWAXyi7kU1R4ElOohqjuUmEA2tcaBUEymmgCYuo
cV2rqQLSG9Z71g8SdnCnykrAaCGzFhQVkljjg6I+gHv7byaL8sB0UvCH7duqqo71E0YrmcXRFLSO
6m46F6ELdCImeT02z/umqWKgjMw8aD6yL3V1SGzq8zL0e9ty7TE9tkYK9t3a4SKF72ExYmIETdTg
YVBrsAnOGspvQhGHUS4m0NvriKU3Q5Zoo+OwnXsWSJ2spmI09tcERuuH/gD35L3zAwIAAA==
--=_1794622500--
