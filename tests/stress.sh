#!/usr/bin/env bash
# Repeats the golden programs that look for races, on the release build, and compares what they print.
#   tests/stress.sh [--count N] [PART OF A NAME]
#       programs with a file `repeat` repeat themselves N times in one process each; N is 1000 unless said
#   tests/stress.sh --runs N [--jobs J] [--options "VM OPTIONS"] [PART OF A NAME]
#       starts each program N times, J at once (as many as there are processors unless said); of all whose name has the
#       part in it, juc_ unless said. `--options -XX:SafepointDelays=7` makes rare orders likelier.
# What it needs: a run of a juc program takes 0.2 to 2 s of one processor, start-up included, so 1,000 runs of all of them
# are about an hour and a half on two processors (27 runs took 30 s); 60 MB of memory for each job.
set -euo pipefail
root=$(readlink -f "${BASH_SOURCE[0]}")
root=${root%/tests/*}
# shellcheck source=scripts/setup.sh
source "$root/scripts/setup.sh"

runs=
jobs=$(nproc)
options=
part=
while [ $# -gt 0 ]; do
    case "$1" in
        --count) export CARAFE_REPEAT=${2:?--count wants a number}; shift ;;
        --runs) runs=${2:?--runs wants a number}; shift ;;
        --jobs) jobs=${2:?--jobs wants a number}; shift ;;
        --options) options=${2:?--options wants options}; shift ;;
        -*) die "unknown option $1 (try --count N, --runs N, or a part of a name)" ;;
        *) part=$1 ;;
    esac
    shift
done

setup_jdk compiler
setup_cargo
setup_cc
cd "$root"
target=${CARGO_TARGET_DIR:-$root/target}
if [ -z "${CARAFE_BIN:-}" ]; then
    cargo build --release --quiet
    export CARAFE_BIN=$target/release/carafe
fi

if [ -z "$runs" ]; then
    export CARAFE_REPEAT=${CARAFE_REPEAT:-1000}
    if [ -n "$part" ]; then export CARAFE_GOLDEN=$part; fi
    exec cargo test --quiet --test golden programs_that_repeat -- --nocapture
fi

classes=$target/stress-classes
"$JAVA_HOME/bin/java" tests/tools/CompileAll.java tests/golden "$classes"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# One run of a program: what differs from what is expected goes to a file of its own.
one() {
    local name=$1 number=$2 golden=$root/tests/golden/$1
    local out=$results/$name.$number code=0 wanted=0
    local -a vm=() arguments=()
    read -r -a vm <<<"$options"
    if [ -f "$golden/options" ]; then mapfile -t -O ${#vm[@]} vm <"$golden/options"; fi
    if [ -f "$golden/args" ]; then mapfile -t arguments <"$golden/args"; fi
    if [ -f "$golden/expected.code" ]; then wanted=$(<"$golden/expected.code"); fi
    cd "$classes/$name/classes"
    timeout 600 "$CARAFE_BIN" "${vm[@]}" -cp . Main "${arguments[@]}" >"$out" 2>"$out.err" </dev/null || code=$?
    if [ "$code" = "$wanted" ] && cmp -s "$out" "$golden/expected.out"; then
        rm "$out" "$out.err"
    else
        echo "$name, run $number: exit code $code"
        diff "$golden/expected.out" "$out" | head -5 || true
        head -5 "$out.err"
        touch "$results/failed"
    fi
}
export -f one
export root results classes options

say "$runs runs of each program, $jobs at once"
# By number first, so that an early end has tried all programs about as often.
for number in $(seq "$runs"); do
    for program in tests/golden/*"${part:-juc_}"*/; do
        echo "$(basename "$program") $number"
    done
done | xargs -P "$jobs" -L 1 bash -c 'one "$0" "$1"'
if [ -e "$results/failed" ]; then die "some runs differed"; fi
say "all the same"
