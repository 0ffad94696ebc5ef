-- On which days was there three times the usual mail, or a third of it?
--
-- Each day of the last 30 beside the median of the seven days with data before it. More: a campaign, a spoofing
-- run (see passed), or reports that came late and all at once. Less: a sender that stopped, or reporters that are
-- missing; compare reporters before you conclude anything.
select d.policy_domain, d.day, d.messages, usual.messages as usual, d.passed, d.reporters
from (
	select policy_domain, day, sum(messages) as messages, sum(passed) as passed, max(reporters) as reporters
	from senders_daily
	group by policy_domain, day) as d,
	lateral (
		select percentile_disc(0.5) within group (order by b.messages) as messages, count(*) as days
		from (
			select sum(s.messages) as messages
			from senders_daily s
			where s.policy_domain = d.policy_domain and s.day < d.day and s.day > d.day - 60
			group by s.day
			order by s.day desc
			limit 7) as b) as usual
where d.day > (select newest_day()) - 30 and d.day <= (select newest_day()) and usual.days = 7
	and (d.messages >= 3 * usual.messages or 3 * d.messages <= usual.messages)
order by d.policy_domain, d.day;
