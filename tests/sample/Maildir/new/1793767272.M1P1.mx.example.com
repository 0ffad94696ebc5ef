Return-Path: <noreply-dmarc@sicher.web.de>
Received: from sicher.web.de by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Wed, 04 Nov 2026 04:41:12 +0000 (UTC)
Date: Wed, 04 Nov 2026 04:41:12 +0000
From: noreply-dmarc@sicher.web.de
To: dmarc@example.com
Subject: Report Domain: example.org Submitter: web.de Report-ID:
 38be4d235b7ac1e04aa9a5def169d15397f44ceb
Message-ID: <1793767272.1@sicher.web.de>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793767272"

--=_1793767272
Content-Type: application/gzip;
	name="web.de!example.org!1793660400!1793746800.xml.gz"
Content-Disposition: attachment;
	filename="web.de!example.org!1793660400!1793746800.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA+1ZS3OjOBC+51dQPszNvEz8GkL2MbO3XKZ2a48uGTWgGCRFEnacX7+NsQM4ztrj
mkolM84hEf1S6+vurwQJbx+L3FqC0kzwm55nuz0LeCwo4+lN75+//+qPe5Y2hFOSCw43vTXo3m10
FSYAdE7ihYX+XN/0SsWnDEwylUSRQk9RPOV6Sgui4r6PYaMrC3/C7VYR7hQ6u4dapUAKZWYFGEKJ
IbV0oxEqnXFSQPTv1z/sL19D51nQ2EBBWB5xgVHydX+z72+axRkoewVzm0Lo1CYtl0ejyCwW3JDY
zBhPRJQZI/XUcaTQpiDaPHs7wJ2YaLiNb5Tvuj5Ge+ndhN6ehdFoMJ5DQP3B9XxEYg/cgJAJuaaQ
eMMJ9a4Hk1ESBDHMQ6fxaeIgEDBThKeto24Uc0gZojiaDIZDN3ARzFrStQJONzajYDiubKrnJrhz
KHqYAgdFjFCR94kU8rNn3SFs1mZt3QFlxPpy9/u3P61vm3xBWYHtIR6NX11O52A9QylyFq9nspzn
TGfQOazAAvEIHnGrHGwsMqZYy1pGTMcCG2ddBc4EjYwCWJF8gbb7qsZLRg8lNiY3jGMjyJaGy0jB
PcQmdHhbjuVEwDpFJXTBikiHTr1oKbRMIoXy6m8jNqBxvzTiobNbbqE5DAJ2TSxUO20lVnsV1aJU
McyYjALX9tyR7fv20AudRt61j0XJTeSNQ6dedbXbPGBJ8hJ7gXbVO7xxGJip5lQSrTcwP0sO2FfQ
bA07KDVHQJBqgw5cHWQOZIQN1UYjZBSwnAlDDtkLkgGhoGaJEkW3mdqK/UFZQi4kHHDqql5xMyJ6
ZpmWrJX8wXRDUppspkCXudk/xSvonTIkDdSQY2fjSO4WVafsZC/N60S2xdk+7NXnZVanJYp52oIX
LFZCi8TYsSi+K+9+E6ffitPfxPnhR3rRmGdAH2MPREXVNJjg5uGs7LqU4rxsmMqxoY2zOGSMv4Oj
HDK5cMiFQy4ccuGQLod4wcQe+XgFHNpeMDjKIsMfwiLt29wJXJLgDfZ/uaQ2eK9covHenipGbQ7m
vZJJN8cTprIwkkj21oN3apofaPKCwPZd7zJ4l8G7DN7bDN41ThxenQf20UvzLz50RpXa2GeNXvWt
joG9IOwJOMj6svc+J7Cb4/EJ9OVoqMVC5+uyzMpysU6f8my5hoWE69Fawpvfr0lBngTXoE89Acvi
LFuW8/IhvdeP6zLTOlk+iGw5ehqUQcbfmlwONstPwTH4cj4+RjL+5NdmGQ4rfR7JQNlfgTZ9z94b
gZ/ihX11L9i9r/whuX9c+OqhWJvlPB2KRcCFyJ78C89892v7a/3ysbnGd11vSufjaexSmE5Hxwhn
cHmV+JjfA9/4m1RdkUMNXWNaFoRvM43qDS2RWK08LCpAW1wYi4JmKcfqWfvNahFtSVAFM1haq3rN
AIVlacc+f5ZCZ/eP7ujqP1C0Y9csHwAA
--=_1793767272--
