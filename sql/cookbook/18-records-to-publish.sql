-- Which DNS records are to be published, and for how much mail?
--
-- What view remedies has for the last 30 days, one row a record. Words in capitals, like TOKEN1, are shown by
-- the service's console: title and body of the remedy say where. Publish nothing for a service that is not yours.
select r.header_from, coalesce(r.sender_name, '(your own)') as sender, record,
	sum(r.failed) as failed
from remedies r, unnest(r.dns) as record
group by 1, 2, 3
order by failed desc, 1, 2, 3;
