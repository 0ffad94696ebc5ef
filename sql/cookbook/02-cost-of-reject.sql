-- What would p=reject cost, sender by sender?
--
-- Messages a day that fail and are not spoofed, over the days that view domains counts, of the From domains
-- that the domain's p is for. let_through is what receivers deliver today because they know who forwarded it;
-- the rest of a_day is what may be rejected. A sender that is yours is to be put right first; one that is not
-- is what the policy is for. Add up a domain's rows, take let_through off: that is its reject_cost.
select d.policy_domain,
	coalesce(r.sender_name, '(' || r.verdict || ')') as sender,
	r.header_from,
	sum(r.messages) as failed,
	round(sum(r.messages) / d.days, 1) as a_day,
	round(coalesce(sum(r.messages) filter (where r.path = 'indirect'
		and (r.reason_types && array['forwarded', 'trusted_forwarder', 'mailing_list']
			or r.reason_notes @> array['arc-pass'])), 0) / d.days, 1) as let_through,
	d.readiness
from domains d
	join daily_records r on r.policy_domain = d.policy_domain and r.day between d.first_day and d.last_day
where not r.outcome_pass and r.verdict <> 'likely-spoof'
	and (r.header_from = d.policy_domain
		or d.published_np is null and (d.published_sp is null or d.published_sp = d.published_p))
group by 1, 2, 3, d.days, d.readiness
order by 1, failed desc, 2;
