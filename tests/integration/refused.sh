#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What goes wrong between us and the database: values that it refuses, versions that do not fit, a
# connection that is lost in the middle, a full disk. A clear error or the right result, and nothing
# half-written. Run as
#
#	RUAMILL=/path/to/ruamill bash tests/integration/refused.sh
#
# Checks are given as text that is evaluated later, and by functions called through ok.
# shellcheck disable=SC2016,SC2317
# shellcheck source=tests/integration/helpers.bash
. "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

start_server
nothing_by_halves() {
	is "0|0|0" "$(sql "select
		(select count(*) from record r left join report p on p.key = r.report_key where p.key is null),
		(select count(*) from report p where records <> (select count(*) from record where report_key = p.key)),
		(select count(*) from report r left join message m on m.key = r.message_key where m.key is null)")"
}
giant() {
	report "$1" giant.example 1 | sed '/<record>/,$d'
	awk 'BEGIN { for (i = 0; i < 60000; i++) printf "<record><row><source_ip>10.%d.%d.%d</source_ip><count>1</count><policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>pass</spf></policy_evaluated></row><identifiers><header_from>n%d.giant.example</header_from></identifiers><auth_results><spf><domain>giant.example</domain><result>pass</result></spf></auth_results></record>\n", i / 65536, i / 256 % 256, i % 256, i % 3000
		print "</feedback>" }'
}

# --- values that the engine does not take ------------------------------------------------------------------------

mkdir "$T/values"
in_name() {
	report "$1" example.com 1 | sed "s|<org_name>Reporter|<org_name>$2|"
}
report first example.com 1 >"$T/values/a.xml"
report nul example.com 1 | sed 's|<org_name>Rep|&\x00|' >"$T/values/b.xml"
in_name nul-entity 'Rep\&#0;orter' >"$T/values/c.xml"
in_name not-utf8 "Rep$(printf '\xff\xc3\x28')orter" >"$T/values/d.xml"
in_name surrogate 'Rep\&#xD800;orter' >"$T/values/e.xml"
report notes-nul example.com 1 | sed 's|<result>pass</result></spf>|<result>pass</result><human_result>a\&#0;b\\u0000</human_result></spf>|' >"$T/values/f.xml"
in_name long "$(head -c 40000 /dev/urandom | base64 -w 0)" >"$T/values/g.xml"
in_name long-letters "$(printf 'é%.0s' $(seq 500))" >"$T/values/h.xml"
report last example.com 1 >"$T/values/z.xml"
fresh_database values
ru ingest --db "$DB" "$T/values"
ok "NUL, broken UTF-8 and what is too long for an index do not end the run" eval '[ $status -le 1 ] && ! grep -q "database:" "$T/err" || { cat "$T/err"; false; }'
ok "each has an outcome" is "9|9" "$(sql "select count(*), count(*) filter (where outcome in ('stored', 'broken')) from message")"
ok "those around them are stored" is 2 "$(sql "select count(*) from report where report_id in ('first', 'last')")"
ok "names too long for an index are stored whole, and grouped by their beginning" is "long|53336|255,long-letters|1000|254" "$(sql "
	select string_agg(report_id || '|' || octet_length(org_name) || '|' || octet_length(reporter), ',' order by report_id)
	from report where report_id like 'long%'")"
ok "all is rolled up" is "0|0" "$(sql "select (select count(*) from dirty_day),
	(select sum(messages) from report) - (select sum(messages) from daily)")"
ok "nothing is there by halves" nothing_by_halves
ru report --db "$DB"
ok "questions are answered" ends_with 0

deep=$T/deep
for n in $(seq 18); do
	deep=$deep/$n-$(head -c 170 /dev/urandom | base64 -w 0 | tr '/' '_' | head -c 170)
done
mkdir -p "$deep/new" "$deep/cur" "$deep/tmp"
report path example.com 1 >"$deep/new/1.xml"
ru ingest --then mark --db "$DB" "$deep"
ok "a path too long for an index" eval 'ends_with 0 "1 stored" && [ -e "$deep/cur/1.xml:2,S" ] && [ ${#deep} -gt 2900 ]'

# --- sums out of range ---------------------------------------------------------------------------------------------

for n in 1 2 3; do
	report sum-$n sum.example 1099511627776 1099511627776 >"$T/sum-$n.xml"
done
report beyond sum.example 18446744073709551616 1 >"$T/beyond.xml"
sql "insert into host_seen values ('192.0.2.1', 'sum.example', '2026-01-01', '2026-01-01', 9223372036854775807)"
ru ingest --db "$DB" "$T/sum-1.xml" "$T/sum-2.xml" "$T/sum-3.xml" "$T/beyond.xml"
ok "large counts" eval '[ $status -le 1 ]'
ok "are summed as they are" is "t|6597069766656" "$(sql "select
	(select sum(messages) from report where policy_domain = 'sum.example') =
		(select sum(messages) from daily join stream on key = stream_key where policy_domain = 'sum.example'),
	(select sum(messages) from report where report_id like 'sum-%')")"
ok "a sum stays at the end of its type" is 9223372036854775807 \
	"$(sql "select messages from host_seen where address = '192.0.2.1' and policy_domain = 'sum.example'")"
ok "nothing is left to do" is 0 "$(sql "select count(*) from dirty_day")"
drop_database values

# --- a value that is refused before a giant ------------------------------------------------------------------------

mkdir "$T/beside"
report refused example.com 1 1 | sed '0,/<header_from>.*<.header_from>/!s|<header_from>example.com|<header_from>refused.example.com|' >"$T/beside/a.xml"
giant beside >"$T/beside/b.xml"
report behind example.com 1 >"$T/beside/c.xml"
fresh_database beside
sql "alter table stream add check (header_from <> 'refused.example.com')"
ru ingest --jobs 1 --db "$DB" "$T/beside"
ok "a value that is refused costs its message" ends_with 1 "2 stored, 1 broken" "refused by the database" "beside/a.xml"
ok "not the giant behind it" is "behind 1 1,beside 60000 60000" "$(sql "select string_agg(report_id || ' ' || records || ' ' ||
	(select count(*) from record join stream s on s.key = stream_key where report_key = r.key), ',' order by report_id) from report r")"
ok "nothing is there by halves" nothing_by_halves
drop_database beside

# --- another version ----------------------------------------------------------------------------------------------------

fresh_database older
ru ingest --db "$DB" "$T/values/a.xml"
dump_facts >"$T/left"
last=$(sql "select max(version) from migration")
sql "create table saved as select * from migration where version = $last; delete from migration where version = $last"
older() {
	local command wrong=0
	for command in "ingest $T/values" report "report problems" "db prune --keep 1d" "db payload x/y" "db psql"; do
		# shellcheck disable=SC2086 # words are meant
		ru $command --db "$DB"
		if ! ends_with 78 "older than this program" "ruamill db migrate"; then
			echo "that was: $command"
			wrong=1
		fi
	done
	return $wrong
}
ok "a database older than the program: every command says what to do" older
ok "and has changed nothing" eval 'dump_facts >"$T/right"; same "$T/left" "$T/right"'
sql "insert into migration select * from saved; drop table saved"
ru report --db "$DB"
ok "migrated, it works" ends_with 0
drop_database older

# --- the connection is lost in the middle of COPY ---------------------------------------------------------------------------

mkdir "$T/giant"
report before example.com 1 >"$T/giant/a.xml"
giant lost >"$T/giant/b.xml"
report behind example.com 1 >"$T/giant/c.xml"
fresh_database copy
sql "create function stop() returns trigger language plpgsql as \$\$ begin
		if new.ordinal = 45000 then perform pg_sleep(60); end if; return new; end \$\$;
	create trigger stop before insert on record for each row execute function stop()"
timeout 120 "$RUAMILL" ingest --store-payload --db "$DB" --then move:"$T/done" "$T/giant" >"$T/out" 2>"$T/err" &
ingest=$!
in_copy() {
	[ "$(sql "select count(*) from pg_stat_activity where application_name = 'ruamill' and datname = current_database()
		and query like 'copy dmarc.record %' and wait_event = 'PgSleep'")" = 1 ]
}
soon in_copy
ok "COPY is under way" in_copy
sql "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ruamill' and datname = current_database()
	and wait_event = 'PgSleep'" >/dev/null
wait $ingest
status=$?
ok "lost in the middle of COPY: try again" ends_with 75
ok "of the giant nothing is stored, nor its payload" is "0|0|0" "$(sql "select
	(select count(*) from record where source_ip << '10.0.0.0/8'), (select count(*) from report where report_id = 'lost'),
	(select count(*) from payload left join report on key = report_key where key is null or report_id = 'lost')")"
ok "nothing is there by halves" nothing_by_halves
ok "what had been committed has moved, and no more" is "$(sql "select count(*) from message")" "$(find "$T/done" -type f 2>/dev/null | wc -l | tr -d ' ')"
sql "drop trigger stop on record"
ru ingest --store-payload --db "$DB" --then move:"$T/done" "$T/giant"
ok "then it works" eval 'ends_with 0 && nothing_by_halves && is "3|60002|3" "$(sql "select
	(select count(*) from report), (select count(*) from record), (select count(distinct report_key) from payload)")"'
drop_database copy

# --- a full disk --------------------------------------------------------------------------------------------------------------

small=$T/small
# shellcheck disable=SC2317 # called by trap
clean_up_small() {
	if mountpoint -q "$small"; then
		"$RUAMILL" db stop >/dev/null 2>&1
		umount "$small" 2>/dev/null || umount -l "$small"
	fi
	clean_up
}
mkdir "$small"
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=40m tmpfs "$small" 2>/dev/null; then
	trap clean_up_small EXIT
	owner=$(psql -XqAt "$SERVER" -c "show data_directory" | xargs stat -c %U)
	mkdir "$small/space" && chown "$owner" "$small/space"
	psql -Xq "$SERVER" -c "create tablespace test_$$_small location '$small/space'"
	empty_database full
	psql -Xq "$SERVER" -c "drop database test_$$_full" -c "create database test_$$_full tablespace test_$$_small"
	timeout 120 "$RUAMILL" db init --db "$DB" >/dev/null 2>"$T/err" || cat "$T/err"
	ru ingest --db "$DB" "$T/values/a.xml"
	ok "a small disk" ends_with 0
	head -c 100m /dev/zero >"$small/filler" 2>/dev/null
	head -c $(($(stat -c %s "$small/filler") - (2 << 20))) /dev/zero >"$small/filler"
	ru ingest --db "$DB" --then move:"$T/full" "$T/done/b.xml"
	ok "is full in the middle of a giant: said so" ends_with 74 "disk" "make room"
	ok "nothing of it is stored" eval 'nothing_by_halves && is 0 "$(sql "select count(*) from report where report_id = '"'lost'"'")"'
	ok "nor has it moved" test -e "$T/done/b.xml"
	rm "$small/filler"
	ru ingest --db "$DB" --then move:"$T/full" "$T/done/b.xml"
	ok "with room it works" eval 'ends_with 0 "60000 records" && nothing_by_halves && [ -e "$T/full/b.xml" ]'
	drop_database full
	psql -Xq "$SERVER" -c "drop tablespace test_$$_small"
	umount "$small"
else
	echo "a full disk: skipped: no small file system can be mounted here"
fi

# --- settings of the server that must not matter to what is kept ------------------------------------------------------------

kept_with() {
	local setting
	fresh_database kept
	for setting in "$@"; do
		sql "alter database test_$$_kept set $setting"
	done
	ru ingest --store-payload --db "$DB" "$T/values/a.xml"
	sed 's/first/old/; s/1793491200/1785542400/; s/1793577599/1785628799/' "$T/values/a.xml" >"$T/old.xml"
	ru ingest --store-payload --db "$DB" "$T/old.xml"
	ru db prune --keep 90d --detail 30d --db "$DB"
	cp "$T/err" "$T/pruned"
	dump_facts
	sql "select first_kept_day() - '2026-01-01', (select count(*) from payload), (select sum(day - '2026-01-01') from daily)"
	ru db payload --db "$DB" reporter/first
	cat "$T/out"
}
kept_with >"$T/left"
ok "prune" grep -q "^kept: records from 2026-10-01 on, all else from 2026-08-01 on" "$T/pruned"
kept_with "timezone = 'Pacific/Kiritimati'" "datestyle = 'SQL, DMY'" "standard_conforming_strings = off" "client_encoding = 'LATIN1'" \
	"bytea_output = 'escape'" "default_transaction_isolation = 'serializable'" "intervalstyle = 'iso_8601'" >"$T/right"
ok "whatever the server's settings: the same is kept" same "$T/left" "$T/right"
drop_database kept
exit "$failed"
