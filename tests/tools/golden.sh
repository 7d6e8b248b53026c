#!/usr/bin/env bash
# Takes the expected output of the golden programs from the reference JVM (HotSpot, JDK 25), or checks that it still holds.
#
#   tests/tools/golden.sh regenerate [SUBSTRING]   compile, run twice (mixed mode, -Xint; a third time at the size in `small`),
#                                                  write expected.*; a program whose runs differ is reported and left as it was
#   tests/tools/golden.sh compare [SUBSTRING]      the same runs against the expected files; writes nothing
#
# The JDK is $JAVA_HOME, else the newest 25 under /usr/lib/jvm, /usr/java and /opt, else the one on PATH.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
golden=$(cd "$here/.." && pwd)/golden
out=$(cd "$here/.." && pwd)/out
mode=${1:-}
filter=${2:-}
limit_seconds=30

is_25() { [ -x "$1/bin/java" ] && grep -q '^JAVA_VERSION="25' "$1/release" 2>/dev/null; }

find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && is_25 "$JAVA_HOME"; then echo "$JAVA_HOME"; return; fi
  local best
  best=$(for d in /usr/lib/jvm/* /usr/java/* /opt/*; do
    is_25 "$d" && printf '%s\t%s\n' "$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$d/release")" "$d"
  done | sort -V | tail -n 1 | cut -f2)
  if [ -n "$best" ]; then echo "$best"; return; fi
  local java
  java=$(readlink -f "$(command -v java 2>/dev/null)" 2>/dev/null) && is_25 "${java%/bin/java}" && echo "${java%/bin/java}"
}

# Runs program $1 with the further options $3... and leaves out, err and code in the folder $2.
run() {
  local dir=$1 to=$2; shift 2
  local options=() args=()
  [ -f "$dir/options" ] && mapfile -t options <"$dir/options"
  [ -f "$dir/args" ] && mapfile -t args <"$dir/args"
  local classes=$out/$(basename "$dir")/classes
  mkdir -p "$to"
  (cd "$classes" && env -i PATH="$PATH" LC_ALL=C.UTF-8 TZ=UTC timeout "$limit_seconds" "$jdk/bin/java" -Xshare:auto "$@" \
    "${options[@]}" -cp "$classes" Main "${args[@]}" >"$to/out" 2>"$to/err" </dev/null)
  echo $? >"$to/code"
}

# One program in both modes; prints a line only if something is wrong.
one() {
  local dir=$1 name a b
  name=$(basename "$dir"); a=$out/$name/mixed; b=$out/$name/xint
  [ -f "$out/$name/stamp" ] || { echo "$name: not compiled"; return; }
  run "$dir" "$a" -XX:+UseSerialGC
  # The second run also changes what a program must not depend on: identity hashes, the collector, the number of processors.
  run "$dir" "$b" -Xint -XX:+UnlockExperimentalVMOptions -XX:hashCode=0 -XX:ActiveProcessorCount=4
  if grep -qx 124 "$a/code" "$b/code"; then echo "$name: ran longer than $limit_seconds s"; return; fi
  if ! diff -r "$a" "$b" >"$out/$name/diff"; then
    echo "$name: two runs differ:"; head -n 6 "$out/$name/diff"; return
  fi
  if [ -f "$dir/small" ]; then
    # Its size under stress; the output must be the same.
    run "$dir" "$b" "-Dgolden.scale=$(head -n 1 "$dir/small")"
    if ! diff -r "$a" "$b" >"$out/$name/diff"; then
      echo "$name: output depends on golden.scale:"; head -n 6 "$out/$name/diff"; return
    fi
  fi
  if [ "$mode" = regenerate ]; then
    cp "$a/out" "$dir/expected.out"
    if [ -s "$a/err" ]; then cp "$a/err" "$dir/expected.err"; else rm -f "$dir/expected.err"; fi
    if [ "$(cat "$a/code")" != 0 ]; then cp "$a/code" "$dir/expected.code"; else rm -f "$dir/expected.code"; fi
  else
    local err=/dev/null code=0
    [ -f "$dir/expected.err" ] && err=$dir/expected.err
    [ -f "$dir/expected.code" ] && code=$(cat "$dir/expected.code")
    diff "$dir/expected.out" "$a/out" >"$out/$name/diff" || { echo "$name: stdout differs:"; head -n 6 "$out/$name/diff"; }
    diff "$err" "$a/err" >"$out/$name/diff" || { echo "$name: stderr differs:"; head -n 6 "$out/$name/diff"; }
    [ "$(cat "$a/code")" = "$code" ] || echo "$name: exit code $(cat "$a/code"), expected $code"
  fi
}

case $mode in regenerate | compare) ;; *) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;; esac
jdk=$(find_jdk)
[ -n "$jdk" ] || { echo "no JDK 25 found; set JAVA_HOME" >&2; exit 2; }
mkdir -p "$out"
"$jdk/bin/java" "$here/CompileAll.java" "$golden" "$out" "$filter" || bad_compile=1
export -f run one
export jdk out mode limit_seconds
report=$(for d in "$golden"/*"$filter"*/; do echo "${d%/}"; done | xargs -d '\n' -P 2 -I{} bash -c 'one "$1"' _ {})
[ -n "$report" ] && echo "$report"
total=$(ls -d "$golden"/*"$filter"*/ | wc -l)
wrong=$(printf '%s\n' "$report" | grep -cE '^[a-z0-9_]+: ')
echo "$mode: $total programs, $wrong complaints"
[ "$wrong" = 0 ] && [ -z "${bad_compile:-}" ]
