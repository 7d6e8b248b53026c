#!/usr/bin/env bash
# What grants cost: programs under exact grants against the same programs under -A. All the work is in grants.py; this file
# exists so that the command to remember needs neither a python3 prefix nor a current directory.
exec python3 "$(dirname -- "${BASH_SOURCE[0]}")/grants.py" "$@"
