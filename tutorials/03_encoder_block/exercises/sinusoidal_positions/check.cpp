// Each number against the formula in long double, and what the positions are good for.
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "core/ops.h"
#include "tutorials/03_encoder_block/exercises/sinusoidal_positions/sinusoidal_positions.h"

using check::Shape;

namespace {

Tensor expected_positions(int64_t T, int64_t C, double base) {
  std::vector<real> table;
  for (int64_t t = 0; t < T; ++t)
    for (int64_t c = 0; c < C; ++c) {
      const long double pair = static_cast<long double>(c / 2 * 2) / static_cast<long double>(C);
      const long double angle = static_cast<long double>(t) * std::pow<long double>(base, -pair);
      table.push_back(static_cast<real>(c % 2 == 0 ? std::sin(angle) : std::cos(angle)));
    }
  return Tensor::of({T, C}, table);
}

// With an odd C, a cosine too many in the last row lands behind the table, but still in its block of
// memory, where no sanitizer notices. Is it there?
bool cosine_behind(Positions* positions) {
  Tensor::full({8}, 7);  // whose block, of the smallest size, is the next to be handed out
  const Tensor table = positions(2, 3, 10000);
  return table.defined() && table.shape() == Shape{2, 3} && table.is_contiguous() &&
         std::fabs(table.data()[6] - std::cos(std::pow(10000.0, -2.0 / 3))) < 1e-7;
}

void check_positions(Positions* positions, check::Judge& judge) {
  const auto table = [&](const std::string& what, int64_t T, int64_t C, double base) {
    judge.input(what);
    judge.equal(what, positions(T, C, base), expected_positions(T, C, base), 1e-10);
  };
  table("4 positions of 6 columns", 4, 6, 10000);
  table("the same once more", 4, 6, 10000);
  table("more columns than positions", 3, 16, 10000);
  table("as many as BERT has", 512, 64, 10000);
  table("another base", 10, 8, 100);
  table("base 1: one frequency for all", 5, 6, 1);
  table("an odd number of columns", 7, 5, 10000);
  table("one column", 6, 1, 10000);
  table("one position", 1, 8, 10000);
  table("no positions", 0, 8, 10000);
  table("no columns", 4, 0, 10000);
  judge.input("2 positions of 3 columns");
  judge.that(!cosine_behind(positions), "2 positions of 3 columns",
             "the number behind the table was written: a cosine");
  judge.throws("base is 0", [&] { positions(4, 4, 0); });
  judge.throws("base is negative", [&] { positions(4, 4, -10000); });
  judge.throws("base is NaN", [&] { positions(4, 4, std::numeric_limits<double>::quiet_NaN()); });

  const Tensor p = positions(512, 16, 10000);
  std::set<std::vector<real>> rows;
  for (int64_t t = 0; t < 512; ++t) rows.insert(p[t].to_vector());
  judge.equal("different rows of 512", static_cast<int64_t>(rows.size()), 512);
  const real here = sum(p[3] * p[8]).item(), there = sum(p[403] * p[408]).item();
  judge.that(std::fabs(here - there) < 1e-9, "p_3 . p_8 is p_403 . p_408",
             std::to_string(here) + " and " + std::to_string(there));
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Positions>({.name = "sinusoidal_positions",
                                .check = check_positions,
                                .mine = cairn::sinusoidal_positions,
                                .mistaken = mistakes::sinusoidal_positions,
                                .mistakes = mistakes::list,
                                .alternatives = alternatives::list},
                               argc, argv);
}
