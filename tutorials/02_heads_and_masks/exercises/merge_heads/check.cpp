// Cells that say where they were, contiguous and as views, and the round trip with a right split.
#include "core/ops.h"
#include "tutorials/02_heads_and_masks/exercises/merge_heads/merge_heads.h"

namespace {

using cairn::real;

Tensor expected_rows(const Tensor& x) {
  const int64_t B = x.size(0), heads = x.size(1), T = x.size(2), d = x.size(3);
  const std::vector<real> cells = x.to_vector();
  std::vector<real> y;
  for (int64_t b = 0; b < B; ++b)
    for (int64_t t = 0; t < T; ++t)
      for (int64_t h = 0; h < heads; ++h)
        for (int64_t c = 0; c < d; ++c)
          y.push_back(cells[static_cast<size_t>(((b * heads + h) * T + t) * d + c)]);
  return Tensor::of({B, T, heads * d}, y);
}

void check_one(MergeHeads* merge_heads, check::Judge& judge, const std::string& what,
               const Tensor& x) {
  const std::vector<real> before = x.to_vector();
  const cairn::Shape shape = x.shape();
  judge.input(what);
  const Tensor y = merge_heads(x);
  judge.equal(what, y, expected_rows(x), 0);
  judge.unchanged(what + ": x", x.to_vector(), before);
  judge.that(x.shape() == shape, what + ": x", "its shape was changed");
}

// (B, heads, T, d) whose cells say where they belong: 100 b + 10 t + column.
Tensor numbered(int64_t B, int64_t heads, int64_t T, int64_t d) {
  std::vector<real> cells;
  for (int64_t b = 0; b < B; ++b)
    for (int64_t h = 0; h < heads; ++h)
      for (int64_t t = 0; t < T; ++t)
        for (int64_t c = 0; c < d; ++c)
          cells.push_back(static_cast<real>(100 * b + 10 * t + h * d + c));
  return Tensor::of({B, heads, T, d}, cells);
}

void check_merge_heads(MergeHeads* merge_heads, check::Judge& judge) {
  check_one(merge_heads, judge, "numbered cells, 2 heads, 3 tokens", numbered(1, 2, 3, 2));
  check_one(merge_heads, judge, "two sentences", numbered(2, 2, 3, 2));
  check_one(merge_heads, judge, "B, heads, T and d all differ", check::normal({2, 4, 5, 3}, 1));
  check_one(merge_heads, judge, "the same once more", check::normal({2, 4, 5, 3}, 1));
  // As attention's heads come if q, k and v were split by a view: (B, T, heads, d) in memory.
  check_one(merge_heads, judge, "a transposed view",
            transpose(check::normal({2, 5, 4, 3}, 2), 1, 2));
  check_one(merge_heads, judge, "one head", numbered(2, 1, 3, 4));
  check_one(merge_heads, judge, "heads of one number", numbered(2, 4, 3, 1));
  check_one(merge_heads, judge, "one token", numbered(2, 3, 1, 2));
  check_one(merge_heads, judge, "large numbers", check::normal({1, 2, 2, 2}, 3, 1e300));
  check_one(merge_heads, judge, "no sentences", Tensor::zeros({0, 2, 3, 2}));
  check_one(merge_heads, judge, "no heads", Tensor::zeros({2, 0, 3, 2}));
  check_one(merge_heads, judge, "no tokens", Tensor::zeros({2, 2, 0, 2}));
  check_one(merge_heads, judge, "heads of no numbers", Tensor::zeros({2, 2, 3, 0}));
}

void work(MergeHeads* merge_heads) {
  static const Tensor x = check::normal({8, 4, 128, 32}, 5);
  merge_heads(x);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<MergeHeads>({.name = "merge_heads",
                                 .check = check_merge_heads,
                                 .mine = mine::merge_heads,
                                 .mistaken = mistakes::merge_heads,
                                 .mistakes = mistakes::list,
                                 .alternatives = alternatives::list,
                                 .work = work},
                                argc, argv);
}
