// Cells that say where they were, and numbers of every kind, for batches of many shapes.
#include <limits>

#include "core/shape.h"
#include "tutorials/02_heads_and_masks/exercises/split_heads/split_heads.h"

namespace {

// Head h owns columns [h d, (h + 1) d) of every row.
std::vector<real> expected_heads(const std::vector<real>& x, int64_t B, int64_t T, int64_t heads,
                                 int64_t d) {
  std::vector<real> y;
  for (int64_t b = 0; b < B; ++b)
    for (int64_t h = 0; h < heads; ++h)
      for (int64_t t = 0; t < T; ++t)
        for (int64_t column = h * d; column < (h + 1) * d; ++column)
          y.push_back(x[static_cast<size_t>((b * T + t) * (heads * d) + column)]);
  return y;
}

void check_shape(SplitHeads* split_heads, check::Judge& judge, const std::string& what,
                 std::vector<real> x, int64_t B, int64_t T, int64_t heads, int64_t d) {
  const std::vector<real> before = x;
  std::vector<real> y = check::garbage(B * heads * T * d);
  x.reserve(1), y.reserve(1);  // memcpy of no numbers wants real pointers, too
  split_heads(y.data(), x.data(), B, T, heads, d);
  judge.equal(what, y, expected_heads(x, B, T, heads, d), {B, heads, T, d}, 0);
  judge.unchanged(what + ": x", x, before);
}

// Cell c of token t holds 10 t + c, and of sentence b 100 b more.
std::vector<real> numbered(int64_t B, int64_t T, int64_t C) {
  std::vector<real> cells;
  for (int64_t b = 0; b < B; ++b)
    for (int64_t t = 0; t < T; ++t)
      for (int64_t c = 0; c < C; ++c) cells.push_back(static_cast<real>(100 * b + 10 * t + c));
  return cells;
}

void check_split_heads(SplitHeads* split_heads, check::Judge& judge) {
  check_shape(split_heads, judge, "numbered cells, 2 tokens, 2 heads of 3", numbered(1, 2, 6), 1, 2,
              2, 3);
  check_shape(split_heads, judge, "numbered cells, 3 tokens, 2 heads of 2", numbered(1, 3, 4), 1, 3,
              2, 2);
  check_shape(split_heads, judge, "two sentences, 3 tokens, 2 heads of 2", numbered(2, 3, 4), 2, 3,
              2, 2);
  check_shape(split_heads, judge, "more heads than tokens", numbered(2, 2, 9), 2, 2, 3, 3);
  check_shape(split_heads, judge, "B, T, heads and d all differ", check::normal(3 * 5 * 4 * 2, 1),
              3, 5, 4, 2);
  check_shape(split_heads, judge, "the same once more", check::normal(3 * 5 * 4 * 2, 1), 3, 5, 4,
              2);
  check_shape(split_heads, judge, "one head", numbered(2, 3, 4), 2, 3, 1, 4);
  check_shape(split_heads, judge, "heads of one number", numbered(2, 3, 4), 2, 3, 4, 1);
  check_shape(split_heads, judge, "one token", numbered(2, 1, 6), 2, 1, 3, 2);
  const real huge = 1e300, infinity = std::numeric_limits<real>::infinity();
  check_shape(split_heads, judge, "large and infinite numbers", {huge, -infinity, 0, -huge}, 1, 2,
              2, 1);
  check_shape(split_heads, judge, "no sentences", {}, 0, 3, 2, 2);
  check_shape(split_heads, judge, "no tokens", {}, 2, 0, 2, 2);
  check_shape(split_heads, judge, "no heads", {}, 2, 3, 0, 2);
  check_shape(split_heads, judge, "heads of no numbers", {}, 2, 3, 2, 0);
}

void work(SplitHeads* split_heads) {
  static const std::vector<real> x = check::normal(8 * 128 * 4 * 32, 5);
  static std::vector<real> y(x.size());
  split_heads(y.data(), x.data(), 8, 128, 4, 32);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<SplitHeads>({.name = "split_heads",
                                 .check = check_split_heads,
                                 .mine = mine::split_heads,
                                 .mistaken = mistakes::split_heads,
                                 .mistakes = mistakes::list,
                                 .alternatives = alternatives::list,
                                 .work = work},
                                argc, argv);
}
