#pragma once
// BERT's forward pass for one sentence, written out, its tensors under the names of the file.
// Chapter 4 compares it with stored results, and breaks it one line at a time.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/tensor.h"
#include "models/bert/config.h"

// One line that may be wrong. By default none is.
struct Wrong {
  double eps = 1e-12;     // of the layer norms
  bool no_types = false;  // the token types' vectors are not added
  bool positions_from_1 = false;
  int64_t heads = 0;        // how many, if not as many as config.json says
  int transposed = -1;      // the layer whose query has its weight as [in, out]
  int first_residual = -1;  // the layer whose second sum takes the layer's input
  bool tanh_gelu = false;   // the approximation of GELU
};

class PlainBert {
 public:
  // Reads config.json and model.safetensors; the keys have to be without "bert.".
  explicit PlainBert(const std::string& folder);

  // For the ids and token types of one sentence, [T] each: the hidden states [T, H], first the
  // embeddings, then what each layer makes of them.
  std::vector<cairn::Tensor> operator()(const cairn::Ids& ids, const cairn::Ids& types,
                                        const Wrong& wrong = {}) const;

 private:
  const cairn::Tensor& of(const std::string& key) const;
  cairn::Tensor linear(const std::string& name, const cairn::Tensor& x) const;
  cairn::Tensor norm(const std::string& name, const cairn::Tensor& x, const Wrong& wrong) const;
  cairn::Tensor embedded(const cairn::Ids& ids, const cairn::Ids& types, const Wrong& wrong) const;
  cairn::Tensor attended(int layer, const cairn::Tensor& x, const Wrong& wrong) const;
  cairn::Tensor applied(int layer, const cairn::Tensor& x, const Wrong& wrong) const;

  cairn::BertConfig config_;
  std::map<std::string, cairn::Tensor> tensors_;  // by key
};
