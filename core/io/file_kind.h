#pragma once
// Recognises, by its first bytes, a file of another kind than was expected, for error messages.
#include <string>
#include <string_view>

namespace cairn {

// The hint for weights in another format.
inline constexpr const char* save_again =
    "load the model in Python and save it as safetensors: model.save_pretrained(folder)";

struct FileKind {
  std::string what;  // "is a git-LFS pointer, ..."; empty if it is none that is known
  std::string hint;  // the remedy
};

// Does a model's folder have this file? A symbolic link counts though it leads nowhere: opening it
// says so, while a file that is thought to be missing is passed over in silence. Error if it is a
// pipe or a device, from which reading may never come back.
bool has_file(const std::string& path);

// `bytes` are the file's first ones, or all.
FileKind kind_of_file(std::string_view bytes);

// Error, naming `path`, if the bytes are of a known other kind: call it before parsing them.
void refuse_other_kinds(const std::string& path, std::string_view bytes);

// The file's bytes, which are to be a text; Error if they are of a kind that is known. A file may
// be empty: its reader knows better what is missing.
std::string read_text(const std::string& path);

}  // namespace cairn
