// Computing the scores, and printing them in scikit-learn's layout.
#include "train/more/classification_report.h"

#include <algorithm>
#include <cstdio>

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

Score score_of(const ConfusionMatrix& matrix, int64_t label) {
  int64_t predicted = 0, support = 0;
  for (int64_t other = 0; other < matrix.classes(); ++other) {
    predicted += matrix.count(other, label);
    support += matrix.count(label, other);
  }
  const double right = static_cast<double>(matrix.count(label, label));
  Score s{ratio(right, static_cast<double>(predicted)), ratio(right, static_cast<double>(support)),
          0, support};
  s.f1 = ratio(2 * s.precision * s.recall, s.precision + s.recall);
  return s;
}

Score macro_average(const ConfusionMatrix& matrix) {
  Score sum;
  for (int64_t c = 0; c < matrix.classes(); ++c) {
    const Score s = score_of(matrix, c);
    sum.precision += s.precision / static_cast<double>(matrix.classes());
    sum.recall += s.recall / static_cast<double>(matrix.classes());
    sum.f1 += s.f1 / static_cast<double>(matrix.classes());
    sum.support += s.support;
  }
  return sum;
}

Score weighted_average(const ConfusionMatrix& matrix) {
  Score sum;
  for (int64_t c = 0; c < matrix.classes(); ++c) {
    const Score s = score_of(matrix, c);
    const double weight =
        ratio(static_cast<double>(s.support), static_cast<double>(matrix.total()));
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
    add_row(names[c], score_of(matrix, static_cast<int64_t>(c)));
  text += "\n" + padded("accuracy", width) + std::string(22, ' ') +
          padded(fixed(matrix.accuracy(), digits), 9) + " " +
          padded(std::to_string(matrix.total()), 9) + "\n";
  add_row("macro avg", macro_average(matrix));
  add_row("weighted avg", weighted_average(matrix));
  return text;
}

}  // namespace cairn
