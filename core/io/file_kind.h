#pragma once
// Recognises a file of another kind than was expected by its first bytes, for error messages.
#include <string>
#include <string_view>

namespace cairn {

// The hint for weights in another format.
inline constexpr const char* save_again =
    "load the model in Python and save it as safetensors: model.save_pretrained(folder)";

struct FileKind {
  std::string what;  // "is a git-LFS pointer, ..."; empty if it is not a known kind
  std::string hint;  // the remedy
};

// Does a model's folder have this file? A dangling symbolic link counts: opening it is an Error,
// while a file that seems to be missing is passed over in silence. Error if it is a pipe or a
// device, from which a read may never return.
bool has_file(const std::string& path);

// `bytes` are the file's first ones, or all.
FileKind kind_of_file(std::string_view bytes);

// Error, naming `path`, if the bytes are of a known other kind: call it before parsing them.
void refuse_other_kinds(const std::string& path, std::string_view bytes);

// The bytes of a text file; Error if they are of a known other kind. An empty file is none: its
// reader knows better what is missing.
std::string read_text(const std::string& path);

}  // namespace cairn
