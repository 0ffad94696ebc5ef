-- Turns ruamill's tables into tables of Citus, with all that is in them. To be run on the coordinator by the
-- owner of the tables, in a database that has the extension and knows its workers; and again after every
-- "ruamill db migrate": what is spread already stays as it is.
--
--	psql -f sql/distributed/citus.sql 'host=coordinator dbname=dmarc'

\set ON_ERROR_STOP on
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
		('host_seen', 'spread', 'address', 'none'),
		('sender', 'here', null, null),
		('sender_rule', 'here', null, null),
		('owned_domain', 'here', null, null),
		('migration', 'here', null, null),
		('retention', 'here', null, null)
	) as wanted (name, how, spread_by, beside)
	loop
		if exists (select from pg_dist_partition where logicalrelid = ('dmarc.' || t.name)::regclass) then
			continue;
		end if;
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

-- Those that are older than the extension are on this machine alone.
select count(create_distributed_function(p.oid::regprocedure))
from pg_proc p join pg_language l on l.oid = p.prolang and l.lanname = 'sql'
where p.pronamespace = 'dmarc'::regnamespace;

-- The roll-up writes tables of several kinds and reads them again before it commits: over one connection to a
-- machine it sees what it wrote. Several ingesters, and workers of one ("ingest --jobs"), have each their own.
-- The other settings are those of every session of ruamill: its part on a worker must have them too.
select format('alter database %I set %s', current_database(), setting)
from unnest(array['citus.multi_shard_modify_mode = sequential', $$timezone = 'UTC'$$, $$datestyle = 'ISO, YMD'$$,
	$$intervalstyle = 'postgres'$$, $$bytea_output = 'hex'$$]) as setting \gexec

commit;
