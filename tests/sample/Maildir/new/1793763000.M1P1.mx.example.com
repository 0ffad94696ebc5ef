Return-Path: <postmaster@werke-musterstaedt.example>
Received: from werke-musterstaedt.example by mx.example.com (Postfix) with ESMTPS
	for <dmarc@example.com>; Wed, 04 Nov 2026 03:30:00 +0000 (UTC)
Date: Wed, 04 Nov 2026 03:30:00 +0000
From: postmaster@werke-musterstaedt.example
To: dmarc@example.com
Subject: Report Domain: example.com Submitter: werke-musterstaedt.example
 Report-ID: <com-example-20261103>
Message-ID: <1793763000.1@werke-musterstaedt.example>
MIME-Version: 1.0
Content-Type: text/xml; charset=utf-8; name="werke-musterstaedt.example!example.com!1793660400!1793746800.xml"
Content-Transfer-Encoding: quoted-printable

<?xml version=3D"1.0" encoding=3D"UTF-8"?>
<feedback>
  <version>1.0</version>
  <report_metadata>
    <org_name>Gemeindewerke Musterst=C3=A4dt</org_name>
    <email>postmaster@werke-musterstaedt.example</email>
    <extra_contact_info>R=C3=BCckfragen: +49 30 5550100</extra_contact_info=
>
    <report_id>com-example-20261103</report_id>
    <date_range>
      <begin>1793660400</begin>
      <end>1793746800</end>
    </date_range>
  </report_metadata>
  <policy_published>
    <domain>example.com</domain>
    <adkim>r</adkim>
    <aspf>r</aspf>
    <p>none</p>
    <pct>100</pct>
  </policy_published>
  <record>
    <row>
      <source_ip>209.85.208.171</source_ip>
      <count>6</count>
      <policy_evaluated>
        <disposition>none</disposition>
        <dkim>pass</dkim>
        <spf>pass</spf>
      </policy_evaluated>
    </row>
    <identifiers>
      <header_from>example.com</header_from>
    </identifiers>
    <auth_results>
      <dkim>
        <domain>example.com</domain>
        <selector>google</selector>
        <result>pass</result>
      </dkim>
      <spf>
        <domain>example.com</domain>
        <scope>mfrom</scope>
        <result>pass</result>
      </spf>
    </auth_results>
  </record>
  <record>
    <row>
      <source_ip>54.240.7.13</source_ip>
      <count>3</count>
      <policy_evaluated>
        <disposition>none</disposition>
        <dkim>fail</dkim>
        <spf>fail</spf>
      </policy_evaluated>
    </row>
    <identifiers>
      <header_from>example.com</header_from>
    </identifiers>
    <auth_results>
      <dkim>
        <domain>amazonses.com</domain>
        <selector>ihchhvubuqgjsxyuhssfvqohv7z3u4hn</selector>
        <result>pass</result>
      </dkim>
      <spf>
        <domain>eu-west-1.amazonses.com</domain>
        <scope>mfrom</scope>
        <result>pass</result>
      </spf>
    </auth_results>
  </record>
  <record>
    <row>
      <source_ip>54.240.4.3</source_ip>
      <count>5</count>
      <policy_evaluated>
        <disposition>none</disposition>
        <dkim>fail</dkim>
        <spf>fail</spf>
      </policy_evaluated>
    </row>
    <identifiers>
      <header_from>example.com</header_from>
    </identifiers>
    <auth_results>
      <dkim>
        <domain>amazonses.com</domain>
        <selector>ihchhvubuqgjsxyuhssfvqohv7z3u4hn</selector>
        <result>pass</result>
      </dkim>
      <spf>
        <domain>eu-west-1.amazonses.com</domain>
        <scope>mfrom</scope>
        <result>pass</result>
      </spf>
    </auth_results>
  </record>
  <record>
    <row>
      <source_ip>54.240.27.42</source_ip>
      <count>4</count>
      <policy_evaluated>
        <disposition>none</disposition>
        <dkim>pass</dkim>
        <spf>pass</spf>
      </policy_evaluated>
    </row>
    <identifiers>
      <header_from>news.example.com</header_from>
    </identifiers>
    <auth_results>
      <dkim>
        <domain>news.example.com</domain>
        <selector>lqjzywdesvyjzrvhmr36jjepy52brzfm</selector>
        <result>pass</result>
      </dkim>
      <dkim>
        <domain>amazonses.com</domain>
        <selector>gdwg2y3kokkkj5a55z2ilkup5wp5hhxx</selector>
        <result>pass</result>
      </dkim>
      <spf>
        <domain>bounce.news.example.com</domain>
        <scope>mfrom</scope>
        <result>pass</result>
      </spf>
    </auth_results>
  </record>
</feedback>
