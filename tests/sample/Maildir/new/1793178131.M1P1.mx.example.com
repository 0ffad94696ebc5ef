Return-Path: <bounce-71@letters.postmaster-weekly.example>
Received: from out3.postmaster-weekly.example (out3.postmaster-weekly.example [203.0.113.150])
	by mx.example.com (Postfix) with ESMTPS id 4mB1kQ6vTz1yV
	for <dmarc@example.com>; Wed, 28 Oct 2026 09:02:11 +0000 (UTC)
Date: Wed, 28 Oct 2026 09:01:58 +0000
From: Postmaster Weekly <editor@letters.postmaster-weekly.example>
To: dmarc@example.com
Subject: Five DMARC myths, and a discount for readers
Message-ID: <20261028090158.71.5514@letters.postmaster-weekly.example>
List-Unsubscribe: <https://letters.postmaster-weekly.example/u/71>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_pw_71"

--=_pw_71
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

Hello reader,

this week: does a p=none record protect anybody? (No.) And what is a
DMARC report domain anyway? Read on at https://postmaster-weekly.example/71

--=_pw_71
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<html><body><h1>Postmaster Weekly</h1><p>This week: does a <code>p=3Dnone</code>
 record protect anybody? <b>No.</b></p><p>A report starts with
 <code>&lt;feedback&gt;</code>, and so does every good newsletter.</p></body></html>

--=_pw_71--
