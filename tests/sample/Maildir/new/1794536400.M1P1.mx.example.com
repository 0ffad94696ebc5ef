Return-Path: <postmaster@stadtwerke.example>
Received: from stadtwerke.example by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Fri, 13 Nov 2026 02:20:00 +0000 (UTC)
Date: Fri, 13 Nov 2026 02:20:00 +0000
From: postmaster@stadtwerke.example
To: dmarc@example.com
Subject: Report Domain: example.com Submitter: stadtwerke.example
 Report-ID: <stadtwerke-4471>
Message-ID: <1794536400.1@stadtwerke.example>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794536400"

--=_1794536400
Content-Type: application/gzip;
	name="stadtwerke.example!example.com!1794438000!1794524400.xml.gz"
Content-Disposition: attachment;
	filename="stadtwerke.example!example.com!1794438000!1794524400.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1XXXeiMBB976/w+C6fQdRD6T7tL9h99kQYIQIJTfj0129oAN1WW8/p2m17fJLM
TGbmTu4l6D00WTqpgAvC6P3U1IzpBGjAQkKj++nvXz9ni+mDf+dtAcINDhL/bjLx+nBfRnv6sOgc
HHLGi3UGBQ5xgTubtDIerSnOwBfSXNTAE9CgwVmegqePThULGSapnzNRZFgUwH+c2qOC1Ia+JAmP
ss8Qck1PP7hUqGwJ1hzTqC8mTRuIiMThLhGyF4Yh4SjL4AcaPnkdC6HO261VMv3vbGO1Y+xezlIS
tOu83KRExDA2wiQA6vd4tIBlMp2yqQAcJiTzuaerh94o8u2TrftVptynjMqB5MM6KHyz67N7eOrq
VAdyZgHjQzOc1SNcwUoewJrkvmUstYWjWeZCQ3NPPziG0ICVtPCRp6uHwdzXgwqnpRxQODg61ETI
cyVFRxbV9rHlKK6DnGMhZMCIXrUngSvHOIIjjM9qyhMZkHkkBFqQLZFUHbfFgEPg6y1n2d8ncezo
M73Y7+GyiNccRJkWh5TP2n3rmBUmSCEoGPcjxqKO3KPhEKPq9ND7xYj+uKh3NJeLGwhYDn7WwZXF
nxYXVj7wUH8+ji544NhFdMOGsTKRY6zQYo5WlrFaza3Ned65N97dePcPeOcgzUKGttSW1nmymc61
2LaV99hJtinHV2IbzvCeUQHiLb5ZFiKobbATVm5gNXu7Zlk9z6Hs7ntG2TWY+GZzn4iLpqnZ7itk
tG9kvJHxo8houRp67c1ofI97mEIttKsy8mWF86RMH3f7tg5BVO1uz6s44/Z8t4O8dawN32+zd5Ly
nZKJwjqyWjthSZLsHOw4e4ukSZk7de7EcdNcQzIbybEAtEuG+LnEY5qL8+qZ38RzE89NPKfFI7Vj
n5eO/eHSucpHkIhZfl3pvKxwnpy0gmDD2tK1E4pZ2GDK64i2O8oi16ah83+lQ+IgjqtyUz5GO9G0
ZSzEtnpkceXu7RLF9Cr/YMtZDaKYmdpX+mhD2ivKcb6Vcv4AzDKa+r8WAAA=
--=_1794536400--
