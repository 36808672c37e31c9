// Chapter 10: pretraining. Words are hidden and guessed, sentences are paired, batches are made
// without padding, and a small BERT learns from text that nobody has labelled. README.md beside this
// file tells the story and shows the parts between the markers.
#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "core/autograd/grad_mode.h"
#include "train/more/pretrain.h"
#include "tutorials/10_pretraining/figures.h"
#include "tutorials/10_pretraining/masking.h"
#include "tutorials/10_pretraining/padding.h"
#include "tutorials/10_pretraining/parts.h"
#include "tutorials/10_pretraining/seeds.h"
#include "tutorials/figure.h"

using cairn::BatchIndices;
using cairn::MaskedTokens;
using cairn::NoGrad;
using cairn::SentencePair;

namespace {

// The page names the parts of the output.
void begin(const char* part) { std::printf("\n[%s]\n", part), std::fflush(stdout); }

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<real> x = a.to_vector(), y = b.to_vector();
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i)
    if (!(std::fabs(x[i] - y[i]) <= largest)) largest = std::fabs(x[i] - y[i]);
  return largest;
}

template <class Numbers>
void print_row(const char* name, const Numbers& numbers) {
  std::printf("  %-10s", name);
  for (const auto number : numbers) std::printf(" %4d", static_cast<int>(number));
  std::printf("\n");
}

// ---- batches ----

// [ragged]
// Three texts as one batch: their tokens one after the other, and where each text begins.
Batch three_texts() {
  std::vector<Encoding> texts;
  for (const char* text : {"It was awful.", "We were sad.", "The book was a joy!"})
    texts.push_back(corpus().tokenizer.encode(text));
  return make_batch(texts, {}, {0, 1, 2});
}
// [/ragged]

void ragged() {
  const Batch batch = three_texts();
  print_row("ids", batch.ids.values());
  print_row("starts", batch.rows.starts().values());
  std::printf("  %d rows; as a rectangle %d\n", static_cast<int>(batch.tokens()),
              static_cast<int>(batch.rows.sequences() * batch.rows.longest()));
}

void both_forms() {
  Random random(3);
  BertForPreTraining model(small_bert(), {.random = &random});
  model.eval();
  const NoGrad no_grad;
  const std::vector<Encoding> texts = kept_sentences();
  const Batch batch = make_batch(texts, {}, cairn::sequential_order(32));
  const Rectangle r = padded(batch, corpus().tokenizer.pad());
  // [both]
  const Tensor ragged = model.bert(batch.ids, {}, batch.rows);  // (N, C)
  const Tensor hidden =
      model.bert(r.ids, {}, r.rows, {.seen = r.seen, .seen_rows = r.seen_rows});  // (B T, C)
  const Tensor no_mask = model.bert(r.ids, {}, r.rows);
  // [/both]
  const double with = largest_difference(index_select(hidden, r.seen), ragged);
  std::printf("  32 texts: %d rows, as a rectangle %d\n", static_cast<int>(batch.tokens()),
              static_cast<int>(r.ids.numel()));
  std::printf("  rectangle with its mask, largest difference  %s\n",
              with < 1e-5 ? "below 1e-5" : "TOO LARGE");
  std::printf("  without the mask                             %.1f\n",
              largest_difference(index_select(no_mask, r.seen), ragged));
}

void waste() {
  const std::vector<Encoding> texts = kept_sentences();
  std::vector<int64_t> lengths;
  for (const Encoding& text : texts) lengths.push_back(static_cast<int64_t>(text.ids.size()));
  Random random(1);
  const auto n = static_cast<int64_t>(texts.size());
  const BatchIndices at_random = cairn::batches_of(cairn::shuffled_order(n, random), 32);
  const BatchIndices grouped = cairn::length_grouped_batches(lengths, 32, random);
  std::printf("  batches of 32          padding, as rectangles\n");
  std::printf("  at random              %.2f\n", padding(texts, at_random));
  std::printf("  grouped by length      %.2f\n", padding(texts, grouped));
}

// ---- hidden words ----

void hide_one() {
  const BertTokenizer& tokenizer = corpus().tokenizer;
  const Encoding text =
      tokenizer.encode("The soup was salty and the waiter was rude, so we were sad.");
  Random random(85);
  const MaskedTokens masked = mask_tokens(Ids(text.ids), tokenizer, random);
  std::printf("  token     seen      label\n");
  for (int64_t i = 0; i < masked.ids.numel(); ++i) {
    const int32_t label = masked.labels[i];
    std::printf("  %-9s %-9s %4d%s%s\n", tokenizer.token(text.ids[static_cast<size_t>(i)]).c_str(),
                tokenizer.token(masked.ids[i]).c_str(), label, label < 0 ? "" : "  ",
                label < 0 ? "" : tokenizer.token(label).c_str());
  }
}

// The fates of the library's own.
std::array<double, 3> library_fates(double& chosen_share) {
  Random random(1);
  const BertTokenizer& tokenizer = corpus().tokenizer;
  std::array<double, 3> counts{};
  double words = 0;
  for (const Encoding& text : kept_sentences()) {
    const MaskedTokens masked = mask_tokens(Ids(text.ids), tokenizer, random);
    for (int64_t i = 0; i < masked.ids.numel(); ++i) {
      words += !tokenizer.is_special(text.ids[static_cast<size_t>(i)]);
      if (masked.labels[i] == cairn::ignored_label) continue;
      counts[masked.ids[i] == tokenizer.mask()   ? to_mask
             : masked.ids[i] == masked.labels[i] ? kept
                                                 : to_random] += 1;
    }
  }
  chosen_share = (counts[0] + counts[1] + counts[2]) / words;
  return counts;
}

void chi_row(const char* name, const std::array<double, 3>& counts) {
  const double n = counts[0] + counts[1] + counts[2], chi = chi_square(counts);
  std::printf("  %-26s %6.3f %6.3f %6.3f %11.1f   %s\n", name, counts[0] / n, counts[1] / n,
              counts[2] / n, chi, chi < limit ? "may be" : "is not 80/10/10");
}

void chi_squares() {
  double share = 0;
  const std::array<double, 3> library = library_fates(share);
  const auto chosen = static_cast<int64_t>(library[0] + library[1] + library[2]);
  std::printf("  mask_tokens has chosen %d tokens, %.3f of all\n\n", static_cast<int>(chosen),
              share);
  std::printf("                             [MASK] random   kept  chi-square\n");
  chi_row("mask_tokens", library);
  chi_row("v < 0.8, v < 0.9", fates(right, chosen));
  chi_row("v < 0.8, v < 0.1", fates(not_added, chosen));
  chi_row("u < 0.8, u < 0.9", fates(same_number, chosen));
  chi_row("u < u * 0.8, u < u * 0.9", fates(with_itself, chosen));
  std::printf("\n  v < 0.8, v < 0.1, chi-square of 20 tokens %.1f, of 200 tokens %.1f\n",
              chi_square(fates(not_added, 20)), chi_square(fates(not_added, 200)));
}

// ---- pairs ----

void pairs() {
  const std::vector<Passage> all = passages(corpus().documents);
  Random random(1);
  double follow = 0, count = 0;
  for (const SentencePair& pair : sentence_pairs(all, random)) follow += pair.label == 0, ++count;
  std::printf("  sentence_pairs: %d pairs, of which follow  %.3f\n", static_cast<int>(count),
              follow / count);

  // "Does not follow", from any passage at all: how often is it the same document's?
  const Documents four(corpus().documents.begin(), corpus().documents.begin() + 4);
  const std::vector<Passage> few = passages(four);
  double same = 0;
  for (int i = 0; i < 10000; ++i) {
    const auto any = [&] { return random.below(static_cast<int64_t>(few.size())); };
    same += few[static_cast<size_t>(any())].document == few[static_cast<size_t>(any())].document;
  }
  std::printf("  any passage of four documents: of the same  %.2f\n", same / 10000);

  // [same]
  // "Are they of the same document?": of the pairs that are, how many follow each other?
  double next = 0, together = 0;
  for (const std::vector<std::string>& document : corpus().documents)
    for (size_t a = 0; a < document.size(); ++a)
      for (size_t b = 0; b < document.size(); ++b)
        if (a != b) together += 1, next += b == a + 1;
  // [/same]
  std::printf("  of the same document, and the next          %.2f\n", next / together);
}

// ---- what a loss means ----

void guesses() {
  const BertTokenizer& tokenizer = corpus().tokenizer;
  std::vector<double> counts(static_cast<size_t>(tokenizer.size()));
  double all = 0, entropy = 0;
  for (const Encoding& text : kept_sentences())
    for (const int32_t id : text.ids)
      if (!tokenizer.is_special(id)) counts[static_cast<size_t>(id)] += 1, all += 1;
  for (const double count : counts)
    if (count > 0) entropy -= count / all * std::log(count / all);
  const auto row = [](const char* who, double loss) {
    std::printf("  %-38s %7.2f", who, loss);
    if (loss < 10) std::printf(" %12.1f\n", std::exp(loss));
    else std::printf("    beyond all\n");
  };
  std::printf("  who guesses                               loss   perplexity\n");
  row("nobody: all tokens alike, ln V", std::log(static_cast<double>(tokenizer.size())));
  row("who knows how frequent each is", entropy);
  for (const double deviation : {0.02, 0.1, 1.0}) {
    Random random(1);
    BertForPreTraining model(small_bert(deviation), {.random = &random});
    char name[64];
    std::snprintf(name, sizeof name, "a new BERT, weights of deviation %.2f", deviation);
    row(name, examined(model).word_loss);
  }
}

void labels() {
  Random random(1);
  BertForPreTraining model(small_bert(), {.random = &random});
  const NoGrad no_grad;
  const std::vector<Encoding> texts = kept_sentences();
  const Batch batch = make_batch(texts, {}, cairn::sequential_order(32));
  const MaskedTokens masked = mask_tokens(batch.ids, corpus().tokenizer, random);
  // [labels]
  const Tensor every = model(masked.ids, {}, batch.rows).predictions;  // (N, V)
  const Tensor ignored = cross_entropy(every, masked.labels);          // which passes over -100
  std::vector<int32_t> at, words;
  for (int64_t i = 0; i < masked.labels.numel(); ++i)
    if (masked.labels[i] != -100)
      at.push_back(static_cast<int32_t>(i)), words.push_back(masked.labels[i]);
  const Tensor chosen = model(masked.ids, {}, batch.rows, Ids(at)).predictions;  // (M, V)
  const Tensor selected = cross_entropy(chosen, Ids(words));
  // [/labels]
  std::printf("  logits of %d rows, of which %d count\n", static_cast<int>(every.size(0)),
              static_cast<int>(chosen.size(0)));
  std::printf("  the two losses differ by %s\n",
              std::fabs(ignored.item() - selected.item()) < 1e-5 ? "less than 1e-5" : "TOO MUCH");
}

// [drop]
void drop() {
  const Tensor ones = Tensor::full({100000}, 1);
  Random random(1), again(1);
  const Tensor y = dropout(ones, real{0.1}, random);
  std::printf("  mean %.2f, without the scaling %.2f\n", mean(y).item(), mean(y).item() * 0.9);
  std::printf("  the same seed and stream: %.1f apart; the next stream: %.1f\n",
              largest_difference(y, dropout(ones, real{0.1}, again)),
              largest_difference(y, dropout(ones, real{0.1}, random)));
}
// [/drop]

// ---- learning ----

void mistakes(const Seeds& seeds) {
  std::printf("                                      as it says     in the examination\n");
  std::printf("  what is learned                           loss      loss   words right\n");
  const auto print = [](const char* name, double says, const Score& score) {
    std::printf("  %-34s %11.2f %9.2f %13.2f\n", name, says, score.word_loss, score.words_right);
  };
  print("15 %, the chosen have a label", seeds.says[0], seeds.scores[0]);
  const auto row = [&](const char* name, const Recipe& recipe) {
    BertForPreTraining model = new_bert(0);
    const double says = last_of(train(model, recipe, 0).words);
    const Score score = examined(model);
    print(name, says, score);
  };
  row("[CLS] and [SEP] are chosen, too", {.special_too = true});
  row("every token has its id as label", {.all = true});
  row("0 for -100", {.elsewhere = 0});
  row("every token is [MASK]", {.chosen = 1, .masked = 1, .random = 0});
}

// The library's pretraining, of 20 steps: is it this chapter's loop?
void the_library_s_own() {
  const Recipe recipe{.steps = 20};
  BertForPreTraining ours = new_bert(5), theirs = new_bert(5);
  const Losses losses = train(ours, recipe, 5);
  const std::string out =
      std::filesystem::temp_directory_path() / ("cairn_chapter_10_" + std::to_string(getpid()));
  // [library]
  cairn::PretrainOptions options;
  options.run.out = out;
  options.run.steps = recipe.steps;
  options.run.lr = recipe.lr;
  options.run.warmup = 0.1;
  options.batch_size = recipe.batch_size;
  options.max_length = max_length;
  options.seed = 5;
  const cairn::PretrainResult result =
      pretrain(theirs, corpus().tokenizer, corpus().documents, options);
  // [/library]
  std::filesystem::remove_all(out);
  std::printf("  the 20 losses are %s\n",
              result.word_losses == losses.words && result.sentence_losses == losses.sentences
                  ? "the same"
                  : "NOT THE SAME");
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
  if (argc == 2 && !std::strcmp(argv[1], "--full")) return full(), 0;
  std::printf("[text]\n%d anecdotes to learn from, %d for the examination, %d tokens\n",
              static_cast<int>(corpus().documents.size()), static_cast<int>(corpus().kept.size()),
              static_cast<int>(corpus().tokenizer.size()));
  begin("hide"), hide_one();
  begin("chi"), chi_squares();
  begin("pairs"), pairs();
  begin("ragged"), ragged();
  begin("waste"), waste();
  begin("both"), both_forms();
  begin("guesses"), guesses();
  begin("labels"), labels();
  begin("drop"), drop();
  begin("learn");
  const Seeds seeds = three_seeds({});
  print_range(seeds.scores);
  begin("mistakes"), mistakes(seeds);
  begin("library"), the_library_s_own();
}
