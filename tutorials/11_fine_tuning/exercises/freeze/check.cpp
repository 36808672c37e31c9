// Models of 0, 2 and 12 layers: which of their parameters are still trained, and how many numbers.
#include <string>

#include "tutorials/11_fine_tuning/exercises/freeze/freeze.h"

namespace {

// Parameters with a BERT's names, each with a number of numbers of its own. `decoder.weight` is the
// table of the words, as in a masked LM, and `classifier.tied` is the bias.
struct Model : Module {
  std::vector<cairn::NamedTensor> parameters;

  explicit Model(int64_t layers) {
    add("bert.embeddings.word_embeddings.weight"), add("bert.embeddings.LayerNorm.bias");
    for (int64_t i = 0; i < layers; ++i)
      for (const char* part : {"attention.self.query.weight", "attention.self.query.bias",
                               "output.LayerNorm.weight", "output.dense.bias"})
        add("bert.encoder.layer." + std::to_string(i) + "." + part);
    add("bert.pooler.dense.weight"), add("classifier.weight"), add("classifier.bias");
    add("embeddings.weight");  // which is not BERT's
    parameters.push_back({"decoder.weight", parameters[0].tensor});
    parameters.push_back({"classifier.tied", parameters[parameters.size() - 3].tensor});
  }
  void add(const std::string& name) {
    const auto size = static_cast<int64_t>(3 * parameters.size() + 2);
    parameters.push_back({name, Tensor::ones({size}).set_requires_grad()});
  }
  void visit(cairn::ModuleVisitor& v) override {
    for (cairn::NamedTensor& p : parameters) v(p.name, p.tensor);
  }
  // A character for each parameter: + trained, - frozen.
  std::string trained() const {
    std::string marks;
    for (const cairn::NamedTensor& p : parameters) marks += p.tensor.requires_grad() ? '+' : '-';
    return marks;
  }
};

void check_model(Freeze* freeze, check::Judge& judge, int64_t count, int64_t layers,
                 const std::string& already = "") {
  const std::string what = std::to_string(count) + " layers, of which " + std::to_string(layers) +
                           " are frozen" + (already.empty() ? "" : ", and " + already + " before");
  judge.input(what);
  Model model(count);
  std::string expected;
  int64_t numbers = 0;
  for (cairn::NamedTensor& p : model.parameters) {
    if (p.name == already) p.tensor.set_requires_grad(false);
    const std::string stack = "bert.encoder.layer.";
    const bool low = p.name.starts_with(stack) && std::stoll(p.name.substr(stack.size())) < layers;
    const bool frozen = low || p.name.starts_with("bert.embeddings.") || p.name == already ||
                        p.name == "decoder.weight" ||
                        (p.name == "classifier.tied" && already == "classifier.bias");
    expected += frozen ? '-' : '+';
    const bool again = p.name == "classifier.tied";
    numbers += frozen || again ? 0 : p.tensor.numel();
  }
  const int64_t got = freeze(model, layers);
  const std::string marks = model.trained();
  for (size_t i = 0; i < marks.size(); ++i)
    judge.that(marks[i] == expected[i], what + ": " + model.parameters[i].name,
               marks[i] == '+' ? "is still trained" : "is frozen");
  judge.equal(what + ": the numbers that are trained", got, numbers);
  for (const cairn::NamedTensor& p : model.parameters)
    judge.unchanged(what + ": " + p.name, p.tensor.to_vector(),
                    std::vector<real>(static_cast<size_t>(p.tensor.numel()), 1));
}

void check_freeze(Freeze* freeze, check::Judge& judge) {
  check_model(freeze, judge, 2, 1);
  check_model(freeze, judge, 2, 1);
  check_model(freeze, judge, 2, 0);
  check_model(freeze, judge, 2, 2);
  check_model(freeze, judge, 2, 5);
  check_model(freeze, judge, 12, 2);
  check_model(freeze, judge, 12, 11);
  check_model(freeze, judge, 0, 0);
  check_model(freeze, judge, 0, 3);
  check_model(freeze, judge, 12, 2, "classifier.bias");
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Freeze>({.name = "freeze",
                             .check = check_freeze,
                             .mine = mine::freeze,
                             .mistaken = mistakes::freeze,
                             .mistakes = mistakes::list,
                             .alternatives = alternatives::list},
                            argc, argv);
}
