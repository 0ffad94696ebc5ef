-- Which accounts at Amazon SES send for you?
--
-- SES names no account. What tells accounts apart is the Region, your selectors and the MAIL FROM host: another
-- selector is another identity, often of a service that sends through SES on its own account. The selectors of
-- amazonses.com are the Region's. Of the last 30 days; failing rows without a selector are identities that are
-- verified by address only.
select header_from, region, sender, mailfrom,
	(select string_agg(distinct u.selector, ', ' order by u.selector)
		from unnest(dkim_domains, dkim_selectors) as u (domain, selector)
		where u.domain = organisation or u.domain like '%.' || organisation) as selectors,
	sum(messages) as messages,
	coalesce(sum(messages) filter (where outcome_pass), 0) as passed
from daily_records
where infrastructure = 'amazon-ses' and day > (select newest_day()) - 30
group by header_from, region, sender, mailfrom, selectors
order by messages desc, header_from, region, selectors;
