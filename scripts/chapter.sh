#!/bin/sh
# chapter.sh N: prints the folder's name of the tutorial's chapter N, "02" or "2"; where there is none,
# lists the chapters and stops with exit code 1.
set -eu

number=$(printf '%s' "${1:-}" | sed 's/^[0-9]$/0&/')
for folder in tutorials/*/; do
  name=$(basename "$folder")
  [ -z "$number" ] || [ "${name%%_*}" != "$number" ] || { echo "$name"; exit 0; }
done
if [ -z "$number" ]; then
  echo "cairn: which chapter? N=01 names one:" >&2
else
  echo "cairn: there is no chapter $1; N names one of these:" >&2
fi
for main in tutorials/*/main.cpp; do
  name=$(basename "$(dirname "$main")")
  echo "  ${name%%_*}  $(sed -n '1s/^# [0-9.]* *//p' "tutorials/$name/README.md")" >&2
done
exit 1
