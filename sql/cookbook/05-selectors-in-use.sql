-- Which DKIM selectors are in use for your domains, and when was each seen last?
--
-- Of the last 90 days, signatures for a name at or below the domain with the policy; a selector that is not
-- here may have its key taken out of DNS. An empty selector: the reporter does not tell it. failing has the
-- copies that somebody changed on the way, too; a selector that only fails has a wrong key (see 08).
select k.domain, k.selector,
	coalesce(sum(messages) filter (where k.result = 'pass'), 0) as passing,
	max(day) filter (where k.result = 'pass') as last_pass,
	coalesce(sum(messages) filter (where k.result <> 'pass'), 0) as failing,
	max(day) as last_day,
	count(distinct reporter) as reporters,
	array_agg(distinct sender) filter (where sender is not null) as senders
from daily_records,
	unnest(dkim_domains, dkim_selectors, dkim_results) as k (domain, selector, result)
where day > (select newest_day()) - 90
	and (k.domain = policy_domain or k.domain like '%.' || policy_domain)
group by k.domain, k.selector
order by k.domain, k.selector nulls last;
