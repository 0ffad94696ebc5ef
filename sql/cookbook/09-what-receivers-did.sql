-- What did each receiver do with mail that fails?
--
-- Of the last 30 days, by the policy that was for the mail. delivered under p=reject or quarantine is not
-- always disobedience: overridden counts what the receiver gives a reason for, and pct and testing soften the
-- policy. Under p=none everything should be delivered.
select reporter,
	case when header_from = policy_domain then p else sp end as policy,
	sum(messages) as failed,
	coalesce(sum(messages) filter (where disposition in ('none', 'pass')), 0) as delivered,
	coalesce(sum(messages) filter (where disposition = 'quarantine'), 0) as quarantined,
	coalesce(sum(messages) filter (where disposition = 'reject'), 0) as rejected,
	coalesce(sum(messages) filter (where cardinality(reason_types) > 0), 0) as overridden
from daily_records
where not outcome_pass and day > (select newest_day()) - 30
group by reporter, policy
order by failed desc, reporter, policy;
