-- A load waits for its statistics: a partition is no longer looked at twice, for itself and with the
-- table that it belongs to.

create or replace function dmarc.refresh_statistics() returns void
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
	if not pg_try_advisory_xact_lock(hashtextextended('dmarc.refresh_statistics', 0)) then
		return;
	end if;
	for t in
		select x.indexrelid
		from pg_index x
			join pg_class c on c.oid = x.indrelid
			join pg_class n on n.oid = x.indexrelid
			join pg_am a on a.oid = n.relam and a.amname = 'brin'
		where c.relnamespace = 'dmarc'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
			and pg_relation_size(c.oid) / block > c.relpages
		order by c.relname
	loop
		perform brin_summarize_new_values(t.indexrelid);
	end loop;
	-- no table grows when its partitions do, and the server never looks by itself; what it finds in
	-- them is theirs, too
	for t in
		select p.oid::regclass as name from pg_class p
		where p.relnamespace = 'dmarc'::regnamespace and p.relkind = 'p'
			and (select sum(s.pages) >= enough
					and sum(s.pages * case when c.relpages > 0 then c.reltuples / c.relpages
						else rows_a_block end) > greatest(p.reltuples, 0) * 1.1
				from pg_inherits h
					join pg_class c on c.oid = h.inhrelid
					cross join lateral (select pg_relation_size(c.oid) / block as pages) s
				where h.inhparent = p.oid)
	loop
		execute format('analyze %s', t.name);
	end loop;
	for t in
		select c.oid::regclass as name, pg_relation_size(c.oid) / block - c.relpages as grown, c.relpages
		from pg_class c
		where c.relnamespace = 'dmarc'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
		order by c.relname
	loop
		continue when t.grown < enough or t.grown < t.relpages / 10;
		execute format('analyze %s', t.name);
	end loop;
end
$$;
