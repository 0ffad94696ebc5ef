/* SPDX-License-Identifier: MIT */
#include "parser/parser.h"

#include "base/text.h"
#include "parser/limits.h"
#include "tests/unit/collector.h"
#include "tests/unit/domains_setup.h"
#include "tests/unit/expect.h"

#include "base/banned.h"

TestSuite(parser, .init = domains_setup, .fini = domains_teardown);

#define RANGE(begin, end)  "<date_range><begin>" begin "</begin><end>" end "</end></date_range>"
#define DAY                RANGE("1700000000", "1700086399")
#define METADATA(inner)    "<report_metadata>" inner "</report_metadata>"
#define NAMES              "<org_name>Example Mail</org_name><email>dmarc@mail.example</email>"
#define META               METADATA(NAMES "<report_id>r1</report_id>" DAY)
#define POLICY(inner)      "<policy_published>" inner "</policy_published>"
#define POL                POLICY("<domain>example.com</domain><p>none</p>")
#define ROW(inner)         "<row>" inner "</row>"
#define HOST               "<source_ip>192.0.2.1</source_ip><count>2</count>"
#define EVALUATED(inner)   "<policy_evaluated>" inner "</policy_evaluated>"
#define CLAIM              "<disposition>none</disposition><dkim>pass</dkim><spf>fail</spf>"
#define FROM               "<identifiers><header_from>example.com</header_from></identifiers>"
#define AUTH(inner)        "<auth_results>" inner "</auth_results>"
#define SIGNED             "<domain>example.com</domain><selector>s1</selector>"
#define DKIM               "<dkim>" SIGNED "<result>pass</result></dkim>"
#define SPF                "<spf><domain>mail.example</domain><result>pass</result></spf>"
#define REC                "<record>" ROW(HOST EVALUATED(CLAIM)) FROM AUTH(DKIM SPF) "</record>"
#define FEEDBACK(inner)    "<feedback>" inner "</feedback>"
#define EMPTY_ROW          ROW("<source_ip/><count/>" EVALUATED("<disposition/><dkim/><spf/>"))
#define EMPTY_NAMES        "<identifiers><header_from/><envelope_from/></identifiers>"
#define WITH_META(inner)   FEEDBACK(METADATA(inner) POL REC)
#define WITH_POLICY(inner) FEEDBACK(META POLICY(inner) REC)
#define WITH_RECORD(inner) FEEDBACK(META POL "<record>" inner "</record>")

enum { MAX_LINES = 14 };

struct parser_case {
	const char *name;
	struct slice document;
	const char *lines[MAX_LINES]; /* the collector must hold, or with a ! must not hold */
};

static void check_case(const struct parser_case *c)
{
	struct collector collected;
	struct err e = ERR_INIT;

	collector_init(&collected);
	cr_expect(collector_parse(&collected, domains, c->document, 0, &e), "%s: %s", c->name,
		  e.what);
	for (size_t i = 0; i < MAX_LINES && c->lines[i]; i++) {
		const char *line = c->lines[i];
		bool wanted = line[0] != '!';

		cr_expect(collector_has(&collected, wanted ? line : line + 1) == wanted,
			  "%s: %s\n%s", c->name, line, buf_text(&collected.lines));
	}
	collector_release(&collected);
}

static void check_cases(const struct parser_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_case(&cases[i]);
}

#define FULL_REPORT                                                                                \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"                                           \
	"<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\">\r\n\t<version>1.0</version>\r\n"    \
	"\t<report_metadata>\r\n\t\t<org_name> Example\r\n Mail </org_name>\r\n"                   \
	"<email>dmarc@mail.example</email><extra_contact_info>a &amp; b</extra_contact_info>"      \
	"<report_id>&lt;r1@mail.example&gt;</report_id>" DAY                                       \
	"<error>one</error><error lang=\"en\">two</error><generator>gen 1</generator>"             \
	"</report_metadata>"                                                                       \
	"<policy_published><domain>Example.COM.</domain><adkim>S</adkim><aspf>relaxed</aspf>"      \
	"<p>Reject</p><sp>quarantine</sp><np>none</np><pct>50</pct><fo>0:1:d:s</fo>"               \
	"<testing>y</testing><discovery_method>treewalk</discovery_method></policy_published>"     \
	"<record><row><source_ip>2001:DB8::1</source_ip><count>3</count><policy_evaluated>"        \
	"<disposition>quarantine</disposition><dkim>fail</dkim><spf>SoftFail</spf>"                \
	"<reason><type>local_policy</type><comment>arc=pass</comment></reason>"                    \
	"<reason><type>Mailing_List</type></reason></policy_evaluated></row>"                      \
	"<identifiers><header_from>b\xc3\xbc"                                                      \
	"cher.example</header_from>"                                                               \
	"<envelope_from>&lt;bounce@Mail.Example&gt;</envelope_from>"                               \
	"<envelope_to>to.example</envelope_to></identifiers>"                                      \
	"<auth_results><dkim><domain>d1.example</domain><selector>S1</selector>"                   \
	"<result>fail</result><human_result><![CDATA[no <key>]]></human_result></dkim>"            \
	"<dkim><domain>d2.example</domain><result>unknown</result></dkim>"                         \
	"<spf><domain>mail.example</domain><scope>mfrom</scope><result>hardfail</result>"          \
	"<human_result/></spf></auth_results></record></feedback>\r\n"

#define DEEP_8   "<a><a><a><a><a><a><a><a>"
#define TOO_DEEP DEEP_8 DEEP_8 DEEP_8 DEEP_8 "<!-- -->"

Test(parser, gives_every_field)
{
	static const char want[] = "end.org_name 'Example\\x0a Mail'\n"
				   "end.email 'dmarc@mail.example'\n"
				   "end.extra_contact_info 'a & b'\n"
				   "end.report_id 'r1@mail.example'\n"
				   "end.begin 1700000000\n"
				   "end.end 1700086399\n"
				   "end.version '1.0'\n"
				   "end.generator 'gen 1'\n"
				   "end.namespace 'urn:ietf:params:xml:ns:dmarc-2.0'\n"
				   "end.error 'one'\n"
				   "end.error 'two'\n"
				   "end.policy.domain 'example.com'\n"
				   "end.policy.adkim s\n"
				   "end.policy.aspf r\n"
				   "end.policy.p reject\n"
				   "end.policy.sp quarantine\n"
				   "end.policy.np none\n"
				   "end.policy.pct 50\n"
				   "end.policy.fo '0:1:d:s'\n"
				   "end.policy.testing y\n"
				   "end.policy.discovery treewalk\n"
				   "end.raw.report_id '<r1@mail.example>'\n"
				   "end.raw.policy.domain 'Example.COM.'\n"
				   "end.raw.policy.adkim 'S'\n"
				   "end.raw.policy.aspf 'relaxed'\n"
				   "end.raw.policy.p 'Reject'\n"
				   "end.quirks rfc9990-namespace\n"
				   "end.quirks padded-text\n"
				   "end.quirks cdata\n"
				   "end.quirks empty-element\n"
				   "end.quirks org-name-spelling\n"
				   "end.quirks odd-report-id\n"
				   "end.quirks reporter-errors\n"
				   "end.quirks policy-domain-unrelated\n"
				   "end.quirks address-spelling\n"
				   "end.quirks domain-spelling\n"
				   "end.quirks envelope-spelling\n"
				   "end.quirks unknown-word\n"
				   "end.quirks legacy-word\n"
				   "end.quirks word-spelling\n"
				   "end.quirks claim-not-pass-or-fail\n"
				   "end.quirks reason-comment\n"
				   "end.quirks several-signatures\n"
				   "end.quirks no-selector\n";
	static const char want_record[] = "record[1].source_ip '2001:db8::1'\n"
					  "record[1].count 3\n"
					  "record[1].disposition quarantine\n"
					  "record[1].dkim fail\n"
					  "record[1].spf softfail\n"
					  "record[1].header_from 'xn--bcher-kva.example'\n"
					  "record[1].envelope_from 'mail.example'\n"
					  "record[1].envelope_to 'to.example'\n"
					  "record[1].reasons[0].type local_policy\n"
					  "record[1].reasons[0].comment 'arc=pass'\n"
					  "record[1].reasons[1].type mailing_list\n"
					  "record[1].reasons[1].comment -\n"
					  "record[1].dkim[0].domain 'd1.example'\n"
					  "record[1].dkim[0].selector 'S1'\n"
					  "record[1].dkim[0].result fail\n"
					  "record[1].dkim[0].human_result 'no <key>'\n"
					  "record[1].dkim[1].domain 'd2.example'\n"
					  "record[1].dkim[1].selector -\n"
					  "record[1].dkim[1].result ?'unknown'\n"
					  "record[1].dkim[1].human_result -\n"
					  "record[1].spf[0].domain 'mail.example'\n"
					  "record[1].spf[0].scope mfrom\n"
					  "record[1].spf[0].result fail\n"
					  "record[1].spf[0].human_result ''\n"
					  "record[1].aligned.dkim 0\n"
					  "record[1].aligned.spf 0\n"
					  "record[1].agreement.dkim 'agrees'\n"
					  "record[1].agreement.spf 'agrees'\n"
					  "record[1].raw.source_ip '2001:DB8::1'\n"
					  "record[1].raw.spf 'SoftFail'\n"
					  "record[1].raw.reasons[1].type 'Mailing_List'\n"
					  "record[1].raw.header_from 'b\xc3\xbc"
					  "cher.example'\n"
					  "record[1].raw.envelope_from '<bounce@Mail.Example>'\n"
					  "record[1].raw.spf[0].result 'hardfail'\n";
	struct collector c;
	struct err e = ERR_INIT;

	collector_init(&c);
	cr_assert(collector_parse(&c, domains, SLICE(FULL_REPORT), 0, &e), "%s", e.what);

	struct slice lines = buf_slice(&c.lines);

	cr_expect(slice_contains_icase(lines, slice_from(want_record)), "records:\n%s", c.lines.p);
	cr_expect(slice_ends_with(lines, slice_from(want)), "end:\n%s", c.lines.p);
	collector_release(&c);
}

Test(parser, takes_xml_as_it_comes)
{
	static const struct parser_case cases[] = {
		{ "no declaration",
		  BYTES(FEEDBACK(META POL REC)),
		  { "end.namespace -", "end.version -", "record[1].count 2",
		    "end.policy.p none" } },
		{ "byte order mark",
		  BYTES("\xef\xbb\xbf" FEEDBACK(META POL REC)),
		  { "record[1].count 2", "!end.quirks stray-text" } },
		{ "a comment and blank lines before the root",
		  BYTES("<?xml version='1.0'?>\n<!-- c -->\n\n" FEEDBACK(META POL REC)),
		  { "record[1].count 2" } },
		{ "no report is without oddities that is without oddities",
		  BYTES(FEEDBACK(META POL REC)),
		  { "end.policy.pct -1", "!end.quirks unknown-element", "!end.quirks stray-text",
		    "!end.quirks odd-timestamp", "!end.quirks no-records", "!end.quirks bad-domain",
		    "!end.quirks unknown-word", "!end.quirks empty-result",
		    "!end.quirks no-org-name", "!end.quirks trailing-content",
		    "!end.quirks repeated-element" } },
		{ "latin-1 as declared",
		  BYTES("<?xml version='1.0' encoding='ISO-8859-1'?>" WITH_META(
			  "<org_name>M\xfcller</org_name>" DAY)),
		  { "end.org_name 'M\xc3\xbcller'" } },
		{ "windows-1252 as declared",
		  BYTES("<?xml version='1.0' encoding='windows-1252'?>" WITH_META(
			  "<org_name>\x80</org_name>" DAY)),
		  { "end.org_name '\xe2\x82\xac'" } },
		{ "an old namespace with a prefix",
		  BYTES("<n:feedback xmlns:n='http://dmarc.org/dmarc-xml/0.1'><n:version>0.1</n:version>" META
				POL REC "</n:feedback>"),
		  { "end.namespace 'http://dmarc.org/dmarc-xml/0.1'", "end.version '0.1'",
		    "record[1].count 2" } },
		{ "attributes everywhere",
		  BYTES("<feedback xmlns:xsi='urn:x' xsi:a='1' b='2'>" META POL
			"<record c='3'><row><source_ip d='4'>192.0.2.9</source_ip></row></record>"
			"</feedback>"),
		  { "record[1].source_ip '192.0.2.9'" } },
		{ "an unknown element, its text and its children",
		  BYTES(WITH_RECORD("<row><extra>9<count>7</count></extra><count>5</count></row>")),
		  { "record[1].count 5", "end.quirks unknown-element", "!end.quirks stray-text",
		    "!end.quirks repeated-element" } },
		{ "an extension with our names in a namespace of its own",
		  BYTES("<feedback xmlns='urn:ietf:params:xml:ns:dmarc-2.0'>" META POL
			"<record><row><x:count xmlns:x='urn:x'>7</x:count><count>5</count></row></record>"
			"<e xmlns='urn:y'><record/></e></feedback>"),
		  { "record[1].count 5", "!end.quirks unknown-element", "!record[2].count 0",
		    "!end.quirks repeated-element" } },
		{ "CDATA, references and text in pieces",
		  BYTES(WITH_META(
			  "<org_name>a<![CDATA[<b>]]>&amp;&#x63;<!-- no -->d<?no no?>e</org_name>" DAY)),
		  { "end.org_name 'a<b>&cde'" } },
		{ "an element inside a value",
		  BYTES(WITH_META("<email>a<b>c<org_name>d</org_name></b>e</email>" DAY)),
		  { "end.email 'acde'", "end.org_name 'unknown'", "end.quirks no-org-name",
		    "end.quirks unknown-element" } },
		{ "stray text",
		  BYTES(FEEDBACK(META POL "11" REC)),
		  { "record[1].count 2", "end.quirks stray-text" } },
		{ "CRLF in a value",
		  BYTES(WITH_META("<org_name>a\r\nb\rc</org_name>" DAY)),
		  { "end.org_name 'a\\x0ab\\x0ac'" } },
		{ "something behind the root",
		  BYTES(FEEDBACK(META POL REC) "<feedback/>"),
		  { "record[1].count 2", "end.quirks trailing-content" } },
		{ "NULs behind the root",
		  BYTES(FEEDBACK(META POL REC) "\0\0"),
		  { "record[1].count 2", "end.quirks trailing-content" } },
		{ "blanks and a comment behind the root",
		  BYTES(FEEDBACK(META POL REC) "\r\n<!-- c -->\n"),
		  { "record[1].count 2", "!end.quirks trailing-content" } },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(parser, takes_elements_in_any_order)
{
	static const struct parser_case cases[] = {
		{ "records first",
		  BYTES(FEEDBACK(REC REC POL META)),
		  { "begin.org_name 'Example Mail'", "record[1].count 2", "record[2].count 2",
		    "record[2].dkim[0].selector 's1'", "record[2].aligned.dkim 1",
		    "record[1].agreement.spf 'agrees'", "end.quirks record-before-metadata" } },
		{ "records before the policy",
		  BYTES(FEEDBACK(META REC POL REC)),
		  { "record[1].aligned.dkim 1", "record[2].aligned.dkim 1", "begin.policy.p none",
		    "end.quirks record-before-metadata" } },
		{ "policy first",
		  BYTES(FEEDBACK(POL META REC)),
		  { "record[1].count 2", "!end.quirks record-before-metadata" } },
		{ "a record turned round",
		  BYTES(WITH_RECORD(AUTH(SPF DKIM) FROM ROW(
			  EVALUATED("<spf>fail</spf><dkim>pass</dkim>") HOST))),
		  { "record[1].count 2", "record[1].dkim pass",
		    "record[1].dkim[0].domain 'example.com'", "record[1].header_from 'example.com'",
		    "record[1].agreement.dkim 'agrees'" } },
		{ "metadata turned round",
		  BYTES(WITH_META(
			  "<date_range><end>1700086399</end><begin>1700000000</begin></date_range>"
			  "<report_id>r1</report_id>" NAMES)),
		  { "end.begin 1700000000", "end.report_id 'r1'" } },
		{ "records before it keep their own values",
		  BYTES(FEEDBACK(
			  "<record><row><source_ip>192.0.2.7</source_ip><count>x</count>"
			  "<policy_evaluated><reason><type>A1</type></reason></policy_evaluated></row></record>"
			  "<record><row><source_ip>192.0.2.8</source_ip><count>y</count>"
			  "<policy_evaluated><reason><type>A2</type></reason></policy_evaluated></row></record>" META
				  POL)),
		  { "record[1].source_ip '192.0.2.7'", "record[1].raw.count 'x'",
		    "record[1].reasons[0].type ?'a1'", "record[1].raw.reasons[0].type 'A1'",
		    "record[2].source_ip '192.0.2.8'", "record[2].raw.count 'y'",
		    "record[2].reasons[0].type ?'a2'" } },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(parser, takes_the_first_of_repeated_elements)
{
	static const struct parser_case cases[] = {
		{ "a leaf",
		  BYTES(WITH_RECORD(ROW("<count>1</count><count>2</count>"))),
		  { "record[1].count 1", "end.quirks repeated-element" } },
		{ "the first is empty",
		  BYTES(WITH_POLICY("<domain>example.com</domain><p/><p>reject</p>")),
		  { "end.policy.p -", "end.quirks repeated-element" } },
		{ "each record has its own",
		  BYTES(FEEDBACK(META POL "<record><row><count>1</count></row></record>"
					  "<record><row><count>2</count></row></record>")),
		  { "record[1].count 1", "record[2].count 2", "!end.quirks repeated-element" } },
		{ "each signature has its own",
		  BYTES(WITH_RECORD(AUTH(DKIM DKIM SPF SPF))),
		  { "record[1].dkim[1].domain 'example.com'", "record[1].spf[1].result pass",
		    "!end.quirks repeated-element" } },
		{ "nothing is left of the record before",
		  BYTES(FEEDBACK(META POL REC "<record/>")),
		  { "record[2].source_ip ''", "record[2].count 0", "record[2].dkim -",
		    "record[2].header_from -", "record[2].aligned.dkim 0",
		    "record[2].agreement.dkim 'none'", "end.quirks no-policy-evaluated",
		    "!record[2].dkim[0].domain 'example.com'", "!end.quirks repeated-element" } },
		{ "nothing is left of the signature before",
		  BYTES(WITH_RECORD(AUTH(DKIM "<dkim/>" SPF "<spf/>"))),
		  { "record[1].dkim[1].domain -", "record[1].dkim[1].selector -",
		    "record[1].dkim[1].result -", "record[1].spf[1].domain -" } },
		{ "a policy after the records it would change",
		  BYTES(FEEDBACK(
			  META POL REC POLICY("<domain>example.org</domain><adkim>s</adkim>"))),
		  { "end.policy.domain 'example.com'", "end.policy.adkim -",
		    "end.quirks repeated-element" } },
		{ "metadata after the report has begun",
		  BYTES(FEEDBACK(METADATA("<email>a@b.example</email>" DAY) POL REC META)),
		  { "end.org_name 'b.example'", "end.report_id -",
		    "end.quirks repeated-element" } },
		{ "two spellings of the identifiers",
		  BYTES(WITH_RECORD(
			  FROM "<identities><header_from>b.example</header_from></identities>")),
		  { "record[1].header_from 'example.com'", "end.quirks repeated-element",
		    "end.quirks identities-alias" } },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(parser, takes_the_oddities_of_metadata)
{
	static const struct parser_case cases[] = {
		{ "no organisation: the e-mail's domain",
		  BYTES(WITH_META("<org_name> </org_name><email>a@mail.example</email>" DAY)),
		  { "begin.org_name 'mail.example'", "end.quirks no-org-name" } },
		{ "neither",
		  BYTES(WITH_META(DAY)),
		  { "begin.org_name 'unknown'", "begin.email -", "end.quirks no-org-name",
		    "end.quirks no-report-id" } },
		{ "an e-mail that is none",
		  BYTES(WITH_META("<email>somebody</email>" DAY)),
		  { "begin.org_name 'unknown'", "end.email 'somebody'" } },
		{ "an identifier that is only brackets",
		  BYTES(WITH_META("<report_id>&lt;&gt;</report_id>" DAY)),
		  { "end.report_id ''", "end.raw.report_id '<>'", "end.quirks no-report-id" } },
		{ "one bracket is part of the name",
		  BYTES(WITH_META("<report_id>&lt;a$b=c@d</report_id>" DAY)),
		  { "end.report_id '<a$b=c@d'", "!end.raw.report_id '<a$b=c@d'" } },
		{ "fractions of seconds",
		  BYTES(WITH_META(RANGE("1700000000.25", "1700086399."))),
		  { "end.begin 1700000000", "end.end 1700086399", "end.raw.begin '1700000000.25'",
		    "end.quirks odd-timestamp" } },
		{ "blanks around",
		  BYTES(WITH_META(RANGE("\n1700000000 ", "\t1700086399"))),
		  { "end.begin 1700000000", "end.end 1700086399", "!end.quirks odd-timestamp" } },
		{ "milliseconds",
		  BYTES(WITH_META(RANGE("1700000000999", "1700086399000"))),
		  { "end.begin 1700000000", "end.end 1700086399", "end.raw.end '1700086399000'",
		    "end.quirks odd-timestamp" } },
		{ "the largest seconds",
		  BYTES(WITH_META(RANGE("1700000000", "100000000000"))),
		  { "end.end 100000000000", "end.quirks long-period",
		    "!end.quirks odd-timestamp" } },
		{ "ISO 8601",
		  BYTES(WITH_META(RANGE("2023-11-14T22:13:20Z", "2023-11-15"))),
		  { "end.begin 1700000000", "end.end 1700006400", "end.quirks odd-timestamp" } },
		{ "no time at all",
		  BYTES(WITH_META(RANGE("1700000000", "1700000000"))),
		  { "end.quirks empty-period", "!end.quirks long-period" } },
		{ "26 hours",
		  BYTES(WITH_META(RANGE("1700000000", "1700093600"))),
		  { "end.end 1700093600", "!end.quirks long-period", "!end.quirks empty-period" } },
		{ "a second more",
		  BYTES(WITH_META(RANGE("1700000000", "1700093601"))),
		  { "end.quirks long-period" } },
		{ "the first day",
		  BYTES(WITH_META(RANGE("1325376000", "1325376001"))),
		  { "end.begin 1325376000" } },
		{ "the year 9999",
		  BYTES(WITH_META(RANGE("1700000000", "9999-12-31T23:59:59Z"))),
		  { "end.end 253402300799" } },
		{ "an empty error",
		  BYTES(WITH_META("<error/><error> x </error>" DAY)),
		  { "end.error 'x'", "!end.error ''" } },
		{ "no records",
		  BYTES(FEEDBACK(META POL)),
		  { "begin.org_name 'Example Mail'", "end.quirks no-records" } },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(parser, takes_the_oddities_of_policies)
{
	static const struct parser_case cases[] = {
		{ "nothing but the domain",
		  BYTES(WITH_POLICY("<domain>example.com</domain>")),
		  { "end.policy.p -", "end.policy.sp -", "end.policy.np -", "end.policy.adkim -",
		    "end.policy.pct -1", "end.policy.fo -", "end.policy.testing -" } },
		{ "odd words",
		  BYTES(WITH_POLICY("<domain>example.com</domain><p>Block</p><sp>nil</sp>"
				    "<adkim>x</adkim><testing>maybe</testing>")),
		  { "end.policy.p ?'block'", "end.raw.policy.p 'Block'", "end.policy.sp ?'nil'",
		    "end.policy.adkim ?'x'", "end.policy.testing ?'maybe'",
		    "end.quirks unknown-word", "!end.raw.policy.sp 'nil'" } },
		{ "empty elements",
		  BYTES(WITH_POLICY("<domain>example.com</domain><p> </p><sp/><pct></pct><fo/>")),
		  { "end.policy.p -", "end.policy.sp -", "end.policy.pct -1", "end.policy.fo ''",
		    "!end.quirks unknown-word", "!end.raw.policy.pct ''" } },
		{ "no percent",
		  BYTES(WITH_POLICY("<domain>example.com</domain><pct>0</pct>")),
		  { "end.policy.pct 0" } },
		{ "all of them",
		  BYTES(WITH_POLICY("<domain>example.com</domain><pct> 100 </pct>")),
		  { "end.policy.pct 100" } },
		{ "more than all",
		  BYTES(WITH_POLICY("<domain>example.com</domain><pct>101</pct>")),
		  { "end.policy.pct -1", "end.raw.policy.pct '101'", "end.quirks unknown-word" } },
		{ "percent with its sign",
		  BYTES(WITH_POLICY("<domain>example.com</domain><pct>50%</pct>")),
		  { "end.policy.pct -1", "end.raw.policy.pct '50%'" } },
		{ "a domain that is none",
		  BYTES(WITH_POLICY("<domain>Exam ple</domain>")),
		  { "end.policy.domain 'exam ple'", "end.raw.policy.domain 'Exam ple'",
		    "end.quirks bad-domain" } },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(parser, takes_the_oddities_of_records)
{
	static const struct parser_case cases[] = {
		{ "empty",
		  BYTES(WITH_RECORD("")),
		  { "record[1].source_ip ''", "record[1].count 0", "record[1].header_from -",
		    "end.quirks no-address", "end.quirks no-header-from",
		    "end.quirks no-auth-results", "end.quirks no-policy-evaluated",
		    "!end.quirks bad-address", "end.quirks bad-count" } },
		{ "empty leaves",
		  BYTES(WITH_RECORD(EMPTY_ROW EMPTY_NAMES AUTH(""))),
		  { "record[1].source_ip ''", "record[1].disposition -", "record[1].dkim -",
		    "record[1].header_from -", "record[1].envelope_from ''",
		    "record[1].envelope_to -", "end.quirks bad-count", "end.quirks no-header-from",
		    "end.quirks no-address", "end.quirks no-auth-results",
		    "!end.quirks bad-address", "!end.quirks bad-domain",
		    "!end.quirks no-policy-evaluated" } },
		{ "an address that is none",
		  BYTES(WITH_RECORD(ROW("<source_ip>host</source_ip>"))),
		  { "record[1].source_ip ''", "record[1].raw.source_ip 'host'",
		    "end.quirks bad-address", "end.quirks no-address" } },
		{ "IPv4 in IPv6",
		  BYTES(WITH_RECORD(ROW("<source_ip>::ffff:192.0.2.1</source_ip>"))),
		  { "record[1].source_ip '192.0.2.1'", "record[1].raw.source_ip '::ffff:192.0.2.1'",
		    "!end.quirks no-address" } },
		{ "no count",
		  BYTES(WITH_RECORD(ROW("<count>0</count>"))),
		  { "record[1].count 0", "!end.quirks bad-count" } },
		{ "a count that is none",
		  BYTES(WITH_RECORD(ROW("<count>-1</count>"))),
		  { "record[1].count 0", "record[1].raw.count '-1'", "end.quirks bad-count" } },
		{ "odd dispositions",
		  BYTES(WITH_RECORD(
			  ROW(EVALUATED("<disposition>Delivered</disposition>"
					"<dkim>not.evaluated</dkim><spf>hardfail</spf>")))),
		  { "record[1].disposition ?'delivered'", "record[1].dkim ?'not.evaluated'",
		    "record[1].spf fail", "end.quirks unknown-word", "end.quirks legacy-word" } },
		{ "disposition pass",
		  BYTES(WITH_RECORD(ROW(EVALUATED("<disposition>pass</disposition>")))),
		  { "record[1].disposition pass", "!end.quirks unknown-word" } },
		{ "bare, empty and half reasons",
		  BYTES(WITH_RECORD(ROW(EVALUATED("<reason> Sampled_Out </reason><reason/>"
						  "<reason><comment>c</comment></reason>"
						  "<reason>t<comment>c</comment></reason>"
						  "<reason>no<type>other</type></reason>")))),
		  { "record[1].reasons[0].type sampled_out", "record[1].reasons[1].type -",
		    "record[1].reasons[2].type -", "record[1].reasons[2].comment 'c'",
		    "record[1].reasons[3].type ?'t'", "record[1].reasons[3].comment 'c'",
		    "record[1].reasons[4].type other", "end.quirks reason-text",
		    "record[1].raw.reasons[0].type 'Sampled_Out'" } },
		{ "an empty reason",
		  BYTES(WITH_RECORD(ROW(EVALUATED("<reason> </reason>")))),
		  { "record[1].reasons[0].type -", "!end.quirks reason-text" } },
		{ "identities for identifiers",
		  BYTES(WITH_RECORD(
			  "<identities><header_from>a.example</header_from></identities>")),
		  { "record[1].header_from 'a.example'", "end.quirks identities-alias" } },
		{ "envelope senders of all kinds",
		  BYTES(FEEDBACK(
			  META POL
			  "<record><identifiers><envelope_from>&lt;&gt;</envelope_from></identifiers></record>"
			  "<record><identifiers><envelope_from>a@b@C.example</envelope_from></identifiers>"
			  "</record>"
			  "<record><identifiers><envelope_from>c.example</envelope_from></identifiers></record>"
			  "<record><identifiers><envelope_from>a@</envelope_from></identifiers></record>")),
		  { "record[1].envelope_from ''", "record[1].raw.envelope_from '<>'",
		    "record[2].envelope_from 'c.example'",
		    "record[2].raw.envelope_from 'a@b@C.example'",
		    "record[3].envelope_from 'c.example'", "record[4].envelope_from ''",
		    "!record[3].raw.envelope_from 'c.example'", "!end.quirks bad-domain" } },
		{ "an address for a From domain",
		  BYTES(WITH_RECORD(
			  "<identifiers><header_from>a@b.example</header_from></identifiers>")),
		  { "record[1].header_from 'a@b.example'", "end.quirks bad-domain" } },
		{ "empty results",
		  BYTES(WITH_RECORD(AUTH("<dkim/><dkim><domain/><result/></dkim>"
					 "<spf><result>pass</result></spf>"))),
		  { "record[1].dkim[0].domain -", "record[1].dkim[1].domain -",
		    "record[1].spf[0].result pass", "end.quirks empty-result",
		    "!end.quirks no-auth-results" } },
		{ "a result without a word",
		  BYTES(WITH_RECORD(AUTH("<spf><domain>a.example</domain></spf>"))),
		  { "end.quirks empty-result" } },
		{ "complete results",
		  BYTES(WITH_RECORD(AUTH(DKIM SPF))),
		  { "record[1].spf[0].scope -", "!end.quirks empty-result" } },
		{ "only spf",
		  BYTES(WITH_RECORD(AUTH(SPF))),
		  { "record[1].spf[0].result pass", "!end.quirks no-auth-results" } },
		{ "a claim without support",
		  BYTES(WITH_RECORD(ROW(EVALUATED("<dkim>pass</dkim>")) FROM)),
		  { "record[1].agreement.dkim 'unsupported'", "end.quirks claim-unsupported",
		    "!end.quirks claim-contradicted" } },
		{ "a claim of spf without support",
		  BYTES(WITH_RECORD(ROW(EVALUATED("<spf>pass</spf>")) FROM)),
		  { "record[1].agreement.spf 'unsupported'", "end.quirks claim-unsupported" } },
		{ "a claim contradicted",
		  BYTES(WITH_RECORD(ROW(EVALUATED("<spf>pass</spf>")) FROM AUTH(SPF))),
		  { "record[1].agreement.spf 'contradicts'", "end.quirks claim-contradicted",
		    "!end.quirks claim-unsupported" } },
		{ "a claim of dkim contradicted",
		  BYTES(WITH_RECORD(ROW(EVALUATED("<dkim>fail</dkim>")) FROM AUTH(DKIM))),
		  { "record[1].aligned.dkim 1", "record[1].agreement.dkim 'contradicts'",
		    "end.quirks claim-contradicted" } },
	};

	check_cases(cases, COUNT_OF(cases));
}

Test(parser, refuses_what_is_no_report)
{
	static const struct {
		const char *name;
		struct slice document;
		enum err_kind kind;
		const char *what; /* how it begins */
		const char *where;
	} cases[] = {
		{ "nothing", BYTES(""), ERR_INPUT, "the document ends before its report does",
		  "line 1" },
		{ "blanks", BYTES(" \n\n"), ERR_INPUT, "the document ends before its report does",
		  "line 1" },
		{ "text", BYTES("unused"), ERR_INPUT, "not well-formed XML", "line 1" },
		{ "a NUL", BYTES("<feedback>\0</feedback>"), ERR_INPUT, "not well-formed XML",
		  "line 1" },
		{ "HTML", BYTES("<html><body>x</body></html>"), ERR_INPUT,
		  "not an aggregate report: its root element is <html>", "line 1" },
		{ "another case", BYTES("<Feedback/>"), ERR_INPUT,
		  "not an aggregate report: its root element is <Feedback>", "line 1" },
		{ "a bare ampersand",
		  BYTES(FEEDBACK("\n" METADATA("<org_name>\na & b</org_name>"))), ERR_INPUT,
		  "not well-formed XML", "line 3" },
		{ "an entity that is not declared", BYTES(FEEDBACK("&a;")), ERR_INPUT,
		  "not well-formed XML", "line 1" },
		{ "invalid UTF-8", BYTES(FEEDBACK("\xff")), ERR_INPUT, "not well-formed XML",
		  "line 1" },
		{ "elements that cross", BYTES(FEEDBACK("<record></row></record>")), ERR_INPUT,
		  "not well-formed XML", "line 1" },
		{ "a DOCTYPE", BYTES("<!DOCTYPE feedback>" FEEDBACK(META POL REC)), ERR_INPUT,
		  "it has a DOCTYPE, which no report has: refused", "line 1" },
		{ "an external DTD",
		  BYTES("<!DOCTYPE feedback SYSTEM 'file:///etc/passwd'>" FEEDBACK("")), ERR_INPUT,
		  "it has a DOCTYPE, which no report has: refused", "line 1" },
		{ "an entity bomb",
		  BYTES("<?xml version='1.0'?>\n<!DOCTYPE feedback [<!ENTITY a 'aaaaaaaaaa'>"
			"<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]>" FEEDBACK(
				"&c;&c;&c;")),
		  ERR_INPUT, "it has a DOCTYPE, which no report has: refused", "line 2" },
		{ "no metadata", BYTES(FEEDBACK(POL REC)), ERR_INPUT,
		  "the report has no <report_metadata>", "" },
		{ "no policy", BYTES(FEEDBACK(META REC)), ERR_INPUT,
		  "the report names no domain in <policy_published>", "" },
		{ "no policy domain", BYTES(FEEDBACK(META POLICY("<p>none</p>") REC)), ERR_INPUT,
		  "the report names no domain in <policy_published>", NULL },
		{ "an empty policy domain", BYTES(FEEDBACK(META POLICY("<domain> </domain>"))),
		  ERR_INPUT, "the report names no domain in <policy_published>", "" },
		{ "no period", BYTES(FEEDBACK(METADATA(NAMES) POL REC)), ERR_DATE,
		  "no report can be of this period: 1970-01-01T00:00:00Z to 1970-01-01T00:00:00Z",
		  "" },
		{ "a period that is none", BYTES(WITH_META(RANGE("soon", "later"))), ERR_DATE,
		  "no report can be of this period: 1970-01-01T00:00:00Z to 1970-01-01T00:00:00Z",
		  "" },
		{ "before 2012", BYTES(WITH_META(RANGE("1325375999", "1325376000"))), ERR_DATE,
		  "no report can be of this period: 2011-12-31T23:59:59Z to 2012-01-01T00:00:00Z",
		  "" },
		{ "after the year 9999", BYTES(WITH_META(RANGE("1700000000", "253402300800000"))),
		  ERR_DATE, "no report can be of this period: 2023-11-14T22:13:20Z to -", "" },
		{ "the smallest number",
		  BYTES(WITH_META(RANGE("-9223372036854775808", "9223372036854775807"))), ERR_DATE,
		  "no report can be of this period: - to -", "" },
		{ "1969", BYTES(WITH_META(RANGE("-1", "1700000000"))), ERR_DATE,
		  "no report can be of this period: 1969-12-31T23:59:59Z to ", "" },
		{ "backwards", BYTES(WITH_META(RANGE("1700000001", "1700000000"))), ERR_DATE,
		  "the period ends before it begins: 2023-11-14T22:13:21Z to 2023-11-14T22:13:20Z",
		  "" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct collector c;
		struct err e = ERR_INIT;

		collector_init(&c);
		cr_expect(!collector_parse(&c, domains, cases[i].document, 0, &e), "%s",
			  cases[i].name);
		EXPECT_TEXT(slice_from(err_kind_text(e.kind)), err_kind_text(cases[i].kind),
			    cases[i].name);
		cr_expect(slice_starts_with(slice_from(e.what), slice_from(cases[i].what)),
			  "%s: %s", cases[i].name, e.what);
		if (cases[i].where)
			EXPECT_TEXT(slice_from(e.where), cases[i].where, cases[i].name);
		EXPECT_INT(c.begun + c.records + c.ended + c.aborted, 0, cases[i].name);
		collector_release(&c);
	}
}

Test(parser, does_the_same_however_the_bytes_come)
{
	static const struct slice documents[] = {
		BYTES(FULL_REPORT),
		BYTES("\xef\xbb\xbf" FEEDBACK(REC META "x" POL REC "<a/>") " \n<!-- c --> \r\n"),
		BYTES(FEEDBACK(META POL REC) "\n<!-- c -->\n<feedback/>"),
		BYTES(FEEDBACK(META POL REC) "\0"),
		BYTES("<?xml version='1.0' encoding='ISO-8859-1'?>" WITH_META(
			"<org_name>M\xfcller\r\n&amp; S\xf6hne</org_name>" DAY)),
		BYTES(WITH_META(
			"<org_name>\xe2\x82\xac\xf0\x9f\x98\x80<![CDATA[\xc3\xa4]]]>&#x20ac;</org_name>" DAY)),
	};
	static const size_t pieces[] = { 1, 2, 3, 7, 64, 255 };

	for (size_t i = 0; i < COUNT_OF(documents); i++) {
		struct collector whole;
		struct err e = ERR_INIT;

		collector_init(&whole);
		cr_assert(collector_parse(&whole, domains, documents[i], 0, &e), "%zu: %s", i,
			  e.what);
		for (size_t j = 0; j < COUNT_OF(pieces); j++) {
			struct collector c;

			collector_init(&c);
			cr_expect(collector_parse(&c, domains, documents[i], pieces[j], &e),
				  "%zu: %s", i, e.what);
			cr_expect_str_eq(buf_text(&c.lines), buf_text(&whole.lines),
					 "document %zu in pieces of %zu", i, pieces[j]);
			collector_release(&c);
		}
		collector_release(&whole);
	}
}

/* Each character of ASCII text as two bytes, and the mark that says in which order. */
static void append_utf16(struct buf *b, struct slice text, bool big_endian)
{
	buf_append(b, big_endian ? SLICE("\xfe\xff") : SLICE("\xff\xfe"));
	for (size_t i = 0; i < text.n; i++) {
		buf_append_byte(b, big_endian ? '\0' : text.p[i]);
		buf_append_byte(b, big_endian ? text.p[i] : '\0');
	}
}

Test(parser, reads_utf16)
{
	const struct slice text = SLICE(
		"<?xml version='1.0' encoding='UTF-16'?>" FEEDBACK(META POL REC) "\n<!-- c -->\n");

	for (size_t way = 0; way < 4; way++) {
		SCOPED(buf) struct buf document = { 0 };
		struct collector c;
		struct err e = ERR_INIT;

		append_utf16(&document, text, way % 2);
		collector_init(&c);
		cr_expect(collector_parse(&c, domains, buf_slice(&document), way / 2, &e),
			  "way %zu: %s", way, e.what);
		cr_expect(collector_has(&c, "begin.org_name 'Example Mail'"), "way %zu", way);
		cr_expect(collector_has(&c, "record[1].count 2"), "way %zu", way);
		cr_expect(!collector_has(&c, "end.quirks trailing-content"), "way %zu", way);
		collector_release(&c);
	}
}

Test(parser, keeps_whole_records_at_each_truncation)
{
	const struct slice whole = SLICE(FEEDBACK(META POL REC REC));

	for (size_t n = 0; n < whole.n; n++) {
		for (size_t piece = 0; piece < 2; piece++) {
			struct collector c;
			struct err e = ERR_INIT;

			collector_init(&c);
			if (collector_parse(&c, domains, slice_prefix(whole, n), piece, &e)) {
				cr_assert(c.ended == 1 && c.records > 0, "%zu bytes", n);
				cr_assert(collector_has(&c, "end.quirks truncated"), "%zu bytes",
					  n);
			} else {
				cr_assert(e.kind == ERR_INPUT && e.what[0] != '\0', "%zu bytes", n);
				cr_assert(c.ended == 0 && c.aborted == c.begun, "%zu bytes", n);
				cr_assert(c.records == 0, "%zu bytes", n);
			}
			collector_release(&c);
		}
	}
}

/* What cannot be mended: the sink learns that what it was given does not count. */
Test(parser, gives_the_records_before_a_fault)
{
	struct collector c;
	struct err e = ERR_INIT;

	collector_init(&c);
	cr_expect(!collector_parse(&c, domains, SLICE(FEEDBACK(META POL REC REC TOO_DEEP)), 0, &e));
	EXPECT_INT(c.records, 2, "records");
	EXPECT_INT(c.aborted, 1, "aborted");
	cr_expect(collector_has(&c, "abort limit"));
	collector_release(&c);
}

/* The records before the fault are not given twice, and those behind it are not lost. */
Test(parser, goes_on_behind_a_fault_that_it_mends)
{
	static const struct {
		struct slice document;
		unsigned records, passes;
	} cases[] = {
		{ BYTES(FEEDBACK("<a>&</a>" META POL REC REC)), 2, 2 },
		{ BYTES(FEEDBACK(META POL "<a>&</a>" REC REC)), 2, 2 },
		{ BYTES(FEEDBACK(META POL REC "<a>&</a>" REC)), 2, 2 },
		{ BYTES(FEEDBACK(META POL REC REC "\n<a>&</a>")), 2, 2 },
		{ BYTES(FEEDBACK(META POL "\n" REC "\n" REC
					  "\n<record><row><count>& 3</count></row></record>" REC)),
		  4, 2 },
		{ BYTES(FEEDBACK(REC POL META "<a>&</a>")), 1, 3 },
		{ BYTES(FEEDBACK(REC POL REC META REC)), 3, 2 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (size_t piece = 0; piece < 2; piece++) {
			struct collector c;
			struct err e = ERR_INIT;

			collector_init(&c);
			cr_expect(collector_parse(&c, domains, cases[i].document, piece, &e),
				  "case %zu: %s", i, e.what);
			EXPECT_INT(c.records, cases[i].records, "records");
			EXPECT_INT(c.passes, cases[i].passes, "passes");
			EXPECT_INT(c.begun + c.ended, 2, "one report");
			collector_release(&c);
		}
	}
}

/* A file may change between two passes: that must not give a mixture of both. */
Test(parser, refuses_a_document_that_differs_when_it_is_read_again)
{
	struct collector c;
	struct err e = ERR_INIT;
	struct parser *p;

	collector_init(&c);
	p = parser_new(domains, &c.sink);
	cr_assert(parser_push(p, SLICE(FEEDBACK(META POL REC REC "<a>&</a>")), &e));
	cr_assert(parser_finish(p, &e) == PARSER_AGAIN);
	EXPECT_INT(c.records, 2, "fed");
	cr_expect(!parser_push(p, SLICE("\n" FEEDBACK(META POL REC REC)), &e) ||
		  parser_finish(p, &e) == PARSER_FAILED);
	EXPECT_INT(e.kind, ERR_INPUT, "kind");
	EXPECT_INT(c.aborted, 1, "aborted");
	EXPECT_INT(c.ended, 0, "ended");
	parser_free(p);
	collector_release(&c);
}

/* What cannot be mended is told by the fault it has, not by what was missing in the end. */
Test(parser, tells_the_first_fault_of_what_it_cannot_mend)
{
	static const struct {
		struct slice document;
		enum err_kind kind;
		const char *what, *where;
	} cases[] = {
		{ BYTES(FEEDBACK("\n<a>&</a>" POL REC)), ERR_INPUT, "not well-formed XML",
		  "line 2" },
		{ BYTES(FEEDBACK(METADATA("<email>&</email>\n") POL REC)), ERR_INPUT,
		  "not well-formed XML", "line 1" },
		{ BYTES("<a>\n<b>&</b></a>"), ERR_INPUT, "not an aggregate report", "line 1" },
		{ BYTES(FEEDBACK("&\n<b/><!DOCTYPE a>" META POL)), ERR_INPUT, "it has a DOCTYPE",
		  "line 2" },
		{ BYTES(FEEDBACK("&\n" TOO_DEEP)), ERR_LIMIT, "elements are nested too deep",
		  "line 2" },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct collector c;
		struct err e = ERR_INIT;

		collector_init(&c);
		cr_expect(!collector_parse(&c, domains, cases[i].document, 0, &e), "case %zu", i);
		EXPECT_INT(e.kind, cases[i].kind, cases[i].what);
		cr_expect(slice_starts_with(slice_from(e.what), slice_from(cases[i].what)),
			  "%zu: %s", i, e.what);
		cr_expect_str_eq(e.where, cases[i].where, "%s: %s", e.what, e.where);
		collector_release(&c);
	}
}

Test(parser, ends_when_its_sink_fails)
{
	static const struct {
		const char *name;
		enum collector_call fail_in;
		unsigned fail_record;
		struct slice document;
		unsigned begun, records, ended, aborted;
	} cases[] = {
		{ "begin", COLLECTOR_BEGIN, 0, BYTES(FEEDBACK(META POL REC REC)), 1, 0, 0, 0 },
		{ "begin at the end", COLLECTOR_BEGIN, 0, BYTES(FEEDBACK(META POL)), 1, 0, 0, 0 },
		{ "first record", COLLECTOR_RECORD, 1, BYTES(FEEDBACK(META POL REC REC)), 1, 1, 0,
		  1 },
		{ "second record", COLLECTOR_RECORD, 2, BYTES(FEEDBACK(META POL REC REC)), 1, 2, 0,
		  1 },
		{ "second of those before the metadata", COLLECTOR_RECORD, 2,
		  BYTES(FEEDBACK(REC REC REC META POL)), 1, 2, 0, 1 },
		{ "before the metadata, and one behind", COLLECTOR_RECORD, 1,
		  BYTES(FEEDBACK(REC META POL REC)), 1, 1, 0, 1 },
		{ "end", COLLECTOR_END, 0, BYTES(FEEDBACK(META POL REC)), 1, 1, 1, 1 },
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		for (size_t piece = 0; piece < 2; piece++) {
			struct collector c;
			struct err e = ERR_INIT;

			collector_init(&c);
			c.fail_in = cases[i].fail_in;
			c.fail_record = cases[i].fail_record;
			cr_expect(!collector_parse(&c, domains, cases[i].document, piece, &e), "%s",
				  cases[i].name);
			EXPECT_INT(e.kind, ERR_OUTPUT, cases[i].name);
			cr_expect_str_eq(e.what, "the collector was told to fail");
			cr_expect_str_eq(e.where, "", "another's error has no line of ours");
			EXPECT_INT(c.begun, cases[i].begun, cases[i].name);
			EXPECT_INT(c.records, cases[i].records, cases[i].name);
			EXPECT_INT(c.ended, cases[i].ended, cases[i].name);
			EXPECT_INT(c.aborted, cases[i].aborted, cases[i].name);
			collector_release(&c);
		}
	}
}

Test(parser, stays_failed)
{
	struct collector c;
	struct err first = ERR_INIT, again = ERR_INIT, last = ERR_INIT;
	struct parser *p;

	collector_init(&c);
	p = parser_new(domains, &c.sink);
	cr_assert(parser_push(p, SLICE("<feedback>" META POL REC REC), &first));
	EXPECT_INT(first.kind, ERR_NONE, "untouched on success");
	cr_expect(!parser_push(p, SLICE("\n" TOO_DEEP), &first));
	cr_expect(!parser_push(p, SLICE("</feedback>"), &again));
	cr_expect(parser_finish(p, &last) == PARSER_FAILED);
	cr_expect_str_eq(again.what, first.what);
	cr_expect_str_eq(last.what, first.what);
	cr_expect_str_eq(first.where, "line 2");
	EXPECT_INT(c.aborted, 1, "told once");
	parser_free(p);
	parser_free(NULL);
	collector_release(&c);
}

Test(parser, tells_the_sink_when_no_more_comes)
{
	static const struct {
		struct slice before;
		unsigned aborted;
	} cases[] = { { BYTES("<feedback>" META POL), 0 },
		      { BYTES("<feedback>" META POL REC "<a/>"), 1 } };

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct collector c;
		struct err why = ERR_INIT, e = ERR_INIT;
		struct parser *p;

		collector_init(&c);
		p = parser_new(domains, &c.sink);
		cr_assert(parser_push(p, cases[i].before, &e));
		err_set(&why, ERR_LIMIT, "too much");
		parser_abort(p, &why);
		EXPECT_INT(c.aborted, cases[i].aborted, "aborted");
		EXPECT_INT(collector_has(&c, "abort limit"), cases[i].aborted, "why");
		cr_expect(parser_finish(p, &e) == PARSER_FAILED, "nothing follows");
		cr_expect_str_eq(e.what, "too much");
		EXPECT_INT(c.ended, 0, "ended");
		parser_free(p);
		collector_release(&c);
	}
}

Test(parser, counts_what_it_gave)
{
	static const struct {
		struct slice more;
		uint64_t count;
	} steps[] = {
		{ BYTES("<feedback>" META POL), 0 },
		{ BYTES(REC), 1 },
		{ BYTES("<record>"), 1 },
		{ BYTES("</record>"), 2 },
		{ BYTES(META POL), 2 },
		{ BYTES(REC), 3 },
	};
	struct collector c;
	struct err e = ERR_INIT;
	struct parser *p;

	collector_init(&c);
	p = parser_new(domains, &c.sink);
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		cr_assert(parser_push(p, steps[i].more, &e), "%s", e.what);
		/* libxml2 keeps back the end of what it has until more comes */
		cr_assert(parser_push(p, SLICE("<!-- -->"), &e));
		EXPECT_INT(parser_record_count(p), steps[i].count, steps[i].more.p);
		EXPECT_INT(c.records, steps[i].count, steps[i].more.p);
	}
	parser_free(p);
	collector_release(&c);
}

Test(parser, lists_the_quirks_of_the_wrapping)
{
	struct collector c;
	struct err e = ERR_INIT;
	struct parser *p;

	collector_init(&c);
	p = parser_new(domains, &c.sink);
	parser_add_quirk(p, QUIRK_GZIP_TRAILING_BYTES);
	cr_assert(parser_push(p, SLICE_ABSENT, &e));
	cr_assert(parser_push(p, SLICE(FEEDBACK(META POL REC)), &e));
	parser_add_quirk(p, QUIRK_NESTED_ARCHIVE);
	cr_assert(parser_finish(p, &e) == PARSER_DONE);
	cr_expect(collector_has(&c, "begin.quirks gzip-trailing-bytes"));
	cr_expect(!collector_has(&c, "begin.quirks nested-archive"));
	cr_expect(collector_has(&c, "end.quirks gzip-trailing-bytes"));
	cr_expect(collector_has(&c, "end.quirks nested-archive"));
	parser_free(p);
	collector_release(&c);
}
