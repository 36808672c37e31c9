// Confusion matrices whose scores are known.
#include <string>

#include "tutorials/11_fine_tuning/exercises/accuracy_and_f1/accuracy_and_f1.h"

namespace {

AccuracyAndF1 of_mine(const ConfusionMatrix& matrix) {
  return {matrix.accuracy(), cairn::macro_average(matrix)};
}

// The counts row by row: rows are the truth.
using Counts = std::vector<std::vector<int>>;

ConfusionMatrix matrix_of(const Counts& counts) {
  ConfusionMatrix matrix(static_cast<int64_t>(counts.size()));
  for (size_t truth = 0; truth < counts.size(); ++truth)
    for (size_t predicted = 0; predicted < counts.size(); ++predicted)
      for (int i = 0; i < counts[truth][predicted]; ++i)
        matrix.add(static_cast<int32_t>(truth), static_cast<int32_t>(predicted));
  return matrix;
}

void check_scores(AccuracyAndF1Of* scores_of, check::Judge& judge) {
  const auto check = [&](const std::string& what, const Counts& counts, double accuracy,
                         double precision, double recall, double f1, int64_t support) {
    judge.input(what);
    const AccuracyAndF1 got = scores_of(matrix_of(counts));
    judge.equal(what + ": accuracy", {got.accuracy}, {accuracy}, {1});
    judge.equal(what + ": precision", {got.macro.precision}, {precision}, {1});
    judge.equal(what + ": recall", {got.macro.recall}, {recall}, {1});
    judge.equal(what + ": F1", {got.macro.f1}, {f1}, {1});
    judge.equal(what + ": support", got.macro.support, support);
  };
  const double f1_of_0 = 2. * 6 / (8 + 7);
  check("two classes", {{6, 2}, {1, 3}}, 9. / 12, (6. / 7 + 3. / 5) / 2, (6. / 8 + 3. / 4) / 2,
        (f1_of_0 + 2. * 3 / (4 + 5)) / 2, 12);
  check("the same once more", {{6, 2}, {1, 3}}, 9. / 12, (6. / 7 + 3. / 5) / 2,
        (6. / 8 + 3. / 4) / 2, (f1_of_0 + 2. * 3 / (4 + 5)) / 2, 12);
  check("\"negative\" to everything", {{140, 0}, {14, 0}}, 140. / 154, 140. / 154 / 2, 0.5,
        140. / 147 / 2, 154);
  check("three classes", {{5, 1, 0}, {2, 3, 1}, {0, 2, 6}}, 14. / 20,
        (5. / 7 + 3. / 6 + 6. / 7) / 3, (5. / 6 + 3. / 6 + 6. / 8) / 3,
        (10. / 13 + 6. / 12 + 12. / 15) / 3, 20);
  check("a class without examples", {{3, 1, 1}, {0, 0, 0}, {2, 0, 4}}, 7. / 11,
        (3. / 5 + 0 + 4. / 5) / 3, (3. / 5 + 0 + 4. / 6) / 3, (6. / 10 + 0 + 8. / 11) / 3, 11);
  check("a class that occurs nowhere", {{4, 2, 0}, {1, 3, 0}, {0, 0, 0}}, 7. / 10,
        (4. / 5 + 3. / 5) / 3, (4. / 6 + 3. / 4) / 3, (8. / 11 + 6. / 9) / 3, 10);
  check("all wrong", {{0, 4}, {3, 0}}, 0, 0, 0, 0, 7);
  check("all right", {{4, 0}, {0, 3}}, 1, 1, 1, 1, 7);
  check("one class", {{5}}, 1, 1, 1, 1, 5);
  check("no examples", {{0, 0}, {0, 0}}, 0, 0, 0, 0, 0);
  check("no classes", {}, 0, 0, 0, 0, 0);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<AccuracyAndF1Of>({.name = "accuracy_and_f1",
                                      .check = check_scores,
                                      .mine = of_mine,
                                      .mistaken = mistakes::accuracy_and_f1,
                                      .mistakes = mistakes::list,
                                      .alternatives = alternatives::list},
                                     argc, argv);
}
