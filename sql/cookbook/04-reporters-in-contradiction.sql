-- Which reporters contradict their own evidence?
--
-- Messages of the last 90 days of which the verdict on SPF or DKIM does not follow from the results beside it.
-- "claims pass": SPF passed for another domain and the reporter copied the raw result; such a pass is not
-- counted. "claims fail": the results are aligned, and the reporter failed them all the same: it is strict
-- where you are relaxed, or sees another organisational domain. That counts as failed, for it was treated so.
select reporter, mechanism,
	case claim when 'pass' then 'claims pass' else 'claims fail' end as how,
	sum(messages) as messages,
	count(distinct header_from) as from_domains,
	min(day) as first_day, max(day) as last_day
from daily_records,
	lateral (values ('spf', spf_agreement, claimed_spf), ('dkim', dkim_agreement, claimed_dkim))
		as m (mechanism, agreement, claim)
where day > (select newest_day()) - 90 and agreement = 'contradicts'
group by reporter, mechanism, how
order by messages desc, reporter, mechanism;
