#!/bin/sh
# The code is formatted as .clang-format says. `make format` puts it right.
clang-format-14 --dry-run -Werror -- */*.[ch] tests/*/*.[ch]
