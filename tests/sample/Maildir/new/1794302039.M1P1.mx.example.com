Return-Path: <noreply-dmarc-support@google.com>
Received: from google.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Tue, 10 Nov 2026 09:13:59 +0000 (UTC)
Date: Tue, 10 Nov 2026 09:13:59 +0000
From: postmaster@example.com
To: dmarc@example.com
Subject: Fwd: Report domain: example.org Submitter: google.com Report-ID:
 7223613896082542478
Message-ID: <fwd-1794302039@mx.example.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="outer=_1794302039"

--outer=_1794302039
Content-Type: text/plain; charset=us-ascii
Content-Transfer-Encoding: 7bit

Forwarded by a mailbox rule.

--outer=_1794302039
Content-Type: message/rfc822
Content-Disposition: attachment

Date: Tue, 10 Nov 2026 09:13:59 +0000
From: noreply-dmarc-support@google.com
To: dmarc@example.com
Subject: Report domain: example.org Submitter: google.com Report-ID:
 7223613896082542478
Message-ID: <1794302039.1@google.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794302039"

--=_1794302039
Content-Type: application/zip;
	name="google.com!example.org!1794182400!1794268799.zip"
Content-Disposition: attachment;
	filename="google.com!example.org!1794182400!1794268799.zip"
Content-Transfer-Encoding: base64

UEsDBBQAAgAIAMBJal3ey3QHZgMAAD8aAAAwAAAAZ29vZ2xlLmNvbSFleGFtcGxlLm9yZyExNzk0
MTgyNDAwITE3OTQyNjg3OTkueG1s7VndspowEL7vUzjn3gARAR1Ke9UnaK+ZCAtEIcnJj39P31BA
Oaendqo9M63jjeLuZrP77X5mo/GnfVNPtiAV5ezjk4fcpwmwjOeUlR+fvn39Mo2eJp+SD3EBkK9I
tkk+TCZxb59Y89gZPrQKCYJLnTagSU40aWVWymWZMtJAUnJe1oAy3sTOSdjZQENonTBuPdSHad4Q
mU2VEa27z+NlnV2/Zq8lSTPONMl0SlnBk0proZaO0y9F56UOcQhTO5AO9oNgHtnI31jfOe7ToHkS
YjwLvFm0CNwIz33sh1HsnNWduU0VUklY2SdjRSsoqcUnXPhehH3XbtZJBj2w/IcWB1G4WNhQ2ODM
eenttNsY01jwmmaHVJhVTVUFp0C4RYclsCeNsFlbiK27TtYZkHxDm0TFTvfQC5UoEmll7XsnEsmz
ITYGTRnEjuil6qVYDXKR6cRrc2wfOhETiYQ1ZDp2mOjyeCtmi3TG5RC+5LsTQIobmUFKReK7yHND
hDEKPLvpST5YZtwwu79nUeweB0W/IWxJbSym+aBogaJKcEV127eMt8mMJSO7FiVBlEXsDFiPRdEr
TqiNkny1py3ikFpMc7D4FdSy5rSsApKDTAvJm5fFGyt6Tz+tj4nRVSpBmVqfXb4K93ed0bd966NP
q/8wyhhqW08uk+GhrcYgOwEw3vdyEDYGxFlDM8kVL3RH75tjmp69T0fepz+8/ybcUSX/AmSjzrDc
elWj1njo/D8gQWRf/V+TIJo/OPDgwJ1zALsoCi8cBPPHQfAgwd2SwPMXKMTIwwHy/NkFGgTulTQY
j3gXyFDYOfxNMnSK/4kMyk7fpaQ5YqBv6LxGCyLodc11fQjv0V2+b79lLw3b/uLRXI/m+sPmmtuu
smf4DF2aYKN7aiwtjdLoXdtrQ+gRGIjbTk0swkDxjaoPxlTGbA7lsa62B9gImIcHAVce8KQhR84U
qNuio1VWVVuzMs/lWu0PplKq2D7zahseZ8av2HWsaH9IooCuB/A9yGGveNGv2YGj2T3Rg8FOoX9/
zN2tOV1jiQOy3m+wfG4OersqA77xGefVEd8jOcBMd6D01EM3hPl3R5NFhOaevQFakly4/oWPweQn
blx/nemyeseqYtf1lvkqWmZuDsvlhcJGj8L+G4WNnfN/Qd8BUEsBAh4DFAACAAgAwElqXd7LdAdm
AwAAPxoAADAAAAAAAAAAAQAAAKSBAAAAAGdvb2dsZS5jb20hZXhhbXBsZS5vcmchMTc5NDE4MjQw
MCExNzk0MjY4Nzk5LnhtbFBLBQYAAAAAAQABAF4AAAC0AwAAAAA=
--=_1794302039--

--outer=_1794302039--
