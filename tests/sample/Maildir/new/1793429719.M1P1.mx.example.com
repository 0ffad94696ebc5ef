Return-Path: <abuse_dmarc@abuse.aol.com>
Received: from abuse.aol.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Sat, 31 Oct 2026 06:55:19 +0000 (UTC)
Date: Sat, 31 Oct 2026 06:55:19 +0000
From: abuse_dmarc@abuse.aol.com
To: dmarc@example.com
Subject: Report Domain: example.com Submitter: AOL Report-ID: <example.com_1793419200>
Message-ID: <1793429719.1@abuse.aol.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793429719"

--=_1793429719
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This is a DMARC aggregate report for example.com.

--=_1793429719
Content-Type: application/x-zip-compressed;
	name="aol.com!example.com!1793332800!1793419200.zip"
Content-Disposition: attachment;
	filename="aol.com!example.com!1793332800!1793419200.zip"
Content-Transfer-Encoding: base64

UEsDBBQAAgAIAOo2X12QYnf7WwIAAKYRAAAtAAAAYW9sLmNvbSFleGFtcGxlLmNvbSExNzkzMzMy
ODAwITE3OTM0MTkyMDAueG1s7VjLjtowFN3zFSh7nDgJmoDA0266qtRNu46McwFrEjuyHZj265vg
hDjAiLaaoVOVnX3f9/icjRePz0U+3oHSXIqlh1HgjUEwmXGxWXrfvn6aJN4jGS2ExvM1QLai7Glc
pwg9r01Lb2tMOff9rKCKIak29jSpI/wAYY+MxuNDroJSKpMWYGhGDW3sradOSgUtgHz88nnhDyx9
EBSU54SuKg3pocOHwxlRmSMmC5tng/qktifPCDzTosyhCU3xwyyK8SwMApvVR/WZ9YiQKio27Qyt
eQUbLkhTIIrCpCtgrW4ciIyctmlstoF/3mEwiYvRoVwpc86+p2W1yrnewmBQWe8s3P3a8tbeB9Ls
iRdEWa+9OE5dro++5ty7SiKkAOsqXTszBHe7NZfjFpembZ+DSeUOr+R+AJuWlWKQ8pJMYxTGAZqh
WWiL9i43gclKGBJPbYy9uf52FNjRvKrxzjpnBx7XpdTc1Mx3tnStJ/ENauuaY23gEcR+gxq7PuCI
5Ak0J/O0j9+BcSjEMxCGr3mty8FGW6AZqHStZHH+6K7TqXxWy755ZbapAl3lZtjiwlotm2hBf0ih
QV/mmaO7piopqdYdsQ+GARZum8UJWm/Ytme3fwmFLrFj6h8SF2MUPVxn7jS4M/fO3HfF3AeEo+vE
DfEtidvj8reJq7eyRDdn7+Wur0jgdyccqCZ70GaC0T8ooRj9ioKiu4LuCroraKgTPEtQiHCCEY6T
6yJKgv9TRDfXT8EYKpjeIQHmhtp5S8W+qJzmE6FmH9LVHidI6c3rrP1byrG37r+FjH4CUEsBAh4D
FAACAAgA6jZfXZBid/tbAgAAphEAAC0AAAAAAAAAAQAAAKSBAAAAAGFvbC5jb20hZXhhbXBsZS5j
b20hMTc5MzMzMjgwMCExNzkzNDE5MjAwLnhtbFBLBQYAAAAAAQABAFsAAACmAgAAAAA=
--=_1793429719--
