-- Which addresses sent in your name for the first time this week?
--
-- First seen within the seven days that end at the newest day with data. what is the service, or in brackets
-- the verdict where nothing names one. A few messages of an unknown address are mostly spoofing; many, or one
-- of a service that you do not use, are worth a question.
select h.policy_domain, h.address, h.name, h.first_day, h.messages, w.what
from hosts h
	left join (
		select policy_domain, source_ip,
			string_agg(distinct coalesce(sender_name, '(' || verdict || ')'), ', ') as what
		from records
		where day > (select newest_day()) - 7
		group by policy_domain, source_ip) as w on w.policy_domain = h.policy_domain and w.source_ip = h.address
where h.first_day > (select newest_day()) - 7
order by h.messages desc, h.policy_domain, h.address;
