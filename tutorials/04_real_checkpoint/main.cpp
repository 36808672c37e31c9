// Chapter 4: a real checkpoint. What the bytes of a safetensors file mean, which key belongs to which
// layer and line of code, whether the result is the one that was stored with the file, and how to find
// the first layer that differs. README.md beside this file tells the story and shows the parts between
// the markers.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/io/files.h"
#include "core/io/json.h"
#include "core/io/tensor_file.h"
#include "core/ops.h"
#include "models/bert/load.h"
#include "tutorials/04_real_checkpoint/plain_bert.h"
#include "tutorials/figure.h"

using cairn::BertModel;
using cairn::Ids;
using cairn::real;
using cairn::Rows;
using cairn::Tensor;

namespace {

const std::string models = "tests/fixtures/models/", spellings = "tests/fixtures/spellings/";
const std::string checkpoint = models + "bert";

// The page names the parts of the output.
void begin(const char* part) { std::printf("\n[%s]\n", part); }

// NaN if one of the differences is NaN: std::max and std::fmax would pass it over.
double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<real> x = a.to_vector(), y = b.to_vector();
  double largest = x.size() == y.size() ? 0 : INFINITY;
  for (size_t i = 0; i < x.size() && i < y.size(); ++i) {
    const double difference = std::fabs(x[i] - y[i]);
    if (std::isnan(difference)) return difference;
    largest = std::fmax(largest, difference);
  }
  return largest;
}

// ---- the bytes ----

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

// [length]
// The first eight bytes are one number, its lowest byte first.
uint64_t header_length(const std::string& bytes) {
  uint64_t length = 0;
  for (size_t i = 8; i-- > 0;) length = length * 256 + static_cast<unsigned char>(bytes[i]);
  return length;
}
// [/length]

// [number]
// The four bytes at `at` as a float; a little-endian processor keeps numbers as the file does.
float float_at(const std::string& bytes, size_t at) {
  float number;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}
// [/number]

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

// ---- the keys ----

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

// ---- the numbers ----

struct Sentence {
  std::string name;
  Ids ids, types;              // [T]
  std::vector<Tensor> stored;  // [T, H]: hidden_states.0, .1, ... as PyTorch computed them
};

// The sentences of the stored runs, without their padding.
std::vector<Sentence> stored_sentences() {
  const cairn::SafeTensors file(checkpoint + "/io.safetensors");
  std::map<std::string, Tensor> tensors;
  for (const auto& [name, tensor] : cairn::tensors_of(file)) tensors[name] = tensor;
  const auto whole = [](const Tensor& x) {
    std::vector<int32_t> ids;
    for (real id : x.to_vector()) ids.push_back(static_cast<int32_t>(id));
    return Ids(ids);
  };
  std::vector<Sentence> sentences;
  for (const std::string run : {"plain", "padded", "types"})
    for (int64_t b = 0; b < 2; ++b) {
      const Tensor ids = tensors.at(run + ".in.input_ids")[b];
      const Tensor none = Tensor::zeros(ids.shape());
      const auto mask = tensors.find(run + ".in.attention_mask");
      const auto types = tensors.find(run + ".in.token_type_ids");
      const int64_t T =
          mask == tensors.end() ? ids.size(0) : static_cast<int64_t>(sum(mask->second[b]).item());
      Sentence s{run + ", sentence " + std::to_string(b),
                 whole(slice(ids, 0, 0, T)),
                 whole(slice(types == tensors.end() ? none : types->second[b], 0, 0, T)),
                 {}};
      for (const char* state : {"0", "1", "2"})
        s.stored.push_back(slice(tensors.at(run + ".out.hidden_states." + state)[b], 0, 0, T));
      sentences.push_back(s);
    }
  return sentences;
}

// [first_wrong]
// The first hidden state that is not the stored one, or -1. A comparison with NaN is false, so
// "not below the bound" finds NaN, and "above the bound" would not.
int first_wrong(const std::vector<Tensor>& got, const std::vector<Tensor>& stored) {
  for (size_t i = 0; i < stored.size(); ++i)
    if (i >= got.size() || !(largest_difference(got[i], stored[i]) <= 1e-5))
      return static_cast<int>(i);
  return -1;
}
// [/first_wrong]

const char* const states[] = {"embeddings", "layer 0", "layer 1"};

std::string verdict(const std::vector<Tensor>& got, const std::vector<Tensor>& stored) {
  const int first = first_wrong(got, stored);
  return first < 0 ? "equal" : std::string("differs from ") + states[first] + " on";
}

// [forward]
// What the library's BERT makes of one sentence: the embeddings, then each layer's result, [T, H].
std::vector<Tensor> hidden_states(BertModel& model, const Sentence& s) {
  const Rows rows = Rows::of_lengths({static_cast<int32_t>(s.ids.numel())});  // one sentence
  std::vector<Tensor> hidden;
  model(s.ids, s.types, rows, {.hidden_states = &hidden});
  return hidden;
}
// [/forward]

void the_numbers() {
  begin("equal");
  // [equal]
  auto model = cairn::from_pretrained<BertModel>(checkpoint, {.requires_grad = false});
  const PlainBert plain(checkpoint);
  for (const Sentence& s : stored_sentences()) {
    std::printf("  %-18s %d tokens   the library's BERT: %s   written out: %s\n", s.name.c_str(),
                static_cast<int>(s.ids.numel()), verdict(hidden_states(model, s), s.stored).c_str(),
                verdict(plain(s.ids, s.types), s.stored).c_str());
  }
  // [/equal]
}

// ---- one line wrong ----

struct Variant {
  const char* name;
  Wrong wrong;
};
const std::vector<Variant> variants{
    {"nothing wrong", {}},
    {"token types left out", {.no_types = true}},
    {"positions from 1", {.positions_from_1 = true}},
    {"2 heads for 4", {.heads = 2}},
    {"query of layer 1 as [in, out]", {.transposed = 1}},
    {"the first residual twice, layer 1", {.first_residual = 1}},
    {"GELU by tanh", {.tanh_gelu = true}},
    {"eps 1e-5 for 1e-12", {.eps = 1e-5}},
};

void one_line_wrong() {
  const PlainBert plain(checkpoint);
  const Sentence s = stored_sentences().back();
  begin("bisect");
  std::printf("                                      largest difference after\n");
  std::printf("  one line wrong                      embeddings    layer 0    layer 1   first\n");
  for (const auto& [name, wrong] : variants) {
    const std::vector<Tensor> got = plain(s.ids, s.types, wrong);
    std::printf("  %-34s", name);
    for (size_t i = 0; i < got.size(); ++i)
      std::printf(" %11.6f", largest_difference(got[i], s.stored[i]));
    const int first = first_wrong(got, s.stored);
    std::printf("   %s\n", first < 0 ? "-" : states[first]);
  }
}

// [names]
// A file with the old names gamma and beta, read by name without a look at what was not found.
void old_names() {
  const std::string folder = spellings + "good-gamma-beta";
  const cairn::SafeTensors file(folder + "/io.safetensors");
  Tensor stored, ids;
  for (const auto& [name, tensor] : cairn::tensors_of(file)) {
    if (name == "out.last_hidden_state") stored = tensor[0];
    if (name == "in.input_ids") ids = tensor[0];
  }
  std::vector<int32_t> values;
  for (real id : ids.to_vector()) values.push_back(static_cast<int32_t>(id));
  const Rows rows = Rows::of_lengths({static_cast<int32_t>(values.size())});

  BertModel careless(cairn::BertConfig::load(folder));
  const cairn::Unmatched unmatched = careless.load_state_dict(
      cairn::load_tensors(folder + "/model.safetensors"), /*strict=*/false);
  careless.eval();
  auto careful = cairn::from_pretrained<BertModel>(folder, {.requires_grad = false});
  std::printf("Not found: %zu of the model's, %zu of the file's, as %s and %s\n",
              unmatched.missing.size(), unmatched.unexpected.size(), unmatched.missing[0].c_str(),
              unmatched.unexpected[1].c_str());
  std::printf("Largest difference: read carelessly %.3f, with the old names known %.3f\n",
              largest_difference(careless(values, {}, rows), stored),
              largest_difference(careful(values, {}, rows), stored));
}
// [/names]

// [cls]
// The row of [CLS] and the pooled row, in evaluation and in training mode, each computed twice.
void cls_or_pooler() {
  cairn::BertConfig config = cairn::BertConfig::load(checkpoint);
  config.set_dropout(0.1);
  auto model = cairn::from_pretrained<BertModel>(checkpoint, config, {.requires_grad = false});
  const Sentence s = stored_sentences().back();
  const Rows rows = Rows::of_lengths({static_cast<int32_t>(s.ids.numel())});
  std::printf("  first number of             eval()            train()\n");
  for (const bool pooled : {false, true}) {
    std::printf("  %-22s", pooled ? "the pooled row" : "the row of [CLS]");
    for (const bool training : {false, true}) {
      model.train(training);
      for (int call = 0; call < 2; ++call) {
        const Tensor hidden = model(s.ids, s.types, rows);
        std::printf(" %8.4f", (pooled ? model.pool(hidden, rows) : hidden)[0][0].item());
      }
      std::printf("  ");
    }
    std::printf("\n");
  }
}
// [/cls]

// ---- a large one ----

// Where MiniLM is, or "".
std::string minilm() {
  const char* variable = std::getenv("CAIRN_SHARED");
  const std::string shared = variable ? variable : "../shared";
  for (const std::string& folder : {std::string("data/minilm-l6"), shared + "/data/minilm-l6"})
    if (std::filesystem::exists(folder + "/model.safetensors")) return folder;
  return "";
}

// The cosine between the means of two hidden states over their tokens.
double cosine(const Tensor& a, const Tensor& b) {
  const Tensor x = mean(a, {0}), y = mean(b, {0});
  return sum(x * y).item() / std::sqrt(sum(x * x).item() * sum(y * y).item());
}

void a_large_one() {
  begin("minilm");
  const std::string folder = minilm();
  if (folder.empty())
    return (void)std::printf("SKIPPED: MiniLM is not here; `make minilm` fetches it\n");
  const PlainBert plain(folder);
  // "A cat sits on the mat.", and what PyTorch makes of it.
  const std::vector<int32_t> ids{101, 1037, 4937, 7719, 2006, 1996, 13523, 1012, 102};
  const Tensor first_row = Tensor::of({8}, {0.4972902f, -0.0550453f, -0.0751661f, 0.2198954f,
                                            -0.3491773f, 0.1666815f, 0.1238649f, -0.0262191f});
  const Ids types(std::vector<int32_t>(ids.size(), 0));
  const std::vector<Tensor> right = plain(ids, types);
  std::printf("\"A cat sits on the mat.\", %zu tokens\n", ids.size());
  const double difference = largest_difference(slice(right.back()[0], 0, 0, 8), first_row);
  std::printf("The first 8 numbers of the row of [CLS] are PyTorch's: %s\n",
              difference < 1e-5 ? "yes" : "NO");
  std::printf("  one line wrong         largest difference after layer 0 ... 5      cosine\n");
  for (const auto& [name, wrong] : variants) {
    if (!wrong.tanh_gelu && wrong.eps == 1e-12 && wrong.heads == 0 && !wrong.positions_from_1)
      continue;
    const std::vector<Tensor> got = plain(ids, types, wrong);
    std::printf("  %-20s", wrong.heads ? "2 heads for 12" : name);
    for (size_t i = 1; i < got.size(); ++i)
      std::printf(" %.4f", largest_difference(got[i], right[i]));
    std::printf("   %.5f\n", cosine(got.back(), right.back()));
  }
}

// ---- the figures ----

void draw_file(const std::string& folder) {
  const std::string bytes = cairn::read_file(checkpoint + "/model.safetensors");
  const double n = static_cast<double>(header_length(bytes)),
               all = static_cast<double>(bytes.size());
  figure::Figure f(190, "model.safetensors, from its first byte");
  const double left = 14, top = 58, height = 44;
  f.box(left, top, 52, height, figure::orange, 0.4);
  f.box(left + 52, top, 128, height, figure::blue, 0.3);
  f.box(left + 180, top, 150, height, figure::green, 0.3);
  f.text(left + 26, top + 27, "n", figure::ink, "middle", "bold");
  f.text(left + 116, top + 27, "JSON", figure::ink, "middle", "bold");
  f.text(left + 255, top + 27, "numbers", figure::ink, "middle", "bold");
  f.text(left, top - 8, "0");
  f.text(left + 52, top - 8, "8");
  f.text(left + 180, top - 8, "8 + n = " + figure::number(8 + n, 0));
  f.text(left + 330, top + height + 18, figure::number(all, 0), figure::ink, "end");
  f.text(left, top + height + 40, "8 bytes: n = " + figure::number(n, 0) + ", lowest byte first");
  f.text(left, top + height + 58, "n bytes: name, type, shape, data_offsets of each");
  f.text(left, top + height + 76, "the rest: data_offsets count from 8 + n");
  f.write(folder, "file");
}

void draw_bisect(const std::string& folder) {
  const PlainBert plain(checkpoint);
  const Sentence s = stored_sentences().back();
  figure::Figure f(250, "Where a wrong line is first seen");
  f.axes({"hidden state", -0.2, 2.2, {{0, "embeddings"}, {1, "layer 0"}, {2, "layer 1"}}},
         {"difference", -7, 1, {{-6, "1e-6"}, {-4, "1e-4"}, {-2, "0.01"}, {0, "1"}}});
  const std::pair<size_t, std::pair<figure::Colour, const char*>> curves[] = {
      {1, {figure::blue, "types"}}, {6, {figure::orange, "GELU"}}, {4, {figure::green, "query"}}};
  for (const auto& [index, how] : curves) {
    const std::vector<Tensor> got = plain(s.ids, s.types, variants[index].wrong);
    std::vector<std::pair<double, double>> points;
    for (size_t i = 0; i < got.size(); ++i) {
      const double error = std::fmax(1e-6, largest_difference(got[i], s.stored[i]));
      points.emplace_back(static_cast<double>(i), std::log10(error));
    }
    f.curve(points, how.first, how.second);
  }
  f.write(folder, "bisect");
}

}  // namespace

int main(int argc, char** argv) {
  if (!std::filesystem::exists(checkpoint)) {
    std::fprintf(stderr, "There is no %s here: start the program in Cairn's own folder.\n",
                 checkpoint.c_str());
    return 1;
  }
  if (const char* folder = figure::folder_of(argc, argv)) {
    draw_file(folder);
    draw_bisect(folder);
    return 0;
  }
  the_bytes();
  the_keys();
  the_numbers();
  one_line_wrong();
  begin("old_names");
  old_names();
  begin("cls");
  cls_or_pooler();
  a_large_one();
}
