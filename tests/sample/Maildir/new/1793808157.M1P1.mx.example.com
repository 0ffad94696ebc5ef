Return-Path: <dmarc-report@kddi.com>
Received: from kddi.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Wed, 04 Nov 2026 16:02:37 +0000 (UTC)
Date: Wed, 04 Nov 2026 16:02:37 +0000
From: dmarc-report@kddi.com
To: dmarc@example.com
Subject: Report Domain: example.com Submitter: kddi.com Report-ID: <20261104-kddi.com-1842>
Message-ID: <1793808157.1@kddi.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793808157"

--=_1793808157
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is a DMARC aggregate report for example.com.

--=_1793808157
Content-Type: application/gzip;
	name="kddi.com!example.com!1793718000!1793804400.xml.gz"
Content-Disposition: attachment;
	filename="kddi.com!example.com!1793718000!1793804400.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1WS27bMBTc5xSG9/pQVisZYJiueoJ2LdDik01YIglSStJerYseqVcoGVKfOKmB
InBbFF5JnDd68+ZxFvrx7Tu+e+za1T1ow6W4XaM4Xa9A1JJxsb9df/70MSrXd+QGNwBsR+sjuVmt
cKATy8bJeHAFDUrqvuqgp4z21GEWlXpfCdoBOTLG41p2OJkgz4CO8pawjuo68j0+zFxf9MQgwBnJ
0uw9QmkejcQIlXmGk5nhv7BzQKWp2ActC+1gz+3wxXZToDJNrQePjHUQ7Klapnnuqu7smyXPu01q
S8NYyZbXXyo17FpuDjANIq0PQeCRdqoFby1gnkDZkXdE48S/BNCo5glzTw8pIqQAnCg/wmtydk+1
1KOylg+TNyMHXUPFFXmXx1mexkWMNjiZ4ZFYy0H0pMSJfxnhoAb3tB3sLthYcAa5UdLw3oXBT7hE
FjznTlFjLGEy6oezHht72Xae0e3C4YmmXf7oC3MGoucNt1GcPjsAZaCrRsuOmINU8bPNL6uh3Ysm
mA79odJghraf+57MHK7wpcLybkN2XaPgPBwmj8uuv5CgHf0qhQHz5v6L7S6COUQPYPoIxW8SmnOa
nK7PkcdY/kZC8/hMQFF2Teg1oX85odt4m52J6PZSEfVJ/FMRvWg6LxydfywwCMWb4kxiimti/v/E
4GT+qf4JMWqYQooLAAA=
--=_1793808157--
