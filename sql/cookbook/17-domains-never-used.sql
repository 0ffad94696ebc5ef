-- Which domains that you own send no mail of yours?
--
-- Of the domains recorded as owned, those in whose name no mail has ever passed. They can have p=reject at once,
-- with "v=spf1 -all" and no DKIM key: whatever comes in their name is somebody else's. reported: whether any
-- report has come at all; without one, look whether a DMARC record with rua= is there.
select o.domain,
	coalesce(sum(d.messages), 0) as messages,
	coalesce(sum(d.spoofed), 0) as spoofed,
	max(d.day) as last_day,
	o.domain in (select policy_domain from reports) as reported
from owned_domains o
	left join senders_daily d on d.header_from = o.domain or d.header_from like '%.' || o.domain
group by o.domain
having coalesce(sum(d.passed), 0) = 0
order by o.domain;
