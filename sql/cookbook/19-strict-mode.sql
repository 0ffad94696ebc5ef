-- What would pass if alignment were relaxed?
--
-- Of the last 30 days, mail that only adkim=s or aspf=s fails: it is signed, or sent, by the same organisation
-- under another name. Either take the strict mode out of the record of policy_domain, or have the service use
-- the name in From itself.
select policy_domain, header_from,
	coalesce(sender_name, '(not identified)') as sender,
	string_agg(distinct case when spf_cause = 'spf-strict-mismatch' then 'aspf=s'
		when dkim_cause = 'dkim-strict-mismatch' then 'adkim=s' end, ', ') as mode,
	sum(messages) as messages,
	max(day) as last_day
from failures
where verdict = 'strict-mode-misalignment' and day > (select newest_day()) - 30
group by policy_domain, header_from, sender_name
order by messages desc, header_from, sender;
