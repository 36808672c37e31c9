// Each gradient against its sum in long double, asked for together and one at a time.
#include <string>

#include "tutorials/07_backward_by_hand/exercises/linear_backward/linear_backward.h"

namespace {

struct Case {
  std::string what;
  int64_t rows, in, out;
  real beta;
  std::string wanted = "dx dw db";
};

// A result, and three numbers behind it that nobody may touch.
struct Result {
  std::vector<real> numbers, before;
  bool wanted;
  Result(const Case& c, const std::string& name, int64_t size)
      : wanted(c.wanted.find(name) != std::string::npos) {
    numbers = c.beta == 0 || name == "dx" ? check::garbage(size) : check::normal(size, 21);
    for (const real guard : {7.0, 8.0, 9.0}) numbers.push_back(guard);
    before = numbers;
  }
  real* data() { return wanted ? numbers.data() : nullptr; }
};

using Sums = std::vector<long double>;

// Adds the sums to what was there, and compares; the three numbers behind have to be as they were.
void compare(check::Judge& judge, const std::string& what, const Result& result, const Sums& sums,
             real beta, const check::Shape& shape) {
  std::vector<real> got = result.numbers, expected;
  got.resize(sums.size());
  for (size_t i = 0; i < sums.size(); ++i)
    expected.push_back(static_cast<real>(beta == 0 ? sums[i] : sums[i] + beta * result.before[i]));
  if (result.wanted) judge.equal(what, got, expected, shape);
  judge.unchanged(what + ", what stands behind it",
                  {result.numbers.end() - 3, result.numbers.end()}, {7, 8, 9});
}

void check_case(LinearBackward* linear_backward, check::Judge& judge, const Case& c) {
  judge.input(c.what);
  const auto [what, rows, in, out, beta, wanted] = c;
  const std::vector<real> dy = check::normal(rows * out, 1), x = check::normal(rows * in, 2),
                          weight = check::normal(out * in, 3), dy0 = dy, x0 = x, weight0 = weight;
  Result dx(c, "dx", rows * in), dw(c, "dw", out * in), db(c, "db", out);
  linear_backward({.dx = dx.data(),
                   .dw = dw.data(),
                   .db = db.data(),
                   .dy = dy.data(),
                   .x = dw.wanted ? x.data() : nullptr,
                   .weight = dx.wanted ? weight.data() : nullptr,
                   .rows = rows,
                   .in = in,
                   .out = out,
                   .beta = beta});
  Sums dx_sums(x.size()), dw_sums(weight.size()), db_sums(static_cast<size_t>(out));
  for (int64_t t = 0; t < rows; ++t)
    for (int64_t o = 0; o < out; ++o) {
      const long double g = dy[static_cast<size_t>(t * out + o)];
      db_sums[static_cast<size_t>(o)] += g;
      for (int64_t i = 0; i < in; ++i) {
        const auto tx = static_cast<size_t>(t * in + i), wo = static_cast<size_t>(o * in + i);
        dx_sums[tx] += g * weight[wo], dw_sums[wo] += g * x[tx];
      }
    }
  compare(judge, what + ": dx", dx, dx_sums, 0, {rows, in});
  compare(judge, what + ": dw", dw, dw_sums, beta, {out, in});
  compare(judge, what + ": db", db, db_sums, beta, {out});
  judge.unchanged(what + ": dy", dy, dy0);
  judge.unchanged(what + ": x", x, x0);
  judge.unchanged(what + ": weight", weight, weight0);
}

void check_linear_backward(LinearBackward* linear_backward, check::Judge& judge) {
  const auto check = [&](const Case& c) { check_case(linear_backward, judge, c); };
  check({"5 rows, 3 to 2", 5, 3, 2, 0});
  check({"the same once more", 5, 3, 2, 0});
  check({"added to what is there (beta 1)", 5, 3, 2, 1});
  check({"2 rows, 4 to 6", 2, 4, 6, 0});
  check({"all sizes equal", 4, 4, 4, 0});
  check({"one row", 1, 3, 2, 0});
  check({"one column in", 4, 1, 3, 1});
  check({"one column out", 4, 3, 1, 1});
  check({"larger", 33, 40, 30, 0});
  check({"dx alone", 5, 3, 2, 0, "dx"});
  check({"dx alone, with beta 1", 5, 3, 2, 1, "dx"});
  check({"dw alone", 5, 3, 2, 1, "dw"});
  check({"db alone", 5, 3, 2, 1, "db"});
  check({"no rows", 0, 3, 2, 0});
  check({"no rows, added", 0, 3, 2, 1});
  check({"nothing in", 4, 0, 2, 0});
  check({"nothing out", 4, 3, 0, 0});
}

void work(LinearBackward* linear_backward) {
  static const std::vector<real> x = check::normal(128 * 256, 1), w = check::normal(256 * 256, 2);
  static std::vector<real> dx(x.size()), dw(w.size()), db(256);
  linear_backward({.dx = dx.data(),
                   .dw = dw.data(),
                   .db = db.data(),
                   .dy = x.data(),
                   .x = x.data(),
                   .weight = w.data(),
                   .rows = 128,
                   .in = 256,
                   .out = 256});
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<LinearBackward>({.name = "linear_backward",
                                     .check = check_linear_backward,
                                     .mine = cairn::linear_backward,
                                     .mistaken = mistakes::linear_backward,
                                     .mistakes = mistakes::list,
                                     .alternatives = alternatives::list,
                                     .work = work},
                                    argc, argv);
}
