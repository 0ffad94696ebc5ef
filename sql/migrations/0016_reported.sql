-- What questions ask of reports, and of the senders of addresses, added up with the days: reports are as many
-- as ever, and a row each.

-- Reports of a day that say the same of themselves. Made anew for each day that is dirty, and by "db rejudge",
-- since an origin is a judgement.
create table dmarc.daily_report (
	day date not null,
	policy_domain text not null,
	reporter text not null,
	org_name text not null,
	email text,
	p text,
	sp text,
	np text,
	pct smallint,
	testing text,
	adkim text,
	aspf text,
	quirks text[] not null,
	has_errors boolean not null,
	origin text not null,
	end_at timestamptz not null,
	reports bigint not null check (reports > 0),
	records bigint not null check (records >= 0),
	messages numeric not null check (messages >= 0)
);
comment on table dmarc.daily_report is 'Reports of a day by domain, reporter, policy and what is odd about them: what questions about reporters and policies answer from';
comment on column dmarc.daily_report.has_errors is 'They list errors of the reporter''s own';
comment on column dmarc.daily_report.end_at is 'When the period of the last of them ends';

-- For questions over a window, and for the policy of a domain on some days.
create index daily_report_day on dmarc.daily_report (day, policy_domain);

-- Where the tables are spread over machines, views may look at none that is not.
do $$
begin
	if exists (select from pg_extension where extname = 'citus') then
		if exists (select from pg_dist_partition where logicalrelid = 'dmarc.daily_sender'::regclass) then
			perform create_distributed_table('dmarc.daily_report', 'policy_domain', colocate_with := 'none');
		end if;
	end if;
end
$$;

insert into dmarc.role_right (purpose, object, privileges) values
	('ingest', 'dmarc.daily_report', 'select, insert, update, delete');

insert into dmarc.daily_report (day, policy_domain, reporter, org_name, email, p, sp, np, pct, testing, adkim, aspf,
	quirks, has_errors, origin, end_at, reports, records, messages)
select day, policy_domain, reporter, org_name, email, p, sp, np, pct, testing, adkim, aspf,
	quirks, errors is not null, origin, max(end_at), count(*), sum(records)::bigint, sum(messages)
from dmarc.report
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15;

-- Nothing looks for reports by their day any more. By itself: Citus hands on the whole text that a change of a
-- spread table stands in.
do $$
begin
	execute 'drop index dmarc.report_day';
end
$$;

-- As before, from what is added up; and only what fails is spoofed or undetermined, see senders_daily.
create or replace view dmarc.domains as
with told as (
	select policy_domain, reporter, p, min(day) as first_day, max(day) as last_day,
		sum(reports) as reports, sum(messages) as messages
	from dmarc.daily_report
	where day between (select dmarc.newest_complete_day()) - 89 and (select dmarc.newest_day())
	group by 1, 2, 3
), telling as (
	select policy_domain, sum(reports)::bigint as reports, max(last_day) as last_day, count(*) as reporters,
		(array_agg(reporter order by messages desc, reporter))[1:10] as top_reporters
	from (
		select policy_domain, reporter, sum(reports) as reports, max(last_day) as last_day, sum(messages) as messages
		from told
		group by 1, 2) as r
	group by 1
), week as (
	select r.policy_domain, r.day, r.p, r.sp, r.np, r.pct, r.testing, r.adkim, r.aspf,
		max(r.end_at) as end_at, sum(r.reports) as reports
	from telling t
		cross join generate_series(0, 6) as o (days)
		join dmarc.daily_report r on r.day = t.last_day - o.days and r.policy_domain = t.policy_domain
	group by 1, 2, 3, 4, 5, 6, 7, 8, 9
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
	from week r
	group by 1
), changed as (
	select t.policy_domain, min(t.first_day) as first_day,
		max(t.last_day) filter (where t.p is distinct from n.p) as day
	from told t join policy n using (policy_domain)
	group by 1
), later as (
	select c.policy_domain, min(r.day) as day
	from changed c join dmarc.daily_report r on r.day > c.day and r.policy_domain = c.policy_domain
	where r.day <= (select dmarc.newest_day())
	group by 1
), since as (
	select c.policy_domain, coalesce(l.day, c.first_day) as day
	from changed c left join later l using (policy_domain)
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
		coalesce(sum(d.messages) filter (where not d.outcome_pass and d.verdict = 'likely-spoof'), 0) as spoofed,
		coalesce(sum(d.messages) filter (where not d.outcome_pass and d.verdict = 'undetermined'), 0) as undetermined,
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
		case
			when m.header_from = m.policy_domain then 'p'
			when n.np is not null then 'np'
			when n.sp is null or n.sp is not distinct from n.p then 'p'
			else 'sp'
		end as policy,
		m.unidentified + case when proof.found then 0 else m.service end as undecided,
		m.yours + case when proof.found then m.service else 0 end as all_yours
	from known, mail m join policy n using (policy_domain)
		cross join lateral (select coalesce(m.proven or m.sender = any (known.senders), false) as found) as proof
), summed as (
	select policy_domain, min(first_day) as first_day,
		sum(messages) as messages,
		sum(passed) as passed,
		sum(spoofed) as spoofed,
		sum(undetermined) as undetermined,
		coalesce(sum(all_yours) filter (where policy = 'p'), 0) as yours,
		coalesce(sum(forwarded) filter (where policy = 'p'), 0) as forwarded,
		coalesce(sum(let_through) filter (where policy = 'p'), 0) as let_through,
		coalesce(sum(fixable) filter (where policy = 'p'), 0) as fixable,
		coalesce(sum(undecided) filter (where policy = 'p'), 0) as undecided,
		coalesce(sum(stopped) filter (where policy = 'p'), 0) as stopped,
		coalesce(sum(spf_only) filter (where policy = 'p'), 0) as spf_only,
		coalesce(sum(all_yours) filter (where policy = 'sp'), 0) as sp_yours,
		coalesce(sum(forwarded) filter (where policy = 'sp'), 0) as sp_forwarded,
		coalesce(sum(let_through) filter (where policy = 'sp'), 0) as sp_let_through,
		coalesce(sum(fixable) filter (where policy = 'sp'), 0) as sp_fixable,
		coalesce(sum(undecided) filter (where policy = 'sp'), 0) as sp_undecided,
		coalesce(sum(stopped) filter (where policy = 'sp'), 0) as sp_stopped,
		coalesce(sum(spf_only) filter (where policy = 'sp'), 0) as sp_spf_only,
		coalesce(sum(all_yours + forwarded - let_through + undecided) filter (where policy = 'np'), 0) as apart
	from weighed
	group by 1
), judged as (
	select n.policy_domain, n.p, n.sp, n.np, n.pct, n.testing, n.adkim, n.aspf,
		since.day as policy_since, k.reports, k.reporters, k.top_reporters, m.first_day, e.last_day,
		e.last_day - m.first_day + 1 as days,
		m.messages, m.passed, m.spoofed, m.undetermined, m.yours, m.forwarded, m.let_through, m.fixable,
		m.undecided, m.stopped, m.spf_only, m.apart,
		n.sp is distinct from n.p and n.sp is not null and n.np is null as has_sp,
		m.sp_yours, m.sp_forwarded, m.sp_let_through, m.sp_fixable, m.sp_undecided, m.sp_stopped, m.sp_spf_only
	from (select dmarc.newest_complete_day() as last_day) as e, policy n
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
	end as readiness,
	dmarc.is_foreign(j.policy_domain, (select dmarc.owned_patterns())) as is_foreign,
	j.top_reporters,
	coalesce(j.messages = j.spoofed, true) as parked,
	case when j.has_sp then
		round((j.sp_yours + j.sp_forwarded - j.sp_let_through + j.sp_undecided) / j.days, 2) end as sp_reject_cost,
	case when j.has_sp then round(j.sp_yours / j.days, 2) end as sp_cost_yours,
	case when j.has_sp then round(j.sp_forwarded / j.days, 2) end as sp_cost_forwarded,
	case when j.has_sp then round(j.sp_let_through / j.days, 2) end as sp_forwarded_let_through,
	case when j.has_sp then round(j.sp_fixable / j.days, 2) end as sp_forwarded_fixable,
	case when j.has_sp then round(j.sp_undecided / j.days, 2) end as sp_cost_undecided,
	case when j.has_sp then round(j.sp_stopped / j.days, 2) end as sp_reject_stops,
	case when j.has_sp then round(j.sp_spf_only / j.days, 2) end as sp_passes_on_spf_only
from judged j;

-- The same.
create or replace view dmarc.reporters as
with days as (
	select reporter, day, org_name, email, sum(reports) as reports, sum(records) as records, sum(messages) as messages,
		coalesce(sum(reports) filter (where has_errors), 0) as reports_with_errors,
		coalesce(sum(reports) filter (where origin = 'authenticated'), 0) as authenticated,
		coalesce(sum(reports) filter (where origin = 'fits'), 0) as fitting,
		coalesce(sum(reports) filter (where origin = 'does not fit'), 0) as not_fitting,
		coalesce(sum(reports) filter (where origin = 'failed authentication'), 0) as failing,
		coalesce(sum(reports) filter (where origin = 'not known'), 0) as unknown,
		coalesce(sum(reports) filter (where dmarc.is_foreign(policy_domain, (select dmarc.owned_patterns()))), 0)
			as on_foreign
	from dmarc.daily_report
	where day between (select dmarc.newest_day()) - 89 and (select dmarc.newest_day())
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
	select reporter, policy_domain, quirks, sum(reports) as reports
	from dmarc.daily_report
	where day between (select dmarc.newest_day()) - 89 and (select dmarc.newest_day())
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

-- Whose an address is, is told by the newest of its records, and of that day by the largest. What is compared
-- for it is one number of the day and the count, which has as many digits for two centuries.
do $$
begin
	execute 'alter table dmarc.host_seen add column newest bigint, add column stream_key uuid';
end
$$;
comment on column dmarc.host_seen.newest is 'Of its newest record, and of those the largest: the day since 1970, times 2^40, and the count; null where its detail was pruned before that was kept';
comment on column dmarc.host_seen.stream_key is 'The stream of that record';

-- Few records are of such a day: to sort all for it would take four times as long.
set local enable_mergejoin = off;
with seen as materialized (
	select distinct address, last_day from dmarc.host_seen
), told as materialized (
	select r.source_ip as address, s.policy_domain,
		max((((r.day - date '1970-01-01')::bigint << 40 | least(r.count, 1099511627775))::text || r.stream_key::text)
			collate "C") as newest
	from dmarc.record r
		join dmarc.stream s on s.key = r.stream_key
	where (r.source_ip, r.day) in (select address, last_day from seen)
	group by 1, 2
)
update dmarc.host_seen h
set newest = left(t.newest, -36)::bigint, stream_key = right(t.newest, 36)::uuid
from told t
where t.address = h.address and t.policy_domain = h.policy_domain;
set local enable_mergejoin = on;

-- As before, and whose they are.
create or replace view dmarc.hosts as
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
	h.looked_up_at,
	j.service as sender,
	n.name as sender_name,
	j.verdict
from dmarc.host_seen s
	left join dmarc.host h on h.address = s.address
	left join dmarc.judgement j on j.stream_key = s.stream_key and j.host_class = coalesce(h.class, '')
	left join dmarc.sender n on n.id = j.service;
comment on column dmarc.hosts.sender is 'Sending service of its newest mail, of that day of the largest record: an id, or a name of the owner''s own; null where none can be named';
comment on column dmarc.hosts.sender_name is 'Its name';
comment on column dmarc.hosts.verdict is 'What that mail amounts to: see records';

-- As before, but that only what fails is spoofed or undetermined: what passes by a reporter's word alone, with
-- nothing to show for it, passes. A rate was of more than all else.
create or replace view dmarc.senders_daily as
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
	d.reporters,
	dmarc.is_foreign(d.policy_domain, (select dmarc.owned_patterns())) as is_foreign
from (
	select day, policy_domain, header_from, sender,
		sum(messages) as messages,
		coalesce(sum(messages) filter (where outcome_pass), 0) as passed,
		coalesce(sum(messages) filter (where spf_aligned), 0) as spf_aligned,
		coalesce(sum(messages) filter (where dkim_aligned), 0) as dkim_aligned,
		coalesce(sum(messages) filter (where spf_aligned and not dkim_aligned), 0) as spf_only,
		coalesce(sum(messages) filter (where path = 'indirect'), 0) as forwarded,
		coalesce(sum(messages) filter (where not outcome_pass and verdict = 'likely-spoof'), 0) as spoofed,
		coalesce(sum(messages) filter (where not outcome_pass and verdict = 'undetermined'), 0) as undetermined,
		coalesce(sum(messages) filter (where disposition = 'quarantine'), 0) as quarantined,
		coalesce(sum(messages) filter (where disposition = 'reject'), 0) as rejected,
		sum(records) as records,
		count(distinct reporter) as reporters
	from dmarc.daily_sender
	group by 1, 2, 3, 4) as d
	left join dmarc.sender n on n.id = d.sender;
comment on column dmarc.senders_daily.spoofed is 'Of them: fail, and are likely spoofed';
comment on column dmarc.senders_daily.undetermined is 'Of them: fail, and the reporters do not say enough to tell';
comment on column dmarc.domains.spoofed is 'Of them: fail, and are likely spoofed; set aside in pass_rate';
comment on column dmarc.domains.undetermined is 'Of them: fail, and reporters do not say enough to tell; set aside in pass_rate';

-- The rest of the views that say something of domains tell, too, which are not the owner's.
do $$
declare
	name text;
begin
	foreach name in array array['records', 'daily_records', 'hosts', 'remedies'] loop
		execute format('create or replace view dmarc.%I as select v.*, '
			'dmarc.is_foreign(v.policy_domain, (select dmarc.owned_patterns())) as is_foreign from (%s) as v',
			name, rtrim(pg_get_viewdef(format('dmarc.%I', name)::regclass), ';'));
		execute format('comment on column dmarc.%I.is_foreign is %L', name,
			'On a domain that is neither among those the owner says are his, nor below one: answers leave it out');
	end loop;
end
$$;

-- Rules on addresses may change between one mail of an address and the next: new mail goes by the class that the
-- address has then. History keeps the one it was added up by until "db rejudge" is asked for, which must know
-- of whom.
do $$
begin
	execute 'alter table dmarc.host add column stale boolean not null default false';
end
$$;
comment on column dmarc.host.stale is 'Earlier days may be added up by another class: "db rejudge" adds them up anew';
