#!/usr/bin/env bash
# Runs a fuzz target of fuzz/ for some seconds, from the corpus in the repository; what it finds new goes to target/.
#   scripts/fuzz.sh parse 3600
#   scripts/fuzz.sh verify 3600
# Wants a nightly toolchain and cargo-fuzz (cargo install cargo-fuzz). A crash leaves its input in fuzz/artifacts/.
set -euo pipefail
root=$(readlink -f "${BASH_SOURCE[0]}")
root=${root%/scripts/*}
# shellcheck source=scripts/setup.sh
source "$root/scripts/setup.sh"

target=${1:?which target: parse or verify}
seconds=${2:-60}
setup_jdk
command -v cargo-fuzz >/dev/null || die "please install cargo-fuzz: cargo install cargo-fuzz"
found="$root/target/fuzz-corpus/$target"
mkdir -p "$found"
cd "$root"
# All of carafe's crates below vm, and of those the few unsafe lines are in gc, which knows its memory better than a
# sanitizer does.
exec cargo +nightly fuzz run --sanitizer none --target-dir "$root/target/fuzz" "$target" "$found" fuzz/corpus/"$target" \
    fuzz/seeds -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=3000 -max_len=20000 -print_final_stats=1 "${@:3}"
