Return-Path: <postmaster@werft.example>
Received: from werft.example by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Sun, 15 Nov 2026 02:31:47 +0000 (UTC)
Date: Sun, 15 Nov 2026 02:31:47 +0000
From: postmaster@werft.example
To: dmarc@example.com
Subject: Report Domain: example.org Submitter: werft.example Report-ID: <werft-20261114>
Message-ID: <1794709907.1@werft.example>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1794709907"

--=_1794709907
Content-Type: application/gzip;
	name="werft.example!example.org!1794700800!1794614400.xml.gz"
Content-Disposition: attachment;
	filename="werft.example!example.org!1794700800!1794614400.xml.gz"
Content-Transfer-Encoding: base64

H4sIAAAAAAACA9VVyW7bMBC95ysM3y2JqmAnAMP01C9ozwJNjWwi4lKSStK/79DUFjd1jBQ59GTy
zXDmvVlk+vCiutUTOC+Nvl+TrFivQAvTSH24X//4/m1zu35gN7QFaPZcPLKb1YoO7gy9aT5eosGB
NS7UCgJveOARQ9S4Q625AvYMrg0ZvHBlO6D5hCc3UFx2zBofFPcB3Ncz92RPvkMi2aSYm7Iot4SQ
iuazJXkiD6gd14chDUJ7OEgkv7urdkVxW6CGhIx20M3JuiVVFa3xnoLlr6NN2ZaCqTWdFL9q2+87
6Y8wETHIX7NBTobiMVzCkgNvHqVinubpMIDetswhFn8TZNnPniOHIDVWxY6oCIxEtvFw4vYWDyyc
MG6k5MzzJNqb3gmopWVVkZFil5VltiU0n/HRU5heB7ajeTqM8JAOnnjXY5Wa0RClS49tlSGOiTaR
9RJZ+EXdlnuswVyCxA7VJ8NUh4XEs5zYllEYlQ1goVqJQzo9OwJvwNWtM+p1O5aGIdIf7ynvw7F2
4PsuzCHP6L7X66QJOhDBODYeYrVHbHZLqQb1w2UqwDLvZRLIITNaSeGMN7hWwqirOG3m95vF+83p
/T/RXXTy6pIJY4Gp2CBMfrpcmXlen/y8gdF5XIpr9oNUd9muzEi5zUj15e8bUn1wQ5bbfWFPWvwa
vrknyfA/7YnHL+zBySbTEC4OpQqWW/kZc/cehc8dPJrP/6+/AXk6IwCSBwAA
--=_1794709907--
