#!/bin/bash
# The whole suite under the address and undefined-behaviour sanitizers, then everything that runs
# on several threads under the thread sanitizer. JOBS: how many at a time.
set -eu
cd "$(dirname "$0")/.."
jobs=${JOBS:-$(nproc)}

# A test may ask for more memory than there is, and must then get std::bad_alloc.
export ASAN_OPTIONS=allocator_may_return_null=1:detect_stack_use_after_return=0
export TSAN_OPTIONS=allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1
cmake --preset asan-ubsan --log-level=NOTICE
cmake --build --preset asan-ubsan --parallel "$jobs" --target cairn_tests cairn64_tests
ctest --preset asan-ubsan --parallel "$jobs"

cmake --preset tsan --log-level=NOTICE
cmake --build --preset tsan --parallel "$jobs" --target cairn_tests
# Address-space randomisation of recent Linux kernels is too wide for older thread sanitizers.
fixed=""
if setarch "$(uname -m)" -R true 2> /dev/null; then fixed="setarch $(uname -m) -R"; fi
pool='*test_parallel*,*test_kernels*'
$fixed build/tsan/cairn_tests --source-file="$pool"
$fixed build/tsan/cairn_tests --source-file-exclude="$pool" --test-case='*thread*'
