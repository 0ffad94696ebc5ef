-- What follows from the facts: kept roll-ups, the catalogue and what the owner knows, judgements.
--
-- Facts stay as they are. Everything here but what the owner said can be made again from them at any
-- time, by one job that holds an advisory lock: "ruamill db rejudge" makes all of it, every ingestion
-- what it changed.

-- Counts are bounded, their sums are not: a hostile one stays at the end of the type.
create function dmarc.saturated(total numeric) returns bigint
	language sql immutable strict parallel safe
	as $$ select least(total, 9223372036854775807)::bigint $$;
comment on function dmarc.saturated(numeric) is 'A sum of counts, or the largest number there is';

-- Report keys begin with their day: the bounds of a day's keys find its records by their index.
create function dmarc.first_key(day date) returns uuid
	language sql immutable strict parallel safe
	as $$ select (lpad(to_hex(day - date '1970-01-01'), 8, '0') || repeat('0', 24))::uuid $$;
comment on function dmarc.first_key(date) is 'The lowest key that a report of the day can have';

-- What is known of addresses. No row: nobody has asked.
create table dmarc.host (
	address inet primary key check (address = host(address)::inet),
	state text not null default 'not looked up'
		check (state in ('not looked up', 'no name', 'confirmed', 'unconfirmed')),
	name text,
	class text not null default '',
	network text,
	country text,
	looked_up_at timestamptz,
	check ((name is not null) = (state in ('confirmed', 'unconfirmed')))
);
comment on table dmarc.host is 'Source addresses of which something is known';
comment on column dmarc.host.address is 'The address';
comment on column dmarc.host.state is 'Whether its name was asked for, and resolves back to it';
comment on column dmarc.host.name is 'Its name, lower case';
comment on column dmarc.host.class is 'All that judging looks at of the address; addresses of one class are judged alike. Empty: nothing is known';
comment on column dmarc.host.network is 'Network it belongs to, where that was looked up';
comment on column dmarc.host.country is 'Country, where that was looked up';
comment on column dmarc.host.looked_up_at is 'When its name was asked for last';

-- Days whose roll-ups are out of date, and the reports that made them so. Written with the facts, in
-- their transaction; a mark without a report asks for the whole day for another reason.
create table dmarc.dirty_day (
	day date not null,
	report_key uuid
);
create index dirty_day_day on dmarc.dirty_day (day);
comment on table dmarc.dirty_day is 'Work of the job that rolls up and judges: marks it has seen are gone';

-- The facts of a day, added up; kept when their detail is pruned. Made anew for each day that is dirty.
create table dmarc.daily (
	day date not null,
	stream_key uuid not null,
	host_class text not null,
	reporter text not null,
	messages bigint not null check (messages >= 0),
	records bigint not null check (records > 0),
	primary key (day, stream_key, host_class, reporter)
);
comment on table dmarc.daily is 'Messages and records of a day by stream, class of address and reporter; kept';

-- Addresses, by what they sent; kept. Each report is added once.
create table dmarc.host_seen (
	address inet not null,
	policy_domain text not null,
	first_day date not null,
	last_day date not null,
	messages bigint not null check (messages >= 0),
	primary key (address, policy_domain)
);
comment on table dmarc.host_seen is 'Addresses that sent mail in the name of a domain: since when, until when, how much; kept';

-- The catalogue as the program has it, so that SQL can name senders.
create table dmarc.sender (
	id text primary key,
	name text not null,
	kind text not null,
	status text not null,
	shipped boolean not null default true,
	acknowledged boolean not null default false,
	added_by text,
	added_at timestamptz
);
comment on table dmarc.sender is 'Sending services: those of the catalogue, and the owner''s own';
comment on column dmarc.sender.shipped is 'Of the catalogue; false: the owner''s own, which the next version leaves alone';
comment on column dmarc.sender.acknowledged is 'Known to the owner: neither new nor to do';

-- What the owner knows better; it wins over the catalogue.
create table dmarc.sender_rule (
	kind text not null check (kind in ('selector', 'dkim', 'mailfrom', 'ip')),
	value text not null check (value <> ''),
	sender text not null check (sender <> ''),
	added_by text not null default session_user,
	added_at timestamptz not null default now(),
	primary key (kind, value)
);
comment on table dmarc.sender_rule is 'Rules of the owner''s that name a sender by what its mail shows';
comment on column dmarc.sender_rule.sender is 'An id or name of the catalogue, or a name of the owner''s own';

create table dmarc.owned_domain (
	domain text primary key check (domain <> ''),
	added_by text not null default session_user,
	added_at timestamptz not null default now()
);
comment on table dmarc.owned_domain is 'Domains that the owner says are his, with all below them';

-- What to do about mail of one kind, in words and records; many judgements share one.
create table dmarc.remedy (
	key uuid primary key,
	title text not null,
	body text not null,
	dns text[] not null
);
comment on table dmarc.remedy is 'What to do about mail of a kind: in words, and the DNS records to publish';

-- What the judge makes of a stream from a class of addresses.
create table dmarc.judgement (
	stream_key uuid not null,
	host_class text not null,
	service text,
	infrastructure text,
	last_hop text,
	path text not null,
	confidence text not null,
	spf_cause text not null,
	dkim_cause text not null,
	verdict text not null,
	severity text not null,
	flags text[] not null,
	organisation text,
	mailfrom text,
	region text,
	tenant text,
	spf_aligned boolean not null,
	dkim_aligned boolean not null,
	spf_agreement text not null,
	dkim_agreement text not null,
	dmarc_pass boolean not null,
	outcome_pass boolean not null,
	remedy_key uuid,
	version text not null,
	primary key (stream_key, host_class)
);
comment on table dmarc.judgement is 'What ruamill thinks of a stream from a class of addresses; can be made again at any time';
comment on column dmarc.judgement.version is 'What it was judged by: the catalogue, the suffix list, and what the owner knew';

-- Questions are answered from here. Made anew with its day, and by "db rejudge".
create table dmarc.daily_sender (
	day date not null,
	policy_domain text not null,
	header_from text,
	reporter text not null,
	sender text,
	path text not null,
	spf_cause text not null,
	dkim_cause text not null,
	verdict text not null,
	severity text not null,
	disposition text,
	spf_aligned boolean not null,
	dkim_aligned boolean not null,
	outcome_pass boolean not null,
	messages bigint not null,
	records bigint not null
);
comment on table dmarc.daily_sender is 'Judged messages of a day by sender, cause and domain: what questions answer from';

-- For questions over a window: "where day between ... and ...".
create index daily_sender_day on dmarc.daily_sender (day);

-- Databases that have facts already: all of their days are to be rolled up.
insert into dmarc.dirty_day (day, report_key) select day, key from dmarc.report;
