#!/usr/bin/env bash
# Runs benches/soak for half an hour on carafe, watches its resident memory, and judges at the end. All the work is in
# soak.py; this file exists for the same reason as compare.sh.
exec python3 "$(dirname -- "${BASH_SOURCE[0]}")/soak.py" "$@"
