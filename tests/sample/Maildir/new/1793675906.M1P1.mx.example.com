Return-Path: <dmarcreport@microsoft.com>
Received: from microsoft.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Tue, 03 Nov 2026 03:18:26 +0000 (UTC)
Date: Tue, 03 Nov 2026 03:18:26 +0000
From: "DMARC Aggregate Report" <dmarcreport@microsoft.com>
To: dmarc@example.com
Subject: [Preview] Report Domain: museum.example Submitter:
 enterprise.protection.outlook.com Report-ID: 5acd8a11b5ec6fab73c760d8a279e484
Message-ID: <1793675906.1@microsoft.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793675906"

--=_1793675906
Content-Type: text/html; charset=us-ascii
Content-Transfer-Encoding: 7bit

<html><body><p>This is a DMARC aggregate report for museum.example.</p><p>The <b>attached</b> file holds the data.</p></body></html>

--=_1793675906
Content-Type: application/gzip;
	name="enterprise.protection.outlook.com!museum.example!1793577600!1793664000.xml.gz"
Content-Disposition: attachment;
	filename="enterprise.protection.outlook.com!museum.example!1793577600!1793664000.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA91WTXPTMBC991dkcscf+Ww6qsqFGwwHLtw8irxuNLE+RpKb8O9ZRbbjJimkDGWA
iy29fdLuPr3IIQ97WY+ewDqh1f04T7LxA70hFUC5Znw7wqhyd3tX3o833pu7NN3tdslummj7mE6y
LE+/fvr4hW9AsnFPFj8nvxPKeaY4jOnNaETaAijmJ2k3CQELRltfSPCsZJ4FDFHcr1BMAv2gPFhj
hYPR58bXWm9J2gcjF5OJmpaSWR43ey8Ft9rpyidcS5JGQiS36URJ54yXtyzP13Pgi4qtl1O+XGQI
TZYrmN3OSHrkxrVYHxSWqcc2M0JreBTY1HI1nS9xNfYWkS4OqjxEF4tZFqJhHjdLn+/WZxsKQYyu
Bf9WmGZdC7eBvhCNHSkqGweNTGDPpKkBd4xw5LByKyS1JI2DFnSmOmDhHSFDlVa42HRz7mkeSg2D
CFWa4hyfhzov1YSycm278qze9QI43VgOhTA0X02SLJkkOe51RDse143CxLc5SeOwC7Tp4InVDSpW
doEgg3BGO+GDlWITQ2TACwIY5hwSei1idShDDPSCDFo8yYlH1DVGRAnKi0qgkQdn/QS1NlB4TblW
Hh3Y+m8QOCNXVsuzk3we7dZsgJVgL68Yxtpqz2okrPGbwoJran8s+0SSK7wVpYMauNeWOr/HMZ5b
jxxJMVcrcTvpVR4mJgP9X1MER5GoDF1j/sPkyuTHH0B6qkogd25+lbHzl409m7+Vryu82y76OgZ+
s6/xnrRiy+S1xnbAGy/2J/Q/4OqLfnpWzd9ppkk2RTPl+TSZZLMf+On/sFP40jXyX7gl3+5+isL+
kqXwo9z+jaM33wEtwNxv6AkAAA==
--=_1793675906--
