Return-Path: <dmarc-noreply@netpost.example>
Received: from ruf.netpost.example (ruf.netpost.example [198.51.100.160])
	by mx.example.com (Postfix) with ESMTPS id 4mJ2xK3bYz1wH
	for <dmarc@example.com>; Wed, 11 Nov 2026 08:40:13 +0000 (UTC)
Date: Wed, 11 Nov 2026 08:40:12 +0000
From: dmarc-noreply@netpost.example
To: dmarc@example.com
Subject: FW: Your invoice 20931
Message-ID: <ruf-88213@netpost.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
	boundary="=_ruf_88213"

--=_ruf_88213
Content-Type: text/plain; charset=us-ascii

A message claiming to be from example.com failed DMARC and was received
from 203.0.113.99 on Wed, 11 Nov 2026 08:39:57 +0000.

--=_ruf_88213
Content-Type: message/feedback-report

Feedback-Type: auth-failure
User-Agent: netpost-ruf/2.3
Version: 1
Original-Mail-From: <billing@example.com>
Arrival-Date: Wed, 11 Nov 2026 08:39:57 +0000
Source-IP: 203.0.113.99
Reported-Domain: example.com
Authentication-Results: mx.netpost.example; dmarc=fail header.from=example.com
Auth-Failure: dmarc
Delivery-Result: delivered
Identity-Alignment: none

--=_ruf_88213
Content-Type: text/rfc822-headers

Date: Wed, 11 Nov 2026 08:39:50 +0000
From: "Billing" <billing@example.com>
To: someone@netpost.example
Subject: Your invoice 20931
Message-ID: <20931.5aa1@203.0.113.99>

--=_ruf_88213--
