-- What "ruamill report" asks for, so that whoever may read views may ask it.

-- For a domain's reports of some days.
create index report_day on dmarc.report (day, policy_domain);

-- As before, and: whom the answer rests on, domains that send nothing, and what sp=reject would cost where
-- names below the domain have a policy of their own. Where an np is published reports do not say which of the
-- two they are under: then they stay apart, whatever sp is.
create or replace view dmarc.domains as
with told as (
	select policy_domain, reporter, p, min(day) as first_day, max(day) as last_day,
		count(*) as reports, sum(messages) as messages
	from dmarc.report
	where key >= dmarc.first_key((select dmarc.newest_complete_day()) - 89)
		and key < dmarc.first_key((select dmarc.newest_day()) + 1)
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
		max(r.end_at) as end_at, count(*) as reports
	from telling t
		cross join generate_series(0, 6) as o (days)
		join dmarc.report r on r.day = t.last_day - o.days and r.policy_domain = t.policy_domain
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
	from changed c join dmarc.report r on r.day > c.day and r.policy_domain = c.policy_domain
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
comment on column dmarc.domains.top_reporters is 'Reporters that tell of the most mail, ten at most';
comment on column dmarc.domains.parked is 'It sends nothing, as it seems: all of its mail is likely spoofed, or there is none';
comment on column dmarc.domains.sp_reject_cost is 'A day: what sp=reject would cost at most, as reject_cost; null unless sp is published, differs from p, and there is no np. Of the names below the domain that have no record of their own';
comment on column dmarc.domains.sp_cost_yours is 'The same of them: as cost_yours';
comment on column dmarc.domains.sp_cost_forwarded is 'The same of them: as cost_forwarded';
comment on column dmarc.domains.sp_forwarded_let_through is 'The same of them: as forwarded_let_through';
comment on column dmarc.domains.sp_forwarded_fixable is 'The same of them: as forwarded_fixable';
comment on column dmarc.domains.sp_cost_undecided is 'The same of them: as cost_undecided';
comment on column dmarc.domains.sp_reject_stops is 'The same of them: as reject_stops';
comment on column dmarc.domains.sp_passes_on_spf_only is 'The same of them: as passes_on_spf_only';

-- Whom mail can be attributed to. What only a rule names has no row of its own.
create view dmarc.senders as
select s.id, s.name, s.kind, s.shipped, s.acknowledged
from dmarc.sender s
union all
select distinct r.sender, r.sender, null::text, false, false
from dmarc.sender_rule r
where not exists (select from dmarc.sender s where r.sender in (s.id, s.name));
comment on view dmarc.senders is 'Sending services: those of the catalogue, and the owner''s own. They have no days';
comment on column dmarc.senders.id is 'Its id, as in the column sender of other views';
comment on column dmarc.senders.name is 'Its name';
comment on column dmarc.senders.kind is 'Its kind: esp, saas, crm, helpdesk, mailbox, ...; null for one that only a rule of the owner''s names';
comment on column dmarc.senders.shipped is 'Of the catalogue; false: the owner''s own';
comment on column dmarc.senders.acknowledged is 'Known to the owner: neither new nor to do';

-- With its owner's rights, for roles that may read views only. Not in SQL: machines that tables are spread
-- over get functions before they are used, and have no marks.
create function dmarc.is_unfinished() returns boolean
	language plpgsql stable security definer
	set search_path = pg_catalog, pg_temp
	as $$
begin
	return exists (select from dmarc.dirty_day);
end
$$;
comment on function dmarc.is_unfinished() is 'Are there reports that are not judged and rolled up yet?';
