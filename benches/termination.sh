#!/usr/bin/env bash
# How soon runaway programs are ended, and how a neighbour in the same process fares meanwhile: the table of
# tests/attacks_c.rs from a release build, on a machine that does nothing else, and the worst of it. The goal is 50 ms.
# CARAFE_FORMS="loop,park" looks at some forms alone; a number says how often to repeat it all.
set -euo pipefail
cd "$(dirname -- "${BASH_SOURCE[0]}")/.."
runs="${1:-3}"
cargo build --release --quiet --test attacks_c
for ((run = 1; run <= runs; run++)); do
    cargo test --release --quiet --test attacks_c -- --nocapture --test-threads=1 runaways limits_in_time
done | tee /dev/stderr 2>&1 | awk '
    # name ... answered ms, all out ms, canary ms
    / ms +[0-9.]+ ms +[0-9.]+ ms$/ {
        form = $0; sub(/ +[0-9.]+ ms +[0-9.]+ ms +[0-9.]+ ms$/, "", form)
        out = $(NF - 3); canary = $(NF - 1); answered = $(NF - 5)
        if (answered > worst_answer) { worst_answer = answered; answer_form = form }
        # In "host call" the host itself keeps the thread.
        if (form != "host call" && out > worst_out) { worst_out = out; out_form = form }
        if (canary > worst_canary) { worst_canary = canary; canary_form = form }
        count++
    }
    END {
        printf "%d endings; slowest answer %.1f ms (%s), last thread out %.1f ms (%s), canary %.1f ms (%s)\n", count,
            worst_answer, answer_form, worst_out, out_form, worst_canary, canary_form
    }'
