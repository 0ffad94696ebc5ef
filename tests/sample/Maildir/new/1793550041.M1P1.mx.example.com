Return-Path: <reports@fastmaildmarc.com>
Received: from fastmaildmarc.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Sun, 01 Nov 2026 16:20:41 +0000 (UTC)
Date: Sun, 01 Nov 2026 16:20:41 +0000
From: Fastmail DMARC Reports <reports@fastmaildmarc.com>
To: dmarc@example.com
Subject: Report Domain: example.com Submitter: fastmail.com Report-ID: <578598244>
Message-ID: <1793550041.1@fastmaildmarc.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793550041"

--=_1793550041
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is a DMARC aggregate report for example.com.

--=_1793550041
Content-Type: application/gzip;
	name="fastmail.com!example.com!1793451600!1793538000.xml.gz"
Content-Disposition: attachment;
	filename="fastmail.com!example.com!1793451600!1793538000.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+2XyW7bMBCGz8lTGDk3olZvYJmeeuqhbyDQ1MgmIpECSXnJ05cUZVtOnAVFUidA
b+L8w9n0mabw3bauRmtQmkvx/SYKwps7co1LgGJB2T25vsK9SKyG0X5h7QoaqUxeg6EFNdSarrBU
y1zQGshPqk1NeTX6bXajX6bA6CA5P3Aa8RH0j7J3LmqqWMBkjZF36Fy3RtGcSWEoMzkXpSQrYxo9
R2iz2QT7vW4b0m3jIiK7/+kuF6yvmRckm0yz2TROU4yORudie4FcUbHsKr3CC1hy2/xklqRZNA7t
DLylE0EUnZQl09BJbu2CoJMohxSDWeFGVpzt8qZdVFyvoE8ubS+CwJbWTQV+FL3NyQ0RUgBGTRf0
TATbIJPKx1Jy44vUslUMct6QmIbhPEqzcJ5Ox+k8DufzcbzA6OjRbWCyFYaMMfIPna1PBmtatba3
LoUrmOtGam4cE762oaX3uec1aajWVnSP3qqbsje6py4HOpfEDs83gnkBwvCSWwT3019DJRvIjSRD
Dtx7OCqnrqWS9el8T6XOewW0AHXGdyh0tT2qCdPWrHIFuq1MX+Sg5ZffrpsJVMCMVGQp5bKywzwY
vO4D92PrF35yhyx4P823pGO2bVK7bmyqbvFanj46Ro8adW49ea8wmKVBnIbBLJjFz4AXh+9KXmmp
eEKeN74veeXr4NGaPkihQV8IvUf5z8MXxylPd1uaFesJi7cPyUbWm3EDrW0UpJDvg+WLpVwQzCgK
kskzZEbTr0nmW87E/2h+XjSjMA2SMAiD58BMPv6/+kInZqm4vVQFe94EmAuwySrZFmVFFdx2F1Nf
xnlEWRmHcXob/RWKF78snBv35fl3x3I4CaIkmGX/5BfwqU7mL35b9WMbEGErbmsq8oH+bbSQxW60
onq0ABAjWhlQYL8aTzw/8Kr7pMi3YIvR8Tv5D1NckblJDwAA
--=_1793550041--
