// Chapter 4: a real checkpoint. What the bytes of a safetensors file mean, which key belongs to which
// layer and line of code, whether the result is the one that was stored with the file, and how to find
// the first layer that differs. README.md beside this file tells the story and shows the parts between
// the markers.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "core/io/tensor_file.h"
#include "core/ops.h"
#include "models/bert/load.h"
#include "tutorials/04_real_checkpoint/figures.h"
#include "tutorials/04_real_checkpoint/file.h"
#include "tutorials/04_real_checkpoint/parts.h"
#include "tutorials/figure.h"

using cairn::BertModel;
using cairn::Rows;

namespace {

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

}  // namespace

int main(int argc, char** argv) {
  if (!std::filesystem::exists(checkpoint)) {
    std::fprintf(stderr, "There is no %s here: start the program in Cairn's own folder.\n",
                 checkpoint.c_str());
    return 1;
  }
  if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
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
