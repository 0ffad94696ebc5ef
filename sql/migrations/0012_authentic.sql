-- Whether a report is what it says it is: on a domain of the owner's, and out of its reporter's mouth.

-- The domains that the owner has named, each as a pattern for "like"; null where he has named none. With
-- its owner's rights, for roles that may read views only. In a condition write "(select owned_patterns())":
-- that is asked once, the function alone for every row.
create function dmarc.owned_patterns() returns text[]
	language sql stable parallel safe security definer
	set search_path = pg_catalog, pg_temp
	as $$
		select array_agg('%.' || regexp_replace(lower(domain), '([\\%_])', '\\\1', 'g') order by domain)
		from dmarc.owned_domain
	$$;
comment on function dmarc.owned_patterns() is 'The domains that the owner says are his, with all below them: patterns for like; null where there are none';

-- One expression, so that the planner takes it into the query.
create function dmarc.is_foreign(domain text, owned text[] default dmarc.owned_patterns()) returns boolean
	language sql immutable parallel safe
	as $$ select coalesce('.' || domain not like all (owned), false) $$;
comment on function dmarc.is_foreign(text, text[]) is 'Is the domain neither among those that the owner says are his, nor below one? Where he has said nothing, none is';
