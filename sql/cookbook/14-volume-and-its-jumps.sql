-- On which days was there three times the usual mail, or a third of it?
--
-- Each day of the last 30 beside the median of the seven days with data before it. More: a campaign, a spoofing
-- run (see passed), or reports that came late and all at once. Less: a sender that stopped, or reporters that are
-- missing; so many reporters at least told of the day.
with volume as (
	select policy_domain, day, sum(messages) as messages, sum(passed) as passed, max(reporters) as reporters,
		row_number() over (partition by policy_domain order by day) as n
	from senders_daily
	where day > (select newest_day()) - 90 and day <= (select newest_day())
	group by policy_domain, day
)
select d.policy_domain, d.day, d.messages,
	percentile_disc(0.5) within group (order by b.messages) as usual,
	d.passed, d.reporters
from volume d
	join volume b on b.policy_domain = d.policy_domain and b.n between d.n - 7 and d.n - 1
where d.day > (select newest_day()) - 30
group by d.policy_domain, d.day, d.messages, d.passed, d.reporters
having count(*) = 7
	and (d.messages >= 3 * percentile_disc(0.5) within group (order by b.messages)
		or 3 * d.messages <= percentile_disc(0.5) within group (order by b.messages))
order by d.policy_domain, d.day;
