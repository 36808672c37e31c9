// Chapter 2: heads and masks. Several attentions side by side: how a row is cut into heads and put
// together again, and the two ways to put the wrong cells together. Then padded batches, what a
// token may look at, and a token that may look at nothing. README.md beside this file tells the
// story and shows the parts between the markers.
#include <cmath>
#include <cstdio>
#include <vector>

#include "tutorials/02_heads_and_masks/figures.h"
#include "tutorials/02_heads_and_masks/masks.h"
#include "tutorials/02_heads_and_masks/parts.h"
#include "tutorials/figure.h"

namespace {

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

void print_cells(const Tensor& row) {
  for (real cell : row.to_vector()) std::printf(" %02.0f", cell);
}

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
  masks(w);
}
