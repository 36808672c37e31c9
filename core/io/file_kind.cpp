// The first bytes of files that are often found where a model's file should be.
#include "core/io/file_kind.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <system_error>

#include "core/error.h"
#include "core/io/files.h"

namespace cairn {
namespace {

using namespace std::string_view_literals;

// Without leading white space, in lower case, at most 20 bytes.
std::string first_word(std::string_view bytes) {
  const size_t begin = bytes.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "";
  std::string text(bytes.substr(begin, 20));
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool only_zeros(std::string_view bytes) {
  return bytes.substr(0, 4096).find_first_not_of('\0') == std::string_view::npos;
}

}  // namespace

FileKind kind_of_file(std::string_view bytes) {
  const std::string text = first_word(bytes);
  if (bytes.empty()) return {"is empty", "fetch or save it again"};
  if (bytes.starts_with("version https://git-lfs"))
    return {"is a git-LFS pointer, not the file itself",
            "run git lfs pull in the folder that was cloned, or download the file"};
  if (text.starts_with("<!doctype") || text.starts_with("<html") || text.starts_with("<?xml"))
    return {"is a web page", "the download failed or needs a login; download the file again"};
  if (bytes.starts_with("PK\x03\x04"sv))
    return {"is a zip archive, as torch.save writes it", save_again};
  if (bytes.size() > 1 && bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5)
    return {"is a Python pickle, as old versions of torch.save write it", save_again};
  if (bytes.starts_with("\x89HDF")) return {"is an HDF5 file, as TensorFlow writes it", save_again};
  if (bytes.starts_with("GGUF")) return {"is a GGUF file", save_again};
  if (bytes.starts_with("\x93NUMPY")) return {"is a NumPy array", save_again};
  if (bytes.starts_with("\x1f\x8b") ||
      bytes.starts_with("\xfd"
                        "7zXZ") ||
      bytes.starts_with("BZh") || bytes.starts_with("\x28\xb5\x2f\xfd"))
    return {"is compressed", "unpack it"};
  if (bytes.substr(0, 262).find("ustar", 257) != std::string_view::npos)
    return {"is a tar archive", "unpack it"};
  if (only_zeros(bytes))
    return {"begins with nothing but zeros", "is the download incomplete? fetch it again"};
  return {};
}

bool has_file(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(path, ignored))) return false;
  if (fs::is_other(fs::status(path, ignored)))
    fail(path, "is not a regular file", "copy it to a file first");
  return true;
}

void refuse_other_kinds(const std::string& path, std::string_view bytes) {
  const FileKind kind = kind_of_file(bytes);
  if (!kind.what.empty()) fail(path, kind.what, kind.hint);
}

std::string read_text(const std::string& path) {
  std::string text = read_file(path);
  const FileKind kind = kind_of_file(text);
  if (!text.empty() && !kind.what.empty())
    fail(path, kind.what, kind.hint == save_again ? "give a text file, in UTF-8" : kind.hint);
  return text;
}

}  // namespace cairn
