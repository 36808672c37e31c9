#!/bin/bash
# python.sh [PACKAGE==VERSION...]: sees to it that build/venv/bin/python exists and has these
# packages. What the machine's own Python has already is used, not downloaded again.
set -eu
cd "$(dirname "$0")/.."
if [ ! -x build/venv/bin/python ]; then
  mkdir -p build
  own=""
  if python3 -c 'import torch, transformers' 2> /dev/null; then own=--system-site-packages; fi
  python3 -m venv $own build/venv
fi
[ $# -gt 0 ] || exit 0
for pause in 5 15 45 90 0; do
  if build/venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"; then exit 0; fi
  [ "$pause" = 0 ] || { echo "cairn: pip failed; trying again in $pause s" >&2; sleep "$pause"; }
done
echo "cairn: could not install $*" >&2
exit 1
