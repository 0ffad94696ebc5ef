Return-Path: <>
Received: by mx.example.com (Postfix)
	id 4mC7dW1kRz2nQ; Wed,  4 Nov 2026 04:14:02 +0000 (UTC)
Date: Wed,  4 Nov 2026 04:14:02 +0000 (UTC)
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
To: dmarc@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <20261104041402.4mC7dW1kRz2nQ@mx.example.com>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4mC7dV6LXcz2nP.1793765642/mx.example.com"

This is a MIME-encapsulated message.

--4mC7dV6LXcz2nP.1793765642/mx.example.com
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be
delivered to one or more recipients.

<postmaster@werke-musterstaedt.example>: host mail.werke-musterstaedt.example
    [198.51.100.140] said: 452 4.2.2 mailbox full (in reply to RCPT TO command)

--4mC7dV6LXcz2nP.1793765642/mx.example.com
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Fri, 30 Oct 2026 04:01:40 +0000 (UTC)

Final-Recipient: rfc822; postmaster@werke-musterstaedt.example
Action: failed
Status: 4.2.2
Remote-MTA: dns; mail.werke-musterstaedt.example
Diagnostic-Code: smtp; 452 4.2.2 mailbox full

--4mC7dV6LXcz2nP.1793765642/mx.example.com
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Date: Fri, 30 Oct 2026 04:01:39 +0000
From: dmarc@example.com
To: postmaster@werke-musterstaedt.example
Subject: Re: Report Domain: example.com
Message-ID: <reply-1029@mx.example.com>

--4mC7dV6LXcz2nP.1793765642/mx.example.com--
