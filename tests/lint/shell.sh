#!/bin/sh
# Every shell script can be read by the shell it names.
set -u
status=0

for script in $(find . -path ./build -prune -o -path ./.git -prune -o -type f \
	\( -name '*.sh' -o -path './.ci/run' \) -print | sort); do
	case $(head -n 1 "$script") in
	'#!/bin/sh' | '#!/usr/bin/env sh') shell='sh' ;;
	'#!/bin/bash' | '#!/usr/bin/env bash') shell='bash' ;;
	*) echo "$script: the first line names no shell"; status=1; continue ;;
	esac
	$shell -n "$script" || status=1
done
exit $status
