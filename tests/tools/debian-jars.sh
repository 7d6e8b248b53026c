#!/usr/bin/env bash
# Unpacks the jars of big Debian packages below a folder, for tests/real_jars.rs: ./debian-jars.sh FOLDER
# Nothing is installed and no root is needed: packages are downloaded with apt-get and opened with dpkg-deb. A package that
# the distribution does not have is passed by. What is there already stays. All jars are one class path, so no package may be
# here in two versions (Tomcat 10 has the classes of Tomcat 9 with other supertypes), nor jython, some of whose classes stand
# under other names than their own.
set -euo pipefail

packages=(
    ant antlr4 ecj groovy jruby libaspectj-java libbatik-java libbcprov-java libbyte-buddy-java libclojure-java
    libcommons-lang3-java libcommons-math3-java libderby-java libeclipse-jdt-core-java libfastutil-java libfop-java
    libguava-java libhibernate3-java libicu4j-java libjackson2-annotations-java libjackson2-core-java
    libjackson2-databind-java libjavassist-java libjoda-time-java liblucene4.10-java libnetty-java libpdfbox-java
    libsaxonhe-java libspring-beans-java libspring-context-java libspring-core-java libspring-web-java libtomcat9-java
    libxalan2-java libxerces2-java librhino-java scala scala-library
)

folder=$1
mkdir -p "$folder/packages" "$folder/files"
cd "$folder"
for package in "${packages[@]}"; do
    [ ! -e "packages/$package" ] || continue
    rm -rf packages/download
    mkdir packages/download
    if (cd packages/download && apt-get download -qq "$package" >/dev/null 2>&1); then
        dpkg-deb -x packages/download/*.deb files
        : >"packages/$package"
    else
        echo "$0: passed by: $package" >&2
    fi
done
rm -rf packages/download
