-- How much of your mail goes over IPv6, and does it pass as well as the rest?
--
-- Of the last 30 days. A rate over IPv6 that is much lower is an SPF record that names addresses of IPv4 only,
-- or servers without a name of their own.
select policy_domain,
	sum(messages) as messages,
	coalesce(sum(messages) filter (where family(source_ip) = 6), 0) as over_ipv6,
	round(100 * coalesce(sum(messages) filter (where family(source_ip) = 6), 0) / sum(messages), 1) as share,
	round(100 * coalesce(sum(messages) filter (where family(source_ip) = 6 and outcome_pass), 0)
		/ nullif(sum(messages) filter (where family(source_ip) = 6), 0), 1) as passes_over_ipv6,
	round(100 * coalesce(sum(messages) filter (where family(source_ip) = 4 and outcome_pass), 0)
		/ nullif(sum(messages) filter (where family(source_ip) = 4), 0), 1) as passes_over_ipv4
from records
where day > (select newest_day()) - 30
group by policy_domain
having sum(messages) > 0
order by policy_domain;
