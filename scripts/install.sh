#!/bin/sh
# install.sh GROUP...: installs the distribution packages that these groups need and that are
# missing. With no right to install, prints the command that does it and stops with exit code 1.
set -eu

missing=""
optional=""
have() { command -v "$1" > /dev/null 2>&1; }
header() { echo "#include <$1>" | c++ -x c++ -E - > /dev/null 2>&1; }
need() { missing="$missing $1"; }

for group in "$@"; do
  case $group in
    build) header vector || need g++
           have cmake || need cmake ;;
    test) header vector || need g++
          have cmake || need cmake
          have pkg-config || need pkg-config
          header doctest/doctest.h || need doctest-dev
          have ctags || need universal-ctags ;;
    clang) have clang++-15 || need clang-15 ;;
    arm64) have aarch64-linux-gnu-g++ || need g++-aarch64-linux-gnu
           have qemu-aarch64 || need qemu-user ;;
    debugger) have python3 || need python3
              have gdb || have lldb || ls /usr/bin/lldb-[0-9]* > /dev/null 2>&1 || need gdb ;;
    benchmark) header benchmark/benchmark.h || need libbenchmark-dev ;;
    docs) have doxygen || need doxygen
          have dot || need graphviz
          # Older distributions lack the theme; the pages are then in Doxygen's own.
          [ -d /usr/share/doxygen-awesome-css ] || optional="$optional doxygen-awesome-css" ;;
    python) have python3 || need python3
            python3 -c 'import venv, ensurepip' 2> /dev/null || need python3-venv ;;
    course) have python3 || need python3 ;;
    browser) have chromium || need chromium
             have chromedriver || need chromium-driver
             have python3 || need python3 ;;
    format) have clang-format-15 || need clang-format-15 ;;
    style) have clang-format-15 || need clang-format-15
           have clang-tidy-15 || need clang-tidy-15 ;;
    *) echo "install.sh: unknown group $group" >&2; exit 2 ;;
  esac
done
missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
missing=${missing% }
[ -n "${missing# }$optional" ] || exit 0

if ! have apt-get; then
  [ -n "$missing" ] || exit 0
  echo "cairn: missing: $missing (names as in Debian). Install them and try again." >&2
  exit 1
fi

# as_root: how to become root without being asked for a password.
if [ "$(id -u)" = 0 ]; then
  as_root=""
elif have sudo && sudo -n true 2> /dev/null; then
  as_root="sudo"
else
  [ -n "$missing" ] || exit 0
  echo "cairn: missing: $missing. There is no right to install here; run" >&2
  if have sudo; then
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing" >&2
  else
    echo "  su -c 'apt-get update && apt-get install -y --no-install-recommends $missing'" >&2
  fi
  echo "and then the same make command again." >&2
  exit 1
fi

apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@"; }

# Package sources refuse bursts now and then: wait, a little longer each time, and try again.
echo "cairn: installing $missing$optional" >&2
for pause in 5 10 20 40 60 90 0; do
  apt -qq update || true
  packages=$missing
  for package in $optional; do
    if apt-cache show "$package" > /dev/null 2>&1; then packages="$packages $package"; fi
  done
  [ -n "$packages" ] || exit 0
  if apt -qq install -y --no-install-recommends $packages > /dev/null; then exit 0; fi
  [ "$pause" = 0 ] || { echo "cairn: that failed; trying again in $pause s" >&2; sleep "$pause"; }
done
echo "cairn: could not install $missing$optional" >&2
exit 1
