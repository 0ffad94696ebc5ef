-- Which DKIM keys worked until a day, and have only failed since?
--
-- A key (d=, s=) that passed within the last 90 days and has not since last_pass, while signatures with it keep
-- coming and fail. Two reporters or more: the record is gone, was cut, or was changed while the old key still
-- signs: compare it with what the service shows. One reporter, few messages: somebody's forwarder, wait.
select k.domain, k.selector, k.last_pass,
	min(r.day) as broken_since,
	sum(r.messages) as failing,
	count(distinct r.reporter) as reporters,
	string_agg(distinct r.result, ', ') as results
from (
	select u.domain, u.selector, max(day) filter (where u.result = 'pass') as last_pass
	from daily_records, unnest(dkim_domains, dkim_selectors, dkim_results) as u (domain, selector, result)
	where day > (select newest_day()) - 90 and u.selector is not null
	group by 1, 2) as k
	join (
		select day, reporter, messages, u.domain, u.selector, u.result
		from daily_records, unnest(dkim_domains, dkim_selectors, dkim_results) as u (domain, selector, result)
		where day > (select newest_day()) - 90 and u.result in ('fail', 'permerror', 'temperror', 'neutral', 'policy')
	) as r on r.domain = k.domain and r.selector = k.selector and r.day > k.last_pass
group by k.domain, k.selector, k.last_pass
order by failing desc, k.domain, k.selector;
