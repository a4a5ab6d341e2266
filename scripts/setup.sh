#!/bin/bash
# Installs what is missing on Debian 12: setup.sh [packages] [venv] [clang]   (none: packages venv)
#
#   packages  Debian packages, with sudo when not root; the lists are updated only if one is missing
#   venv      build/venv, Debian's Python with the packages of scripts/requirements.txt by hash
#   clang     the second compiler, for the presets asan and clang
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

# Compiler and build, then libraries, then tests and benchmarks, then scripts and format.
readonly PACKAGES=(
  g++ cmake ninja-build pkg-config
  libfmt-dev libcli11-dev libsimdjson-dev libutf8proc-dev zlib1g-dev
  libgtest-dev libbenchmark-dev
  python3 python3-venv clang-format-14
)
readonly CLANG_PACKAGES=(clang-14 libclang-rt-14-dev)

missing_of() {
  local package
  for package in "$@"; do
    [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] ||
      echo "$package"
  done
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "expected root or sudo to install packages, found neither; install as root: ${missing[*]}"
  fi
}

install() {
  command -v dpkg-query >/dev/null || fail "expected Debian 12, found a system without dpkg"
  mapfile -t missing < <(missing_of "$@")
  if [[ ${#missing[@]} -eq 0 ]]; then
    say "packages: all $# are installed"
    return
  fi
  say "packages: installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

[[ $# -gt 0 ]] || set -- packages venv
for part in "$@"; do
  case "$part" in
    packages) install "${PACKAGES[@]}" ;;
    venv) make_venv build/venv scripts/requirements.txt --require-hashes ;;
    clang) install "${CLANG_PACKAGES[@]}" ;;
    *) fail "expected packages, venv or clang, found: $part" ;;
  esac
done
