Return-Path: <dmarcreport@microsoft.com>
Received: from microsoft.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Fri, 06 Nov 2026 03:17:55 +0000 (UTC)
Date: Fri, 06 Nov 2026 03:17:55 +0000
From: "DMARC Aggregate Report" <dmarcreport@microsoft.com>
To: dmarc@example.com
Subject: [Preview] Report Domain: example.com Submitter:
 enterprise.protection.outlook.com Report-ID: c15c47916647327b3071776b3fe511f9
Message-ID: <1793935075.1@microsoft.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793935075"

--=_1793935075
Content-Type: text/html; charset=us-ascii
Content-Transfer-Encoding: 7bit

<html><body><p>This is a DMARC aggregate report for example.com.</p><p>The <b>attached</b> file holds the data.</p></body></html>

--=_1793935075
Content-Type: application/gzip;
	name="enterprise.protection.outlook.com!example.com!1793836800!1793923200.xml.gz"
Content-Disposition: attachment;
	filename="enterprise.protection.outlook.com!example.com!1793836800!1793923200.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1bSXPqOBC+51ekco9sySuU4zeXuc3UHOYyN0rIMhZe5EhegF8/MsZAFjtJvZAQ
8AWs7rZ60ddSIwnv1ypNbisqJOPZwx0E+t0v/8YLKQ3mmMS3ipvJ6UoGD3dRUeRTTavrGtQG4GKh
IV2H2n9///UviWiK7/bC7G3he5bJAmeE3vk3t7fezgBf6fe0rtEwBM25KGYpLXCAC9zQFFX1N8tw
Sv0/s4KKXDBJb/8pi4Tz2NP2zFZWKWOJH6RYkLazP1JGBJc8LADhqae1Aq3wTh0LfAItYjoTaNum
YyBnbugOdBx7boTUgjCceNpBtn1X2UdnAmeLnWZFmtMFU045E8M1bFdXvrWUjk+zYMudIAM13Kbd
dqY97W2v7TgQXs4TRtazvJwnTEZ0bwhXHmU+XeE0T2jr5I7WCuAgZqkvPK192BFlHm5pzXdLyv2M
Z9TT8q5NCh82djYPLSnkvmqrz62RrxmkYkq46GwTvN57L3kpCJ2x3Ef6BLgWgLYDTMfTDoxOlPAy
K3zD9rT2qaPvFNIKJ6UKWNAxmigwmXPJigZJrRvHlCO5JgQ5llIJ7KPR2qcC0TL2ITly8plONUKd
ax4LaFawkCkcHw11RROe01nBfcKzQgFwB78jxgvhUPD06UA+ZXUvRBQHVLwifszY2fnCOg+XRTQT
VJZJcTD4WTDeAlUbMZpQUnDhLzhfJCrke8JBptWzC+yusY/tsVLvKOrvNoCo0Php465Svm28U/MB
9drzcDTCHYTfhWas61NoWvrUdG1zivTp1Ebzflhb1mXAOsRzwWKcjri+GlxDFF7+dN0suOWI6ktF
dVt7IOgC0+4Hs2mNtceI5h+DZt0F0IEDNYc71hwjns8fz5YJkKmDCZigfjAj92SVRohZ8iqaW8a3
Vho4xRueSSrPAs3PrOnHM0ImM9crbAWVQ9BqY9Q8re2cllgWlGf8FEh/07gzwjqEwBjYBIGmeRlg
/2AlMqL9ItHuqsrbHJjaJ8ZloP2jhcoI94uEuwOgMYB2aFxjIUPL+5rK4h6CH4p6FpEoqsp5+bhY
ytW6jKQMq0ceVc7GKM0oO0nx3he0s8a/CYbgj+BVljYj/q8G/zZAOhwq7t3rLHfGFLiaFEAOMAc2
c2xkXeOx0Vx5TCjIaC3BBzcpX77z2VnwUkN/IiSPy826Dqis1suNqKJUGPZySfO1heZiE6a/mQi/
maaLoF6gtRHzOI6XFrasDWJJXOZWnVtRtFqdIk17h/bc0xRCd+AEwYRXeSI2JuqYqOeRqHDiAgSg
C8G2bOxPVPPLE/UsasrmXqeKDJBlDV0g5EJWamyLb68pU0JASjpj+lMghidJwXdOD7FxihTrHZMz
37UYWgmhaV9Ggn3drl2lDDnxUviajn60BzVZ2I+bdbow4zmxg3iZmMtqU4ikRvPK+ubFcPxx+e7F
0BnaYLyU3ZUPlqwpzgLBkgTn+Tll6Auz+hMgLSg8zXL0pgnnBW4Eh67BXOfe4QjvHw7v5tKLriZu
4AxcwD2Dk9GtN1ged6FIxVoFLeEEJ7PWJE/bko5lVPBTBSUfC/LQhrOjHLrWnvY93lz/lLuR7SB+
x93I1zV/6l1fAzTXxQzQXE7vP1S90pqHJVSAMkuYVPq6qf4Lgd37+/dVs756Zva07j++/s3/FOuE
jQU8AAA=
--=_1793935075--
