#!/bin/bash
# Runs the tests of the core, cross-built in build/arm64, under qemu-user: in float once with the
# NEON and once with the reference kernels, and in double.
set -eu
cd "$(dirname "$0")/.."
core='*test_kernels*,*test_ops*,*test_attention*,*test_tensor*,*test_views*,*test_autograd*'
core="$core,*test_parallel*,*test_io*,*test_json*,*test_safetensors*,*test_gradcheck*"
for isa in neon reference; do
  echo "arm64, CAIRN_ISA=$isa"
  CAIRN_ISA=$isa qemu-aarch64 build/arm64/cairn_tests --source-file="$core"
done
echo "arm64, double"
qemu-aarch64 build/arm64/cairn64_tests --source-file="$core"
