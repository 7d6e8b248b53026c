#!/usr/bin/env bash
# Repeats the golden programs that look for races (those with a file `repeat`) many times in one process each, on the release
# build, and compares what they print.
#   tests/stress.sh [--count N] [PART OF A NAME]      N is 1000 unless said
set -euo pipefail
root=$(readlink -f "${BASH_SOURCE[0]}")
root=${root%/tests/*}
# shellcheck source=scripts/setup.sh
source "$root/scripts/setup.sh"

while [ $# -gt 0 ]; do
    case "$1" in
        --count) export CARAFE_REPEAT=${2:?--count wants a number}; shift ;;
        -*) die "unknown option $1 (try --count N, or a part of a name)" ;;
        *) export CARAFE_GOLDEN=$1 ;;
    esac
    shift
done
export CARAFE_REPEAT=${CARAFE_REPEAT:-1000}

setup_jdk compiler
setup_cargo
setup_cc
cd "$root"
if [ -z "${CARAFE_BIN:-}" ]; then
    cargo build --release --quiet
    export CARAFE_BIN=${CARGO_TARGET_DIR:-$root/target}/release/carafe
fi
cargo test --quiet --test golden programs_that_repeat -- --nocapture
