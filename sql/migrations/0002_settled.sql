-- What was done to a message in its mailbox after it was committed, and where it lies since.

alter table dmarc.message
	add column settlement text check (settlement in ('mark', 'move', 'delete', 'gone')),
	add column place_key bytea check (length(place_key) = 32);
comment on column dmarc.message.source is 'Where it is, or was seen last: a Maildir, a folder, a file';
comment on column dmarc.message.settlement is 'What was done to it once it was committed: mark, move, delete, or gone where somebody else did; null: left as it was, or still to do';
comment on column dmarc.message.place_key is 'Key it would have by where it was moved to: seen there again it is the same message';

create index message_place on dmarc.message (place_key) where place_key is not null;

-- A run begins by asking for what an earlier one left undone.
create index message_unsettled on dmarc.message (source) where settled_at is null;
