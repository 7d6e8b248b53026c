#!/usr/bin/env bash
# Compares carafe with the installed JDK's java on the programs in benches/java. All the work is in compare.py;
# this file exists so that the command to remember needs neither a python3 prefix nor a current directory.
exec python3 "$(dirname -- "${BASH_SOURCE[0]}")/compare.py" "$@"
