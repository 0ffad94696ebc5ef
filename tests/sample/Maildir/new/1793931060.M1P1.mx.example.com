Return-Path: <dmarc@klinik.example>
Received: from klinik.example by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Fri, 06 Nov 2026 02:11:00 +0000 (UTC)
Date: Fri, 06 Nov 2026 02:11:00 +0000
From: dmarc@klinik.example
To: dmarc@example.com
Subject: Report Domain: museum.example Submitter: klinik.example Report-ID: <klinik-1105-0007>
Message-ID: <1793931060.1@klinik.example>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793931060"

--=_1793931060
Content-Type: application/gzip;
	name="klinik.example!museum.example!1793833200!1793919600.xml.gz"
Content-Disposition: attachment;
	filename="klinik.example!museum.example!1793833200!1793919600.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACAwHxAQ7+H4sIAAAAAAACA81Vy27bMBC85ysM362HjTQxwDA55Qvas0CTa5uw+ABJ
pe7fd2mSkuq4QHJI0ZPI2dHuzO5CIs9n1S/ewHlp9NOyrZrlAjQ3QurD0/LH99fV4/KZ3pE9gNgx
fqJ3iwXJdIpsUpdLDDiwxoVOQWCCBRYxRI07dJopoKdeanmq4MyU7YHUYyDxQDHZU6GY4y/X1BRL
vFxFipxw1bbN/appmgdST7HERRnQOaYPuQhCOzhI1P6w3TxuNusGLSSkxEGLS3Tbbr/FaLynZPWf
2cZqc7/Eml7yX50ddr30RxiFGHSgqRo8DGryleHEYeIkFXWkTocMeru/YPGZIEu10fiyLXceaBul
xsNF2C0R2DduXNHjzM/RsTeD49BJS9vtumqqddVisgktPG4GjZXWpE6ngudq8Mb6ATskSiDalt4a
L0PckCR6jsx40bBl3iNh9J7Eoe0UGBswc3hVE0dSfBEpQAe5l7if42tHYAJct3dGvRvFPJaTvUtB
2BCOnQM/9GHKeqX4A6NOzqAHHoyjPpzx3KLDgkykVCt3IF/GJswLk1l7PiOCGwtURddY/3L5YPFp
H+vrrkRy2bVPrV3797W7/6qt2+OX5ebWpcB/u3U35+2BD0GeKx7H+a+HTerpN/Eb1dVKoVkGAAAa
J8Cf8QEAAA==
--=_1793931060--
