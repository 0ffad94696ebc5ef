Return-Path: <no-reply@eu-1.mimecastreport.com>
Received: from eu-1.mimecastreport.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Wed, 11 Nov 2026 01:10:26 +0000 (UTC)
Date: Wed, 11 Nov 2026 01:10:26 +0000
From: no-reply@eu-1.mimecastreport.com
To: dmarc@example.com
Subject: Report domain: example.org Submitter: mimecast.org Report-ID:
 04fdbbbef13ec758232433c41eeaf4504db556e626aa6ccf000ca2dff2192464
Message-ID: <1794359426.1@eu-1.mimecastreport.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794359426"

--=_1794359426
Content-Type: application/gzip;
	name="mimecast.org!example.org!1794268800!1794355200.xml.gz"
Content-Disposition: attachment;
	filename="mimecast.org!example.org!1794268800!1794355200.xml.gz"
Content-Transfer-Encoding: base64

UEsDBBQAAgAIAE0Ja10gDX1P/gIAAMAPAAAyAAAAbWltZWNhc3Qub3JnIWV4YW1wbGUub3JnITE3
OTQyNjg4MDAhMTc5NDM1NTIwMC54bWztV01zmzAQPSe/ouO7xaexM0OUnnrrrT17hFiMapAUhNzg
X98V4NhJYyftuJO2ycVGb1f7dldPEqQ3d3X1YQONEUpeTwLiTz6A5CoXcnU9+frl03QxuaGXaQGQ
Z4yv6eVFOnpTdE693QDxBrRq2mUNLctZyxC6SFWzWkpWA/0sauDMtKl3Dzk71ExUVKopTq66j2Cn
AalH1yEe4apOvcHPzRhZRE79uMizLIMiiIDPZ4swCuMo4nEAwIp45sd5NpslkIQJYwnnhe/7nIV5
UYTBVRgncertY7nImDQsGyZXfWoXaQYrgVXOr+IwWSx8LHZAeiPIvDdFs1noTG7sgngPotxTHDQl
1aoSvFtqm1XClDCSK6xQUrhjta6AYJMw1IA5M8vXoqYm9YaHHjK6oA0i7t8Bmt5ahsytkJB6esB4
SwOXn3twQKEojvDXJfdEJthfrpohp0Z9H4o1yjYclkLT2CeBPydhSJIg9fZ478aVlS0Nw9Qbnnpw
5IANqyy2po/s6hVGKyNapx2pXMKHyOjjStXMYNm7ql0yWO4AjoXvC3lAgr0f8k9FDtiUQqBUd4u3
gUppWLaKlqxCc9aRsfVuKffW3r0ElkOzLBpVP1ygQ0PP+IgpZbYtlw0YW7Uj9UEhp5fcVQoV8FY1
dPfgWr7DBpch9tiPcTC05J7oOCUyEiVrwRtlVDHutGcymO7nTg/mTvu5v5Hcbg1f0g6Oi0Jr122k
6gfP8ey2hvdoIZzbKPOXCX6Bv/Exwcf/lOAlnkclnhTvin9X/FOKD+IrMg9JECYkiKMjmg+SX9X8
4d10RPkF3vE/KX8A/4+j3uBbwqoROZHQHtVd3WqmxXmkdYrwFbUVxyT0z/f+8BdI6/UP1TevrRmK
Cm/riBy7p9/AkdU21rTk/OJaM7EFCfrUhRnqeWLU2lSdtaW16261rcpNB2sNs3mn4Uw3OavZVkkD
5lQuouRlubGZvV19M3edLY0pNreq3My3kY1LeZ4d4L5JBZBTzfkTGwE/3+6/xn8AUEsBAh4DFAAC
AAgATQlrXSANfU/+AgAAwA8AADIAAAAAAAAAAQAAAKSBAAAAAG1pbWVjYXN0Lm9yZyFleGFtcGxl
Lm9yZyExNzk0MjY4ODAwITE3OTQzNTUyMDAueG1sUEsFBgAAAAABAAEAYAAAAE4DAAAAAA==
--=_1794359426--
