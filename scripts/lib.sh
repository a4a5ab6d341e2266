# shellcheck shell=bash
# Shared by the shell scripts; sourced, not run.

shopt -s inherit_errexit  # else set -e does not hold inside $(…)

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "${0##*/}: $*"
  exit 1
}

# make_venv FOLDER REQUIREMENTS [PIP OPTION...]: a virtual environment of Debian's Python (another
# python3 may come first in PATH) that holds exactly REQUIREMENTS; nothing is done when it does.
# The folder keeps a copy of the file it was made from, written last.
make_venv() {
  local folder=$1 requirements=$2
  shift 2
  if cmp --silent "$requirements" "$folder/requirements.txt"; then
    say "$folder: up to date"
    return
  fi
  say "$folder: installing $requirements"
  rm -rf "$folder"
  /usr/bin/python3 -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary=:all: \
    "$@" --requirement "$requirements"
  cp "$requirements" "$folder/requirements.txt"
}

# unpack_packages FOLDER PACKAGE...: the files of Debian's packages, not installed, in FOLDER.
unpack_packages() (
  cd "$1"
  apt-get download --quiet "${@:2}" >/dev/null
  for deb in *.deb; do dpkg-deb -x "$deb" .; done
)

# clinical_words FILE: writes the clinical words of the thesaurus to FILE; says how `enlace build --from` reads them.
clinical_words() {
  python3 scripts/clinical_words.py models/enlace-thesaurus/words "$1"
  printf 'csv=%s,columns=code:code;name:name;lang:lang,source=enlace,licence=MIT\n' "$1"
}
