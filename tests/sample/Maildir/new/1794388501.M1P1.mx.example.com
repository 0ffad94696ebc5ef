Return-Path: <noreply-dmarc-support@google.com>
Received: from google.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Wed, 11 Nov 2026 09:15:01 +0000 (UTC)
Date: Wed, 11 Nov 2026 09:15:01 +0000
From: noreply-dmarc-support@google.com
To: dmarc@example.com
Subject: Report domain: museum.example Submitter: google.com Report-ID:
 4866434004794807878
Message-ID: <1794388501.1@google.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794388501"

--=_1794388501
Content-Type: application/zip;
	name="google.com!museum.example!1794268800!1794355199.zip"
Content-Disposition: attachment;
	filename="google.com!museum.example!1794268800!1794355199.zip"
Content-Transfer-Encoding: base64

UEsDBBQAAgAIAOFJa13xkllBPAIAADAKAAAzAAAAZ29vZ2xlLmNvbSFtdXNldW0uZXhhbXBsZSEx
Nzk0MjY4ODAwITE3OTQzNTUxOTkueG1s7VZNc5swEL3nV3h8NwKMMe4oSk/9Be2ZkcWCNQGJkUTi
/PsuFmDq2DPuTD9yyAnp7Yf27VsB9OnY1IsXMFZq9biMgnC5ACV0IVX1uPzx/dsqWy6e2AMtAYo9
F8/sYbGggz9Dd0rGTW8w0Grj8gYcL7jjPYaoNlWueAOs0rqqIRC6oWQCvQ80XNZMacxQv62Khhux
sl3bp/s6D/N+Q8zRGZ4LrRwXLpeq1OzgXGu/EDKEBudQwglX9hUMiZM03WRY+ZV4n3igIQuWZGma
rJMwTLa7JAu32Taj5Gz27kgVcsNVNZBBaA+VxP5gUJxmWYiHeWS0gypO1vVmE+12WIoak5Ffs02n
zXtKW11L8Za33b6W9gBTIRq7o1jTWeiaAI68aWvAjB72Prx4lg0zlPjFANq2PGH900MtiqEwuB33
wrGoJ9IvToVdKwJbJ7QZ6zH6dWJsdWcE5LJl0S4OwiAOIkx2Rkc/oTvlWLJNKfHL0TAcBy+87rBF
xWjoeUvbaitdP4a+6jky8+sZt9xadJjI++qQtzdMHZhRvDgTNRmJUVmAcrKUeAmmsAPwAkxeGt28
02JuG5K9S0F55w65AdvV7pz1ouI7tB5muU8zkBs2M95Qg3DaMOuOuI6Q/4hMTZgfTGft+TNFzDqO
83dBvHce5+m3Riu6PVpRtP5bo1Xiu+nqaHnDhx2tq6JaEJ2TR//a/W+KxuEaFUXNgjhMbov6Kek9
kt57Tz23f3BP+0/fzU/Ap6QfQ1JKzj9/PwFQSwECHgMUAAIACADhSWtd8ZJZQTwCAAAwCgAAMwAA
AAAAAAABAAAApIEAAAAAZ29vZ2xlLmNvbSFtdXNldW0uZXhhbXBsZSExNzk0MjY4ODAwITE3OTQz
NTUxOTkueG1sUEsFBgAAAAABAAEAYQAAAI0CAAAAAA==
--=_1794388501--
