// The second half of the chapter: padding, how to hide a key, the future, and a row that sees nothing.
#include "tutorials/02_heads_and_masks/masks.h"

#include <cmath>
#include <cstdio>
#include <string>

#include "tutorials/figure.h"

using cairn::Rows;

namespace {

// [batch]
// A sentence of 3 tokens and one of 5 in one rectangle [B, T, C] = [2, 5, 8].
struct Batch {
  Tensor x;
  std::vector<int64_t> lengths{3, 5};
};

// The rows that are left over hold `pad`, [C].
Batch padded_batch(const Tensor& pad) {
  Random random(6);
  Batch batch;
  batch.x = Tensor::randn({2, 5, 8}, random);
  slice(batch.x[0], 0, 3, 5).copy_(pad);
  return batch;
}
// [/batch]

// A row that stands for [PAD], like that of any other word.
Tensor pad_row() {
  Random random(7);
  return Tensor::randn(8, random);
}

// [padding]
// The first sentence of the batch, against the same sentence alone.
void padding(const Weights& w) {
  const Batch batch = padded_batch(pad_row());
  const Tensor alone = multi_head_attention(slice(batch.x[0], 0, 0, 3), w, 2);  // [3, C]
  std::printf("  mask                       its shape      largest error\n");
  const auto row = [&](const char* name, const Tensor& bias) {
    const Tensor in_batch = multi_head_attention(batch.x, w, 2, bias)[0];  // [5, C]
    std::printf("  %-26s %-14s %.3f\n", name, to_string(bias.shape()).c_str(),
                largest_difference(slice(in_batch, 0, 0, 3), alone));
  };
  const Tensor mask = padding_mask(batch.lengths, 5);  // [B, 1, 1, T]
  row("none", Tensor::scalar(0));
  row("hides the PAD queries", transpose(mask, -2, -1));
  row("hides all but PAD", cairn::where(mask, Tensor::scalar(0), Tensor::scalar(minus_infinity)));
  row("hides the PAD keys", mask);
}
// [/padding]

// [garbage]
// What the padding holds, and what comes out of it.
void garbage(const Weights& w) {
  const Batch a = padded_batch(pad_row()), b = padded_batch(Tensor::full(8, 1000));
  const Tensor mask = padding_mask(a.lengths, 5);
  const Tensor out_a = multi_head_attention(a.x, w, 2, mask)[0],
               out_b = multi_head_attention(b.x, w, 2, mask)[0];
  std::printf("1,000 for [PAD]: of the 3 tokens, %d change; of the 2 PAD rows, %d\n",
              rows_that_differ(slice(out_a, 0, 0, 3), slice(out_b, 0, 0, 3)),
              rows_that_differ(slice(out_a, 0, 3, 5), slice(out_b, 0, 3, 5)));
  int zero = 0;
  for (int64_t t = 0; t < 5; ++t) {
    std::printf("  %-8s", t < 3 ? "token" : "PAD");
    for (int64_t c = 0; c < 4; ++c) std::printf(" %6.3f", out_a[t][c].item());
    std::printf(" ...\n");
    zero += t >= 3 && largest_difference(out_a[t], Tensor::zeros(8)) == 0;
  }
  std::printf("PAD rows that are zero: %d of 2\n", zero);
  std::printf("a mean over 5 rows, for one over 3, is wrong by %.3f\n",
              largest_difference(mean(out_a, {0}), mean(slice(out_a, 0, 0, 3), {0})));
}
// [/garbage]

// [leaks]
// What hidden keys still get of the attention: of 3 of 6 keys with scores of size 1, of the same
// when the scores are of size 8, and when all 6 are hidden.
void leaks() {
  Random random(8);
  const Tensor scores = Tensor::randn({6, 6}, random);
  const Tensor half = Tensor::of({1, 1, 1, 0, 0, 0}), none = Tensor::zeros(6);
  std::printf(
      "                              hidden keys get, with scores   all keys   sum of\n"
      "  mask                           of size 1       of size 8   hidden     a row\n");
  for (const Hiding& way : five_ways) {
    const auto leak = [&](const Tensor& s, const Tensor& keep) {
      return sum(way.weights(s, keep) * (1 - keep)).item() / 6;  // in the mean over 6 queries
    };
    std::printf("  %-26s %13.3f   %13.3f   %8.3f   %6.3f\n", way.name, leak(scores, half),
                leak(scores * 8, half), leak(scores, none),
                sum(way.weights(scores * 8, half)).item() / 6);
  }
}
// [/leaks]

void print_mask() {
  const Tensor mask = causal_mask(5);
  for (int64_t i = 0; i < 5; ++i) {
    std::printf("  token %d sees", static_cast<int>(i));
    for (real bias : mask[i].to_vector()) std::printf(" %5s", bias == 0 ? "0" : "-inf");
    std::printf("\n");
  }
}

// [causal]
// Token 4 of 6 is replaced. How much do the answers to tokens 0 to 3 change, which come before it?
void causality() {
  Random random(9);
  const Weights w = random_weights(8, random);
  const Tensor x = Tensor::randn({6, 8}, random);
  const Tensor changed = cat({slice(x, 0, 0, 4), Tensor::randn({1, 8}, random), slice(x, 0, 5, 6)});
  std::printf("  what is computed              largest change   of 4 answers, change\n");
  const auto row = [&](const char* name, auto attention) {
    const Tensor before = slice(attention(x), 0, 0, 4), after = slice(attention(changed), 0, 0, 4);
    std::printf("  %-29s %14.3f   %20d\n", name, largest_difference(before, after),
                rows_that_differ(before, after));
  };
  const Tensor mask = causal_mask(6), keep = tril(Tensor::ones({6, 6}));
  row("no mask", [&](const Tensor& t) { return multi_head_attention(t, w, 2); });
  row("mask upside down",
      [&](const Tensor& t) { return multi_head_attention(t, w, 2, transpose(mask, 0, 1)); });
  for (const Hiding& way : five_ways)
    row(way.name, [&](const Tensor& t) {
      const auto [q, k, v] = heads_of(t, w, 2);
      const Tensor p = way.weights(matmul(q, transpose(k, -2, -1)) / 2, keep);  // sqrt(d) = 2
      return matmul(merge_heads(matmul(p, v)), w.o);
    });
  row("-inf, merged by reshape", [&](const Tensor& t) {
    const auto [q, k, v] = heads_of(t, w, 2);
    return matmul(merge_without_transpose(attend(q, k, v, mask)), w.o);
  });
}
// [/causal]

// [as_written]
// The fraction as it is written: e^s / sum e^s.
Tensor softmax_as_written(const Tensor& scores) {
  const Tensor powers = exp(scores);
  return powers / sum(powers, {-1}, true);
}
// [/as_written]

// [layer]
using Softmax = Tensor (*)(const Tensor& scores);

// A layer without weights: x attends to itself, and the answer is added to it.
Tensor layer(const Tensor& x, const Tensor& bias, Softmax p) {
  return x + matmul(p(matmul(x, transpose(x, 0, 1)) / 2 + bias), x);  // sqrt(d) = 2
}
// [/layer]

int rows_with_nan(const Tensor& x) {
  int rows = 0;
  for (int64_t t = 0; t < x.size(0); ++t) rows += std::isnan(sum(x[t]).item());
  return rows;
}

// Two PAD in front of three tokens, and a causal mask: rows 0 and 1 may look at nothing.
void a_row_without_keys() {
  Random random(10);
  const Tensor x = Tensor::randn({5, 4}, random);
  const Tensor mask = causal_mask(5) + Tensor::of({minus_infinity, minus_infinity, 0, 0, 0});
  const Tensor large = cairn::where(mask, Tensor::scalar(-10000), Tensor::scalar(0));
  std::printf(
      "                           weights of     rows with a nan after\n"
      "                           row 0 sum to   one layer   two layers\n");
  const auto row = [&](const char* name, const Tensor& bias, Softmax p) {
    const Tensor once = layer(x, bias, p), twice = layer(once, bias, p);
    const double total = sum(p(matmul(x, transpose(x, 0, 1)) / 2 + bias)[0]).item();
    std::printf("  %-24s %-14s %9d   %10d\n", name,
                std::isnan(total) ? "nan" : figure::number(total, 3).c_str(), rows_with_nan(once),
                rows_with_nan(twice));
  };
  const Softmax library = [](const Tensor& scores) { return softmax(scores); };
  row("-inf, as written", mask, softmax_as_written);
  row("-10,000", large, library);
  row("-inf, Cairn", mask, library);
}

// [library]
// The library's attention reads a head's columns where they are: nothing is split or merged, and
// the sentences stand one after the other, without padding.
void the_library_s_op(const Weights& w) {
  const Batch batch = padded_batch(pad_row());
  const Tensor padded = multi_head_attention(batch.x, w, 2, padding_mask(batch.lengths, 5));

  const Rows rows = Rows::of_lengths({3, 5});
  const Tensor x = cat({slice(batch.x[0], 0, 0, 3), batch.x[1]});  // [8, C]
  const Tensor answers = attention(matmul(x, w.q), matmul(x, w.k), matmul(x, w.v), rows, rows,
                                   {.heads = 2, .bias = {}});
  const Tensor ragged = matmul(answers, w.o);
  const double difference = largest_difference(cat({slice(padded[0], 0, 0, 3), padded[1]}), ragged);
  std::printf("rows of the rectangle: %d, of the sentences one after the other: %d\n",
              static_cast<int>(batch.x.size(0) * batch.x.size(1)), static_cast<int>(rows.total()));
  std::printf("the same answers: %s\n", yes_or_no(difference < 1e-5));
}
// [/library]

}  // namespace

void masks(const Weights& w) {
  std::printf("[padding]\n");
  padding(w);
  std::printf("[garbage]\n");
  garbage(w);
  std::printf("[leaks]\n");
  leaks();
  std::printf("[mask]\n");
  print_mask();
  std::printf("[causal]\n");
  causality();
  std::printf("[hidden_row]\n");
  a_row_without_keys();
  std::printf("[library]\n");
  the_library_s_op(w);
}
