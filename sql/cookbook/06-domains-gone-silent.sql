-- For which domains has no report come for three days or more?
--
-- Up to the newest day with data of any domain. Many at once: look at the mailbox. One: look at its rua=, at the
-- record that allows reports to another domain (DOMAIN._report._dmarc), or it sends no mail at weekends.
select policy_domain,
	max(day) as last_day,
	(select newest_day()) - max(day) as silent_days,
	count(*) filter (where day > max_day - 30) as reports_of_30_days,
	count(distinct reporter) filter (where day > max_day - 30) as reporters
from (select r.*, max(day) over (partition by policy_domain) as max_day from reports r) as r
where day <= (select newest_day())
group by policy_domain
having max(day) <= (select newest_day()) - 3
order by silent_days desc, policy_domain;
