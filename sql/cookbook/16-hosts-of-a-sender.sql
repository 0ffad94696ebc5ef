-- From which addresses does a sender's mail come?
--
-- The ten busiest of the last 30 days; put another id in the place of amazon-ses. One address that fails where
-- the others pass: a machine that was forgotten, or mail that somebody passed on.
select source_ip, host_name,
	sum(messages) as messages,
	coalesce(sum(messages) filter (where outcome_pass), 0) as passed,
	string_agg(distinct region, ', ') as regions,
	string_agg(distinct header_from, ', ' order by header_from) as from_domains,
	max(day) as last_day
from records
where sender = 'amazon-ses' and day > (select newest_day()) - 30
group by source_ip, host_name
order by messages desc, source_ip
limit 10;
