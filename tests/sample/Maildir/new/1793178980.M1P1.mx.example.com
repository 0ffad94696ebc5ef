Return-Path: <noreply-dmarc-support@google.com>
Received: from google.com by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Wed, 28 Oct 2026 09:16:20 +0000 (UTC)
Date: Wed, 28 Oct 2026 09:16:20 +0000
From: noreply-dmarc-support@google.com
To: dmarc@example.com
Subject: Report domain: museum.example Submitter: google.com Report-ID:
 4339490711452347213
Message-ID: <1793178980.1@google.com>
MIME-Version: 1.0
Content-Type: multipart/mixed;
	boundary="=_1793178980"

--=_1793178980
Content-Type: application/zip;
	name="google.com!museum.example!1793059200!1793145599.zip"
Content-Disposition: attachment;
	filename="google.com!museum.example!1793059200!1793145599.zip"
Content-Transfer-Encoding: base64

UEsDBBQAAgAIAApKXF2nppWDKgIAAFoIAAAzAAAAZ29vZ2xlLmNvbSFtdXNldW0uZXhhbXBsZSEx
NzkzMDU5MjAwITE3OTMxNDU1OTkueG1s7VZNb9swDL33VwS5x4qcTw+qutN+wXY2FJl2hNqSIMlt
+u9HR7bjpSmQDRu2w06RHslHPpIWwp5OTT17AeeV0Y9zmiznM9DSFEpXj/NvX78s9vPZE39gJUBx
EPKZP8xmrPfn6M7IcOkMDqxxIW8giEIE0WGIGlflWjTAK2OqGhJpGkZGMPpAI1TNtUGG+m1RNMLJ
hW9tR/d5Ghb9+phTcCKXRgchQ650afgxBOs/EdKHJpdQIojQ/hUcSdfb7WaPld+Ij8S9DFXw9WqV
rbPljtL1Jl2tdyldMXIxR3eUCrkTuurFIHSASmF/dtlqucnSJSaLyGAHXZytSLvJMixFD2TkR7Yx
27SnzJpaybfctoda+SOMhRjsjuZN66FtEjiJxtaAjBGOPqJ4Vg13jMRDD3pbnrHuN0IWh6Ex2A53
GTjthHSHc2G3isDWSeOGepx5HRV70zoJubKcZmmyTNKEItkFHfykaXXgG7plJB4HQ58OXkTdYouK
wdDpVt4ar0K3hrHqKTLx6xRb4T06jOJjdag7GsYOTCRe5cSZDMKYKkAHVSr8CMawI4gCXF4607yb
xdTWk72jYKINx9yBb+twYb2q+I5Z97vc0fTi+stEN9Qgg3HchxOeKeofkLEJ08Rs0p7fU8Sk47h/
V8I752Gffmq16MerRen+T61WiW/TzdWKhn92tW4O1YNsgzrFZ/evT7R7JD+a6Pb/PO+Y570fadT2
SyNl5PI34TtQSwECHgMUAAIACAAKSlxdp6aVgyoCAABaCAAAMwAAAAAAAAABAAAApIEAAAAAZ29v
Z2xlLmNvbSFtdXNldW0uZXhhbXBsZSExNzkzMDU5MjAwITE3OTMxNDU1OTkueG1sUEsFBgAAAAAB
AAEAYQAAAHsCAAAAAA==
--=_1793178980--
