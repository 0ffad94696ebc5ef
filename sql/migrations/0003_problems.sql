-- Messages that did not become reports whole: how often each was tried, and a view of them.

alter table dmarc.message
	add column attempts integer not null default 1 check (attempts > 0),
	add column retried_at timestamptz;
comment on column dmarc.message.seen_at is 'When it was ingested first';
comment on column dmarc.message.attempts is 'How often it was read; more than once only by "ingest --retry"';
comment on column dmarc.message.retried_at is 'When it was tried again last; null: never';

-- The view below asks for these, the newest first: among millions that were stored they are few.
drop index dmarc.message_problem;
create index message_problem on dmarc.message (seen_at) where outcome <> 'stored' or reason is not null;

create index report_conflict_message on dmarc.report_conflict (message_key);

-- A re-send is a row for each of its reports. A message whose other reports were stored may bring one
-- along: it has no other fault, and comes by the second branch.
create view dmarc.problems as
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
	p.messages as resent_messages
from problem p
	left join dmarc.report r on r.key = p.report_key;
comment on view dmarc.problems is 'Messages that did not become reports whole; of a re-send with other records, one row a report';
comment on column dmarc.problems.message_key is 'Which message; several rows may be of one';
comment on column dmarc.problems.outcome is 'What became of it; stored: in part, the reason says what is missing';
comment on column dmarc.problems.attention is 'Whether somebody should look; not so for duplicates, other mail and other kinds of report';
comment on column dmarc.problems.reason is 'Why, where the outcome does not say it all';
comment on column dmarc.problems.source is 'Where it was found: a Maildir, a folder, a file';
comment on column dmarc.problems.locator is 'Its name within the source';
comment on column dmarc.problems.size is 'Bytes';
comment on column dmarc.problems.message_id is 'Message-ID of the mail';
comment on column dmarc.problems.seen_at is 'When it was ingested first';
comment on column dmarc.problems.attempts is 'How often it was read';
comment on column dmarc.problems.retried_at is 'When it was tried again last; null: never';
comment on column dmarc.problems.reporter is 'Of a re-send: who sent the report';
comment on column dmarc.problems.report_id is 'Of a re-send: the reporter''s name for the report';
comment on column dmarc.problems.policy_domain is 'Of a re-send: the domain it is on';
comment on column dmarc.problems.stored_records is 'Of a re-send: records of the report that came first and counts';
comment on column dmarc.problems.stored_messages is 'Of a re-send: messages of the report that came first and counts';
comment on column dmarc.problems.resent_records is 'Of a re-send: records it had itself, which do not count';
comment on column dmarc.problems.resent_messages is 'Of a re-send: messages it had itself, which do not count';
