-- After a load the planner's figures are made in two halves, so that two sessions can do it side by side:
-- those of the tables that have partitions, and those of all others. What is inside an array is looked at by no
-- question, and costs more than all the rest.

drop function dmarc.refresh_statistics();
delete from dmarc.role_right where object = 'function dmarc.refresh_statistics()';

create function dmarc.refresh_statistics(of_partitions boolean) returns void
	language plpgsql security definer
	set search_path = pg_catalog, pg_temp
	set default_statistics_target = 10
	as $$
declare
	block constant bigint := current_setting('block_size')::bigint;
	enough constant bigint := 128;
	rows_a_block constant integer := 64; -- of what was never looked at
	t record;
begin
	-- "db prune" waits for the lock of the partitions
	if not pg_try_advisory_xact_lock(hashtextextended('dmarc.refresh_statistics', 1 - of_partitions::int)) then
		return;
	end if;
	for t in
		select x.indexrelid
		from pg_index x
			join pg_class c on c.oid = x.indrelid
			join pg_class n on n.oid = x.indexrelid
			join pg_am a on a.oid = n.relam and a.amname = 'brin'
		where c.relnamespace = 'dmarc'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
			and c.relispartition and of_partitions
			and pg_relation_size(c.oid) / block > c.relpages
		order by c.relname
	loop
		perform brin_summarize_new_values(t.indexrelid);
	end loop;
	-- no table grows when its partitions do, and the server never looks by itself; what it finds in
	-- them is theirs, too
	for t in
		select p.oid as table from pg_class p
		where p.relnamespace = 'dmarc'::regnamespace and p.relkind = 'p' and of_partitions
			and (select sum(s.pages) >= enough
					and sum(s.pages * case when c.relpages > 0 then c.reltuples / c.relpages
						else rows_a_block end) > greatest(p.reltuples, 0) * 1.1
				from pg_inherits h
					join pg_class c on c.oid = h.inhrelid
					cross join lateral (select pg_relation_size(c.oid) / block as pages) s
				where h.inhparent = p.oid)
	loop
		perform dmarc.look_at(t.table);
	end loop;
	for t in
		select c.oid as table, pg_relation_size(c.oid) / block - c.relpages as grown, c.relpages
		from pg_class c
		where c.relnamespace = 'dmarc'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
			and c.relispartition = of_partitions
		order by c.relname
	loop
		continue when t.grown < enough or t.grown < t.relpages / 10;
		perform dmarc.look_at(t.table);
	end loop;
end
$$;
comment on function dmarc.refresh_statistics(boolean) is 'After a load: looks anew at what has grown much, among partitions or among all other tables, so that the planner is right';
revoke all on function dmarc.refresh_statistics(boolean) from public;

create function dmarc.look_at(looked_at oid) returns void
	language plpgsql
	set search_path = pg_catalog, pg_temp
	as $$
begin
	execute (select format('analyze %s (%s)', looked_at::regclass, string_agg(quote_ident(a.attname), ', '))
		from pg_attribute a
			join pg_type t on t.oid = a.atttypid
		where a.attrelid = looked_at and a.attnum > 0 and not a.attisdropped and t.typcategory <> 'A');
end
$$;
comment on function dmarc.look_at(oid) is 'Makes the planner''s figures of a table''s columns, but for its arrays';
revoke all on function dmarc.look_at(oid) from public;

insert into dmarc.role_right (purpose, object, privileges) values
	('ingest', 'function dmarc.refresh_statistics(boolean)', 'execute');
