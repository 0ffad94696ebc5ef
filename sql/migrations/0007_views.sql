-- What analysts query: facts and judgements together, every text decoded.
--
-- Views are the public interface: columns are only ever added, at the end. What has no day among its
-- columns says its window in its comment, and is answered from roll-ups and reports, never from records,
-- so that it is as fast on ten million of them.

alter table dmarc.daily_sender
	add column remedy_key uuid,
	add column own_envelope boolean not null default false,
	add column overridden boolean not null default false,
	add column contradicts boolean not null default false;
comment on column dmarc.daily_sender.own_envelope is 'The envelope''s domain is From''s, or lies below it: proof that a service is the owner''s';
comment on column dmarc.daily_sender.overridden is 'Receivers let it through because they know the forwarder or list';
comment on column dmarc.daily_sender.contradicts is 'The reporter''s verdict on SPF or DKIM contradicts its results';

-- What is rolled up already lacks them.
insert into dmarc.dirty_day (day) select distinct day from dmarc.daily;

-- Where every window ends. Reports arrive a day late and more, so "the last 30 days" of the calendar would
-- hold less than it says. Both run with their owner's rights, for roles that may read views only. In a
-- condition write "(select newest_day())": that is asked once, the function alone for every row.
create function dmarc.newest_day() returns date
	language sql stable parallel safe security definer
	set search_path = pg_catalog, pg_temp
	as $$ select max(day) from dmarc.daily where day <= dmarc.today() $$;
comment on function dmarc.newest_day() is 'The newest day with data, up to today(): where windows end';

create function dmarc.newest_complete_day() returns date
	language sql stable parallel safe security definer
	set search_path = pg_catalog, pg_temp
	as $$ select max(day) from dmarc.daily where day < dmarc.today() $$;
comment on function dmarc.newest_complete_day() is 'The newest day with data that is over';

-- One row a record. Every record has its report and its stream: the joins are outer ones so that the planner
-- can leave out those of which a query asks nothing.
create or replace view dmarc.records as
select
	r.day,
	p.reporter,
	p.org_name,
	p.report_id,
	p.begin_at,
	p.end_at,
	s.policy_domain,
	s.p,
	coalesce(s.sp, s.p) as sp,
	coalesce(s.np, s.sp, s.p) as np,
	coalesce(s.adkim, 'r') as adkim,
	coalesce(s.aspf, 'r') as aspf,
	r.source_ip,
	r.count as messages,
	s.header_from,
	s.envelope_from,
	r.envelope_to,
	s.disposition,
	s.claimed_dkim,
	s.claimed_spf,
	s.reason_types,
	s.dkim_domains,
	s.dkim_selectors,
	s.dkim_results,
	s.spf_domains,
	s.spf_scopes,
	s.spf_results,
	r.notes,
	r.report_key,
	r.ordinal,
	coalesce(h.state, 'not looked up') as host_state,
	h.name as host_name,
	h.network,
	h.country,
	j.service as sender,
	n.name as sender_name,
	n.kind as sender_kind,
	j.infrastructure,
	j.last_hop,
	j.path,
	j.confidence,
	j.spf_cause,
	j.dkim_cause,
	j.verdict,
	j.severity,
	j.flags,
	j.spf_aligned,
	j.dkim_aligned,
	j.spf_agreement,
	j.dkim_agreement,
	j.dmarc_pass,
	j.outcome_pass,
	j.organisation,
	j.mailfrom,
	j.region,
	j.tenant,
	m.title as remedy
from dmarc.record r
	left join dmarc.report p on p.key = r.report_key
	left join dmarc.stream s on s.key = r.stream_key
	left join dmarc.host h on h.address = r.source_ip
	left join dmarc.judgement j on j.stream_key = r.stream_key and j.host_class = coalesce(h.class, '')
	left join dmarc.sender n on n.id = j.service
	left join dmarc.remedy m on m.key = j.remedy_key;
comment on view dmarc.records is 'One row a record of a report, with the report, the policy and the judgement beside it. Detail: it may be pruned, daily_records stays. Name days, it is large';
comment on column dmarc.records.report_key is 'Which report; the first digits are its day';
comment on column dmarc.records.ordinal is 'Place of the record in its report, from 1';
comment on column dmarc.records.host_state is 'What is known of the address''s name: not looked up, no name, confirmed (it resolves back to the address), unconfirmed (somebody''s claim)';
comment on column dmarc.records.host_name is 'Name of the address';
comment on column dmarc.records.network is 'Network of the address, where that was looked up';
comment on column dmarc.records.country is 'Country of the address, where that was looked up';
comment on column dmarc.records.sender is 'Which service sent the mail, by its id; null where nothing names one, or before the day is judged';
comment on column dmarc.records.sender_name is 'Name of the service';
comment on column dmarc.records.sender_kind is 'Kind of the service: esp, saas, crm, helpdesk, mailbox, ...';
comment on column dmarc.records.infrastructure is 'Whose machines the service sends with, by id; may be the service itself';
comment on column dmarc.records.last_hop is 'Whose machine connected to the reporter, by id';
comment on column dmarc.records.path is 'direct, indirect (somebody passed it on) or unknown';
comment on column dmarc.records.confidence is 'How sure the sender is: high, medium, low, none';
comment on column dmarc.records.spf_cause is 'Why SPF is aligned, or is not';
comment on column dmarc.records.dkim_cause is 'Why DKIM is aligned, or is not';
comment on column dmarc.records.verdict is 'What the two amount to';
comment on column dmarc.records.severity is 'How much it asks for attention: ok, note, info, warn, fail';
comment on column dmarc.records.flags is 'What else is odd';
comment on column dmarc.records.spf_aligned is 'Computed: SPF passes for a domain aligned with From';
comment on column dmarc.records.dkim_aligned is 'Computed: a signature passes for a domain aligned with From';
comment on column dmarc.records.spf_agreement is 'Whether the results bear out what the reporter claims of SPF: none, agrees, unsupported, contradicts';
comment on column dmarc.records.dkim_agreement is 'The same of DKIM';
comment on column dmarc.records.dmarc_pass is 'Computed: SPF or DKIM aligned';
comment on column dmarc.records.outcome_pass is 'What counts: claim and computation weighed against each other';
comment on column dmarc.records.organisation is 'Organisational domain of From';
comment on column dmarc.records.mailfrom is 'Domain whose SPF result was judged: of the envelope, or of the HELO name where there is no other';
comment on column dmarc.records.region is 'Region of a service that has Regions, where the mail tells';
comment on column dmarc.records.tenant is 'Account at a mailbox provider that signed';
comment on column dmarc.records.remedy is 'What to do, in a line; in full by view remedies';

-- The same without address and report: kept when detail is pruned, and a fraction of the rows.
create view dmarc.daily_records as
select
	d.day,
	d.reporter,
	s.policy_domain,
	s.p,
	coalesce(s.sp, s.p) as sp,
	coalesce(s.np, s.sp, s.p) as np,
	coalesce(s.adkim, 'r') as adkim,
	coalesce(s.aspf, 'r') as aspf,
	d.messages,
	d.records,
	s.header_from,
	s.envelope_from,
	s.disposition,
	s.claimed_dkim,
	s.claimed_spf,
	s.reason_types,
	s.reason_notes,
	s.dkim_domains,
	s.dkim_selectors,
	s.dkim_results,
	s.spf_domains,
	s.spf_scopes,
	s.spf_results,
	j.service as sender,
	n.name as sender_name,
	n.kind as sender_kind,
	j.infrastructure,
	j.last_hop,
	j.path,
	j.confidence,
	j.spf_cause,
	j.dkim_cause,
	j.verdict,
	j.severity,
	j.flags,
	j.spf_aligned,
	j.dkim_aligned,
	j.spf_agreement,
	j.dkim_agreement,
	j.dmarc_pass,
	j.outcome_pass,
	j.organisation,
	j.mailfrom,
	j.region,
	j.tenant,
	m.title as remedy
from dmarc.daily d
	left join dmarc.stream s on s.key = d.stream_key
	left join dmarc.judgement j on j.stream_key = d.stream_key and j.host_class = d.host_class
	left join dmarc.sender n on n.id = j.service
	left join dmarc.remedy m on m.key = j.remedy_key;
comment on view dmarc.daily_records is 'Records that are alike, added up by day and reporter: as records, without address and report. Kept when detail is pruned';
comment on column dmarc.daily_records.day is 'UTC date of the middle of the reports'' period';
comment on column dmarc.daily_records.reporter is 'Who sent the reports: org_name in lower case';
comment on column dmarc.daily_records.policy_domain is 'Domain whose DMARC record was applied';
comment on column dmarc.daily_records.p is 'Published policy';
comment on column dmarc.daily_records.sp is 'Effective policy for subdomains: sp, else p';
comment on column dmarc.daily_records.np is 'Effective policy for subdomains that do not exist: np, else sp, else p';
comment on column dmarc.daily_records.adkim is 'DKIM alignment mode: r or s';
comment on column dmarc.daily_records.aspf is 'SPF alignment mode: r or s';
comment on column dmarc.daily_records.messages is 'Number of messages';
comment on column dmarc.daily_records.records is 'Number of records they were told in';
comment on column dmarc.daily_records.header_from is 'Domain of the From header';
comment on column dmarc.daily_records.envelope_from is 'Domain of the envelope sender; empty for a null sender, null where not sent';
comment on column dmarc.daily_records.disposition is 'What the reporter says it did: none, quarantine, reject, pass';
comment on column dmarc.daily_records.claimed_dkim is 'The reporter''s verdict on DKIM alignment';
comment on column dmarc.daily_records.claimed_spf is 'The reporter''s verdict on SPF alignment';
comment on column dmarc.daily_records.reason_types is 'Why the policy was not applied, in the reporter''s words';
comment on column dmarc.daily_records.reason_notes is 'What the comment says on each reason: arc-pass, arc-fail, other, or null for no comment';
comment on column dmarc.daily_records.dkim_domains is 'd= of each signature';
comment on column dmarc.daily_records.dkim_selectors is 's= of each signature';
comment on column dmarc.daily_records.dkim_results is 'Result of each signature';
comment on column dmarc.daily_records.spf_domains is 'Domain of each SPF check';
comment on column dmarc.daily_records.spf_scopes is 'Scope of each SPF check: mfrom or helo';
comment on column dmarc.daily_records.spf_results is 'Result of each SPF check';
comment on column dmarc.daily_records.sender is 'Which service sent the mail, by its id; null where nothing names one';
comment on column dmarc.daily_records.sender_name is 'Name of the service';
comment on column dmarc.daily_records.sender_kind is 'Kind of the service: esp, saas, crm, helpdesk, mailbox, ...';
comment on column dmarc.daily_records.infrastructure is 'Whose machines the service sends with, by id; may be the service itself';
comment on column dmarc.daily_records.last_hop is 'Whose machine connected to the reporter, by id';
comment on column dmarc.daily_records.path is 'direct, indirect (somebody passed it on) or unknown';
comment on column dmarc.daily_records.confidence is 'How sure the sender is: high, medium, low, none';
comment on column dmarc.daily_records.spf_cause is 'Why SPF is aligned, or is not';
comment on column dmarc.daily_records.dkim_cause is 'Why DKIM is aligned, or is not';
comment on column dmarc.daily_records.verdict is 'What the two amount to';
comment on column dmarc.daily_records.severity is 'How much it asks for attention: ok, note, info, warn, fail';
comment on column dmarc.daily_records.flags is 'What else is odd';
comment on column dmarc.daily_records.spf_aligned is 'Computed: SPF passes for a domain aligned with From';
comment on column dmarc.daily_records.dkim_aligned is 'Computed: a signature passes for a domain aligned with From';
comment on column dmarc.daily_records.spf_agreement is 'Whether the results bear out what the reporter claims of SPF: none, agrees, unsupported, contradicts';
comment on column dmarc.daily_records.dkim_agreement is 'The same of DKIM';
comment on column dmarc.daily_records.dmarc_pass is 'Computed: SPF or DKIM aligned';
comment on column dmarc.daily_records.outcome_pass is 'What counts: claim and computation weighed against each other';
comment on column dmarc.daily_records.organisation is 'Organisational domain of From';
comment on column dmarc.daily_records.mailfrom is 'Domain whose SPF result was judged: of the envelope, or of the HELO name where there is no other';
comment on column dmarc.daily_records.region is 'Region of a service that has Regions, where the mail tells';
comment on column dmarc.daily_records.tenant is 'Account at a mailbox provider that signed';
comment on column dmarc.daily_records.remedy is 'What to do, in a line; in full by view remedies';

-- One row a report.
create view dmarc.reports as
select
	p.key as report_key,
	p.day,
	p.reporter,
	p.org_name,
	p.email,
	p.extra_contact_info,
	p.report_id,
	p.begin_at,
	p.end_at,
	p.policy_domain,
	p.p,
	p.sp,
	p.np,
	p.pct,
	p.adkim,
	p.aspf,
	p.testing,
	p.fo,
	p.discovery_method,
	p.version,
	p.generator,
	p.namespace,
	p.errors,
	p.quirks,
	p.records,
	p.messages,
	m.seen_at
from dmarc.report p
	left join dmarc.message m on m.key = p.message_key;
comment on view dmarc.reports is 'One row a report, with the policy as the reporter saw it published. Kept when detail is pruned';
comment on column dmarc.reports.report_key is 'Which report; the first digits are its day';
comment on column dmarc.reports.day is 'UTC date of the middle of the period';
comment on column dmarc.reports.reporter is 'Who sent it: org_name in lower case';
comment on column dmarc.reports.org_name is 'Who sent it, as written';
comment on column dmarc.reports.email is 'Address the reporter gives';
comment on column dmarc.reports.extra_contact_info is 'What else the reporter gives';
comment on column dmarc.reports.report_id is 'The reporter''s name for the report, verbatim';
comment on column dmarc.reports.begin_at is 'Begin of the period';
comment on column dmarc.reports.end_at is 'End of the period';
comment on column dmarc.reports.policy_domain is 'Domain whose DMARC record was applied';
comment on column dmarc.reports.p is 'Published policy; null where not sent';
comment on column dmarc.reports.sp is 'Published policy for subdomains; null where not sent, p counts then';
comment on column dmarc.reports.np is 'Published policy for subdomains that do not exist; null where not sent, sp or p counts then';
comment on column dmarc.reports.pct is 'Share of failing mail the policy is for, in per cent; null where not sent: 100';
comment on column dmarc.reports.adkim is 'DKIM alignment mode, r or s; null where not sent: r';
comment on column dmarc.reports.aspf is 'SPF alignment mode, r or s; null where not sent: r';
comment on column dmarc.reports.testing is 'y: the policy is only tested, and one level lower counts; null where not sent';
comment on column dmarc.reports.fo is 'Which failures failure reports are asked for; null where not sent';
comment on column dmarc.reports.discovery_method is 'How the policy was found: psl or treewalk; null where not sent';
comment on column dmarc.reports.version is 'Version of the form, as written';
comment on column dmarc.reports.generator is 'Program that wrote it, as written';
comment on column dmarc.reports.namespace is 'XML namespace';
comment on column dmarc.reports.errors is 'Errors the reporter tells of';
comment on column dmarc.reports.quirks is 'What was odd about it, and what was repaired: slugs, see ODDITIES in the manual page';
comment on column dmarc.reports.records is 'Number of its records';
comment on column dmarc.reports.messages is 'Number of messages they stand for';
comment on column dmarc.reports.seen_at is 'When its mail or file was ingested first';

-- What fails. Filters on any column but the sums reach the index of daily_sender by day.
create view dmarc.failures as
select
	f.day,
	f.policy_domain,
	f.header_from,
	f.sender,
	n.name as sender_name,
	f.path,
	f.spf_cause,
	f.dkim_cause,
	f.verdict,
	f.severity,
	f.disposition,
	f.messages,
	f.records,
	m.title as remedy
from (
	select day, policy_domain, header_from, sender, path, spf_cause, dkim_cause, verdict, severity,
		disposition, remedy_key, sum(messages) as messages, sum(records) as records
	from dmarc.daily_sender
	where not outcome_pass
	group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) as f
	left join dmarc.sender n on n.id = f.sender
	left join dmarc.remedy m on m.key = f.remedy_key;
comment on view dmarc.failures is 'Mail that fails DMARC, by day, sender, cause and domain; spoofing too: see verdict';
comment on column dmarc.failures.day is 'UTC date of the middle of the reports'' period';
comment on column dmarc.failures.policy_domain is 'Domain whose DMARC record was applied';
comment on column dmarc.failures.header_from is 'Domain of the From header';
comment on column dmarc.failures.sender is 'Which service sent it, by its id; null where nothing names one';
comment on column dmarc.failures.sender_name is 'Name of the service';
comment on column dmarc.failures.path is 'direct, indirect (somebody passed it on) or unknown';
comment on column dmarc.failures.spf_cause is 'Why SPF is not aligned';
comment on column dmarc.failures.dkim_cause is 'Why DKIM is not aligned';
comment on column dmarc.failures.verdict is 'What the two amount to; likely-spoof: not yours';
comment on column dmarc.failures.severity is 'How much it asks for attention: ok, note, info, warn, fail';
comment on column dmarc.failures.disposition is 'What the reporters say they did: none, quarantine, reject, pass';
comment on column dmarc.failures.messages is 'Number of messages';
comment on column dmarc.failures.records is 'Number of records they were told in';
comment on column dmarc.failures.remedy is 'What to do, in a line; in full by view remedies. Null: nothing to do';

-- Volume and pass rates.
create view dmarc.senders_daily as
select
	d.day,
	d.policy_domain,
	d.header_from,
	d.sender,
	n.name as sender_name,
	n.kind as sender_kind,
	d.messages,
	d.passed,
	d.messages - d.passed as failed,
	d.spf_aligned,
	d.dkim_aligned,
	d.spf_only,
	d.forwarded,
	d.spoofed,
	d.undetermined,
	d.quarantined,
	d.rejected,
	d.records,
	d.reporters
from (
	select day, policy_domain, header_from, sender,
		sum(messages) as messages,
		coalesce(sum(messages) filter (where outcome_pass), 0) as passed,
		coalesce(sum(messages) filter (where spf_aligned), 0) as spf_aligned,
		coalesce(sum(messages) filter (where dkim_aligned), 0) as dkim_aligned,
		coalesce(sum(messages) filter (where spf_aligned and not dkim_aligned), 0) as spf_only,
		coalesce(sum(messages) filter (where path = 'indirect'), 0) as forwarded,
		coalesce(sum(messages) filter (where verdict = 'likely-spoof'), 0) as spoofed,
		coalesce(sum(messages) filter (where verdict = 'undetermined'), 0) as undetermined,
		coalesce(sum(messages) filter (where disposition = 'quarantine'), 0) as quarantined,
		coalesce(sum(messages) filter (where disposition = 'reject'), 0) as rejected,
		sum(records) as records,
		count(distinct reporter) as reporters
	from dmarc.daily_sender
	group by 1, 2, 3, 4) as d
	left join dmarc.sender n on n.id = d.sender;
comment on view dmarc.senders_daily is 'Messages by day, sender and domain: how many, and what passes. A pass rate is passed / (messages - spoofed - undetermined)';
comment on column dmarc.senders_daily.day is 'UTC date of the middle of the reports'' period';
comment on column dmarc.senders_daily.policy_domain is 'Domain whose DMARC record was applied';
comment on column dmarc.senders_daily.header_from is 'Domain of the From header';
comment on column dmarc.senders_daily.sender is 'Which service sent it, by its id; null: your own machines, spoofing, or not identified';
comment on column dmarc.senders_daily.sender_name is 'Name of the service';
comment on column dmarc.senders_daily.sender_kind is 'Kind of the service: esp, saas, crm, helpdesk, mailbox, ...';
comment on column dmarc.senders_daily.messages is 'Number of messages';
comment on column dmarc.senders_daily.passed is 'Of them: pass DMARC';
comment on column dmarc.senders_daily.failed is 'Of them: fail DMARC';
comment on column dmarc.senders_daily.spf_aligned is 'Of them: SPF passes for a domain aligned with From';
comment on column dmarc.senders_daily.dkim_aligned is 'Of them: DKIM passes for a domain aligned with From';
comment on column dmarc.senders_daily.spf_only is 'Of them: aligned by SPF alone, which breaks on forwarding';
comment on column dmarc.senders_daily.forwarded is 'Of them: passed on by somebody, probably';
comment on column dmarc.senders_daily.spoofed is 'Of them: likely spoofed';
comment on column dmarc.senders_daily.undetermined is 'Of them: the reporters do not say enough to tell';
comment on column dmarc.senders_daily.quarantined is 'Of them: put into quarantine, by what the reporters say';
comment on column dmarc.senders_daily.rejected is 'Of them: rejected, by what the reporters say';
comment on column dmarc.senders_daily.records is 'Number of records they were told in';
comment on column dmarc.senders_daily.reporters is 'Number of reporters that told';

-- How good each reporter is.
create view dmarc.reporters as
with days as (
	select reporter, day, org_name, email, count(*) as reports, sum(records) as records, sum(messages) as messages,
		count(*) filter (where errors is not null) as reports_with_errors
	from dmarc.report
	where key >= dmarc.first_key((select dmarc.newest_day()) - 89)
		and key < dmarc.first_key((select dmarc.newest_day()) + 1)
	group by 1, 2, 3, 4
), told as (
	select reporter,
		(array_agg(org_name order by day desc, reports desc, org_name))[1] as org_name,
		(array_agg(email order by day desc, reports desc, org_name))[1] as email,
		sum(reports)::bigint as reports, sum(records)::bigint as records, sum(messages) as messages,
		sum(reports_with_errors)::bigint as reports_with_errors,
		min(day) as first_day, max(day) as last_day, count(distinct day)::integer as days
	from days
	group by 1
), quality as (
	select reporter, policy_domain, quirks, count(*) as reports
	from dmarc.report
	where key >= dmarc.first_key((select dmarc.newest_day()) - 89)
		and key < dmarc.first_key((select dmarc.newest_day()) + 1)
	group by 1, 2, 3
), reach as (
	select reporter, count(distinct policy_domain) as policy_domains
	from quality
	group by 1
), quirk as (
	select reporter, array_agg(slug order by reports desc, slug) as quirks
	from (select reporter, slug, sum(reports) as reports from quality, unnest(quirks) as slug group by 1, 2) as q
	group by 1
), judged as (
	select reporter, sum(messages) as contradictions
	from dmarc.daily_sender
	where day between (select dmarc.newest_day()) - 89 and (select dmarc.newest_day()) and contradicts
	group by 1
), resent as (
	select p.reporter, count(*) as resends
	from dmarc.report_conflict c
		join dmarc.report p on p.key = c.report_key
	where c.report_key >= dmarc.first_key((select dmarc.newest_day()) - 89)
		and c.report_key < dmarc.first_key((select dmarc.newest_day()) + 1)
	group by 1
)
select
	t.reporter,
	t.org_name,
	t.email,
	t.reports,
	d.policy_domains,
	t.records,
	t.messages,
	t.first_day,
	t.last_day,
	t.days,
	t.last_day - t.first_day + 1 - t.days as gap_days,
	(select dmarc.newest_day()) - t.last_day as silent_days,
	coalesce(q.quirks, '{}') as quirks,
	t.reports_with_errors,
	coalesce(j.contradictions, 0) as contradictions,
	coalesce(r.resends, 0) as resends
from told t
	join reach d using (reporter)
	left join quirk q using (reporter)
	left join judged j using (reporter)
	left join resent r using (reporter);
comment on view dmarc.reporters is 'Who reports, and how well, over the 90 days that end at the newest day with data';
comment on column dmarc.reporters.reporter is 'Who: org_name in lower case';
comment on column dmarc.reporters.org_name is 'The same as written in the newest report';
comment on column dmarc.reporters.email is 'Address in the newest report';
comment on column dmarc.reporters.reports is 'Number of reports';
comment on column dmarc.reporters.policy_domains is 'Number of domains they are on';
comment on column dmarc.reporters.records is 'Number of records in them';
comment on column dmarc.reporters.messages is 'Number of messages they tell of';
comment on column dmarc.reporters.first_day is 'First day with a report in the window';
comment on column dmarc.reporters.last_day is 'Last day with a report';
comment on column dmarc.reporters.days is 'Number of days with a report';
comment on column dmarc.reporters.gap_days is 'Days without a report between the first and the last; who gets little mail of yours has nothing to report on many';
comment on column dmarc.reporters.silent_days is 'Days since the last report, up to the newest day with data';
comment on column dmarc.reporters.quirks is 'What is odd about the reports, the most frequent first: slugs, see ODDITIES in the manual page';
comment on column dmarc.reporters.reports_with_errors is 'Number of reports in which the reporter tells of errors of its own';
comment on column dmarc.reporters.contradictions is 'Messages of which the reporter''s verdict on SPF or DKIM contradicts the results beside it';
comment on column dmarc.reporters.resends is 'Reports that came again with other records; the first one counts';

-- What a policy amounts to while it is tested: one level less. Words nobody knows stay what they are.
create function dmarc.in_effect(policy text, testing text) returns text
	language sql immutable parallel safe
	as $$
		select case
			when policy is null then 'none'
			when testing is distinct from 'y' then policy
			when policy = 'reject' then 'quarantine'
			when policy = 'quarantine' then 'none'
			else policy
		end
	$$;
comment on function dmarc.in_effect(text, text) is 'The policy that counts: a level lower while it is tested, none where there is none';

-- What p=reject would cost, and how far a domain is from it.
--
-- Of the policy each part comes from the newest report that sends it, since older forms have no np and no
-- testing. Mail below the domain is kept apart by an sp of its own; one like p may as well be p inherited,
-- which some reporters write. A service is proven to be the owner's where it passes for the same From, has
-- an envelope host under it, sends or signs as another domain of the owner's, or has a rule of the owner's.
create view dmarc.domains as
with report as (
	select policy_domain, day, p, sp, np, pct, testing, adkim, aspf, max(end_at) as end_at, count(*) as reports
	from dmarc.report
	where key >= dmarc.first_key((select dmarc.newest_complete_day()) - 89)
		and key < dmarc.first_key((select dmarc.newest_day()) + 1)
	group by 1, 2, 3, 4, 5, 6, 7, 8, 9
), told as (
	select policy_domain, sum(reports)::bigint as reports, max(day) as last_day
	from report
	group by 1
), telling as (
	select policy_domain, count(*) as reporters
	from (
		select policy_domain, reporter
		from dmarc.report
		where key >= dmarc.first_key((select dmarc.newest_complete_day()) - 89)
			and key < dmarc.first_key((select dmarc.newest_day()) + 1)
		group by 1, 2) as r
	group by 1
), policy as (
	select r.policy_domain,
		(array_agg(r.p order by r.day desc, r.end_at desc, r.reports desc, r.p))[1] as p,
		(array_agg(r.sp order by r.day desc, r.end_at desc, r.reports desc, r.sp)
			filter (where r.sp in ('none', 'quarantine', 'reject')))[1] as sp,
		(array_agg(r.np order by r.day desc, r.end_at desc, r.reports desc, r.np)
			filter (where r.np in ('none', 'quarantine', 'reject')))[1] as np,
		(array_agg(r.pct order by r.day desc, r.end_at desc, r.reports desc, r.pct)
			filter (where r.pct is not null))[1] as pct,
		(array_agg(r.testing order by r.day desc, r.end_at desc, r.reports desc, r.testing)
			filter (where r.testing is not null))[1] as testing,
		(array_agg(r.adkim order by r.day desc, r.end_at desc, r.reports desc, r.adkim)
			filter (where r.adkim is not null))[1] as adkim,
		(array_agg(r.aspf order by r.day desc, r.end_at desc, r.reports desc, r.aspf)
			filter (where r.aspf is not null))[1] as aspf
	from report r join told t using (policy_domain)
	where r.day > t.last_day - 7
	group by 1
), changed as (
	select r.policy_domain, max(r.day) filter (where r.p is distinct from n.p) as day
	from report r join policy n using (policy_domain)
	group by 1
), since as (
	select r.policy_domain, min(r.day) as day
	from report r join changed c using (policy_domain)
	where r.day > coalesce(c.day, '-infinity')
	group by 1
), known as (
	select array_agg(k.id) as senders
	from (
		select id from dmarc.sender where acknowledged
		union select s.id from dmarc.sender s join dmarc.sender_rule r on r.sender in (s.id, s.name)
		union select sender from dmarc.sender_rule) as k (id)
), mail as (
	select d.policy_domain, d.header_from, d.sender, min(d.day) as first_day,
		sum(d.messages) as messages,
		coalesce(sum(d.messages) filter (where d.outcome_pass), 0) as passed,
		coalesce(sum(d.messages) filter (where d.verdict = 'likely-spoof'), 0) as spoofed,
		coalesce(sum(d.messages) filter (where d.verdict = 'undetermined'), 0) as undetermined,
		coalesce(sum(d.messages) filter (where d.outcome_pass and d.verdict = 'aligned-spf-only'), 0) as spf_only,
		coalesce(sum(d.messages) filter (where not d.outcome_pass and (d.spf_aligned or d.dkim_aligned
			or d.verdict in ('strict-mode-misalignment', 'own-server-not-authorised'))), 0) as yours,
		coalesce(sum(d.messages) filter (where not d.outcome_pass
			and d.verdict = 'sender-not-authenticated'), 0) as service,
		coalesce(sum(d.messages) filter (where not d.outcome_pass
			and d.verdict in ('forwarded-broken', 'mailing-list')), 0) as forwarded,
		coalesce(sum(d.messages) filter (where not d.outcome_pass
			and d.verdict in ('forwarded-broken', 'mailing-list') and d.overridden), 0) as let_through,
		coalesce(sum(d.messages) filter (where not d.outcome_pass
			and d.verdict in ('forwarded-broken', 'mailing-list') and d.severity = 'warn'), 0) as fixable,
		coalesce(sum(d.messages) filter (where not d.outcome_pass
			and d.verdict in ('unknown-sender', 'undetermined')), 0) as unidentified,
		coalesce(sum(d.messages) filter (where not d.outcome_pass and d.verdict = 'likely-spoof'), 0) as stopped,
		bool_or(d.spf_aligned or d.dkim_aligned or d.own_envelope
			or d.spf_cause = 'spf-unaligned-own-other-domain'
			or d.dkim_cause = 'dkim-unaligned-own-other-domain') as proven
	from dmarc.daily_sender d
	where d.day between (select dmarc.newest_complete_day()) - 89 and (select dmarc.newest_complete_day())
	group by 1, 2, 3
), weighed as (
	select m.*,
		m.header_from = m.policy_domain or n.sp is not distinct from n.p and n.np is null
			or n.sp is null and n.np is null as counts,
		m.header_from <> m.policy_domain and n.np is not null
			and (n.sp is null or n.sp is not distinct from n.p) as counts_apart,
		m.proven or m.sender = any (known.senders) as is_yours
	from known, mail m join policy n using (policy_domain)
), summed as (
	select policy_domain, min(first_day) as first_day,
		sum(messages) as messages,
		sum(passed) as passed,
		sum(spoofed) as spoofed,
		sum(undetermined) as undetermined,
		sum(case when counts then yours + case when is_yours then service else 0 end else 0 end) as yours,
		sum(case when counts then forwarded else 0 end) as forwarded,
		sum(case when counts then let_through else 0 end) as let_through,
		sum(case when counts then fixable else 0 end) as fixable,
		sum(case when counts then unidentified + case when is_yours then 0 else service end else 0 end) as undecided,
		sum(case when counts then stopped else 0 end) as stopped,
		sum(case when counts then spf_only else 0 end) as spf_only,
		sum(case when counts_apart then yours + service + forwarded - let_through + unidentified else 0 end) as apart
	from weighed
	group by 1
), judged as (
	select n.policy_domain, n.p, n.sp, n.np, n.pct, n.testing, n.adkim, n.aspf,
		since.day as policy_since, t.reports, k.reporters, m.first_day, e.last_day,
		e.last_day - m.first_day + 1 as days,
		m.messages, m.passed, m.spoofed, m.undetermined, m.yours, m.forwarded, m.let_through, m.fixable,
		m.undecided, m.stopped, m.spf_only, m.apart
	from (select dmarc.newest_complete_day() as last_day) as e, policy n
		join told t using (policy_domain)
		join telling k using (policy_domain)
		join since using (policy_domain)
		left join summed m using (policy_domain)
)
select
	j.policy_domain,
	j.p as published_p,
	j.sp as published_sp,
	j.np as published_np,
	j.testing,
	j.pct,
	j.adkim,
	j.aspf,
	dmarc.in_effect(j.p, j.testing) as effective_p,
	dmarc.in_effect(coalesce(j.sp, j.p), j.testing) as effective_sp,
	dmarc.in_effect(coalesce(j.np, j.sp, j.p), j.testing) as effective_np,
	j.policy_since,
	j.reports,
	j.reporters,
	j.first_day,
	j.last_day,
	j.days,
	j.messages,
	j.passed,
	j.messages - j.passed as failed,
	j.spoofed,
	j.undetermined,
	round(100.0 * j.passed / nullif(j.messages - j.spoofed - j.undetermined, 0), 1) as pass_rate,
	round((j.yours + j.forwarded - j.let_through + j.undecided) / j.days, 2) as reject_cost,
	round(j.yours / j.days, 2) as cost_yours,
	round(j.forwarded / j.days, 2) as cost_forwarded,
	round(j.let_through / j.days, 2) as forwarded_let_through,
	round(j.fixable / j.days, 2) as forwarded_fixable,
	round((j.forwarded - j.fixable) / j.days, 2) as forwarded_not_fixable,
	round(j.undecided / j.days, 2) as cost_undecided,
	round(j.stopped / j.days, 2) as reject_stops,
	round(j.spf_only / j.days, 2) as passes_on_spf_only,
	round(j.apart / j.days, 2) as cost_below,
	case
		when j.days is null then 'no mail'
		when dmarc.in_effect(j.p, j.testing) = 'reject' and coalesce(j.pct, 100) = 100 then 'at p=reject'
		when j.days < 31 then 'too few days'
		when j.yours > 0 then 'fix your own first'
		when j.spf_only > 0 then 'sign what passes on SPF alone'
		when j.undecided > 0 then 'look at what is undecided'
		when j.p in ('none', 'quarantine') and j.policy_since > j.last_day - 30
			then format('stay at p=%s for a month', j.p)
		when j.p = 'quarantine' then 'ready for p=reject'
		when j.p = 'reject' then 'ready for p=reject in full'
		else 'ready for p=quarantine'
	end as readiness
from judged j;
comment on view dmarc.domains is 'Each domain''s policy, how much of its mail passes, and what p=reject would cost, of mail that reporters told of; over the last 90 days with data, complete UTC days only. Costs are messages a day of those days, and upper bounds: receivers must not reject on p=reject alone';
comment on column dmarc.domains.policy_domain is 'Domain with a DMARC record';
comment on column dmarc.domains.published_p is 'Policy in the newest report; null where not sent';
comment on column dmarc.domains.published_sp is 'Policy for subdomains, in the newest report of a week that sends it; null where none does. Some reporters write p here';
comment on column dmarc.domains.published_np is 'Policy for subdomains that do not exist, in the newest report of a week that sends it; null where none does';
comment on column dmarc.domains.testing is 'y: the policy is only tested; null where not sent';
comment on column dmarc.domains.pct is 'Share of failing mail the policy is for, in per cent; null where not sent: 100';
comment on column dmarc.domains.adkim is 'DKIM alignment mode, r or s; null where not sent: r';
comment on column dmarc.domains.aspf is 'SPF alignment mode, r or s; null where not sent: r';
comment on column dmarc.domains.effective_p is 'What p amounts to: a level lower while it is tested, none where there is none';
comment on column dmarc.domains.effective_sp is 'The same for subdomains: sp, else p';
comment on column dmarc.domains.effective_np is 'The same for subdomains that do not exist: np, else sp, else p';
comment on column dmarc.domains.policy_since is 'First day on which all reports have this p, or the first in the window';
comment on column dmarc.domains.reports is 'Number of reports';
comment on column dmarc.domains.reporters is 'Number of reporters; mail of others is not in here';
comment on column dmarc.domains.first_day is 'First day with mail in the window: the days that count begin here';
comment on column dmarc.domains.last_day is 'Last complete day with data, of any domain: the window ends here';
comment on column dmarc.domains.days is 'Days from the first to the last, which sums are divided by';
comment on column dmarc.domains.messages is 'Number of messages, of the domain and the names below it that have no record of their own';
comment on column dmarc.domains.passed is 'Of them: pass DMARC';
comment on column dmarc.domains.failed is 'Of them: fail DMARC';
comment on column dmarc.domains.spoofed is 'Of them: likely spoofed; set aside in pass_rate';
comment on column dmarc.domains.undetermined is 'Of them: reporters do not say enough to tell; set aside in pass_rate';
comment on column dmarc.domains.pass_rate is 'Passed, in per cent of messages that are neither spoofed nor undetermined';
comment on column dmarc.domains.reject_cost is 'A day: what p=reject would cost at most, which is cost_yours + cost_forwarded - forwarded_let_through + cost_undecided';
comment on column dmarc.domains.cost_yours is 'A day: fails and is yours, by proof; fix it first';
comment on column dmarc.domains.cost_forwarded is 'A day: fails since somebody passed it on, lists included. A domain whose users write to lists should not publish p=reject';
comment on column dmarc.domains.forwarded_let_through is 'A day: of cost_forwarded, what receivers let through today because they know the forwarder or list';
comment on column dmarc.domains.forwarded_fixable is 'A day: of cost_forwarded, what would survive if it were signed as your domain at its source';
comment on column dmarc.domains.forwarded_not_fixable is 'A day: of cost_forwarded, the rest';
comment on column dmarc.domains.cost_undecided is 'A day: fails, and it is not known whether it is yours: unknown senders, services without a proof, and what reporters do not say enough of';
comment on column dmarc.domains.reject_stops is 'A day: likely spoofed, and what p=reject is for';
comment on column dmarc.domains.passes_on_spf_only is 'A day: passes on SPF alone, and is lost once it is forwarded';
comment on column dmarc.domains.cost_below is 'A day: fails below the domain, apart from spoofing, where an np is published: reports do not say whether such a name exists. Not in reject_cost';
comment on column dmarc.domains.readiness is 'What to do next on the way to p=reject';

-- Addresses.
create view dmarc.hosts as
select
	s.address,
	s.policy_domain,
	s.first_day,
	s.last_day,
	s.messages,
	coalesce(h.state, 'not looked up') as state,
	h.name,
	h.network,
	h.country,
	h.looked_up_at
from dmarc.host_seen s
	left join dmarc.host h using (address);
comment on view dmarc.hosts is 'Addresses that sent mail in the name of a domain, from the first report on. Kept when detail is pruned';
comment on column dmarc.hosts.address is 'The address';
comment on column dmarc.hosts.policy_domain is 'Domain whose DMARC record was applied';
comment on column dmarc.hosts.first_day is 'First day it was seen';
comment on column dmarc.hosts.last_day is 'Last day it was seen';
comment on column dmarc.hosts.messages is 'Number of messages';
comment on column dmarc.hosts.state is 'What is known of its name: not looked up, no name, confirmed (it resolves back to the address), unconfirmed (somebody''s claim)';
comment on column dmarc.hosts.name is 'Its name';
comment on column dmarc.hosts.network is 'Network it belongs to, where that was looked up';
comment on column dmarc.hosts.country is 'Country, where that was looked up';
comment on column dmarc.hosts.looked_up_at is 'When its name was asked for last';

-- What to do, the most first.
create view dmarc.remedies as
select
	f.sender,
	n.name as sender_name,
	f.header_from,
	f.policy_domain,
	f.verdict,
	f.spf_cause,
	f.dkim_cause,
	m.title,
	m.body,
	m.dns,
	f.messages,
	f.failed,
	f.last_day
from (
	select sender, header_from, policy_domain, verdict, spf_cause, dkim_cause, remedy_key,
		sum(messages) as messages,
		coalesce(sum(messages) filter (where not outcome_pass), 0) as failed,
		max(day) as last_day
	from dmarc.daily_sender
	where day between (select dmarc.newest_day()) - 29 and (select dmarc.newest_day()) and remedy_key is not null
	group by 1, 2, 3, 4, 5, 6, 7) as f
	join dmarc.remedy m on m.key = f.remedy_key
	left join dmarc.sender n on n.id = f.sender;
comment on view dmarc.remedies is 'What to do about mail that fails or is at risk, by sender, cause and From domain, over the 30 days that end at the newest day with data';
comment on column dmarc.remedies.sender is 'Which service sent it, by its id; null where nothing names one';
comment on column dmarc.remedies.sender_name is 'Name of the service';
comment on column dmarc.remedies.header_from is 'Domain of the From header';
comment on column dmarc.remedies.policy_domain is 'Domain whose DMARC record was applied';
comment on column dmarc.remedies.verdict is 'What the two causes amount to';
comment on column dmarc.remedies.spf_cause is 'Why SPF is not aligned, or that it is';
comment on column dmarc.remedies.dkim_cause is 'Why DKIM is not aligned, or that it is';
comment on column dmarc.remedies.title is 'What to do, in a line';
comment on column dmarc.remedies.body is 'What to do, in full';
comment on column dmarc.remedies.dns is 'DNS records to publish, one an element';
comment on column dmarc.remedies.messages is 'Number of messages it is about';
comment on column dmarc.remedies.failed is 'Of them: fail DMARC; the others are at risk';
comment on column dmarc.remedies.last_day is 'Last day with such a message';

-- What the owner says is his.
create view dmarc.owned_domains as
select o.domain, o.added_by, o.added_at
from dmarc.owned_domain o;
comment on view dmarc.owned_domains is 'Domains that the owner says are his, with all below them';
comment on column dmarc.owned_domains.domain is 'The domain';
comment on column dmarc.owned_domains.added_by is 'Who said so';
comment on column dmarc.owned_domains.added_at is 'When';
