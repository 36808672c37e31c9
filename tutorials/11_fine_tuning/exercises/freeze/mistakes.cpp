// What people write instead.
#include <string>

#include "core/error.h"
#include "tutorials/11_fine_tuning/exercises/freeze/freeze.h"

namespace mistakes {
namespace {

enum {
  prefix_without_dot = 1,
  one_too_many,
  one_too_few,
  one_layer_alone,
  last_layers,
  all_layers,
  embeddings_forgotten,
  layers_forgotten,
  pooler_too,
  all_but_the_head,
  biases_forgotten,
  norms_forgotten,
  unfreezes_the_rest,
  unfreezes_by_names,
  the_others_frozen,
  counts_tensors,
  counts_frozen,
  counts_all,
  counts_names,
  counts_before,
  nothing_returned,
  too_many_layers_refused,
  embeddings_unless_no_layers,
  nothing_yet,
};

bool is(int mistake) { return check::mistake == mistake; }

bool is_low(const std::string& name, int64_t layers, int64_t all) {
  const std::string stack = "bert.encoder.layer.";
  if (name.starts_with("bert.embeddings."))
    return !is(embeddings_forgotten) && !(is(embeddings_unless_no_layers) && layers == 0);
  if (name.starts_with("bert.pooler.")) return is(pooler_too) || is(all_but_the_head);
  if (!name.starts_with(stack) || is(layers_forgotten)) return false;
  if (is(all_layers) || is(all_but_the_head)) return true;
  const std::string rest = name.substr(stack.size());
  const int64_t i = std::stoll(rest);
  if (is(prefix_without_dot)) {
    for (int64_t j = 0; j < layers; ++j)
      if (rest.starts_with(std::to_string(j))) return true;
    return false;
  }
  if (is(biases_forgotten) && name.ends_with(".bias")) return false;
  if (is(norms_forgotten) && name.find("LayerNorm") != name.npos) return false;
  if (is(one_too_many)) return i <= layers;
  if (is(one_too_few)) return i < layers - 1;
  if (is(one_layer_alone)) return i == layers - 1;
  if (is(last_layers)) return i >= all - layers;
  return i < layers;
}

}  // namespace

int64_t freeze(Module& model, int64_t layers) {
  if (is(nothing_yet)) return 0;
  int64_t trained = 0, frozen = 0, tensors = 0, before = 0, all = 0;
  for (const cairn::NamedTensor& p : model.named_parameters())
    if (p.name.starts_with("bert.encoder.layer."))
      all = std::max<int64_t>(all, std::stoll(p.name.substr(19)) + 1);
  if (is(too_many_layers_refused) && layers > all) cairn::fail("freeze", "not so many layers");
  const bool by_names = is(counts_names) || is(unfreezes_by_names);
  for (cairn::NamedTensor& p : by_names ? model.all_names() : model.named_parameters()) {
    before += p.tensor.requires_grad() ? p.tensor.numel() : 0;
    const bool low = is_low(p.name, layers, all);
    if (low != is(the_others_frozen)) p.tensor.set_requires_grad(false);
    else if (is(unfreezes_the_rest) || is(unfreezes_by_names)) p.tensor.set_requires_grad(true);
    const bool on = p.tensor.requires_grad();
    (on ? trained : frozen) += p.tensor.numel(), tensors += on;
  }
  if (is(unfreezes_by_names)) {
    trained = 0;
    for (const cairn::NamedTensor& p : model.named_parameters())
      trained += p.tensor.requires_grad() ? p.tensor.numel() : 0;
  }
  if (is(counts_tensors)) return tensors;
  if (is(counts_frozen)) return frozen;
  if (is(counts_all)) return trained + frozen;
  if (is(counts_before)) return before;
  return is(nothing_returned) ? 0 : trained;
}

const std::vector<check::Mistake> list = {
    {prefix_without_dot, "layer.1 is also the beginning of layer.10",
     "\"bert.encoder.layer.1\" is the beginning of layer.10's names, too: compare with the dot "
     "behind the number, or compare numbers."},
    {one_too_many, "<= for <", "one layer too many: the first n layers are 0 to n - 1."},
    {one_too_few, "one layer too few", "one layer too few: the first n layers are 0 to n - 1."},
    {one_layer_alone, "one layer alone",
     "you freeze one layer. The first n are all from 0 to n - 1."},
    {last_layers, "the last layers",
     "you freeze the last layers. The lower ones, next to the embeddings, know the most general "
     "things; the last adapt to the task."},
    {all_layers, "all layers", "you freeze all layers, whatever `layers` says."},
    {embeddings_forgotten, "the embeddings are still trained",
     "the embeddings are still trained: without them the gradient has to go all the way down."},
    {layers_forgotten, "the embeddings alone", "you freeze the embeddings alone."},
    {pooler_too, "the pooler, too", "the pooler stands above the layers: it is trained."},
    {all_but_the_head, "all but the head", "you freeze everything but the head."},
    {biases_forgotten, "biases are still trained",
     "the biases of the frozen layers are still trained."},
    {norms_forgotten, "norms are still trained",
     "the norms of the frozen layers are still trained."},
    {unfreezes_the_rest, "the rest is set free",
     "you set all other parameters free. What was frozen before the call stays frozen."},
    {unfreezes_by_names, "the rest is set free, under all names",
     "you set all other names free, and `decoder.weight` is another name of the word embeddings, "
     "which were frozen a moment ago. Freeze, and free nothing."},
    {the_others_frozen, "the others are frozen",
     "the wrong way round: the embeddings and the first layers are frozen, the others stay as they "
     "are."},
    {counts_tensors, "tensors are counted",
     "you count tensors. A matrix of 64 times 64 has 4,096 numbers: numel()."},
    {counts_frozen, "frozen numbers are counted", "you count the numbers that are frozen."},
    {counts_all, "all numbers are counted", "you count all numbers of the model."},
    {counts_names, "a shared parameter counts twice",
     "two names share one tensor, and you count it twice: named_parameters() has it once."},
    {counts_before, "counted before it is frozen",
     "you count before you freeze: the answer is what was trained before."},
    {nothing_returned, "no count",
     "the parameters are right; what is asked for besides is a count."},
    {too_many_layers_refused, "too many layers are refused",
     "you throw if there are fewer layers. Then all that there are get frozen."},
    {embeddings_unless_no_layers, "0 layers freeze nothing",
     "with 0 layers the embeddings are frozen all the same."},
    {nothing_yet, "nothing is frozen", "no parameter is frozen, and nothing is counted."},
};

}  // namespace mistakes
