-- The ground: what came in (message), what reporters said (report, stream, record), nothing judged.
--
-- Facts are written once and never changed; every key is made of content, so that any number of
-- ingesters agree on it without a sequence.

create schema dmarc;
comment on schema dmarc is 'DMARC aggregate reports, as ruamill stores them';

-- Which of these files were applied. ruamill writes a row in the transaction that applies the file.
create table dmarc.migration (
	version integer primary key check (version > 0),
	name text not null,
	digest text not null,
	program text not null,
	applied_at timestamptz not null default now()
);
comment on table dmarc.migration is 'Schema changes applied, with the digest of their text';

-- The only clock. A setting overrides it for tests and for looking back:
--	set dmarc.today = '2026-11-20'
create function dmarc.today() returns date
	language sql stable parallel safe
	as $$ select coalesce(nullif(current_setting('dmarc.today', true), '')::date, current_date) $$;
comment on function dmarc.today() is 'The current date, or the setting dmarc.today';

create type dmarc.outcome as enum (
	'stored', 'duplicate', 'conflicting', 'not a report', 'broken', 'too large', 'too old',
	'invalid date', 'unsupported kind');

-- The ledger: every mail or file ever seen, whatever became of it.
create table dmarc.message (
	key bytea primary key check (length(key) = 32),
	source text not null,
	locator text not null,
	message_id text,
	size bigint not null check (size >= 0),
	outcome dmarc.outcome not null,
	reason text,
	seen_at timestamptz not null default now(),
	settled_at timestamptz
);
comment on table dmarc.message is 'Every mail or file ever seen, with its outcome';
comment on column dmarc.message.key is 'Digest of source and identity within it; never the Message-ID, which is forgeable';
comment on column dmarc.message.source is 'Where it was found: a Maildir, a folder, a file';
comment on column dmarc.message.locator is 'Its name within the source';
comment on column dmarc.message.message_id is 'Message-ID of the mail, for people';
comment on column dmarc.message.size is 'Bytes';
comment on column dmarc.message.outcome is 'What became of it';
comment on column dmarc.message.reason is 'Why, where the outcome does not say it all';
comment on column dmarc.message.seen_at is 'When it was ingested';
comment on column dmarc.message.settled_at is 'When its source was told; null: still to do';

-- For "report problems": the few that did not become reports, newest first.
create index message_problem on dmarc.message (seen_at) where outcome <> 'stored';

-- One aggregate report. The key begins with the day, so that inserts stay at the edge of the index.
create table dmarc.report (
	key uuid primary key,
	day date not null,
	reporter text not null,
	org_name text not null,
	email text,
	extra_contact_info text,
	report_id text not null,
	begin_at timestamptz not null,
	end_at timestamptz not null check (end_at >= begin_at),
	version text,
	generator text,
	namespace text,
	errors text[],
	policy_domain text not null,
	adkim text,
	aspf text,
	p text,
	sp text,
	np text,
	pct smallint check (pct between 0 and 100),
	fo text,
	testing text,
	discovery_method text,
	quirks text[] not null,
	records bigint not null check (records >= 0),
	messages numeric(20) not null check (messages >= 0),
	content bytea not null,
	message_key bytea not null references dmarc.message (key)
);
comment on table dmarc.report is 'One aggregate report, as its reporter sent it';
comment on column dmarc.report.key is 'Made of day, reporter, report_id, policy domain, begin and end';
comment on column dmarc.report.day is 'UTC date of the middle of the period';
comment on column dmarc.report.reporter is 'org_name in lower case, trimmed: what reports are grouped by';
comment on column dmarc.report.content is 'Digest of the records, whatever their order: tells a re-send from a conflict';
comment on column dmarc.report.messages is 'Sum of count over its records';
comment on column dmarc.report.quirks is 'Oddities met and repairs made';

-- The same key with other records: kept as a finding, not counted.
create table dmarc.report_conflict (
	report_key uuid not null references dmarc.report (key),
	message_key bytea not null references dmarc.message (key),
	records bigint not null,
	messages numeric(20) not null,
	content bytea not null,
	primary key (report_key, message_key)
);
comment on table dmarc.report_conflict is 'A report that was sent again with other records';

-- Everything judging needs of a record but its host; no free text, nothing that a suffix list decides.
-- Many records share one stream.
create table dmarc.stream (
	key uuid primary key,
	policy_domain text not null,
	adkim text,
	aspf text,
	p text,
	sp text,
	np text,
	pct smallint,
	testing text,
	discovery_method text,
	header_from text,
	envelope_from text,
	disposition text,
	claimed_dkim text,
	claimed_spf text,
	reason_types text[] not null,
	reason_notes text[] not null,
	dkim_domains text[] not null,
	dkim_selectors text[] not null,
	dkim_results text[] not null,
	dkim_hints text[] not null,
	spf_domains text[] not null,
	spf_scopes text[] not null,
	spf_results text[] not null,
	check (cardinality(reason_types) = cardinality(reason_notes)),
	check (cardinality(dkim_domains) = cardinality(dkim_selectors)
		and cardinality(dkim_domains) = cardinality(dkim_results)
		and cardinality(dkim_domains) = cardinality(dkim_hints)),
	check (cardinality(spf_domains) = cardinality(spf_scopes)
		and cardinality(spf_domains) = cardinality(spf_results))
);
comment on table dmarc.stream is 'What many records have in common: policy, identifiers, results, claims';
comment on column dmarc.stream.key is 'Made of all other columns';
comment on column dmarc.stream.reason_notes is 'What a comment says of each reason: arc-pass, arc-fail, other, or null';
comment on column dmarc.stream.dkim_hints is 'key where the human_result of a signature blames its key, else null';

create table dmarc.record (
	report_key uuid not null,
	ordinal integer not null,
	day date not null,
	source_ip inet,
	count bigint not null,
	stream_key uuid not null,
	envelope_to text,
	notes jsonb
) partition by range (day);
comment on table dmarc.record is 'One record of a report; partitioned by month';
comment on column dmarc.record.notes is 'human_result, reason comments and raw spellings, where there are any';

-- For one report's records, and for dropping a report: the key alone finds the partition's rows.
create index record_report on dmarc.record (report_key);

-- Makes the partition a day falls in. Stand-alone, then attached: PARTITION OF inside writing
-- transactions deadlocks two writers. Runs with its owner's rights, so that a role that may only write
-- facts can call it; the name of the table is made of a date alone.
create function dmarc.ensure_month(day date) returns void
	language plpgsql security definer
	set search_path = pg_catalog, pg_temp
	as $$
declare
	first date := date_trunc('month', day)::date;
	next date := (date_trunc('month', day) + interval '1 month')::date;
	name text := 'record_' || to_char(first, 'YYYY_MM');
begin
	-- asked of the catalogue, not by to_regclass(): behind the lock that may still remember that
	-- there was no such table when it was asked before
	if exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where n.nspname = 'dmarc' and c.relname = name) then
		return;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('dmarc.ensure_month', 0));
	if exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where n.nspname = 'dmarc' and c.relname = name) then
		return;
	end if;
	execute format('create table dmarc.%I (like dmarc.record including defaults including indexes)', name);
	execute format('alter table dmarc.%I add constraint %I check (day >= %L and day < %L)',
		name, name || '_month', first, next);
	execute format('alter table dmarc.record attach partition dmarc.%I for values from (%L) to (%L)',
		name, first, next);
	execute format('alter table dmarc.%I drop constraint %I', name, name || '_month');
end
$$;
comment on function dmarc.ensure_month(date) is 'Makes the partition that a day falls in';
revoke all on function dmarc.ensure_month(date) from public;

-- What analysts query: one row a record, every text decoded.
create view dmarc.records as
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
	r.notes
from dmarc.record r
	join dmarc.report p on p.key = r.report_key
	join dmarc.stream s on s.key = r.stream_key;
comment on view dmarc.records is 'One row a record of a report, with the report and the policy beside it';
comment on column dmarc.records.day is 'UTC date of the middle of the report''s period';
comment on column dmarc.records.reporter is 'Who sent the report: org_name in lower case';
comment on column dmarc.records.org_name is 'Who sent the report, as written';
comment on column dmarc.records.report_id is 'The reporter''s name for the report, verbatim';
comment on column dmarc.records.begin_at is 'Begin of the period';
comment on column dmarc.records.end_at is 'End of the period';
comment on column dmarc.records.policy_domain is 'Domain whose DMARC record was applied';
comment on column dmarc.records.p is 'Published policy';
comment on column dmarc.records.sp is 'Effective policy for subdomains: sp, else p';
comment on column dmarc.records.np is 'Effective policy for subdomains that do not exist: np, else sp, else p';
comment on column dmarc.records.adkim is 'DKIM alignment mode: r or s';
comment on column dmarc.records.aspf is 'SPF alignment mode: r or s';
comment on column dmarc.records.source_ip is 'Address that connected to the reporter; null where it gave none';
comment on column dmarc.records.messages is 'Number of messages the record stands for';
comment on column dmarc.records.header_from is 'Domain of the From header';
comment on column dmarc.records.envelope_from is 'Domain of the envelope sender; empty for a null sender, null where not sent';
comment on column dmarc.records.envelope_to is 'Domain of the recipient; null where not sent';
comment on column dmarc.records.disposition is 'What the reporter says it did: none, quarantine, reject, pass';
comment on column dmarc.records.claimed_dkim is 'The reporter''s verdict on DKIM alignment';
comment on column dmarc.records.claimed_spf is 'The reporter''s verdict on SPF alignment';
comment on column dmarc.records.reason_types is 'Why the policy was not applied, in the reporter''s words';
comment on column dmarc.records.dkim_domains is 'd= of each signature';
comment on column dmarc.records.dkim_selectors is 's= of each signature';
comment on column dmarc.records.dkim_results is 'Result of each signature';
comment on column dmarc.records.spf_domains is 'Domain of each SPF check';
comment on column dmarc.records.spf_scopes is 'Scope of each SPF check: mfrom or helo';
comment on column dmarc.records.spf_results is 'Result of each SPF check';
comment on column dmarc.records.notes is 'human_result, reason comments and raw spellings, where there are any';
