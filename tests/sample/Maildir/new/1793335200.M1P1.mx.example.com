Return-Path: <noreply-dmarc@sicher.gmx.net>
Received: from sicher.gmx.net by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Fri, 30 Oct 2026 04:40:00 +0000 (UTC)
Date: Fri, 30 Oct 2026 04:40:00 +0000
From: noreply-dmarc@sicher.gmx.net
To: dmarc@example.com
Subject: Report Domain: example.com Submitter: gmx.net Report-ID:
 857ad0d51b463f01ba58bbeb03b54c53f343d3e1
Message-ID: <1793335200.1@sicher.gmx.net>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793335200"

--=_1793335200
Content-Type: application/gzip;
	name="gmx.net!example.com!1793228400!1793314800.xml.gz"
Content-Disposition: attachment;
	filename="gmx.net!example.com!1793228400!1793314800.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1aS3OrNhTe51cwXnRn3tiOS0g77bSrbO60M915BDqAbJCIJPz69RXGCeDHuNcz
cX0TsgmSjo6OvnO+T8KD/7zOM20JXBBGnwaWbg40oBHDhCZPg7//+mM4GWhCIopRxig8DTYgBs/B
gx8D4BBFC03Np+JpUHI6JSDjaYE4ysVUdU+pmOIc8WhoK7fBg6b+/P1SgVrJN94a9RCHgnE5y0Ei
jCSqe3cjjCczinII/nz5xzfeW40B5IhkAWXKRbYZ7hb9RZAoBa4n+VqnIH2jtmnNWUuOZhGjEkVy
RmjMglTKQkwNo2BC5kjIZroB1IiQgOfoidumaSt3x9Mb3/utEBxMvDHCJvas0B05sWmFyJuEIYSm
E3pu5Dmx4zrYAcs3mjmNH4UDzDiiSWuzu4EQEqJAHD86tj1xTYVl3dO1Aop3No7lTiqbqt04N055
9xOgwJFkPLB+Qnnxs6W9KNy03bP2Apgg7feXX7/9pn3bxQtcc3VL4dHMq7NpnEynX7CMRJtZUYYZ
ESl0NstUhmgAa7VUBnrEchVi3dcyIiJiqm42leOU4UBygBXKFsr2cKiZVajaoOAbRatPJUxB0kkb
wguSB9w36ofWgCjiXX/1v+mWIKQiSkB94+1xv/nT21R1ETHeDoyz1UHOBCt5BDNSBJ6r266pj3XL
8Y2mu2sesZJKVWW+UT91R/dhwBJlpUo27g6/AarKnciKhzVI7Z4T9hUysSoJZdgBqdmBwqg26KDV
AeZERKpi2mD4BAOVJCZKIw6cpIAw8FnMWd6tlvbAIROWkLEC9pPK4Urla2jpKEdbRgWI2kHX7IwL
yYJKFTC07GW7jIyTofuolOmMgygzebijM0juq/8gyENONMBDBlHFQJJGabosw/I1mYv1pkyFiJev
LF2Ot07ppqpc302PvdQRBgUSoiLxrnGQxONw/aNUdyh9Du/zW4kUqkFepUEFu2tcFWmXr8ZxCqqJ
DSevIqir9/y8Q37Wh35P0J6g/+UE9Ua3ZWiNyT0wVKSs0L/CMXq80ctEVYFFIduUY2dBEcNrRPkq
oZs5ZcnYodj7AKL2UvO57wJurzSf/kLQS00vNR8tNfZYd+1LYmONzDtTm9rgBmpDYSWuU5tQ4RWB
fuzgPu81x3Fepmr2Ot9uVhjEcjPf8mWac2c0n0Ox8eyQb+P8/sUmwavE3jgLtlgs5h7yvK1NskVZ
eKvCS9P1+tZic7ZoPovYWNbkktrYZq82/4/a3PBu08tNLzcfJje2+ahPPN0aqcvN+JLcOM5XVZvr
XqLu/yrznbKSMJZkcPPXik9EN2SaU8v1zKk7GblT25xOR3Z48bdSq+fdLXh3w0O9J95tiWeZru6Y
uqlfPuS+6q+FV3Et5gQofr8RdRnUH3XffU+OMlbiOEMchrvvp2pEL4cbxbZpu0Pr1hJxKv8/uFI8
2kombN02rUtSMeo/MvjhjuUbH3h1Sk6VcQ1qmSO6jzSoF9RYrLXi0DADoVEmNfU2TxKq0qe1SlRD
QiuA50SqtGpCcRG4Sknb7fXk8Y23r06Dh38Bd08lTrkqAAA=
--=_1793335200--
