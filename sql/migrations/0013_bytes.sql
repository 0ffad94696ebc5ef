-- What a table takes on disk, with its indexes. A table may be spread over machines: the set-up for several
-- (sql/distributed) puts a function in the place of this one that asks them.

create or replace function dmarc.stored_bytes(name regclass) returns bigint
	language sql volatile strict
	set search_path = pg_catalog, pg_temp
	as $$ select pg_total_relation_size(name) $$;
comment on function dmarc.stored_bytes(regclass) is 'What a table takes on disk with its indexes, on all machines';
