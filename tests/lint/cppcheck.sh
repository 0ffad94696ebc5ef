#!/bin/sh
# cppcheck's warnings are errors. A false one is silenced where it stands, with its reason:
# "// cppcheck-suppress NAME".
# It does not know criterion, and so skips the unit tests.
cppcheck --quiet --enable=warning --error-exitcode=1 --inline-suppr -j "$(nproc)" \
	--std=c11 -I. --suppress=missingInclude --suppress=missingIncludeSystem \
	-DRUAMILL_VERSION='""' \
	--template='{file}:{line}: {message} [{id}]' \
	base parser ingest store reports cli tests/fuzz tests/bench tests/cases
