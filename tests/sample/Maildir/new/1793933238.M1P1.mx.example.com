Return-Path: <postmaster@ateneo.example>
Received: from ateneo.example by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Fri, 06 Nov 2026 02:47:18 +0000 (UTC)
Date: Fri, 06 Nov 2026 02:47:18 +0000
From: postmaster@ateneo.example
To: dmarc@example.com
Subject: Report Domain: example.org Submitter: ateneo.example
 Report-ID: <6d1c40$3ba=2f7@mx1.ateneo.example>
Message-ID: <1793933238.1@ateneo.example>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793933238"

--=_1793933238
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is a DMARC aggregate report for example.org.

--=_1793933238
Content-Type: application/x-gzip;
	name="ateneo.example!example.org!1793833200!1793919612.xml.gz"
Content-Disposition: attachment;
	filename="ateneo.example!example.org!1793833200!1793919612.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1YyXLiMBC95ysoaq7I2DgsVY6S03zBzJkSdmMLLMlIMpB8/bSRjR0qgcxCVWaG
C8i9qN/rpdwQPe5F3tuCNlzJh75Phv0eyFglXKYP/e/fvg6m/Ud6Fy0BkgWL1/Su14tqc4rWkdc8
VAoNhdJ2LsCyhFlWyVCqdDqXTABlFiQoAnsmihwi76hwdiAYz2mhjBXMWNBPp/bOwBnXoXhCx4kf
h8MvowV7CJaTJ7H3yalja+ycERzMNZNpHRpFC0g5MprMRtPRKBgiMSdp9CCTg3bmz8Z+gFhkc5n3
+rZjtG4WokLlPH6eF+Ui5yaDIxCFlCStgRJMCF7nZM6AJWsuqIk8d6iFplhSjbLq24kKuikZYrBc
It+ikcaW+hWX6nDA9hYOzGWsdANJq92RtFGljmHOCxoOiT+ckCAgYz/yWnljGatSWjqJPHdoxHU4
2LK8xCwljaKizg2Wmtuqd6SqUHclHbuKd8EM5qBNgUOH7J3imIcOxZOYWJaGWMQTwERZDubolQFL
QM+XWonX1egq6otO3SNW2myuwZS5bW88AXup0o4R5BBbpWlzqHLdyFozF6rmXj8c6XfjngeBGIiS
gsdaGbW0JFbiQ5gGrf+g4z84+P8W3E4dP5yyWBVARVUfDH54+GDkdni80wJWxs1I/MR0TPEzfH86
xrfpuE3Hfzgdfjgjk4D4wZj44ej9+Qh/cT66b74zU7LE5eHNKXGKv2dKDO4eqeYJkWDPtqSwBSv4
NbruEoRP1HZhSILhmZ1ldOu6W9f9ua67x3bDdQCXgen7PXf/D/WchJ0hn2Ap2K0UXwU6GLPVfh3o
jXi220U6VutQKpW9BFfZFZhgL0oaMJfWA57FWbYtF+UmXZn9c5kZs9xuVLadvIzKMJNXWQ3KwQ6M
HeDv4Uswrzs5kdf+ffADbVCziXEQAAA=
--=_1793933238--
