#include "tutorials/04_real_checkpoint/parts.h"

#include <cmath>
#include <cstdio>
#include <map>

#include "core/io/tensor_file.h"
#include "core/ops.h"

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
