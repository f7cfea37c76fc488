#!/bin/sh
# Installs what crawlcard needs on Debian 12, or does nothing when it is all there.
# The one list of packages: runtime libraries come with their -dev packages.
# --check prints what is missing and installs nothing.
set -eu

build="g++ cmake ninja-build pkg-config ccache mold"
libraries="libboost1.81-dev libbrotli-dev libcld2-dev libcurl4-openssl-dev libdeflate-dev
  libexpected-dev libfmt-dev libicu-dev libisal-dev
  libpugixml-dev librocksdb-dev libsimdjson-dev libssl-dev
  libtomlplusplus-dev libxxhash-dev libzstd-dev zlib1g-dev"
tests="libbenchmark-dev libgmock-dev libgtest-dev libpsl-dev nginx-light nlohmann-json3-dev python3
  python3-html5lib python3-jsonschema python3-lxml python3-markdown-it python3-protego
  python3-prov python3-rdflib python3-yaml"
lint="clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev"

case "${1:-}" in
  "" | --check) packages="$build $libraries $tests" ;;
  --with-lint) packages="$build $libraries $tests $lint" ;;
  *) echo "usage: $0 [--check | --with-lint]" >&2; exit 2 ;;
esac

missing=
for package in $packages; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done

if [ -z "$missing" ]; then
  exit 0
fi
if [ "${1:-}" = --check ]; then
  echo "missing:$missing"
  exit 1
fi

sudo=
if [ "$(id -u)" -ne 0 ]; then
  sudo=sudo
  command -v sudo >/dev/null || { echo "run as root, or install:$missing" >&2; exit 1; }
fi
echo "installing:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -q >&2
$sudo apt-get install -q -y --no-install-recommends $missing >&2
