#pragma once
// Folders for tests: a fresh temporary one, and the shared data, which may be absent.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>

#include "core/io/files.h"

namespace cairn::test {

// An empty folder, removed with all it holds at the end of its scope.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "cairn-test-XXXXXX").string();
    const char* made = ::mkdtemp(pattern.data());
    if (!made) throw std::runtime_error("no temporary folder can be made");
    path_ = made;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

  // How many files and folders it holds.
  size_t count() const {
    const std::filesystem::directory_iterator entries(path_);
    return static_cast<size_t>(std::distance(begin(entries), end(entries)));
  }

 private:
  std::string path_;
};

// The path of something in the shared data ($CAIRN_SHARED, by default ../shared, seen from the
// repository's root); if it is absent, prints that the test is skipped and returns "".
inline std::string shared_or_skip(const std::string& name) {
  const char* set = std::getenv("CAIRN_SHARED");
  const std::filesystem::path root = CAIRN_SOURCE_DIR;
  const std::string path = (root / (set && *set ? set : "../shared") / name).string();
  if (std::filesystem::exists(path)) return path;
  std::cout << "SKIPPED: no " << path << "\n";
  return "";
}

}  // namespace cairn::test
