#pragma once
// A report as one self-contained HTML page: no script, style or font from elsewhere. It works in
// light and dark mode, on a phone (360 px), on paper, and by keyboard; below every chart is a table
// of its numbers.
#include <string>
#include <utility>
#include <vector>

#include "train/metrics.h"

namespace cairn {

struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  // x ascending
};

// How much each of T tokens attends to each other, in one head: row i holds token i's T weights.
struct HeadAttention {
  int layer, head;
  std::vector<float> weights;  // (T, T)
};

class Report {
 public:
  Report(std::string title, std::string introduction);

  // A heading with a text below; just a text. Plain text: it is escaped.
  void section(const std::string& title, const std::string& text = "");
  void paragraph(const std::string& text);
  // Lines over common axes. y runs from 0, or from the smallest value if that is negative. Points
  // whose y is not finite are left out.
  void line_chart(const std::string& title, const std::string& x_name, const std::string& y_name,
                  const std::vector<Series>& series);
  // The first row is the header; numbers align right.
  void table(const std::string& caption, const std::vector<std::vector<std::string>>& rows);
  void confusion(const std::string& caption, const ConfusionMatrix& matrix,
                 const std::vector<std::string>& names);
  // One small map per head, and a sentence in which a chosen token colours those it attends to.
  void attention(const std::vector<std::string>& tokens, const std::vector<HeadAttention>& heads);

  std::string html() const;                   // the whole page
  void write(const std::string& path) const;  // atomically; Error if it cannot be written

 private:
  std::string title_, body_;
};

}  // namespace cairn
