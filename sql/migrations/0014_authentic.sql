-- Whether a report is what it says it is: on a domain of the owner's, and out of its reporter's mouth.

-- The domains that the owner has named, each as a pattern for "like"; null where he has named none. With
-- its owner's rights, for roles that may read views only. In a condition write "(select owned_patterns())":
-- that is asked once, the function alone for every row.
create function dmarc.owned_patterns() returns text[]
	language sql stable parallel safe security definer
	set search_path = pg_catalog, pg_temp
	as $$
		select array_agg('%.' || regexp_replace(lower(domain), '([\\%_])', '\\\1', 'g') order by domain)
		from dmarc.owned_domain
	$$;
comment on function dmarc.owned_patterns() is 'The domains that the owner says are his, with all below them: patterns for like; null where there are none';

-- One expression, so that the planner takes it into the query.
create function dmarc.is_foreign(domain text, owned text[] default dmarc.owned_patterns()) returns boolean
	language sql immutable parallel safe
	as $$ select coalesce('.' || domain not like all (owned), false) $$;
comment on function dmarc.is_foreign(text, text[]) is 'Is the domain neither among those that the owner says are his, nor below one? Where he has said nothing, none is';

-- Facts: who a mail says it is from, and what a receiving server that is trusted says of that.
alter table dmarc.message
	add column from_domain text,
	add column authentication text check (authentication in ('none', 'pass', 'fail')),
	add column signer text;
comment on column dmarc.message.from_domain is 'Domain of the From header; empty where it has not exactly one good address, null of what is no mail';
comment on column dmarc.message.authentication is 'What the topmost Authentication-Results of a trusted server say of that domain; null where there are none';
comment on column dmarc.message.signer is 'Domain of the DKIM signature that proves it';

-- A judgement, and beside its fact all the same: a row more for each report would cost more than it says.
-- "ruamill db rejudge" makes it anew.
alter table dmarc.report
	add column origin text not null default 'not known'
		check (origin in ('not known', 'fits', 'does not fit', 'authenticated', 'failed authentication'));
comment on column dmarc.report.origin is 'Whether the mail it came in fits its reporter; authenticated: it does, and a trusted server vouches for the sender';

-- Those that somebody should look at are few.
create index report_doubtful on dmarc.report (seen_at) where origin in ('does not fit', 'failed authentication');

-- Reports in another's name, and those on other people's domains, are problems too. Tables are joined with
-- messages last, as re-sends are: they may lie elsewhere.
create or replace view dmarc.problems as
with resent as (
	select
		c.message_key,
		r.reporter,
		r.report_id,
		r.policy_domain,
		r.records as stored_records,
		r.messages as stored_messages,
		c.records as resent_records,
		c.messages as resent_messages,
		null::text as concern
	from dmarc.report_conflict c
		join dmarc.report r on r.key = c.report_key
), suspicious as (
	select r.message_key, r.reporter, r.report_id, r.policy_domain, r.records, r.messages,
		null::bigint, null::numeric(20), r.origin
	from dmarc.report r
	where r.origin in ('does not fit', 'failed authentication')
		and not dmarc.is_foreign(r.policy_domain, (select dmarc.owned_patterns()))
	union all
	select r.message_key, r.reporter, r.report_id, r.policy_domain, r.records, r.messages,
		null, null::numeric(20), 'foreign domain'
	from dmarc.report r
	where (select dmarc.owned_patterns()) is not null
		and dmarc.is_foreign(r.policy_domain, (select dmarc.owned_patterns()))
), problem as (
	select m.*, c.*
	from dmarc.message m
		left join resent c on c.message_key = m.key
	where m.outcome <> 'stored' or m.reason is not null
	union all
	select m.*, c.*
	from resent c
		join dmarc.message m on m.key = c.message_key
	where m.outcome = 'stored' and m.reason is null
	union all
	select m.*, s.*
	from suspicious s
		join dmarc.message m on m.key = s.message_key
)
select
	key as message_key,
	outcome::text as outcome,
	outcome not in ('duplicate', 'not a report', 'unsupported kind') as attention,
	case when concern is null then reason end as reason,
	case when sees_mail then source end as source,
	case when sees_mail then locator end as locator,
	size,
	case when sees_mail then message_id end as message_id,
	seen_at,
	attempts,
	retried_at,
	reporter,
	report_id,
	policy_domain,
	stored_records,
	stored_messages,
	resent_records,
	resent_messages,
	settlement,
	concern,
	case when sees_mail then from_domain end as from_domain,
	case when sees_mail then signer end as signer
from problem
	cross join (select dmarc.sees_mail() as sees_mail) as s;
comment on view dmarc.problems is 'Messages that did not become reports whole, one row a report of a re-send with other records; and reports that were stored whole, but whose mail does not fit their reporter, or which are on other people''s domains';
comment on column dmarc.problems.outcome is 'What became of it; stored: in part, the reason says what is missing, or whole, see concern';
comment on column dmarc.problems.reporter is 'Of a re-send, and where there is a concern: who sent the report';
comment on column dmarc.problems.report_id is 'The same: the reporter''s name for the report';
comment on column dmarc.problems.policy_domain is 'The same: the domain it is on';
comment on column dmarc.problems.stored_records is 'The same: records of the report that is stored';
comment on column dmarc.problems.stored_messages is 'The same: messages of the report that is stored';
comment on column dmarc.problems.concern is 'Of a report that is stored: does not fit (its mail does not come from the reporter), failed authentication (a trusted server says so), foreign domain (not the owner''s, and left out of answers); null: the message is the problem';
comment on column dmarc.problems.from_domain is 'Domain of the From header; null for who may not see mailboxes';
comment on column dmarc.problems.signer is 'Domain of the DKIM signature that proves it, by the word of a trusted server; null for who may not see mailboxes';

-- Whether a report comes from its reporter.
create or replace view dmarc.reports as
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
	p.seen_at,
	p.origin
from dmarc.report p;
comment on column dmarc.reports.origin is 'Whether it came from its reporter, by the From of its mail: authenticated (and a trusted server vouches for that), fits, does not fit, failed authentication (by the word of such a server), not known (a file, or handed on by the domain''s own people)';

-- Each view that says something of domains tells which are not the owner's, in a column at its end.
do $$
declare
	name text;
begin
	foreach name in array array['reports', 'failures', 'senders_daily', 'domains'] loop
		execute format('create or replace view dmarc.%I as select v.*, '
			'dmarc.is_foreign(v.policy_domain, (select dmarc.owned_patterns())) as is_foreign from (%s) as v',
			name, rtrim(pg_get_viewdef(format('dmarc.%I', name)::regclass), ';'));
		execute format('comment on column dmarc.%I.is_foreign is %L', name,
			'On a domain that is neither among those the owner says are his, nor below one: answers leave it out');
	end loop;
end
$$;

-- Who reports, and whether the reports come from there.
create or replace view dmarc.reporters as
with days as (
	select reporter, day, org_name, email, count(*) as reports, sum(records) as records, sum(messages) as messages,
		count(*) filter (where errors is not null) as reports_with_errors,
		count(*) filter (where origin = 'authenticated') as authenticated,
		count(*) filter (where origin = 'fits') as fitting,
		count(*) filter (where origin = 'does not fit') as not_fitting,
		count(*) filter (where origin = 'failed authentication') as failing,
		count(*) filter (where origin = 'not known') as unknown,
		count(*) filter (where dmarc.is_foreign(policy_domain, (select dmarc.owned_patterns()))) as on_foreign
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
		sum(authenticated)::bigint as authenticated, sum(fitting)::bigint as fitting,
		sum(not_fitting)::bigint as not_fitting, sum(failing)::bigint as failing,
		sum(unknown)::bigint as unknown, sum(on_foreign)::bigint as on_foreign,
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
	coalesce(r.resends, 0) as resends,
	t.authenticated as reports_authenticated,
	t.fitting as reports_fitting,
	t.not_fitting as reports_not_fitting,
	t.failing as reports_failing,
	t.unknown as reports_of_unknown_origin,
	t.on_foreign as reports_on_foreign_domains
from told t
	join reach d using (reporter)
	left join quirk q using (reporter)
	left join judged j using (reporter)
	left join resent r using (reporter);
comment on column dmarc.reporters.reports_authenticated is 'Reports whose mail fits the reporter, and whose sender a trusted server vouches for';
comment on column dmarc.reporters.reports_fitting is 'Reports whose mail fits the reporter, without such a proof';
comment on column dmarc.reporters.reports_not_fitting is 'Reports that came from somebody else: see problems';
comment on column dmarc.reporters.reports_failing is 'Reports whose sender failed authentication, by the word of a trusted server: see problems';
comment on column dmarc.reporters.reports_of_unknown_origin is 'Reports that came as files, within mails of the domain they are on, or before ruamill looked';
comment on column dmarc.reporters.reports_on_foreign_domains is 'Reports on domains that are not the owner''s, by what he says: counted here, and left out of answers';
