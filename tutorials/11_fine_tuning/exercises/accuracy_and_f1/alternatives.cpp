// Other ways to write it, as good.
#include <vector>

#include "tutorials/11_fine_tuning/exercises/accuracy_and_f1/accuracy_and_f1.h"

namespace alternatives {
namespace {

// F1 from right, missed and falsely called examples.
AccuracyAndF1 by_errors(const ConfusionMatrix& m) {
  double right = 0, f1 = 0, precision = 0, recall = 0;
  for (int64_t c = m.classes(); c-- > 0;) {
    double hit = static_cast<double>(m.count(c, c)), missed = -hit, false_calls = -hit;
    for (int64_t d = 0; d < m.classes(); ++d)
      missed += static_cast<double>(m.count(c, d)),
          false_calls += static_cast<double>(m.count(d, c));
    right += hit;
    if (hit == 0) continue;
    f1 += hit / (hit + (missed + false_calls) / 2);
    precision += hit / (hit + false_calls), recall += hit / (hit + missed);
  }
  const double n = m.classes() > 0 ? static_cast<double>(m.classes()) : 1;
  const double all = m.total() > 0 ? static_cast<double>(m.total()) : 1;
  return {right / all, {precision / n, recall / n, f1 / n, m.total()}};
}

// With the library's score of one class.
AccuracyAndF1 with_score_of(const ConfusionMatrix& m) {
  Score mean;
  int64_t right = 0;
  const double part = m.classes() > 0 ? 1.0 / static_cast<double>(m.classes()) : 0;
  for (int64_t c = 0; c < m.classes(); ++c) {
    const Score s = cairn::score_of(m, c);
    mean.precision += part * s.precision, mean.recall += part * s.recall, mean.f1 += part * s.f1;
    mean.support += s.support, right += m.count(c, c);
  }
  return {m.total() == 0 ? 0 : static_cast<double>(right) / static_cast<double>(m.total()), mean};
}

// Row and column sums first, all in long double.
AccuracyAndF1 with_sums(const ConfusionMatrix& m) {
  const auto n = static_cast<size_t>(m.classes());
  std::vector<long double> row(n), column(n), hit(n);
  long double all = 0, right = 0;
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < n; ++j) {
      const auto count =
          static_cast<long double>(m.count(static_cast<int64_t>(i), static_cast<int64_t>(j)));
      row[i] += count, column[j] += count, all += count;
      if (i == j) hit[i] = count, right += count;
    }
  long double p = 0, r = 0, f = 0;
  for (size_t c = 0; c < n; ++c) {
    p += column[c] > 0 ? hit[c] / column[c] : 0;
    r += row[c] > 0 ? hit[c] / row[c] : 0;
    f += row[c] + column[c] > 0 ? 2 * hit[c] / (row[c] + column[c]) : 0;
  }
  const long double classes = n > 0 ? static_cast<long double>(n) : 1;
  return {static_cast<double>(all > 0 ? right / all : 0),
          {static_cast<double>(p / classes), static_cast<double>(r / classes),
           static_cast<double>(f / classes), static_cast<int64_t>(all)}};
}

}  // namespace

const std::vector<check::Alternative<AccuracyAndF1Of>> list = {
    {"by errors", by_errors},
    {"with score_of", with_score_of},
    {"row and column sums", with_sums},
};

}  // namespace alternatives
