// Several models from several seeds, and the longer run.
#include "tutorials/10_pretraining/seeds.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>

#include "models/bert/load.h"

BertForPreTraining new_bert(uint64_t seed) {
  Random random(seed);
  return BertForPreTraining(small_bert(), {.random = &random});
}

Seeds three_seeds(const Recipe& recipe) {
  Seeds seeds;
  for (uint64_t seed = 0; seed < 3; ++seed) {
    seeds.models.push_back(new_bert(seed));
    seeds.says.push_back(last_of(train(seeds.models.back(), recipe, seed).words));
    seeds.scores.push_back(examined(seeds.models.back()));
  }
  return seeds;
}

void print_range(const std::vector<Score>& scores) {
  const auto row = [&](const char* name, double Score::*number) {
    double low = 1e30, high = 0;
    for (const Score& score : scores)
      low = std::min(low, score.*number), high = std::max(high, score.*number);
    std::printf("  %-34s %5.2f to %5.2f\n", name, low, high);
  };
  std::printf("  500 anecdotes that it has not seen   of 3 seeds\n");
  row("loss of a hidden word", &Score::word_loss);
  row("hidden words guessed right", &Score::words_right);
  row("\"does it follow?\" answered right", &Score::sentences_right);
}

namespace {

// Gaps, and what a model puts into them.
void fill(BertForPreTraining& model) {
  for (const char* text :
       {"The fish was appalling and the bread was [MASK].",
        "The fish was superb and the bread was [MASK].", "It was a disaster, and I was [MASK].",
        "It was a joy, and I was [MASK].", "We all [MASK] the dinner."})
    std::printf("  %-50s%s\n", text, guessed(model, text).c_str());
}

}  // namespace

void full() {
  Seeds seeds = three_seeds({.steps = 5000, .batch_size = 16});
  print_range(seeds.scores);
  std::printf("\nthis model\n");
  fill(seeds.models[0]);
  const std::string demo = "out/demo/pretrained";  // left there by `make demo`
  if (!std::filesystem::exists(demo + "/model.safetensors")) return;
  auto model = cairn::from_pretrained<BertForPreTraining>(demo);
  model.eval();
  std::printf("\nthe demo's, after 2,600 steps of 32 pairs\n");
  fill(model);
}
