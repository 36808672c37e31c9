#pragma once
// safetensors, Hugging Face's file format for named tensors:
//
//   8 bytes   n, the header's length, little-endian
//   n bytes   JSON: {"NAME": {"dtype": "F32", "shape": [2, 3], "data_offsets": [BEGIN, END]}, …,
//             "__metadata__": {"format": "pt"}}, offsets counted from the end of the header
//   the rest  the numbers, little-endian, row-major, without gap or overlap
//
// https://github.com/huggingface/safetensors#format
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/io/files.h"

namespace cairn {

// A named tensor's description and a pointer to its bytes, which belong to someone else: when read,
// to the SafeTensors; when written, to the caller. The bytes need not be aligned.
struct TensorView {
  std::string name;
  std::string dtype;  // "F32", …: see core/io/dtype.h
  std::vector<int64_t> shape;
  const unsigned char* bytes = nullptr;
  size_t size = 0;                              // in bytes
  std::shared_ptr<const void> owner = nullptr;  // keeps the bytes, where nothing else does

  int64_t numel() const;  // the product of the shape
};

// Views of numbers in memory, for writing: F32, F64 and I64.
TensorView tensor_view(std::string name, std::vector<int64_t> shape, const float* values);
TensorView tensor_view(std::string name, std::vector<int64_t> shape, const double* values);
TensorView tensor_view(std::string name, std::vector<int64_t> shape, const int64_t* values);

// Copies all elements in order, converted; `out` has room for view.numel(). to_float and to_double
// take BOOL, the integers, F16, BF16, F32 and F64, rounding to nearest; to_int64 takes BOOL and the
// integers. Error for other types and, in to_int64, for a U64 above the range.
void to_float(const TensorView& view, float* out);
void to_double(const TensorView& view, double* out);
void to_int64(const TensorView& view, int64_t* out);

// The index of the first NaN or infinity, or -1.
int64_t first_not_finite(const float* values, int64_t count);
int64_t first_not_finite(const double* values, int64_t count);

using Metadata = std::map<std::string, std::string>;

// An open file. The views it gives are valid while it, a copy of it, or its file() lives.
class SafeTensors {
 public:
  // Maps the file and checks all that its header says; an Error names what is wrong. The tensors'
  // numbers are neither read nor copied.
  explicit SafeTensors(const std::string& path);

  const std::string& path() const { return path_; }
  const std::vector<TensorView>& tensors() const { return tensors_; }  // in the order of the bytes
  const TensorView* find(const std::string& name) const;               // null if there is none
  const Metadata& metadata() const { return metadata_; }
  std::shared_ptr<const MappedFile> file() const { return file_; }

 private:
  std::string path_;
  std::shared_ptr<const MappedFile> file_;
  std::vector<TensorView> tensors_;
  std::unordered_map<std::string, size_t> index_;
  Metadata metadata_;
};

// Writes a file with these tensors, aside and then renamed. As the reference does, larger element
// types come first, so that all are aligned, and names are sorted within a type: the same tensors
// give the same bytes. Transformers refuses a file whose metadata does not say its "format". Error
// for an unknown type, a shape that disagrees with the size, a name used twice.
void write_safetensors(const std::string& path, const std::vector<TensorView>& tensors,
                       const Metadata& metadata = {{"format", "pt"}});

// The same into a file that the caller commits; `place` is the name for errors.
void write_safetensors(AtomicFile& file, const std::string& place,
                       const std::vector<TensorView>& tensors, const Metadata& metadata);

}  // namespace cairn
