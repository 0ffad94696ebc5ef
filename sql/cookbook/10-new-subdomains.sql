-- Which From domains appeared within the last 14 days?
--
-- Names that no earlier report has. Passing mail: somebody set up a new service, see whether it was meant to be.
-- Failing and not identified: an invented name, which sp= or np=reject is for.
select header_from, policy_domain,
	min(day) as first_day,
	sum(messages) as messages,
	sum(passed) as passed,
	sum(spoofed) as spoofed,
	string_agg(distinct sender_name, ', ') as senders
from senders_daily
where header_from is not null and day <= (select newest_day())
group by header_from, policy_domain
having min(day) > (select newest_day()) - 14
order by first_day, header_from;
