// Names, tensors and modes, as they come out of a walk over the tagger.
#include <algorithm>
#include <iterator>
#include <map>
#include <string>

#include "tutorials/11_fine_tuning/exercises/register_parameters/register_parameters.h"

Tagger::Tagger(Register* by, int layers, bool with_scale)
    : words(7, 4),
      norm(4, 1e-12),
      dropout(0.1),
      scale(with_scale ? Tensor::ones({4}).set_requires_grad() : Tensor()),
      positions(Tensor::zeros({9, 4})),
      decoder(4, 7),
      registers(by) {
  for (int i = 0; i < layers; ++i) layer.emplace_back(4, 4);
  decoder.weight = words.weight;
}

namespace {

// What a name should stand for.
using Expected = std::map<std::string, Tensor>;

Expected expected_of(const Tagger& t) {
  Expected all{{"embeddings.words.weight", t.words.weight},
               {"norm.weight", t.norm.weight},
               {"norm.bias", t.norm.bias},
               {"decoder.weight", t.decoder.weight},
               {"decoder.bias", t.decoder.bias}};
  if (t.scale.defined()) all["scale"] = t.scale;
  for (size_t i = 0; i < t.layer.size(); ++i) {
    all["encoder.layer." + std::to_string(i) + ".weight"] = t.layer[i].weight;
    all["encoder.layer." + std::to_string(i) + ".bias"] = t.layer[i].bias;
  }
  return all;
}

std::string text_of(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// The names of `all` that `others` has not, or not so often.
std::vector<std::string> without(std::vector<std::string> all, std::vector<std::string> others) {
  std::sort(all.begin(), all.end());
  std::sort(others.begin(), others.end());
  std::vector<std::string> left;
  std::set_difference(all.begin(), all.end(), others.begin(), others.end(),
                      std::back_inserter(left));
  return left;
}

// Which of the modules are in training mode.
std::string in_training(const Tagger& t) {
  std::vector<std::string> names;
  const auto add = [&](const char* name, bool on) { on ? names.push_back(name) : void(); };
  add("the tagger", t.training()), add("words", t.words.training());
  add("norm", t.norm.training()), add("dropout", t.dropout.training());
  add("decoder", t.decoder.training());
  for (size_t i = 0; i < t.layer.size(); ++i)
    add(("layer " + std::to_string(i)).c_str(), t.layer[i].training());
  return text_of(names);
}

void check_tagger(Register* registers, check::Judge& judge, const std::string& what, int layers,
                  bool with_scale) {
  judge.input(what);
  Tagger tagger(registers, layers, with_scale);
  const Expected expected = expected_of(tagger);
  const std::string everything = in_training(tagger);
  for (const bool training : {true, false}) {
    tagger.train(training);
    const std::string mode = what + (training ? ", in training mode" : ", in evaluation mode");
    judge.equal(mode + ": which modules are in training mode", in_training(tagger),
                training ? everything : "");
    std::vector<std::string> wanted, got;
    for (const auto& [name, tensor] : expected) wanted.push_back(name);
    for (const cairn::NamedTensor& p : tagger.all_names()) {
      got.push_back(p.name);
      const auto at = expected.find(p.name);
      if (at != expected.end())
        judge.that(p.tensor.handle() == at->second.handle(), mode + ": " + p.name,
                   "it is not the tagger's own tensor");
    }
    const std::string missing = text_of(without(wanted, got)),
                      extra = text_of(without(got, wanted));
    judge.that(missing.empty() && extra.empty(), mode + ": the names",
               (missing.empty() ? "" : "missing: " + missing) +
                   (missing.empty() || extra.empty() ? "" : "; ") +
                   (extra.empty() ? "" : "too many: " + extra));
    // `words` and `decoder` share one.
    judge.equal(mode + ": how many parameters",
                static_cast<int64_t>(tagger.named_parameters().size()),
                static_cast<int64_t>(expected.size()) - 1);
  }
}

void check_register(Register* registers, check::Judge& judge) {
  check_tagger(registers, judge, "two layers", 2, true);
  check_tagger(registers, judge, "twelve layers", 12, true);
  check_tagger(registers, judge, "no layers", 0, true);
  check_tagger(registers, judge, "without a scale", 1, false);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Register>({.name = "register_parameters",
                               .check = check_register,
                               .mine = mine::register_parameters,
                               .mistaken = mistakes::register_parameters,
                               .mistakes = mistakes::list,
                               .alternatives = alternatives::list},
                              argc, argv);
}
