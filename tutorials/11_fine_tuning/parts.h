#pragma once
// What the program needs besides the loop: the data, the models, and ways to print a run.
#include <string>
#include <vector>

#include "models/bert/load.h"
#include "train/task.h"
#include "train/trainer.h"

using Bert = cairn::BertForSequenceClassification;
using cairn::Examples;
using cairn::real;
using cairn::Tensor;

// The demo's labelled sentences, as ids.
struct Data {
  cairn::BertTokenizer tokenizer;
  Examples train, dev;
  Examples seen, unseen;  // the two halves of the test set
};
Data read_data();

// The pretrained encoder of this chapter's folder under a new head, both trainable; and the same
// network with all its weights drawn at random. Dropout is 0.1.
Bert pretrained(uint64_t seed, cairn::LoadReport* report = nullptr);
Bert untrained(uint64_t seed);

// The share of rows of logits (B, 2) whose larger number is the label's.
double share_right(const Tensor& logits, const cairn::Ids& labels);

// Counts the model's predictions into `matrix`, which may hold some already.
void count_predictions(Bert& model, const Examples& examples, cairn::ConfusionMatrix& matrix);

// How many numbers of the model are trained; and those that are not, one after the other.
int64_t trained_numbers(Bert& model);
std::vector<real> frozen_numbers(Bert& model);

// How many numbers `count` adapters have: each narrows C numbers to `width` and widens them again.
int64_t numbers_of_adapters(int64_t C, int64_t width, int64_t count);

std::string first_line(const std::string& text);

// The mean of all weights of layer norms.
double mean_norm_weight(Bert& model);

// ---- What people do to the data.

// Every text without its first and last token, [CLS] and [SEP].
Examples without_special_tokens(const Examples& examples);
// Every text made of its ids, in digits, and tokenised once more.
Examples ids_as_text(const Examples& examples, const cairn::BertTokenizer& tokenizer);
// Every text filled up to `length` tokens with [PAD], and nothing to say which these are.
Examples padded(const Examples& examples, const cairn::BertTokenizer& tokenizer, size_t length);
// All negative examples, and of the positive ones the first in ten.
Examples few_positive(const Examples& examples);
// The same, each positive one ten times.
Examples repeated_positive(const Examples& examples);
