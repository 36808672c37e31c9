#!/bin/bash
# Prints the spine (what BERT's training needs) in reading order, then its length by directory and
# the annex. The order is scripts/reading_order.txt; files of the spine's directories that BERT's
# training does not need are named in scripts/annex.txt.
set -eu
export LC_ALL=C
shopt -s nullglob
cd "$(dirname "$0")/.."
spine_folders="core nn optim text models/bert train"

# files FOLDER...: the C++ files below them.
files() {
  for folder in "$@"; do
    [ ! -e "$folder" ] || find "$folder" -name '*.h' -o -name '*.cpp'
  done | sort
}
count() { if [ $# = 0 ]; then echo 0; else cat "$@" | wc -l; fi; }
row() { printf '%8d  %s\n' "$1" "$2"; }

annex=$(for pattern in $(grep -v '^#' scripts/annex.txt); do printf '%s\n' $pattern; done | sort)
spine=$(comm -23 <(files $spine_folders) <(echo "$annex"))

echo "The spine, in reading order:"
seen="" total=0 number=0
while IFS=: read -r title patterns; do
  case $title in ''|'#'*) continue ;; esac
  chosen=$(comm -12 <(printf '%s\n' $patterns | sort -u) <(echo "$spine"))
  chosen=$(comm -23 <(echo "$chosen") <(printf '%s\n' $seen | sort))
  [ -n "$chosen" ] || continue
  number=$((number + 1)) lines=$(count $chosen) total=$((total + lines)) seen="$seen $chosen"
  row "$lines" "$number. $title:$patterns"
done < scripts/reading_order.txt
rest=$(comm -23 <(echo "$spine") <(printf '%s\n' $seen | sort))
if [ -n "$rest" ]; then
  lines=$(count $rest) total=$((total + lines))
  row "$lines" "not in the reading order: $(echo $rest)"
fi
row "$total" "in all"

echo
echo "The spine by directory:"
for folder in core core/kernels core/ops core/io nn optim text models/bert train; do
  own=$(echo "$spine" | grep -E "^$folder/[^/]*$" || true)
  [ -z "$own" ] || row "$(count $own)" "$folder"
done

echo
echo "The annex:"
total=0
for folder in cairn.h core nn optim text models train tools tutorials examples template tests bench
do
  own=$(comm -23 <(files "$folder") <(echo "$spine"))
  [ -n "$own" ] || continue
  lines=$(count $own) total=$((total + lines))
  row "$lines" "$folder"
done
row "$total" "in all"
