#!/bin/bash
# Builds the API reference in build/docs/html. Any warning of Doxygen is an error.
set -eu
cd "$(dirname "$0")/.."
CAIRN_VERSION=$(sed -n 's/^project(cairn VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
export CAIRN_VERSION
theme=/usr/share/doxygen-awesome-css
rm -rf build/docs
mkdir -p build/docs

{
  cat docs/Doxyfile
  if [ -d "$theme" ]; then
    # The theme's scripts (dark mode, copy button, links to paragraphs) go into the page's head.
    doxygen -w html build/docs/header.html build/docs/footer.html build/docs/plain.css > /dev/null
    sed -i "/<\/head>/e cat docs/theme.html" build/docs/header.html
    echo "HTML_HEADER = build/docs/header.html"
    echo "HTML_EXTRA_STYLESHEET = $theme/doxygen-awesome.css"
    for script in darkmode-toggle fragment-copy-button paragraph-link; do
      echo "HTML_EXTRA_FILES += $theme/doxygen-awesome-$script.js"
    done
  fi
} > build/docs/Doxyfile
doxygen build/docs/Doxyfile
echo "build/docs/html/index.html"
