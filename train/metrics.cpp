// Counting predictions, and printing the metrics in scikit-learn's layout.
#include "train/metrics.h"

#include <algorithm>
#include <cstdio>

#include "core/check.h"
#include "core/error.h"
#include "text/unicode.h"

namespace cairn {
namespace {

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

// Right-aligned in `width` characters (not bytes).
std::string padded(const std::string& text, size_t width) {
  const size_t length = static_cast<size_t>(count_code_points(text));
  return std::string(width - std::min(width, length), ' ') + text;
}

std::string fixed(double value, int digits) {
  char text[32] = "";
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(int64_t classes)
    : classes_(check_count("ConfusionMatrix", "classes", classes, 10'000)),
      counts_(static_cast<size_t>(classes * classes)) {}

size_t ConfusionMatrix::index(int64_t truth, int64_t predicted) const {
  for (int64_t label : {truth, predicted})
    if (label < 0 || label >= classes_)
      fail("ConfusionMatrix",
           "class " + std::to_string(label) + " of " + std::to_string(classes_) + " classes",
           "they count from 0");
  return static_cast<size_t>(truth * classes_ + predicted);
}

int64_t ConfusionMatrix::total() const {
  int64_t sum = 0;
  for (const int64_t count : counts_) sum += count;
  return sum;
}

double ConfusionMatrix::accuracy() const {
  int64_t right = 0;
  for (int64_t c = 0; c < classes_; ++c) right += count(c, c);
  return ratio(static_cast<double>(right), static_cast<double>(total()));
}

Score ConfusionMatrix::score(int64_t label) const {
  int64_t predicted = 0, support = 0;
  for (int64_t other = 0; other < classes_; ++other) {
    predicted += count(other, label);
    support += count(label, other);
  }
  const double right = static_cast<double>(count(label, label));
  Score s{ratio(right, static_cast<double>(predicted)), ratio(right, static_cast<double>(support)),
          0, support};
  s.f1 = ratio(2 * s.precision * s.recall, s.precision + s.recall);
  return s;
}

Score ConfusionMatrix::macro_average() const {
  Score sum;
  for (int64_t c = 0; c < classes_; ++c) {
    const Score s = score(c);
    sum.precision += s.precision / static_cast<double>(classes_);
    sum.recall += s.recall / static_cast<double>(classes_);
    sum.f1 += s.f1 / static_cast<double>(classes_);
    sum.support += s.support;
  }
  return sum;
}

Score ConfusionMatrix::weighted_average() const {
  Score sum;
  for (int64_t c = 0; c < classes_; ++c) {
    const Score s = score(c);
    const double weight = ratio(static_cast<double>(s.support), static_cast<double>(total()));
    sum.precision += weight * s.precision;
    sum.recall += weight * s.recall;
    sum.f1 += weight * s.f1;
    sum.support += s.support;
  }
  return sum;
}

std::string classification_report(const ConfusionMatrix& matrix,
                                  const std::vector<std::string>& names, int digits) {
  size_t width = std::string("weighted avg").size();
  for (const std::string& name : names)
    width = std::max(width, static_cast<size_t>(count_code_points(name)));

  std::string text = std::string(width, ' ') + " ";
  for (const char* column : {"precision", "recall", "f1-score", "support"})
    text += " " + padded(column, 9);
  text += "\n\n";
  const auto add_row = [&](const std::string& name, const Score& s) {
    text += padded(name, width) + " ";
    for (const double value : {s.precision, s.recall, s.f1})
      text += " " + padded(fixed(value, digits), 9);
    text += " " + padded(std::to_string(s.support), 9) + "\n";
  };
  for (size_t c = 0; c < names.size(); ++c)
    add_row(names[c], matrix.score(static_cast<int64_t>(c)));
  text += "\n" + padded("accuracy", width) + std::string(22, ' ') +
          padded(fixed(matrix.accuracy(), digits), 9) + " " +
          padded(std::to_string(matrix.total()), 9) + "\n";
  add_row("macro avg", matrix.macro_average());
  add_row("weighted avg", matrix.weighted_average());
  return text;
}

}  // namespace cairn
