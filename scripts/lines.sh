#!/bin/bash
# Prints the spine (what BERT's training needs) as two readings, each in its order, with the lines that
# check for bad input, then the length of the spine by directory, and the rest; `lines.sh files`
# prints the spine's files. The order is scripts/reading_order.txt; what fine-tuning BERT does not
# need stands in folders more/, or is plumbing that scripts/annex.txt names.
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
# end_of_reading: its length, and how much of that scripts/checks.awk counts.
end_of_reading() {
  row "$total" "in all"
  row "$checks" "of these check for bad input (scripts/checks.awk says by which rule)"
}

annex=$(for pattern in $(grep -v '^#' scripts/annex.txt); do printf '%s\n' $pattern; done | sort)
spine=$(comm -23 <(files $spine_folders | grep -v -e '/more/' -e '^core/inspect/' -e '^core/ops.h$') \
                 <(echo "$annex"))

[ "${1:-}" != files ] || { echo "$spine"; exit; }

seen="" total=0 checks=0 number=0 all=0
while IFS=: read -r title patterns; do
  case $title in
    ''|'#'*) continue ;;
    '='*)
      [ "$total" = 0 ] || { end_of_reading; echo; }
      echo "${title#= }:$patterns"
      total=0 checks=0
      continue ;;
  esac
  chosen=$(comm -12 <(printf '%s\n' $patterns | sort -u) <(echo "$spine"))
  chosen=$(comm -23 <(echo "$chosen") <(printf '%s\n' $seen | sort))
  [ -n "$chosen" ] || continue
  number=$((number + 1)) lines=$(count $chosen) seen="$seen $chosen"
  total=$((total + lines)) all=$((all + lines))
  checks=$((checks + $(awk -f scripts/checks.awk $chosen)))
  row "$lines" "$number. $title:$patterns"
done < scripts/reading_order.txt
end_of_reading
rest=$(comm -23 <(echo "$spine") <(printf '%s\n' $seen | sort))
if [ -n "$rest" ]; then
  lines=$(count $rest) all=$((all + lines))
  row "$lines" "not in the reading order: $(echo $rest)"
fi

echo
echo "The spine by directory:"
for folder in core core/autograd core/kernels core/ops core/io nn optim text models/bert train; do
  own=$(echo "$spine" | grep -E "^$folder/[^/]*$" || true)
  [ -z "$own" ] || row "$(count $own)" "$folder"
done
row "$all" "in all"

echo
echo "The rest:"
total=0
for folder in cairn.h core nn optim text models train tools tutorials examples template tests bench
do
  own=$(comm -23 <(files "$folder") <(echo "$spine"))
  [ -n "$own" ] || continue
  lines=$(count $own) total=$((total + lines))
  row "$lines" "$folder"
done
row "$total" "in all"
