-- Who passes your mail on, and does it survive?
--
-- Indirect mail of the last 90 days by the machine that connected to the reporter, where that is a known one.
-- survived: your signature still passes. lost: nothing aligned is left; signing as your domain at the source
-- helps where the cause is dkim-missing or an unaligned one, not where a list or a footer broke the signature.
select coalesce(last_hop, '(not known)') as forwarder,
	header_from,
	sum(messages) as messages,
	coalesce(sum(messages) filter (where dkim_aligned), 0) as survived,
	coalesce(sum(messages) filter (where not outcome_pass), 0) as lost,
	string_agg(distinct dkim_cause, ', ' order by dkim_cause) filter (where not outcome_pass) as why,
	count(distinct reporter) as reporters
from daily_records
where path = 'indirect' and day > (select newest_day()) - 90
group by forwarder, header_from
order by messages desc, forwarder, header_from;
