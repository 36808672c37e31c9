#pragma once
// What the parts of this chapter share: the stored sentences, and BERT with one line wrong.
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/tensor.h"
#include "tutorials/04_real_checkpoint/plain_bert.h"

using cairn::Ids;
using cairn::real;
using cairn::Tensor;

const std::string models = "tests/fixtures/models/", spellings = "tests/fixtures/spellings/";
const std::string checkpoint = models + "bert";

void begin(const char* part);  // the page names the parts of the output

double largest_difference(const Tensor& a, const Tensor& b);  // NaN if one of two is

struct Sentence {
  std::string name;
  Ids ids, types;              // [T]
  std::vector<Tensor> stored;  // [T, H]: hidden_states.0, .1, ... as PyTorch computed them
};

std::vector<Sentence> stored_sentences();  // of the stored runs, without their padding

struct Variant {
  const char* name;
  Wrong wrong;
};
extern const std::vector<Variant> variants;
