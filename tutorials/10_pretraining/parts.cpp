// The corpus, the training and the examination.
#include "tutorials/10_pretraining/parts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/autograd/autograd.h"
#include "core/autograd/grad_mode.h"
#include "core/io/files.h"
#include "optim/adamw.h"
#include "optim/clip.h"
#include "optim/linear_schedule.h"
#include "text/more/wordpiece_trainer.h"

using cairn::MaskedTokens;
using cairn::NoGrad;
using cairn::SentencePair;

const Corpus& corpus() {
  static const Corpus all = [] {
    const std::string path = "demo/data/pretrain.txt";
    Documents documents = cairn::read_documents(path);
    const Documents kept(documents.end() - 500, documents.end());
    documents.resize(documents.size() - 500);
    const auto vocabulary = cairn::train_wordpiece(cairn::read_file(path), {.size = 1500});
    return Corpus{documents, kept, BertTokenizer(vocabulary.tokens)};
  }();
  return all;
}

std::vector<Passage> passages(const Documents& documents) {
  return cairn::passages_of(documents, corpus().tokenizer, max_length - 3);  // [CLS], two [SEP]
}

cairn::BertConfig small_bert(double deviation) {
  cairn::BertConfig config;
  config.vocab_size = corpus().tokenizer.size();
  config.hidden_size = 64, config.intermediate_size = 128, config.num_attention_heads = 4;
  config.num_hidden_layers = 1, config.max_position_embeddings = 64;
  config.initializer_range = deviation;
  config.set_dropout(0);
  return config;
}

MaskedTokens hidden(const Ids& ids, const Recipe& recipe, Random& random) {
  const BertTokenizer& tokenizer = corpus().tokenizer;
  const MaskedTokens masked =
      mask_tokens(ids, tokenizer, random, {recipe.chosen, recipe.masked, recipe.random});
  std::vector<int32_t> seen = masked.ids.values(), labels = masked.labels.values();
  for (size_t i = 0; i < seen.size(); ++i) {
    const int32_t id = ids.values()[i];
    if (recipe.special_too && tokenizer.is_special(id) && random.uniform() < recipe.chosen)
      labels[i] = id, seen[i] = tokenizer.mask();
    if (recipe.all) labels[i] = id;
    if (labels[i] == -100) labels[i] = recipe.elsewhere;
  }
  return {Ids(seen), Ids(labels)};
}

namespace {

// [losses]
// The two losses of a batch: of the rows that have a label, and of the pairs.
struct Two {
  Tensor words, sentences;
};

Two losses_of(BertForPreTraining& model, const Batch& batch, const MaskedTokens& masked) {
  std::vector<int32_t> at, words;  // the rows that have a label, and their labels
  for (int64_t i = 0; i < masked.labels.numel(); ++i)
    if (masked.labels[i] != -100)
      at.push_back(static_cast<int32_t>(i)), words.push_back(masked.labels[i]);
  const auto logits = model(masked.ids, batch.token_types, batch.rows, Ids(at));
  return {cross_entropy(logits.predictions, Ids(words)),          // (M, V) against (M)
          cross_entropy(logits.seq_relationship, batch.labels)};  // (B, 2) against (B)
}
// [/losses]

}  // namespace

Pairs pairs_of(const std::vector<Passage>& passages, Random& random) {
  Pairs pairs;
  for (const SentencePair& pair : sentence_pairs(passages, random)) {
    pairs.texts.push_back(corpus().tokenizer.encode(pair.first, pair.second, max_length));
    pairs.labels.push_back(pair.label);
  }
  return pairs;
}

// [train]
Losses train(BertForPreTraining& model, const Recipe& recipe, uint64_t seed) {
  const std::vector<Passage> all = passages(corpus().documents);
  cairn::AdamW optimizer(cairn::decay_groups(model.named_parameters(), 0.01));
  const int64_t warmup = (recipe.steps + 9) / 10;
  Losses losses;
  model.train();
  for (int64_t epoch = 0, step = 0; step < recipe.steps; ++epoch) {
    Random random = cairn::random_of_epoch(seed, epoch);
    const Pairs pairs = pairs_of(all, random);  // others in each epoch
    const auto count = static_cast<int64_t>(pairs.texts.size());
    for (const std::vector<int64_t>& indices :
         cairn::batches_of(cairn::shuffled_order(count, random), recipe.batch_size)) {
      if (step == recipe.steps) break;
      const Batch batch = cairn::make_batch(pairs.texts, pairs.labels, indices);
      Random masks = cairn::random_of_epoch(cairn::mix_bits(seed + 1), step);
      const Two two = losses_of(model, batch, hidden(batch.ids, recipe, masks));
      backward(two.words + two.sentences);
      const double scale = cairn::clip_scale(gradient_norm(optimizer.parameters()), 1);
      optimizer.step(recipe.lr * cairn::linear_with_warmup(step, warmup, recipe.steps), scale);
      optimizer.zero_grad();
      losses.words.push_back(two.words.item());
      losses.sentences.push_back(two.sentences.item());
      ++step;
    }
  }
  return losses;
}
// [/train]

Score examined(BertForPreTraining& model) {
  const NoGrad no_grad;
  model.eval();
  Random random(7);
  const BertTokenizer& tokenizer = corpus().tokenizer;
  const Pairs pairs = pairs_of(passages(corpus().kept), random);
  const auto count = static_cast<int64_t>(pairs.texts.size());
  double loss = 0, chosen = 0, masks = 0, words_right = 0, sentences_right = 0;
  for (const auto& indices : cairn::batches_of(cairn::sequential_order(count), 64)) {
    const Batch batch = cairn::make_batch(pairs.texts, pairs.labels, indices);
    const MaskedTokens masked = mask_tokens(batch.ids, tokenizer, random);
    const auto logits = model(masked.ids, batch.token_types, batch.rows);
    const auto labelled = [&](int64_t i) { return masked.labels[i] >= 0; };
    double in_batch = 0;
    const Ids best = argmax(logits.predictions, -1), next = argmax(logits.seq_relationship, -1);
    for (int64_t i = 0; i < masked.ids.numel(); ++i) {
      in_batch += labelled(i);
      if (!labelled(i) || masked.ids[i] != tokenizer.mask()) continue;
      masks += 1, words_right += best[i] == masked.labels[i];
    }
    loss += in_batch * cross_entropy(logits.predictions, masked.labels).item();
    chosen += in_batch;
    for (int64_t b = 0; b < next.numel(); ++b) sentences_right += next[b] == batch.labels[b];
  }
  return {loss / chosen, words_right / masks, sentences_right / static_cast<double>(count)};
}

double last_of(const std::vector<double>& losses) {
  const size_t count = std::min<size_t>(50, losses.size());
  double sum = 0;
  for (size_t i = losses.size() - count; i < losses.size(); ++i) sum += losses[i];
  return sum / static_cast<double>(count);
}

std::string guessed(BertForPreTraining& model, const std::string& text) {
  const NoGrad no_grad;
  const BertTokenizer& tokenizer = corpus().tokenizer;
  const Encoding e = tokenizer.encode(text);
  const auto at = std::find(e.ids.begin(), e.ids.end(), tokenizer.mask()) - e.ids.begin();
  const Rows rows = Rows::of_lengths({static_cast<int32_t>(e.ids.size())});
  const Ids place{static_cast<int32_t>(at)};
  std::vector<real> p =
      softmax(model(Ids(e.ids), Ids(e.token_types), rows, place).predictions).to_vector();
  std::string words;
  for (int i = 0; i < 3; ++i) {
    char word[80];
    const auto best = std::max_element(p.begin(), p.end());
    std::snprintf(word, sizeof word, "  %s %.2f",
                  tokenizer.token(static_cast<int32_t>(best - p.begin())).c_str(), *best);
    words += word;
    *best = 0;
  }
  return words;
}
