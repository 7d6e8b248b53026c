#!/usr/bin/env bash
# Takes the verdicts on the classes of tests/negative from the reference JVM (HotSpot, JDK 25), or checks that they still hold.
#
#   tests/tools/negative.sh record     assemble, define and link each class with -Xverify:all, write the verdicts into the files
#   tests/tools/negative.sh compare    the same against the verdicts in the files; writes nothing
#
# The JDK is found as the tests find it: $JAVA_HOME, else the newest 25 under the usual folders.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
case ${1:-} in record | compare) ;; *) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;; esac
CARAFE_NEGATIVE=$1 cargo test --quiet --test negative -- --nocapture verdicts_are
