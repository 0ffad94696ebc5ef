-- The shapes of rows that an ingester gives to a statement, as an array: nothing has to be made in the server
-- for them, as a temporary table would be.

create type dmarc.given_stream as (
	key uuid, policy_domain text, adkim text, aspf text, p text, sp text, np text, pct smallint, testing text,
	discovery_method text, header_from text, envelope_from text, disposition text, claimed_dkim text,
	claimed_spf text, reason_types text[], reason_notes text[], dkim_domains text[], dkim_selectors text[],
	dkim_results text[], dkim_hints text[], spf_domains text[], spf_scopes text[], spf_results text[]);
comment on type dmarc.given_stream is 'A stream that may be there';

create type dmarc.given_report as (
	key uuid, day date, reporter text, org_name text, email text, extra_contact_info text, report_id text,
	begin_at timestamptz, end_at timestamptz, version text, generator text, namespace text, errors text[],
	policy_domain text, adkim text, aspf text, p text, sp text, np text, pct smallint, testing text,
	discovery_method text, fo text, quirks text[], records bigint, messages numeric(20), content bytea,
	message_key bytea, origin text);
comment on type dmarc.given_report is 'A report that may be there, or that more is known of';

create type dmarc.given_message as (
	key bytea, source text, locator text, message_id text, from_domain text, authentication text, signer text,
	size bigint, outcome dmarc.outcome, reason text, settled boolean, again boolean);
comment on type dmarc.given_message is 'A message and its outcome; again: one that is in the ledger as failed';

create type dmarc.given_settled as (
	key bytea, settlement text, source text, locator text, place_key bytea);
comment on type dmarc.given_settled is 'A message that its source was told of, and where it lies since then';

create type dmarc.given_sender as (id text, name text, kind text, status text);
comment on type dmarc.given_sender is 'A sender of the catalogue that the program has';
