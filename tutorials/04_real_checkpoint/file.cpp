#include "tutorials/04_real_checkpoint/file.h"

#include <cctype>
#include <cstdio>
#include <cstring>
#include <map>
#include <vector>

#include "core/error.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "models/bert/load.h"
#include "tutorials/04_real_checkpoint/parts.h"

using cairn::BertModel;

// [length]
// The first eight bytes are one number, its lowest byte first.
uint64_t header_length(const std::string& bytes) {
  uint64_t length = 0;
  for (size_t i = 8; i-- > 0;) length = length * 256 + static_cast<unsigned char>(bytes[i]);
  return length;
}
// [/length]

namespace {

// [dump]
// `count` bytes of the file from `first` on, sixteen in a line, as hexadecimal numbers and as text.
void dump(const std::string& bytes, size_t first, size_t count) {
  for (size_t line = first; line < first + count; line += 16) {
    std::printf("%6zu ", line);
    for (size_t i = line; i < line + 16; ++i)
      std::printf(" %02x", static_cast<unsigned char>(bytes[i]));
    std::printf("  ");
    for (size_t i = line; i < line + 16; ++i)
      std::printf("%c", std::isprint(static_cast<unsigned char>(bytes[i])) ? bytes[i] : '.');
    std::printf("\n");
  }
}
// [/dump]

// [number]
// The four bytes at `at` as a float; a little-endian processor keeps numbers as the file does.
float float_at(const std::string& bytes, size_t at) {
  float number;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}
// [/number]

// [walk_of_modules]
// The kind of each module by its path: "encoder.layer.0.attention.self" is a BertSelfAttention.
std::map<std::string, std::string> kinds_of(cairn::Module& model) {
  struct Kinds : cairn::ModuleVisitor {
    std::map<std::string, std::string> by_path;
    void module(const std::string& path, cairn::Module& m) override { by_path[path] = m.kind(); }
  } kinds;
  model.walk(kinds);
  return kinds.by_path;
}
// [/walk_of_modules]

// The first line of models/bert/bert.cpp after `heading` that contains `text`, without its indent.
std::string source_line(const std::vector<std::string>& lines, const std::string& heading,
                        const std::string& text) {
  bool inside = false;
  for (const std::string& line : lines) {
    inside |= line.find(heading) != std::string::npos;
    if (inside && line.find(text) != std::string::npos)
      return line.substr(line.find_first_not_of(' '));
  }
  cairn::fail("models/bert/bert.cpp", "there is no " + text + " after " + heading);
}

// [line_of]
// Where the layer at `path` acts: visit() of the module that it belongs to says what the member is
// called, v("LayerNorm", norm), and operator() calls that member.
std::string line_of(const std::string& path, const std::map<std::string, std::string>& kinds,
                    const std::vector<std::string>& lines) {
  const size_t dot = path.rfind('.');
  const std::string owner = kinds.at(path.substr(0, dot)), name = path.substr(dot + 1);
  const std::string visit = source_line(lines, owner + "::visit(", "v(\"" + name + "\", ");
  const size_t comma = visit.find("\", ") + 3;
  const std::string member = visit.substr(comma, visit.find(')', comma) - comma);
  return owner + ": " + source_line(lines, owner + "::operator()(", member + "(");
}
// [/line_of]

std::string shape_of(const Tensor& x) {
  std::string text;
  for (int64_t size : x.shape()) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "[" + text + "]";
}

}  // namespace

void the_bytes() {
  const std::string bytes = cairn::read_file(checkpoint + "/model.safetensors");
  begin("first_bytes");
  dump(bytes, 0, 64);

  // [entry]
  const uint64_t n = header_length(bytes);
  const cairn::Json header = cairn::parse_json(bytes.substr(8, n), "header");
  const cairn::Json& entry = header.at("embeddings.LayerNorm.weight");
  const int64_t offset = entry.at("data_offsets").items()[0].as_int();
  const size_t at = 8 + n + static_cast<size_t>(offset);
  // [/entry]
  begin("length");
  std::printf("The file has %zu bytes, its header %d.\n", bytes.size(), static_cast<int>(n));
  begin("entry");
  std::printf("\"embeddings.LayerNorm.weight\": %s\n", to_text(entry).c_str());
  std::printf("Its numbers begin at byte %zu:\n", at);
  dump(bytes, at, 16);
  std::printf("As numbers: %.4f %.4f %.4f %.4f\n", float_at(bytes, at), float_at(bytes, at + 4),
              float_at(bytes, at + 8), float_at(bytes, at + 12));

  begin("misread");
  uint64_t big_endian = 0;
  for (size_t i = 0; i < 8; ++i)
    big_endian = big_endian * 256 + static_cast<unsigned char>(bytes[i]);
  std::printf("  highest byte first    a header of %llu bytes\n",
              static_cast<unsigned long long>(big_endian));
  const auto row = [&](const char* name, size_t from) {
    std::printf("  %-21s %10.3g %10.3g %10.3g\n", name, float_at(bytes, from),
                float_at(bytes, from + 4), float_at(bytes, from + 8));
  };
  row("as it should be", at);
  row("8 + n forgotten", static_cast<size_t>(offset));
  row("8 forgotten", at - 8);
  row("one byte too far", at + 1);
}

void the_keys() {
  auto model = cairn::from_pretrained<BertModel>(checkpoint, {.requires_grad = false});
  const auto kinds = kinds_of(model);
  const std::vector<std::string> lines =
      cairn::split_lines(cairn::read_file("models/bert/bert.cpp"));
  begin("keys");
  std::string before;
  for (const auto& [key, tensor] : model.named_parameters()) {
    const size_t dot = key.rfind('.');
    const std::string path = key.substr(0, dot);
    if (path.find("layer.1.") != std::string::npos) continue;  // the same as layer.0
    if (path != before)
      std::printf("%s: %s\n    %s\n", path.c_str(), kinds.at(path).c_str(),
                  line_of(path, kinds, lines).c_str());
    std::printf("    %-6s %s\n", key.substr(dot + 1).c_str(), shape_of(tensor).c_str());
    before = path;
  }
  begin("counted");
  std::printf("%zu tensors, %d numbers, none of which takes a gradient\n",
              model.named_parameters().size(), static_cast<int>(model.parameter_count()));
}
