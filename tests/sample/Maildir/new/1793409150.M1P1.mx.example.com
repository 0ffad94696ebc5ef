Return-Path: <no-reply@eu-1.mimecastreport.com>
Received: from eu-1.mimecastreport.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Sat, 31 Oct 2026 01:12:30 +0000 (UTC)
Date: Sat, 31 Oct 2026 01:12:30 +0000
From: no-reply@eu-1.mimecastreport.com
To: dmarc@example.com
Subject: Report domain: example.com Submitter: mimecast.org Report-ID:
 14b42e5500989838986d45cafb6cca53dc474a20bf89deda76e21f9457f30eab
Message-ID: <1793409150.1@eu-1.mimecastreport.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793409150"

--=_1793409150
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is a DMARC aggregate report for example.com.

--=_1793409150
Content-Type: application/gzip;
	name="mimecast.org!example.com!1793318400!1793404800.xml.gz"
Content-Disposition: attachment;
	filename="mimecast.org!example.com!1793318400!1793404800.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1YS3ObMBA+p7+ik3vESxiYUWhPvfXWnj1CWkAJIIIAP359JUTipLWTTseumzQH
Y7S77O63+rRCkE/ruvo4QqeEbK4vPeRefoSGSS6a4vry+7cvV/Hlp/QDyQF4Rtlt+uGCzNapNibO
/UDLO2hl1y9r6CmnPdWiCyK7YtnQGtKvogZGVU+cB5HRQ01FlTbySj9cbT7DcOWheja1/hCTNXGs
nXlijiJ46uEM+xCGrpvESRzo34LjkNE8WzBGw4AzHGHqu1keJxw4jRbge3mCwygPXKAZcXa+jGed
NCw72hRTahckg0JolFESBF6MXQ3WSiYlNHxSYRfHRmXGxonzxMtDiEdFIa2sBNss2yGrhCphDi41
wiaFNa3bCizoWWbUlN+KOu2IY28mkWrzSWL+jaDVdWyAOK0dsT71TGbmxghymeqRvpq09uSgK8tk
Z7Pp5MrCVHLoGCxFm/puguIQ+W6MvMgjzk4zGTI5NH0a+MSxd5NwjgIjrQZdlsm3wSpUK5XoDW9s
yo8ls42B2VKltHJGbNLRUK1wBr2D8iSIrrtFQASHphe50DS9n7gRKtnCspdpSSutzjZoLruZxp12
Mi+BcuiWeSfrp5PzWDFF/CkSoUNfLjtQQ9XPoR8BeX66DVKogPWySwspC5PZg8DqreO5GPPA1uMh
Crmv0e+EYxp0Whs0OtQ0eCnOPe2cn4Aas5lIv0kpL0Z4cYhR0atiVKMXe3k30HdKnYdSIUY+dlGC
Ev8AoaLwqITK9b70C6Gs8G20KFrTrWwUqOcY5ftY4M2ahnyMmL/eBitZrxYtDHobB9nI43Dt2VTO
yDbPQ6ZN7aVb4r8qup2/f73z7UW+YeTFB+iGvdNvl2fsbqP2pdAJNs09jvczj69YsbjbbuoC32Zs
wW9vKnwzbvuuWvnZGNZ/xLw/XAWiZGU5DtlwV9yo9WYolcrHO1mO0TYYcNkcaYcfrlagen0w++fW
g5fEyNeLIULBgfUQvu3ue6r1UNOGd6KqaNs+R8C6B+84JHsh4HnJ5R867nrBm36XfGfX6dhlXhvd
CHkBSsL/s3f9eydfW43Tn3z3xDnGx5QAmaNIgPDbINRfPvnuaRqigg4NTSX0oYLv0jh98yDO7nv7
D1VMb/SiFwAADQoNCg==
--=_1793409150--
