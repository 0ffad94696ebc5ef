-- Why did receivers not do what the policy says?
--
-- Reasons of the last 90 days, with what the comment says of ARC. local_policy with arc-pass, forwarded,
-- trusted_forwarder and mailing_list: the receiver knows who passed it on. local_policy with arc-fail stands on
-- ordinary mail of some filters, and means nothing.
select u.reason, u.note, reporter,
	sum(messages) as messages,
	coalesce(sum(messages) filter (where not outcome_pass), 0) as of_failing_mail,
	string_agg(distinct disposition, ', ') as dispositions
from daily_records, unnest(reason_types, reason_notes) as u (reason, note)
where day > (select newest_day()) - 90
group by u.reason, u.note, reporter
order by messages desc, u.reason, reporter;
