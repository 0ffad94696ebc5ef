-- What passes DMARC by SPF alone?
--
-- Of the last 30 days. It is delivered today, and lost as soon as somebody forwards it: turn on signing as your
-- domain at these senders before p=reject. share is of the sender's mail for this From.
select header_from, coalesce(sender_name, '(not identified)') as sender,
	sum(spf_only) as spf_alone,
	round(100 * sum(spf_only) / sum(messages), 1) as share,
	max(day) filter (where spf_only > 0) as last_day
from senders_daily
where day > (select newest_day()) - 30
group by header_from, sender_name
having sum(spf_only) > 0
order by spf_alone desc, header_from, sender;
