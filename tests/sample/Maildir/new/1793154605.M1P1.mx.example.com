Return-Path: <postmaster@amazonses.com>
Received: from amazonses.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Wed, 28 Oct 2026 02:30:05 +0000 (UTC)
Date: Wed, 28 Oct 2026 02:30:05 +0000
From: postmaster@amazonses.com
To: dmarc@example.com
Subject: Dmarc Aggregate Report Domain: {example.com} Submitter: {Amazon SES}
 Date: {2026-10-27} Report-ID: {b5242d85-3a7d-4add-a558-4dd0958b3867}
Message-ID: <1793154605.1@amazonses.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=_1793154605"

--=_1793154605
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

This MIME email was sent through Amazon SES.

--=_1793154605
Content-Type: application/octet-stream;
	name*0="amazonses.com!example.com!1793059200!1793145600.x";
	name*1="ml.gz"
Content-Disposition: attachment;
	filename*0="amazonses.com!example.com!1793059200!1793145600.x";
	filename*1="ml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1YTXPaMBC951cw3JE/sMFmhNIc2lvbQ9pLLx7ZWkATW/JIJh/99ZWxG1tAStpJ
maQ1B5B3V9Lbp/c8GvDlfZGPbkFpLsVy7CF3PAKRScbFejn++uXDJBqPdEUFo7kUsBw/gB5fkgu8
AmApzW7Ixch8cLsCcZGHnZ8PTUpBKVWVFFBRRivaRHcZqdaJoAWQq49X3z5/mly/v8bOY7Crg4Ly
nJRSVwXVFah3tKDfpdCgUSYL7DT5rr7dkTOShn7gsyicTOmcTQLK2ISGYTQJGHPjMEqn0WyOna6+
W8NAhURRse4B2SVSWHNBvHk8dcPYd13sNBG7CgTb1XhBOKtr6uducWd/9UcMNku4lDnPHpJym+Zc
b8ACKE3XgsA9LcocGiLaWFdE2Q0viMJOM+gldLnaxevfLlwSYU4ZO2U/llXEq3uoB114JYmJme+2
geNQzVlkUvVxK3m3x5WWW5VBwkviuzGKQuR7EQpm2OkS9oRMbkVFzME1AzvZ4oBbmm8Ny8xON9Rx
bcTEq1qjTb/9yJH6mruSam0KLRq7FgyLTYHFp8XMEUTm2PtsYM5AVHzFjX8O9HQLuSwhWSlZ2Idu
p+xpG6AM1JFJ/UQPzlEAmG6rTaJAb/NqH9cTfDxHnD271iu3/LUPexQeboMPiP4rG9v2cA6ZqCd2
Cv9NuVPXXZg3hLsIolmw8N3FYuanp3QfD7ofdP+mdR8GyA9cFKPYPyX26ey8al+Zm8Qv1d4UnEXt
+7ec16v3PaTnVPwLbn0OzXsems5Pid73B9EPov93RO/PUXDyTR/+x/ea1PSdARJwp9Ef3XEOZ57H
A4f7vrANXq0FnzyyN2BGz4tOuTHwBzcObhzc+Ew3Yqf7P/QHINQMuVMVAAA=
--=_1793154605--
