-- What is kept how long. Detail goes by whole months; roll-ups outlive it. A day whose detail is gone is
-- closed: it can neither be added to nor be added up again.

create table dmarc.retention (
	only_row boolean primary key default true check (only_row),
	first_kept_day date not null
);
comment on table dmarc.retention is 'How far back detail is kept';
comment on column dmarc.retention.first_kept_day is 'Days before it are closed; only "ruamill db prune" moves it, and only forward';
insert into dmarc.retention (first_kept_day) values ('2012-01-01');

-- With its owner's rights: views may ask, whoever queries them.
create function dmarc.first_kept_day() returns date
	language sql stable security definer parallel safe
	set search_path = pg_catalog, pg_temp
	as $$ select first_kept_day from dmarc.retention $$;
comment on function dmarc.first_kept_day() is 'The first day whose detail is kept: those before are closed';

-- As before, but not of months that are closed: nothing can be written to them.
create or replace function dmarc.ensure_month(day date) returns void
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
	if next <= dmarc.first_kept_day() or exists (
			select from pg_class c join pg_namespace n on n.oid = c.relnamespace
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

-- The partitions, by their names: ensure_month() makes them of a date alone.
create function dmarc.detail_months() returns table (month date, name name)
	language sql stable
	set search_path = pg_catalog, pg_temp
	as $$
		select to_date(substr(c.relname, 8), 'YYYY_MM'), c.relname
		from pg_inherits i join pg_class c on c.oid = i.inhrelid
		where i.inhparent = 'dmarc.record'::regclass and c.relname ~ '^record_[0-9]{4}_[0-9]{2}$'
	$$;
comment on function dmarc.detail_months() is 'Months of which there is detail, with the partition of each';

-- Drops the detail of the months that lie before a day, and closes all days up to the last of them. To be
-- called by "ruamill db prune", which holds the locks that keep writers and the roll-up job away.
create function dmarc.close_days(before date) returns void
	language plpgsql
	set search_path = pg_catalog, pg_temp
	as $$
declare
	closed record;
	first_kept date;
begin
	perform pg_advisory_xact_lock(hashtextextended('dmarc.ensure_month', 0));
	perform pg_advisory_xact_lock(hashtextextended('dmarc.refresh_statistics', 0));
	for closed in
		select m.name, (m.month + interval '1 month')::date as next from dmarc.detail_months() m
		where m.month + interval '1 month' <= before order by m.month
	loop
		first_kept := closed.next;
		execute format('drop table dmarc.%I', closed.name);
	end loop;
	update dmarc.retention set first_kept_day = first_kept where first_kept_day < first_kept;
	delete from dmarc.dirty_day where day < first_kept;
end
$$;
comment on function dmarc.close_days(date) is 'Drops the detail of whole months before a day, and closes them';
revoke all on function dmarc.close_days(date) from public;

-- The only statement that looks for reports by their message is the check that comes with the deletion of
-- a message, for each of them.
create index report_message on dmarc.report using hash (message_key);

-- A path may be longer than what a btree takes.
drop index dmarc.message_unsettled;
create index message_unsettled on dmarc.message using hash (source) where settled_at is null;

-- What the planner and the indexes must know after a load, with the rights of the tables' owner. Tables
-- are looked at that have grown by a tenth, and by enough to matter: for small ones the planner guesses
-- well, and one report a call must stay cheap. One process at a time is enough.
create function dmarc.refresh_statistics() returns void
	language plpgsql security definer
	set search_path = pg_catalog, pg_temp
	set default_statistics_target = 10
	as $$
declare
	block constant bigint := current_setting('block_size')::bigint;
	enough constant bigint := 128;
	t record;
	i record;
begin
	if not pg_try_advisory_xact_lock(hashtextextended('dmarc.refresh_statistics', 0)) then
		return;
	end if;
	for t in
		select c.oid::regclass as name, c.oid, c.relispartition,
			pg_relation_size(c.oid) / block - c.relpages as grown, c.relpages
		from pg_class c
		where c.relnamespace = 'dmarc'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
		order by c.relname
	loop
		continue when t.grown <= 0;
		for i in
			select x.indexrelid from pg_index x join pg_class c on c.oid = x.indexrelid
				join pg_am a on a.oid = c.relam and a.amname = 'brin'
			where x.indrelid = t.oid
		loop
			perform brin_summarize_new_values(i.indexrelid);
		end loop;
		continue when t.grown < enough or t.grown < t.relpages / 10;
		execute format('analyze %s', t.name);
	end loop;
	-- no table grows when its partitions do, and the server never looks by itself
	for t in
		select p.oid::regclass as name from pg_class p
		where p.relnamespace = 'dmarc'::regnamespace and p.relkind = 'p'
			and (select sum(greatest(c.reltuples, 0)) from pg_inherits h join pg_class c on c.oid = h.inhrelid
				where h.inhparent = p.oid and c.relpages >= enough) > greatest(p.reltuples, 0) * 1.1
	loop
		execute format('analyze %s', t.name);
	end loop;
end
$$;
comment on function dmarc.refresh_statistics() is 'After a load: looks anew at what has grown much, so that the planner is right';
revoke all on function dmarc.refresh_statistics() from public;

insert into dmarc.role_right (purpose, object, privileges) values
	('ingest', 'dmarc.retention', 'select'),
	('ingest', 'function dmarc.refresh_statistics()', 'execute');
