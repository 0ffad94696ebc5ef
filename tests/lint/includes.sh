#!/bin/sh
# Data walks through the folders in one direction: nobody includes against it, and every library
# stays behind the folder that knows it.

# What parser/ makes, and its contract with whoever takes it.
model='parser/report.h parser/sink.h parser/message.h parser/origin.h parser/quirks.h parser/vocabulary.h parser/remarks.h parser/limits.h'

# FOLDER: what its files may include; a folder with its slash, or single headers of one.
arrows="
base: base/
parser: base/ parser/
ingest: base/ ingest/ $model parser/parser.h
store: base/ store/ $model
reports: base/ reports/ $model parser/domain.h parser/alignment.h parser/address.h store/connection.h store/copy.h store/given.h store/tray.h store/keys.h store/key_set.h store/locks.h
cli: base/ parser/ ingest/ store/ reports/ cli/
tests: base/ parser/ ingest/ store/ reports/ cli/ tests/
"

# LIBRARY: how the names of its headers begin, and the folders that may include them.
# tests/ may include every library.
walls='
libpq: libpq store
libpq: postgres_ext.h store
libxml2: libxml/ parser
libpsl: libpsl.h parser
libidn2: idn2.h parser
gmime: gmime/ ingest
glib: glib ingest
zlib: zlib.h ingest store
libzip: zip.h ingest
libcurl: curl/ ingest
libcrypto: openssl/ base
libsmartcols: libsmartcols reports
c-ares: ares reports
libinih: ini.h cli
'

set -u
# shellcheck disable=SC2016 # The program is for awk, not for the shell.
find base parser ingest store reports cli tests -name '*.[ch]' -exec \
	awk -v arrows="$arrows" -v walls="$walls" '
function wrong(why) {
	printf "%s:%d: includes %s: %s\n", FILENAME, FNR, name, why
	status = 1
}
BEGIN {
	count = split(arrows, line, "\n")
	for (i = 1; i <= count; i++) {
		folder = line[i]; sub(/:.*/, "", folder)
		allowed = line[i]; sub(/^[^:]*:/, "", allowed)
		may[folder] = allowed " "
	}
	count = split(walls, line, "\n")
	for (i = 1; i <= count; i++) {
		fields = split(line[i], word, " ")
		for (j = 3; j <= fields; j++)
			homes[word[2]] = homes[word[2]] " " word[j]
	}
}
/^[ \t]*#[ \t]*include[ \t]*["<]/ {
	split($0, part, /["<>]/)
	name = part[2]
	from = FILENAME; sub(/\/.*/, "", from)
	to = name; sub(/\/.*/, "", to)

	if (to in may) {
		if (index(may[from], " " to "/ ") == 0 && index(may[from], " " name " ") == 0)
			wrong(from "/ may include only" may[from])
	} else if ($0 ~ /"/) {
		wrong("name our own headers from the top, as \"base/slice.h\"")
	}
	for (beginning in homes)
		if (from != "tests" && index(name, beginning) == 1 &&
		    index(homes[beginning] " ", " " from " ") == 0)
			wrong("only" homes[beginning] " may")
}
END { exit status }
' {} +
