#pragma once
// Files: reading whole or mapped, and writing so that nothing already on disk can be damaged.
// Every fault is an Error that names the file, what went wrong and the remedy.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

// All bytes of a file or pipe. Error if it is missing, a folder, unreadable, or larger than
// max_bytes.
std::string read_file(const std::string& path, int64_t max_bytes = int64_t{1} << 30);

// Error if what is made of a file of `size` bytes would take more than `max_memory` bytes, which by
// default (0) is twice the size and 40 MiB: with the file itself 3 times its size, and room for the
// rest of the program. `what` names the items of which there are too many, such as "rows".
void check_memory(const std::string& path, size_t size, size_t needed, const char* what,
                  size_t max_memory = 0);

// Takes the first line off a text, which must not be empty, and returns it without its end (\n or
// \r\n). For files of any size: nothing is copied.
std::string_view take_line(std::string_view& text);

// How many '\n' a text has: one less than its lines if the last line has no end.
size_t count_newlines(std::string_view text);

// The pieces of a text between separators: one more than there are separators.
std::vector<std::string> split(std::string_view text, char separator);

// All lines of a text, as take_line gives them. A last line needs no end; an end at the end of the
// text starts no further line.
std::vector<std::string> split_lines(std::string_view text);

// A file's bytes in memory, read-only, loaded by the system page by page as they are touched. They
// stay the same if the file is replaced (as AtomicFile does it); a file that another program
// shortens in place under a mapping can't be guarded against.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path);  // Error unless it is a regular, readable file
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const unsigned char* data() const { return data_; }  // null if the file is empty
  size_t size() const { return size_; }

 private:
  const unsigned char* data_ = nullptr;
  size_t size_ = 0;
};

// A file being written aside: under a temporary name in the same folder until commit() puts it,
// whole and synced to the disk, in the place of `path`. Without commit() (an exception, a full
// disk) the temporary file is removed and what was at `path` is untouched. If the program is killed
// it stays, until the next file is written into the folder.
//
//   AtomicFile file("model.safetensors");
//   file.write(header);
//   file.commit();
class AtomicFile {
 public:
  // Error if the folder is missing or not writable, or `path` is a folder or a device. A symbolic
  // link is followed: the file that it leads to is replaced, with its permissions kept.
  explicit AtomicFile(const std::string& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Error if the disk is full.
  void write(std::string_view bytes);
  void write(const void* bytes, size_t size);
  void finish();  // waits until all bytes are on the disk; the last step that can find it full
  void commit();  // finishes if needed, then renames: after it `path` is the new file

 private:
  [[noreturn]] void fail_to(const std::string& what, int error_number) const;

  std::string path_;       // as given, for messages
  std::string target_;     // what will be replaced
  std::string temporary_;  // empty after commit
  int descriptor_ = -1;
  bool finished_ = false;
};

// Writes a whole file through AtomicFile.
void write_file_atomically(const std::string& path, std::string_view bytes);

// A folder of results, into which no other process writes while this, or a copy of it, lives. The
// system keeps the lock and takes it back when the process ends, however that happens. Within a
// process any number may hold the same folder: a program, the training that it starts, the model
// that this saves.
class OutputFolder {
 public:
  // Makes sure that `path` is a folder that can be written into, creating it and its parents. Error
  // if it is not a folder or not writable, if another process holds it, or if it holds anything and
  // `overwrite` is false. Removes nothing but what a killed program was writing (AtomicFile).
  OutputFolder(const std::string& path, bool overwrite);

 private:
  std::shared_ptr<const void> lock_;
};

}  // namespace cairn
