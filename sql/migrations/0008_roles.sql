-- Two roles: one that writes facts, rolls up and settles, and one for analysts, that reads views.
--
-- Roles belong to the server, not to a database, and may have other names: "ruamill db init --roles"
-- makes them, and writes their names down here. What each may do is a table, so that a migration which
-- makes a table or function adds its row; views are for both. Rights are given anew after every
-- migration.

create table dmarc.role (
	purpose text primary key check (purpose in ('ingest', 'reader')),
	name name not null unique
);
comment on table dmarc.role is 'Roles of the server that have rights here';

create table dmarc.role_right (
	purpose text not null check (purpose in ('ingest', 'reader')),
	object text not null,
	privileges text not null,
	primary key (purpose, object)
);
comment on table dmarc.role_right is 'What each role may do, as in grant PRIVILEGES on OBJECT; views come by themselves';

-- Facts are never deleted by who writes them, and what the owner says is his to say.
insert into dmarc.role_right (purpose, object, privileges) values
	('ingest', 'dmarc.migration', 'select'),
	('ingest', 'dmarc.message', 'select, insert, update'),
	('ingest', 'dmarc.report', 'select, insert, update'),
	('ingest', 'dmarc.report_conflict', 'select, insert'),
	('ingest', 'dmarc.stream', 'select, insert'),
	('ingest', 'dmarc.record', 'select, insert'),
	('ingest', 'dmarc.host', 'select, insert, update, delete'),
	('ingest', 'dmarc.dirty_day', 'select, insert, update, delete'),
	('ingest', 'dmarc.daily', 'select, insert, update, delete'),
	('ingest', 'dmarc.host_seen', 'select, insert, update, delete'),
	('ingest', 'dmarc.sender', 'select, insert, update, delete'),
	('ingest', 'dmarc.sender_rule', 'select'),
	('ingest', 'dmarc.owned_domain', 'select'),
	('ingest', 'dmarc.remedy', 'select, insert, update, delete'),
	('ingest', 'dmarc.judgement', 'select, insert, update, delete'),
	('ingest', 'dmarc.daily_sender', 'select, insert, update, delete'),
	('ingest', 'function dmarc.ensure_month(date)', 'execute');

-- Makes the rights of the roles what dmarc.role_right says, no more and no less.
create function dmarc.grant_rights() returns void
	language plpgsql
	set search_path = pg_catalog, pg_temp
	as $$
declare
	r record;
	v record;
begin
	for r in select * from dmarc.role loop
		execute format('revoke all on all tables in schema dmarc from %I', r.name);
		execute format('revoke all on all functions in schema dmarc from %I', r.name);
		execute format('grant usage on schema dmarc to %I', r.name);
		for v in select * from dmarc.role_right where purpose = r.purpose loop
			execute format('grant %s on %s to %I', v.privileges, v.object, r.name);
		end loop;
		for v in select c.oid::regclass as view from pg_class c
				where relnamespace = 'dmarc'::regnamespace and relkind in ('v', 'm') loop
			execute format('grant select on %s to %I', v.view, r.name);
		end loop;
	end loop;
end
$$;
comment on function dmarc.grant_rights() is 'Gives the roles their rights, those on new tables and views too';
revoke all on function dmarc.grant_rights() from public;

-- Who is there already stays as it is. Nobody logs in by these names: login roles are members.
create function dmarc.set_up_roles(ingest name, reader name) returns void
	language plpgsql
	set search_path = pg_catalog, pg_temp
	as $$
declare
	wanted name;
begin
	foreach wanted in array array[ingest, reader] loop
		continue when exists (select from pg_roles where rolname = wanted);
		begin
			execute format('create role %I nologin', wanted);
		exception when duplicate_object or unique_violation then
			null; -- somebody made it a moment ago, for another database
		end;
	end loop;
	insert into dmarc.role (purpose, name) values ('ingest', ingest), ('reader', reader)
		on conflict (purpose) do update set name = excluded.name;
	execute format('grant connect, temporary on database %I to %I', current_database(), ingest);
	execute format('grant connect on database %I to %I', current_database(), reader);
	perform dmarc.grant_rights();
end
$$;
comment on function dmarc.set_up_roles(name, name) is 'Makes the roles of this database, or their rights anew';
revoke all on function dmarc.set_up_roles(name, name) from public;

-- For whoever may use the schema and must know whether it is the one his program was made for.
create function dmarc.changes() returns table (version integer, name text, digest text)
	language sql stable security definer
	set search_path = pg_catalog, pg_temp
	as $$ select version, name, digest from dmarc.migration order by version $$;
comment on function dmarc.changes() is 'Schema changes applied';

-- Where mail lies is not for readers: they see the view, without these.
create function dmarc.sees_mail() returns boolean
	language sql stable
	as $$ select pg_catalog.has_table_privilege('dmarc.message', 'select') $$;
comment on function dmarc.sees_mail() is 'May who asks see where mails lie?';

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
	case when sees_mail then p.source end as source,
	case when sees_mail then p.locator end as locator,
	p.size,
	case when sees_mail then p.message_id end as message_id,
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
	left join dmarc.report r on r.key = p.report_key
	cross join (select dmarc.sees_mail() as sees_mail) as s;
comment on column dmarc.problems.source is 'Where it was found: a Maildir, a folder, a file; null for who may not see mailboxes';
comment on column dmarc.problems.locator is 'Its name within the source; null for who may not see mailboxes';
comment on column dmarc.problems.message_id is 'Message-ID of the mail; null for who may not see mailboxes';
