-- What reporters sent, as it was unpacked: kept where "ingest --store-payload" is asked for, in its own
-- table, dropped by age. A zlib stream in pieces, so that neither end needs a giant whole in memory.

create table dmarc.payload (
	report_key uuid not null references dmarc.report (key) on delete cascade,
	piece integer not null check (piece >= 0),
	bytes bytea not null,
	primary key (report_key, piece)
);
comment on table dmarc.payload is 'The XML of reports, byte for byte, compressed (zlib) and cut into pieces';
-- packed already
alter table dmarc.payload alter column bytes set storage external;

insert into dmarc.role_right (purpose, object, privileges) values
	('ingest', 'dmarc.payload', 'select, insert');
