-- Which mail sent through Amazon SES is not aligned, over the last 30 days?
--
-- One row a From domain, Region and service: with "amazon-ses" an account of your own or of somebody whom
-- nothing names; other services send through SES on your behalf. The two counts of what is not aligned
-- overlap; what fails both fails DMARC. DKIM first: it survives forwarding, and one CNAME set is enough.
select header_from, region, sender,
	sum(messages) as messages,
	coalesce(sum(messages) filter (where not spf_aligned), 0) as spf_not_aligned,
	coalesce(sum(messages) filter (where not dkim_aligned), 0) as dkim_not_aligned,
	coalesce(sum(messages) filter (where not outcome_pass), 0) as failed,
	max(day) as last_day
from daily_records
where infrastructure = 'amazon-ses' and day > (select newest_day()) - 30
group by header_from, region, sender
having not bool_and(spf_aligned and dkim_aligned)
order by failed desc, messages desc, header_from;
