// All small numbers and some large ones, against the definition: one id is taken away at a time.
#include <string>

#include "tutorials/09_tokens/exercises/truncate_pair/truncate_pair.h"

namespace {

using Kept = std::pair<size_t, size_t>;

// The last to be cut decides who keeps the odd one: the one that was shorter, or the first.
Kept expected_of(size_t first, size_t second, size_t max_ids) {
  Kept kept{first, second};
  while (kept.first + kept.second > max_ids) {
    const bool from_first = kept.first != kept.second ? kept.first > kept.second : first <= second;
    from_first ? --kept.first : --kept.second;
  }
  return kept;
}

std::string text(const Kept& kept) {
  return std::to_string(kept.first) + " and " + std::to_string(kept.second);
}

void check_truncate_pair(TruncatePair* truncate_pair, check::Judge& judge) {
  const auto run = [&](size_t first, size_t second, size_t max_ids) {
    const std::string what =
        "what " + text({first, second}) + " keep of " + std::to_string(max_ids);
    judge.input(what);
    judge.equal(what, text(truncate_pair(first, second, max_ids)),
                text(expected_of(first, second, max_ids)));
  };
  run(5, 20, 30), run(5, 20, 25), run(5, 20, 24), run(5, 20, 16), run(12, 20, 16), run(12, 20, 15);
  run(20, 5, 16), run(20, 12, 15), run(20, 20, 15), run(0, 20, 7), run(20, 0, 7), run(3, 4, 0);
  for (size_t first = 0; first < 9; ++first)
    for (size_t second = 0; second < 9; ++second)
      for (size_t max_ids = 0; max_ids < 18; ++max_ids) run(first, second, max_ids);
  run(100000, 100000, 509), run(100000, 7, 509), run(254, 100000, 509), run(100000, 255, 509);
  run(5, 20, 16);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<TruncatePair>({.name = "truncate_pair",
                                   .check = check_truncate_pair,
                                   .mine = cairn::truncate_pair,
                                   .mistaken = mistakes::truncate_pair,
                                   .mistakes = mistakes::list,
                                   .alternatives = alternatives::list},
                                  argc, argv);
}
