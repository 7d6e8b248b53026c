#!/usr/bin/env bash
# Damages classes and compares the verdicts of carafe and of the JDK's own machine on each; prints a summary and, by kind,
# what they disagree about.
#   scripts/verify-diff.sh --count 100000 --seed 1
#   scripts/verify-diff.sh --show 0x1d0c...     one mutant: what was done to it, both verdicts, and the class as a file
set -euo pipefail
root=$(readlink -f "${BASH_SOURCE[0]}")
root=${root%/scripts/*}
# shellcheck source=scripts/setup.sh
source "$root/scripts/setup.sh"

while [ $# -gt 0 ]; do
    case "$1" in
        --count) export CARAFE_MUTANTS=${2:?--count wants a number} ;;
        --seed) export CARAFE_MUTANT_SEED=${2:?--seed wants a number} ;;
        --show) export CARAFE_MUTANT=${2:?--show wants a mutant} ;;
        *) die "unknown option $1 (try --count N, --seed N, --show MUTANT)" ;;
    esac
    shift 2
done

setup_jdk compiler
setup_cargo
setup_cc
cd "$root"
cargo test --quiet --test verify_diff mutants_fare -- --nocapture
