-- Where a message is now also means: nowhere, if it was deleted.

create or replace view dmarc.problems as
with problem as (
	select m.*, c.report_key, c.records, c.messages
	from dmarc.message m
		left join dmarc.report_conflict c on c.message_key = m.key
	where m.outcome <> 'stored' or m.reason is not null
	union all
	select m.*, c.report_key, c.records, c.messages
	from dmarc.report_conflict c
		join dmarc.message m on m.key = c.message_key
	where m.outcome = 'stored' and m.reason is null
)
select
	p.key as message_key,
	p.outcome::text as outcome,
	p.outcome not in ('duplicate', 'not a report', 'unsupported kind') as attention,
	p.reason,
	p.source,
	p.locator,
	p.size,
	p.message_id,
	p.seen_at,
	p.attempts,
	p.retried_at,
	r.reporter,
	r.report_id,
	r.policy_domain,
	r.records as stored_records,
	r.messages as stored_messages,
	p.records as resent_records,
	p.messages as resent_messages,
	p.settlement
from problem p
	left join dmarc.report r on r.key = p.report_key;
comment on column dmarc.problems.settlement is 'What was done to it: mark, move, delete, or gone where somebody else did; null: it was left as it was, or it is still to be done';
