-- Turns ruamill's tables into tables of Citus, with all that is in them. To be run on the coordinator by the
-- owner of the tables, in a database that has the extension and knows its workers; and again after every
-- "ruamill db migrate": what is spread already stays as it is.
--
--	psql -f sql/distributed/citus.sql 'host=coordinator dbname=dmarc'

\set ON_ERROR_STOP on

-- What views and their columns say of themselves: Citus makes views anew when it takes a table, without that.
create temp table said as
select format('dmarc.%I', v.relname) as view, a.attname as name, d.description
from pg_class v
	join pg_description d on d.objoid = v.oid and d.classoid = 'pg_class'::regclass
	left join pg_attribute a on a.attrelid = v.oid and a.attnum = d.objsubid and a.attnum > 0
where v.relnamespace = 'dmarc'::regnamespace and v.relkind = 'v';

begin;

-- A key that is not that of its shard cannot be checked across machines. A message, its reports and their
-- records are written in one transaction, and so they fit all the same.
alter table dmarc.report drop constraint if exists report_message_key_fkey;
alter table dmarc.report_conflict drop constraint if exists report_conflict_message_key_fkey;
-- This one is made anew below, between tables that lie together.
alter table dmarc.report_conflict drop constraint if exists report_conflict_report_key_fkey;

-- What every machine has whole, since all else is joined with it; what is spread by a key, and what belongs
-- to a report beside it; and what stays here, but must be known for views to join it.
do $$
declare
	t record;
begin
	for t in select * from (values
		('stream', 'everywhere', null, null),
		('host', 'everywhere', null, null),
		('judgement', 'everywhere', null, null),
		('remedy', 'everywhere', null, null),
		('report', 'spread', 'key', 'none'),
		('report_conflict', 'spread', 'report_key', 'dmarc.report'),
		('record', 'spread', 'report_key', 'dmarc.report'),
		('payload', 'spread', 'report_key', 'dmarc.report'),
		('message', 'spread', 'key', 'none'),
		('daily', 'spread', 'stream_key', 'none'),
		('daily_sender', 'spread', 'policy_domain', 'none'),
		('daily_report', 'spread', 'policy_domain', 'none'),
		('host_seen', 'spread', 'address', 'none'),
		('sender', 'here', null, null),
		('sender_rule', 'here', null, null),
		('owned_domain', 'here', null, null),
		('migration', 'here', null, null),
		('retention', 'here', null, null)
	) as wanted (name, how, spread_by, beside)
	loop
		-- an earlier version has fewer tables
		continue when to_regclass('dmarc.' || t.name) is null
			or exists (select from pg_dist_partition where logicalrelid = ('dmarc.' || t.name)::regclass);
		case t.how
		when 'everywhere' then perform create_reference_table('dmarc.' || t.name);
		when 'spread' then perform create_distributed_table('dmarc.' || t.name, t.spread_by, colocate_with := t.beside);
		when 'here' then perform citus_add_local_table_to_metadata('dmarc.' || t.name);
		end case;
	end loop;
end
$$;

alter table dmarc.report_conflict add constraint report_conflict_report_key_fkey
	foreign key (report_key) references dmarc.report (key);

commit;
begin;

-- In the place of the one that asks this machine alone.
create or replace function dmarc.stored_bytes(name regclass) returns bigint
	language sql volatile strict
	set search_path = pg_catalog, pg_temp
	as $$ select citus_total_relation_size(name) $$;

-- Those that are older than the extension are on this machine alone.
select count(create_distributed_function(p.oid::regprocedure))
from pg_proc p join pg_language l on l.oid = p.prolang and l.lanname = 'sql'
where p.pronamespace = 'dmarc'::regnamespace;

-- The same of the shapes of rows that are given to a statement: they are made anew, for Citus to see it.
do $$
declare
	t record;
begin
	for t in select c.relname as name, obj_description(c.reltype, 'pg_type') as description,
			string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum) as columns
		from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		where c.relnamespace = 'dmarc'::regnamespace and c.relkind = 'c'
			and not exists (select from pg_dist_object where classid = 'pg_type'::regclass and objid = c.reltype)
		group by c.relname, c.reltype
	loop
		execute format('drop type dmarc.%I', t.name);
		execute format('create type dmarc.%I as (%s)', t.name, t.columns);
		execute format('comment on type dmarc.%I is %L', t.name, t.description);
	end loop;
end
$$;

-- Machines are asked in the name of whoever asks, so that who reads a view needs a right on what is in it.
-- Where mails lie is still not for readers: what lists messages becomes a function that asks in the name of
-- its owner, and leaves that out. It is made of the view as the last migration left it.
do $$
declare
	definition text := rtrim(pg_get_viewdef('dmarc.problems'::regclass), ';');
	told text;
	typed text;
	shown text;
begin
	if definition like '%problems_told()%' then
		return;
	end if;
	select string_agg(format('%I %s', attname, type), ', ' order by attnum),
		string_agg(format('%I::%s', attname, type), ', ' order by attnum),
		string_agg(format(case when attname in ('source', 'locator', 'message_id')
			then 'case when sees_mail then %I end' else '%I' end, attname), ', ' order by attnum)
	into told, typed, shown
	from (select attname, attnum, format_type(atttypid, atttypmod) as type from pg_attribute
		where attrelid = 'dmarc.problems'::regclass and attnum > 0 and not attisdropped) a;
	drop function if exists dmarc.problems_told();
	execute format('create function dmarc.problems_told() returns table (%s)
		language plpgsql stable security definer
		set search_path = pg_catalog, pg_temp
		as $told$
		#variable_conflict use_column
		declare
			sees_mail constant boolean := has_table_privilege(session_user, %L, %L);
		begin
			return query select %s from (%s) p;
		end
		$told$', told, 'dmarc.message', 'select', shown, definition);
	revoke all on function dmarc.problems_told() from public;
	comment on function dmarc.problems_told() is 'What the view "problems" shows, to whoever asks';
	execute format('create or replace view dmarc.problems as select %s from dmarc.problems_told()', typed);
end
$$;
do $$
declare
	s record;
begin
	for s in select case when name is null then format('view %s', view) else format('column %s.%I', view, name) end as what,
			description from said
	loop
		execute format('comment on %s is %L', s.what, s.description);
	end loop;
end
$$;

insert into dmarc.role_right (purpose, object, privileges)
select distinct 'reader', format('dmarc.%I', t.relname), 'select'
from pg_rewrite r
	join pg_class v on v.oid = r.ev_class and v.relnamespace = 'dmarc'::regnamespace and v.relkind = 'v'
	join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
	join pg_class t on t.oid = d.refobjid and t.relnamespace = 'dmarc'::regnamespace and t.relkind in ('r', 'p')
union all
select purpose, 'function dmarc.problems_told()', 'execute' from unnest(array['ingest', 'reader']) as purpose
on conflict do nothing;
select dmarc.grant_rights();

-- The roll-up writes tables of several kinds and reads them again before it commits: over one connection to a
-- machine it sees what it wrote. Several ingesters, and workers of one ("ingest --jobs"), have each their own.
-- The other settings are those of every session of ruamill: its part on a worker must have them too.
select format('alter database %I set %s', current_database(), setting)
from unnest(array['citus.multi_shard_modify_mode = sequential', $$timezone = 'UTC'$$, $$datestyle = 'ISO, YMD'$$,
	$$intervalstyle = 'postgres'$$, $$bytea_output = 'hex'$$]) as setting \gexec

commit;
