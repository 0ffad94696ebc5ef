Return-Path: <dmarcreport@microsoft.com>
Received: from microsoft.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Thu, 29 Oct 2026 03:19:07 +0000 (UTC)
Date: Thu, 29 Oct 2026 03:19:07 +0000
From: "DMARC Aggregate Report" <dmarcreport@microsoft.com>
To: dmarc@example.com
Subject: [Preview] Report Domain: example.org Submitter:
 enterprise.protection.outlook.com Report-ID: 9d73d2789ce785014e722b10568ffa92
Message-ID: <1793243947.1@microsoft.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793243947"

--=_1793243947
Content-Type: text/html; charset=us-ascii
Content-Transfer-Encoding: 7bit

<html><body><p>This is a DMARC aggregate report for example.org.</p><p>The <b>attached</b> file holds the data.</p></body></html>

--=_1793243947
Content-Type: application/gzip;
	name="enterprise.protection.outlook.com!example.org!1793145600!1793232000.xml.gz"
Content-Disposition: attachment;
	filename="enterprise.protection.outlook.com!example.org!1793145600!1793232000.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1ZS3PiOBC+51dQuSM/MNhQHs9c5rZbe9jL3ihht7FiW1L04PXrV44wGCZAMltU
2IQLWN0t96fW95Vbdvx9VVe9BQhJGP326CH38XvyEOcA2QynZc94qZysZPbtsVCKTxxnuVyi5QAx
MXd81/Wcf/784++0gBo/7oLJ5eA+oVJhmsJj8tDrxVsAickfO+2gcQjgTKhpDQpnWOHGZqzmflOK
a0h+UgWCCyKh95dWFWNl7OycNtYkI1WS1Vik9mY/apIKJlmuUMrq2LEBNnibjmTJOAsHmR9G4xTC
aOh6AYS+P/Pc4SjKczz2Y2cfa+cafDAVmM63mY1pBnNiFhWOB14wHLlmbdbS+oFmL15/YKpjvM3Y
3sw5vNsuW7cQMWcVSddTrmcVkQXsgDCzIprACte8gqb45nbWZgNwVpI6kbFjL7ZGyfNEGFvzb008
edbYYFCEQuzw1pqqxGvQNhfWlLPEjM3vC9TXYJnKpky0CAVb7mogmRYpTAlPAhd5boh8H4282Nnb
28iUaaqSYRA79qq1b/PBAlfaVC1rHU0piORMEtXQibJmFV1LJ66pA8fS1GRfEgvPVMM6dnXprPEo
p9mmdmUxycAULieGzJ39XkDFOEwVS1JGlWHhloMdxy/BuWD14W4eutoJBeAMxCvhXccW5y/oYqxV
MRUgdaX2gI+KcYlZtmJQQaqYSNqLZjNb2z7MptrWdjvYlbeb9zwIgwExeiTpN2Dq7+f3O/P7L/P/
E9wOT95cstRsZlI3G2SSvwzemHkvVud4A5vgVnPvkF9kfoMz8nM/h/xyPBOkxPVdf3f93ZT+fBdF
4Wn9RYPPob+mi9F39d3VdyPq84IxCn3k+SPkBYMzz7/xb+qv20qfUWFuDiOvqtA6PrYJleaAMhck
QxTUh+vwEMwZ0teKY06uwetLEG6I2EFgnixnjlXNM+fz8Pq93d2d2P8/Yg8No03PNEBnTivB8DOx
+n09U/NaiwAqMdkABX407SS1ldBSoasS/BDSaYL7PBxJVspqrXWhdbmeb6pisYaSwzBcc7hKZ4Vr
vGFUgryEjhRpUSz0TD/Pn+RqrQsp88UzKxbhZqCDgl5Dl6/u6U3LM0RRdFqfnh9+4XYKdH8JUvU9
dES6yyqlsJToFo45yydGnnzhj/DTqvTFc71Wi9l8xMqAMlZs/K+n0ZO7eqP94ThCQw95rtHqmfcO
g6/cHn7M64crHaVtRa/IqOZL3ySbRZPUzWAyOUOq4Ot2Z3dKWR7FTvutOXn4F/Xr21CNHgAA
--=_1793243947--
