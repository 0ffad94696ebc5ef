-- When did a domain's published policy change, as each reporter saw it?
--
-- Every report whose policy differs from the reporter's one before it on the same domain; the first one of each
-- reporter is no change. A reporter that is days behind the others serves your old record from a cache. np and
-- testing are in newer reports only, and are compared where both have them.
select policy_domain, day, reporter,
	before as policy_before,
	now as policy_now
from (
	select policy_domain, day, reporter,
		concat_ws(' ', 'p=' || p, 'sp=' || sp, 'adkim=' || adkim, 'aspf=' || aspf, 'pct=' || pct) as now,
		lag(concat_ws(' ', 'p=' || p, 'sp=' || sp, 'adkim=' || adkim, 'aspf=' || aspf, 'pct=' || pct))
			over before as before,
		np <> lag(np) over before or testing <> lag(testing) over before as newer_part
	from reports
	window before as (partition by policy_domain, reporter order by day, end_at)) as r
where now <> before or newer_part
order by policy_domain, day, reporter;
