-- Tables that are spread over machines lie together by report, not by message: views join them so.

-- Re-sends are joined with their reports before they are joined with messages.
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
		c.messages as resent_messages
	from dmarc.report_conflict c
		join dmarc.report r on r.key = c.report_key
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
)
select
	key as message_key,
	outcome::text as outcome,
	outcome not in ('duplicate', 'not a report', 'unsupported kind') as attention,
	reason,
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
	settlement
from problem
	cross join (select dmarc.sees_mail() as sees_mail) as s;

-- A report knows by itself when it came.
alter table dmarc.report add column seen_at timestamptz default now();
comment on column dmarc.report.seen_at is 'When it was stored';
update dmarc.report r set seen_at = m.seen_at from dmarc.message m where m.key = r.message_key;

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
	p.seen_at
from dmarc.report p;
