#!/bin/bash
# style.sh format: clang-format over all C++ files
# style.sh check: do they all look as clang-format leaves them? Writes nothing.
# style.sh tidy FOLDER...: clang-tidy over the sources in these folders and the headers they include
# The rules are in .clang-format and .clang-tidy. JOBS: how many files at a time.
set -eu
cd "$(dirname "$0")/.."

# cpp_files EXTENSION FOLDER...: one name per line.
cpp_files() {
  local extension=$1
  shift
  find "$@" -not -name '*_tables.h' -name "*.$extension" | sort
}

# The files are not compiled, so no build is needed, only what the build would define.
tidy_one() {
  local flags=(-std=c++20 -I. '-DCAIRN_VERSION=""' '-DCAIRN_SOURCE_DIR=""' '-DCAIRN_BINARY_DIR=""'
               '-DCAIRN_CXX=""' '-DCAIRN_LIBRARY=""' '-DCAIRN_LIBRARIES=""')
  case $1 in
    core/kernels/simd*)  # by the smallest instruction set that it is compiled for
      [ "$(uname -m)" = x86_64 ] || return 0
      flags+=(-DISA=avx2 -mavx2 -mfma) ;;
    tests/double/*) flags+=(-DCAIRN_DOUBLE) ;;
  esac
  clang-tidy-15 --quiet "$1" -- "${flags[@]}" 2> >(grep -v 'warnings\? generated' >&2)
}
export -f tidy_one

case ${1:-} in
  format | check)
    all=(cairn.h core nn optim text models train tools tutorials examples template tests bench)
    options=(-i)
    [ "$1" = format ] || options=(--dry-run -Werror)
    { cpp_files h "${all[@]}"; cpp_files cpp "${all[@]}"; } |
      xargs -n 20 -P "${JOBS:-$(nproc)}" clang-format-15 "${options[@]}" ;;
  tidy)
    shift
    cpp_files cpp "$@" | xargs -I '{}' -P "${JOBS:-$(nproc)}" bash -c 'tidy_one {}' ;;
  *) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
esac
