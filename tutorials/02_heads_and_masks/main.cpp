// Chapter 2: heads and masks. Several attentions side by side: how a row is cut into heads and put
// together again, and the two ways to put the wrong cells together. Then padded batches, what a
// token may look at, and a token that may look at nothing. README.md beside this file tells the
// story and shows the parts between the markers.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "core/ops.h"
#include "tutorials/figure.h"

using cairn::cat;
using cairn::Random;
using cairn::real;
using cairn::Rows;
using cairn::Shape;
using cairn::Tensor;

namespace {

const real minus_infinity = -std::numeric_limits<real>::infinity();

// [attend]
// softmax(q k^T / sqrt(d) + bias) v: the four lines of chapter 1, and a bias that is added to the
// scores. q, k, v are [..., T, d], whatever axes come first; the bias broadcasts to [..., T, T].
Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v,
              const Tensor& bias = Tensor::scalar(0)) {
  const real scale = 1 / std::sqrt(static_cast<real>(q.size(-1)));
  const Tensor scores = matmul(q, transpose(k, -2, -1)) * scale + bias;
  const Tensor p = softmax(scores);
  return matmul(p, v);
}
// [/attend]

// ---- Small tools.

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<real> x = a.to_vector(), y = b.to_vector();
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) != std::isnan(y[i])) return NAN;
    largest = std::fmax(largest, std::fabs(x[i] - y[i]));
  }
  return largest;
}

// Of the rows [T, C], how many are not the same, bit for bit?
int rows_that_differ(const Tensor& a, const Tensor& b) {
  int count = 0;
  for (int64_t t = 0; t < a.size(0); ++t) count += a[t].to_vector() != b[t].to_vector();
  return count;
}

const char* yes_or_no(bool yes) { return yes ? "yes" : "NO"; }

// ---- Why one attention is not enough.

// [two_wishes]
// "it" asks two things at once: who? is in the first column, and how? in the second.
void two_wishes() {
  const Tensor k = Tensor::of({{1, 0}, {0, 1}, {0, 0}});  // animal, tired, street
  const Tensor v = Tensor::of({{5, 2}, {1, 9}, {3, 3}});
  const Tensor q = Tensor::of({{10, 10}});  // it

  const Tensor together = attend(q, k, v);
  const auto column = [](const Tensor& x, int64_t c) { return slice(x, 1, c, c + 1); };
  const Tensor who = attend(column(q, 0), column(k, 0), column(v, 0));
  const Tensor how = attend(column(q, 1), column(k, 1), column(v, 1));
  std::printf("one attention of two columns: %.1f %.1f\n", together[0][0].item(),
              together[0][1].item());
  std::printf("two attentions of one column: %.1f %.1f\n", who.item(), how.item());
}
// [/two_wishes]

// ---- Heads.

// [weights]
// What is learned: four matrices [C, C].
struct Weights {
  Tensor q, k, v, o;
};
// [/weights]

Weights random_weights(int64_t C, Random& random) {
  const real deviation = 1.5f / std::sqrt(static_cast<real>(C));
  const auto matrix = [&] { return Tensor::randn({C, C}, random) * deviation; };
  Weights w;
  w.q = matrix(), w.k = matrix(), w.v = matrix(), w.o = matrix();
  return w;
}

// [one_at_a_time]
// x is [T, C]. Each head has columns of its own of Wq, Wk and Wv, [C, d], and with them its own
// queries, keys and values. The answers are laid side by side, and Wo mixes them.
Tensor one_head_at_a_time(const Tensor& x, const Weights& w, int64_t heads) {
  const int64_t d = x.size(1) / heads;
  std::vector<Tensor> answers;
  for (int64_t h = 0; h < heads; ++h) {
    const auto own = [&](const Tensor& W) { return slice(W, 1, h * d, (h + 1) * d); };
    answers.push_back(attend(matmul(x, own(w.q)), matmul(x, own(w.k)), matmul(x, own(w.v))));
  }
  return matmul(cat(answers, 1), w.o);
}
// [/one_at_a_time]

// [split]
// [..., T, C] -> [..., heads, T, d]: cut each row into pieces, then let the heads come first.
Tensor split_heads(const Tensor& x, int64_t heads) {
  Shape cut = x.shape();
  cut[x.axes() - 1] = heads;
  cut.push_back(x.size(-1) / heads);
  const Tensor pieces = reshape(x, cut);  // [..., T, heads, d]
  return transpose(pieces, -3, -2);
}
// [/split]

// [split_wrong]
// The same shape, and one line less.
Tensor split_without_transpose(const Tensor& x, int64_t heads) {
  return reshape(x, {heads, x.size(0), x.size(1) / heads});
}
// [/split_wrong]

// [merge]
// [..., heads, T, d] -> [..., T, C]: the way back.
Tensor merge_heads(const Tensor& x) {
  const Tensor pieces = transpose(x, -3, -2);  // [..., T, heads, d]
  Shape rows = pieces.shape();
  rows.erase(pieces.axes() - 1);
  rows[pieces.axes() - 2] = x.size(-3) * x.size(-1);
  return reshape(pieces, rows);
}
// [/merge]

// [merge_wrong]
Tensor merge_without_transpose(const Tensor& x) {
  return reshape(x, {x.size(1), x.size(0) * x.size(2)});
}
// [/merge_wrong]

// [heads_of]
struct Heads {
  Tensor q, k, v;  // each [..., heads, T, d]
};

// x is [..., T, C].
Heads heads_of(const Tensor& x, const Weights& w, int64_t heads) {
  return {split_heads(matmul(x, w.q), heads), split_heads(matmul(x, w.k), heads),
          split_heads(matmul(x, w.v), heads)};
}
// [/heads_of]

// [together]
// [..., T, C] -> [..., T, C]; the bias broadcasts to [..., heads, T, T].
Tensor multi_head_attention(const Tensor& x, const Weights& w, int64_t heads,
                            const Tensor& bias = Tensor::scalar(0)) {
  const auto [q, k, v] = heads_of(x, w, heads);
  const Tensor answers = attend(q, k, v, bias);  // of all heads at once
  return matmul(merge_heads(answers), w.o);
}
// [/together]

// Cell c of token t holds 10 t + c: each number says where it was.
Tensor numbered_cells(int64_t T, int64_t C) {
  std::vector<real> cells;
  for (int64_t t = 0; t < T; ++t)
    for (int64_t c = 0; c < C; ++c) cells.push_back(static_cast<real>(10 * t + c));
  return Tensor::of({T, C}, cells);
}

void print_cells(const Tensor& row) {
  for (real cell : row.to_vector()) std::printf(" %02.0f", cell);
}

// [heads, T, d], one head beside the other.
void print_heads(const char* title, const Tensor& x) {
  std::printf("%s: shape %s, strides %s\n", title, to_string(x.shape()).c_str(),
              to_string(x.strides()).c_str());
  for (int64_t h = 0; h < x.size(0); ++h) std::printf("   head %d", static_cast<int>(h));
  std::printf("\n");
  for (int64_t t = 0; t < x.size(1); ++t) {
    for (int64_t h = 0; h < x.size(0); ++h) std::printf(h ? "   " : "  "), print_cells(x[h][t]);
    std::printf("\n");
  }
}

void print_rows(const char* title, const Tensor& x) {
  std::printf("%s\n", title);
  for (int64_t t = 0; t < x.size(0); ++t) std::printf("  "), print_cells(x[t]), std::printf("\n");
}

// [cells]
void cells() {
  const Tensor x = numbered_cells(3, 4);
  const Tensor heads = split_heads(x, 2);
  const Tensor merged = merge_heads(heads);
  std::printf("[row]\n");
  print_rows("x, 3 tokens of 4 cells", x);
  std::printf("[split]\n");
  print_heads("cut and transposed", heads);
  std::printf("[split_wrong]\n");
  print_heads("reshaped", split_without_transpose(x, 2));
  std::printf("[merge]\n");
  print_rows("merged", merged);
  std::printf("[merge_wrong]\n");
  print_rows("merged by reshape alone", merge_without_transpose(heads));
}
// [/cells]

// [harm]
// Three ways to split and merge, between the same matrices.
void harm_of_reshape(Random& random) {
  const Weights w = random_weights(8, random);
  const Tensor x = Tensor::randn({6, 8}, random), right = one_head_at_a_time(x, w, 2);
  const Tensor other_end = cat({slice(x, 0, 0, 5), Tensor::randn({1, 8}, random)});
  std::printf(
      "                                         largest   of 6 answers, change\n"
      "  split          merge        x again?   error     with the last token\n");
  const auto row = [&](const char* name, auto split, auto merge) {
    const auto answer = [&](const Tensor& tokens) {
      return matmul(merge(attend(split(matmul(tokens, w.q), 2), split(matmul(tokens, w.k), 2),
                                 split(matmul(tokens, w.v), 2))),
                    w.o);
    };
    std::printf("  %-27s %-10s %.3f     %d\n", name,
                yes_or_no(largest_difference(merge(split(x, 2)), x) == 0),
                largest_difference(answer(x), right),
                rows_that_differ(answer(x), answer(other_end)));
  };
  row("transposed     transposed", split_heads, merge_heads);
  row("reshaped       reshaped", split_without_transpose, merge_without_transpose);
  row("transposed     reshaped", split_heads, merge_without_transpose);
  std::printf("The right answers' numbers are of size %.1f\n",
              std::sqrt(mean(right * right).item()));
}
// [/harm]

void heads_are_single_heads(Random& random) {
  const Weights w = random_weights(8, random);
  const Tensor x = Tensor::randn({6, 8}, random);
  for (int64_t heads : {1, 2, 4, 8})
    std::printf("heads = %d: all at once equals one at a time: %s\n", static_cast<int>(heads),
                yes_or_no(largest_difference(multi_head_attention(x, w, heads),
                                             one_head_at_a_time(x, w, heads)) < 1e-5));
}

// [cost]
// What attention of BERT's size computes for 512 tokens of 768 numbers.
void cost() {
  const int64_t T = 512, C = 768;
  const auto millions = [](int64_t count) { return static_cast<double>(count) / 1e6; };
  std::printf(
      "               millions of multiplications     millions of\n"
      "  heads    d   in Wq, Wk, Wv, Wo    in q k^T   exponentials\n");
  for (int64_t heads : {1, 4, 12}) {
    const int64_t d = C / heads;
    std::printf("  %5d  %3d   %17.1f   %9.1f   %12.1f\n", static_cast<int>(heads),
                static_cast<int>(d), millions(4 * T * C * C), millions(heads * T * T * d),
                millions(heads * T * T));
  }
}
// [/cost]

// [head_mistakes]
// Wrong formulas for heads that one meets, computed.
void mistakes_about_heads(Random& random) {
  const Weights w = random_weights(8, random);
  const auto [q, k, v] = heads_of(Tensor::randn({6, 8}, random), w, 2);  // each [2, 6, 4]
  const Tensor right = attend(q, k, v);
  std::printf("  what is computed           largest error   heads differ by\n");
  const auto row = [&](const char* name, const Tensor& answers) {
    std::printf("  %-27s %12.3f   %15.3f\n", name, largest_difference(answers, right),
                largest_difference(answers[0], answers[1]));
  };
  row("as it should be", right);
  const Shape all{2, 6, 4};  // head 0's part for every head
  row("one projection for all", attend(expand(q[0], all), expand(k[0], all), expand(v[0], all)));
  const Tensor head = Tensor::of({2, 1, 1}, {1, 2});
  row("the head as a factor", attend(expand(q[0], all) * head, expand(k[0], all), v));
  row("q k^T / sqrt(C)", attend(q / std::sqrt(real{2}), k, v));
}
// [/head_mistakes]

// ---- Padding.

// [B, 1, 1, T]: 0 for the first lengths[b] keys of sentence b, minus infinity for the others.
Tensor padding_mask(const std::vector<int64_t>& lengths, int64_t T) {
  const int64_t B = static_cast<int64_t>(lengths.size());
  Tensor mask = Tensor::full({B, 1, 1, T}, minus_infinity);
  for (int64_t b = 0; b < B; ++b) slice(mask[b], 2, 0, lengths[static_cast<size_t>(b)]).fill_(0);
  return mask;
}

// [T, T]: 0 where j <= i, minus infinity where key j comes after query i.
Tensor causal_mask(int64_t T) {
  Tensor mask = Tensor::full({T, T}, minus_infinity);
  for (int64_t i = 0; i < T; ++i) slice(mask[i], 0, 0, i + 1).fill_(0);
  return mask;
}

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

// ---- How to hide.

// [hide]
// Five ways to hide keys; `keep` is 1 for a key that may be seen, 0 for one that may not.
struct Hiding {
  const char* name;
  Tensor (*weights)(const Tensor& scores, const Tensor& keep);
};
const std::vector<Hiding> five_ways{
    {"scores * keep", [](const Tensor& s, const Tensor& keep) { return softmax(s * keep); }},
    {"softmax(scores) * keep",
     [](const Tensor& s, const Tensor& keep) { return softmax(s) * keep; }},
    {"scores + (0 or -10)",
     [](const Tensor& s, const Tensor& keep) { return softmax(s + (1 - keep) * -10); }},
    {"scores + (0 or -10,000)",
     [](const Tensor& s, const Tensor& keep) { return softmax(s + (1 - keep) * -10000); }},
    {"scores + (0 or -inf)",
     [](const Tensor& s, const Tensor& keep) { return softmax(s + additive_mask(keep)); }},
};
// [/hide]

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

// ---- The future.

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

// ---- Nothing to look at.

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

// ---- Figures.

// The cells of [T, d] from (left, top) on, shaded by the token that they are of.
void draw_cells(figure::Figure& f, double left, double top, const Tensor& x,
                const std::string& title) {
  f.text(left, top - 8, title);
  for (int64_t t = 0; t < x.size(0); ++t)
    for (int64_t c = 0; c < x.size(1); ++c) {
      const double at_x = left + 34 * static_cast<double>(c),
                   at_y = top + 24 * static_cast<double>(t);
      const int cell = static_cast<int>(x[t][c].item()), token = cell / 10;
      f.box(at_x, at_y, 34, 24, figure::blue, 0.05 + 0.25 * token);
      f.text(at_x + 17, at_y + 16.5, std::to_string(token) + std::to_string(cell % 10), figure::ink,
             "middle");
    }
}

void draw_figures(const std::string& folder) {
  using namespace figure;
  const Tensor x = numbered_cells(3, 4);
  const Tensor right = split_heads(x, 2), wrong = split_without_transpose(x, 2);
  Figure split(310, "The same shape, other cells");
  draw_cells(split, 112, 62, x, "x [3, 4]");
  split.text(90, 166, "cut and transposed", ink, "middle", "bold");
  split.text(270, 166, "reshaped", ink, "middle", "bold");
  for (int64_t h = 0; h < 2; ++h) {
    const double left = static_cast<double>(h) * 80;
    const std::string title = "head " + std::to_string(h);
    draw_cells(split, 14 + left, 206, right[h], title);
    draw_cells(split, 194 + left, 206, wrong[h], title);
  }
  split.text(10, 302, "The first digit of a cell, and its shade, is its token.");
  split.write(folder, "split");

  Random random(3);
  const Tensor p = softmax(Tensor::randn({6, 6}, random) + causal_mask(6));
  Matrix weights{6, 6, {}, {}, {}, {"0", "1", "2", "3", "4", "5"}};
  for (int64_t i = 0; i < 6; ++i) {
    weights.row_names.push_back("token " + std::to_string(i));
    for (int64_t j = 0; j < 6; ++j) {
      weights.values.push_back(p[i][j].item());
      weights.cells.push_back(j <= i ? number(weights.values.back(), 2) : "");
    }
  }
  Figure causal(240, "Who takes how much from whom, causally");
  causal.matrix(66, 60, weights, 47, 28);
  causal.write(folder, "causal");

  // One hidden key among three others of score 0: its weight, as its score grows.
  const Tensor keep = Tensor::of({1, 1, 1, 0});
  std::vector<std::pair<double, double>> ten, infinite;
  for (int score = 0; score <= 20; ++score) {
    const Tensor scores = Tensor::of({0, 0, 0, static_cast<real>(score)});
    ten.emplace_back(score, five_ways[2].weights(scores, keep)[3].item());
    infinite.emplace_back(score, five_ways[4].weights(scores, keep)[3].item());
  }
  Figure leak(230, "What one hidden key of four still gets");
  leak.axes({"its score, where the others have 0", 0, 20, {{0, "0"}, {10, "10"}, {20, "20"}}},
            {"weight", 0, 1, {{0, "0"}, {0.5, "0.5"}, {1, "1"}}});
  leak.curve(ten, orange, "minus 10");
  leak.curve(infinite, blue, "minus infinity");
  leak.write(folder, "leak");
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
  Random random(5);
  std::printf("[two_wishes]\n");
  two_wishes();
  cells();
  std::printf("[harm]\n");
  harm_of_reshape(random);
  std::printf("[heads]\n");
  heads_are_single_heads(random);
  std::printf("[cost]\n");
  cost();
  std::printf("[head_mistakes]\n");
  mistakes_about_heads(random);
  const Weights w = random_weights(8, random);
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
