#!/usr/bin/env bash
# Compares carafe's collector with those of the installed JDK's java on the programs in benches/gc. All the work is in
# gc.py, the reading of logs in gclog.py; this file exists for the same reason as compare.sh.
exec python3 "$(dirname -- "${BASH_SOURCE[0]}")/gc.py" "$@"
