// Reading and writing safetensors files. A file may lie about anything, so nothing in a header is
// used before it is checked.
#include "core/io/safetensors.h"

#include <algorithm>
#include <bit>
#include <set>

#include "core/error.h"
#include "core/io/dtype.h"
#include "core/io/file_kind.h"
#include "core/io/json.h"

namespace cairn {
namespace {

static_assert(std::endian::native == std::endian::little,
              "safetensors files are little-endian and are used as they are");

constexpr uint64_t max_header = 100'000'000;  // the reference's limit
constexpr const char* metadata_key = "__metadata__";
constexpr const char* damaged = "the file is damaged; fetch or save it again";

std::string about(std::string_view name) {
  return "tensor " + json_string(name.substr(0, 200)) + ": ";
}

// The number of bytes that a tensor of this type and shape takes. Error if the type is unknown, an
// extent is negative, or the count overflows or is not a whole number of bytes.
int64_t byte_count(const std::string& place, const std::string& name, const std::string& dtype,
                   const std::vector<int64_t>& shape) {
  const int type = find_dtype(dtype);
  if (type < 0) fail(place, about(name) + "unknown dtype " + json_string(dtype.substr(0, 50)));
  int64_t bits = 1;
  bool overflow = false;
  for (const int64_t extent : shape) {
    if (extent < 0) fail(place, about(name) + "an extent is negative");
    overflow |= __builtin_mul_overflow(bits, extent, &bits);
  }
  overflow |= __builtin_mul_overflow(bits, dtypes()[static_cast<size_t>(type)].bits, &bits);
  if (overflow) fail(place, about(name) + "the shape has more elements than can be counted");
  if (bits % 8) fail(place, about(name) + "the elements do not fill whole bytes");
  return bits / 8;
}

// An array of non-negative integers, which is what shapes and offsets are.
std::vector<int64_t> naturals(const std::string& place, const std::string& name, const Json& json) {
  std::vector<int64_t> values;
  if (!json.is_array()) fail(place, about(name) + json.key() + " is not an array");
  for (const Json& item : json.items()) {
    if (!item.is_int() || item.as_int() < 0)
      fail(place, about(name) + "a value of " + json.key() + " is not a non-negative integer");
    values.push_back(item.as_int());
  }
  return values;
}

// The header's text: all checks that come before JSON.
std::string_view header_text(const std::string& path, const MappedFile& file) {
  const std::string_view bytes(reinterpret_cast<const char*>(file.data()), file.size());
  if (bytes.size() < 9 || bytes[8] != '{') {  // where a safetensors file has its "{"
    refuse_other_kinds(path, bytes);
    if (bytes.starts_with('{'))
      fail(path, "is JSON text, not a safetensors file", "an index, or an error's text?");
  }
  if (file.size() < 8)
    fail(path, "is not a safetensors file: it has only " + std::to_string(file.size()) + " bytes",
         damaged);
  uint64_t length = 0;
  for (size_t i = 8; i-- > 0;) length = length << 8 | file.data()[i];
  if (length > max_header)
    fail(path,
         "claims a header of " + std::to_string(length) + " bytes; at most " +
             std::to_string(max_header) + " are allowed",
         "is it a safetensors file?");
  if (length > file.size() - 8)
    fail(path,
         "is cut short: its header has " + std::to_string(length) + " bytes, " +
             std::to_string(file.size() - 8) + " are there",
         damaged);
  const std::string_view text = bytes.substr(8, length);
  if (!text.starts_with('{'))
    fail(path, "the header does not start with '{'", "is it a safetensors file?");
  return text;
}

Metadata read_metadata(const std::string& place, const Json& json) {
  if (!json.is_object()) fail(place, "__metadata__ is not an object");
  Metadata metadata;
  for (const Json& entry : json.items()) {
    if (!entry.is_string())
      fail(place, "__metadata__: the value of " + json_string(entry.key().substr(0, 200)) +
                      " is not a string");
    metadata[entry.key()] = entry.as_string();
  }
  return metadata;
}

// A tensor as the header describes it; its bytes are set when all are known.
struct Entry {
  TensorView view;
  int64_t begin, end;
};

Entry read_entry(const std::string& place, const Json& json) {
  const std::string name = json.key();
  const auto member = [&](const char* key) -> const Json& {
    const Json* found = json.is_object() ? json.find(key) : nullptr;
    if (!found) fail(place, about(name) + key + " is missing");
    return *found;
  };
  const Json& dtype = member("dtype");
  if (!dtype.is_string()) fail(place, about(name) + "dtype is not a string");
  Entry entry{{name, dtype.as_string(), naturals(place, name, member("shape"))}, 0, 0};
  const std::vector<int64_t> offsets = naturals(place, name, member("data_offsets"));
  if (offsets.size() != 2) fail(place, about(name) + "data_offsets are not two numbers");
  entry.begin = offsets[0];
  entry.end = offsets[1];
  if (entry.end < entry.begin) fail(place, about(name) + "data_offsets end before they begin");
  const int64_t needed = byte_count(place, name, entry.view.dtype, entry.view.shape);
  if (entry.end - entry.begin != needed)
    fail(place, about(name) + "dtype and shape need " + std::to_string(needed) +
                    " bytes, data_offsets give " + std::to_string(entry.end - entry.begin));
  entry.view.size = static_cast<size_t>(needed);
  return entry;
}

// The tensors must cover the data exactly, one after the other.
void check_cover(const std::string& path, const std::vector<Entry>& entries, size_t data_size) {
  int64_t end = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != end)
      fail(path, about(entry.view.name) + (entry.begin < end ? "its bytes overlap another tensor's"
                                                             : "unused bytes lie before its own"));
    end = entry.end;
  }
  if (static_cast<uint64_t>(end) != data_size)
    fail(path,
         "the tensors take " + std::to_string(end) + " bytes, the file has " +
             std::to_string(data_size) + " for them",
         damaged);
}

// Larger element types first, then by name.
std::vector<const TensorView*> file_order(const std::vector<TensorView>& tensors) {
  std::vector<const TensorView*> order;
  for (const TensorView& view : tensors) order.push_back(&view);
  std::stable_sort(order.begin(), order.end(), [](const TensorView* a, const TensorView* b) {
    return std::pair(-find_dtype(a->dtype), std::string_view(a->name)) <
           std::pair(-find_dtype(b->dtype), std::string_view(b->name));
  });
  return order;
}

// The header of a file with these tensors, padded so that the data starts at a multiple of 8. It is
// put together as text: Json::set looks for the key each time, which is slow for many tensors.
std::string header_for(const std::string& place, const std::vector<const TensorView*>& order,
                       const Metadata& metadata) {
  std::string header = "{";
  if (!metadata.empty()) {
    Json texts = Json::object();
    for (const auto& [key, value] : metadata) texts.set(key, value);
    header += json_string(metadata_key) + ":" + to_text(texts);
  }
  std::set<std::string_view> names{metadata_key};
  int64_t offset = 0;
  for (const TensorView* view : order) {
    const int64_t size = byte_count(place, view->name, view->dtype, view->shape);
    if (static_cast<size_t>(size) != view->size)
      fail(place, about(view->name) + "dtype and shape need " + std::to_string(size) +
                      " bytes, there are " + std::to_string(view->size));
    if (!names.insert(view->name).second) fail(place, about(view->name) + "the name is taken");
    Json entry = Json::object();
    entry.set("dtype", view->dtype);
    entry.set("shape", Json::array({view->shape.begin(), view->shape.end()}));
    entry.set("data_offsets", Json::array({Json(offset), Json(offset + size)}));
    header += (header.size() > 1 ? "," : "") + to_text(Json(view->name)) + ":" + to_text(entry);
    offset += size;
  }
  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');
  if (header.size() > max_header) fail(place, "the tensors' names make the header too long");
  return header;
}

}  // namespace

SafeTensors::SafeTensors(const std::string& path)
    : path_(path), file_(std::make_shared<MappedFile>(path)) {
  const std::string_view text = header_text(path, *file_);
  const Json header =
      parse_json(std::string(text), path + " (header)",
                 {.max_depth = 127, .strict = true, .max_memory = text.size() + (32 << 20)});
  std::vector<Entry> entries;
  for (const Json& member : header.items()) {
    if (member.key() == metadata_key) metadata_ = read_metadata(path, member);
    else entries.push_back(read_entry(path, member));
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  const size_t data_start = 8 + text.size();
  check_cover(path, entries, file_->size() - data_start);
  for (Entry& entry : entries) {
    entry.view.bytes = file_->data() + data_start + entry.begin;
    index_.emplace(entry.view.name, tensors_.size());
    tensors_.push_back(std::move(entry.view));
  }
}

const TensorView* SafeTensors::find(const std::string& name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &tensors_[found->second];
}

void write_safetensors(AtomicFile& file, const std::string& place,
                       const std::vector<TensorView>& tensors, const Metadata& metadata) {
  const std::vector<const TensorView*> order = file_order(tensors);
  const std::string header = header_for(place, order, metadata);
  std::string length(8, '\0');
  for (size_t i = 0; i < 8; i++) length[i] = static_cast<char>(header.size() >> (8 * i) & 0xFF);
  file.write(length);
  file.write(header);
  for (const TensorView* view : order) file.write(view->bytes, view->size);
}

void write_safetensors(const std::string& path, const std::vector<TensorView>& tensors,
                       const Metadata& metadata) {
  AtomicFile file(path);
  write_safetensors(file, path, tensors, metadata);
  file.commit();
}

}  // namespace cairn
