#pragma once
// The figures of the chapters, as SVG files: axes with curves, points or bars, and matrices with a
// number in each cell. 360 units wide, so that the text can be read on a telephone; light, and dark
// where the reader's system is. A chapter's program draws all its figures when run as
// `PROGRAM --figures DIR`:
//
//   if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
//
//   figure::Figure f(230, "The variance of q.k");
//   f.axes({"d", 0, 256, {{0, "0"}, {256, "256"}}}, {"variance", 0, 300, {{100, "100"}}});
//   f.curve({{4, 4}, {256, 256}}, figure::blue, "q.k");
//   f.write(folder, "variance");
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace figure {

// Each colour has a twin for the dark (see `begin`), so it is named, not given by its value.
enum Colour { ink, faint, blue, orange, green };

struct Axis {
  std::string label;
  double low, high;
  std::vector<std::pair<double, std::string>> ticks{};  // where, and what stands there
};

struct Matrix {
  size_t rows, columns;
  std::vector<double> values;        // row by row; the larger its size, the stronger the colour
  std::vector<std::string> cells{};  // what stands in the cells; if empty, the values
  std::vector<std::string> row_names{}, column_names{};
  std::string title{};
  Colour colour = blue;
  int digits = 2;
};

inline const char* folder_of(int argc, char** argv) {
  return argc == 3 && !std::strcmp(argv[1], "--figures") ? argv[2] : nullptr;
}

inline std::string number(double x, int digits = 1) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, x);
  return std::strpbrk(text, "123456789") || text[0] != '-' ? text : text + 1;  // no -0.0
}

class Figure {
 public:
  static constexpr double width = 360;

  // The title stands at the top left, in one line of at most 45 letters.
  Figure(double height, const std::string& title) : height_(height), bottom_(height - 40) {
    text(10, 20, title, ink, "start", "bold");
  }

  // (x, y): units of the figure, from its left and its top.
  void text(double x, double y, const std::string& words, Colour colour = ink,
            const char* anchor = "start", const char* weight = "normal") {
    std::string escaped;
    for (char c : words) escaped += c == '&' ? "&amp;" : c == '<' ? "&lt;" : std::string(1, c);
    svg_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor +
            "\" font-weight=\"" + weight + "\"" + paint("fill", colour) + ">" + escaped +
            "</text>\n";
  }
  void line(double x1, double y1, double x2, double y2, Colour colour = ink, double stroke = 1) {
    svg_ += "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) +
            "\" y2=\"" + number(y2) + "\" stroke-width=\"" + number(stroke) + "\"" +
            paint("stroke", colour) + "/>\n";
  }
  // `strength` from 0 (only its border is seen) to 1.
  void box(double x, double y, double w, double h, Colour colour = blue, double strength = 0) {
    svg_ += "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(w) +
            "\" height=\"" + number(h) + "\" fill-opacity=\"" + number(strength, 2) + "\"" +
            paint("fill", colour) + "/>\n";
    svg_ += "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(w) +
            "\" height=\"" + number(h) + "\" fill=\"none\"" + paint("stroke", faint) + "/>\n";
  }

  // The two axes of what is drawn next. The names of curves stand above them, on the right.
  void axes(const Axis& x, const Axis& y) {
    x_ = x, y_ = y;
    line(left_, bottom_, right_, bottom_), line(left_, top_, left_, bottom_);
    for (const auto& [at, name] : x.ticks) {
      line(to_x(at), bottom_, to_x(at), bottom_ + 4);
      text(to_x(at), bottom_ + 17, name, ink, "middle");
    }
    for (const auto& [at, name] : y.ticks) {
      line(left_, to_y(at), right_, to_y(at), faint, 0.5);
      text(left_ - 5, to_y(at) + 4, name, ink, "end");
    }
    text((left_ + right_) / 2, bottom_ + 34, x.label, ink, "middle");
    text(10, top_ - 10, y.label);
    name_x_ = right_;
  }

  // Points joined by a line, dashed if it is not blue, so that no reader needs the colours.
  void curve(const std::vector<std::pair<double, double>>& points, Colour colour,
             const std::string& name) {
    std::string path;
    for (const auto& [x, y] : points) path += number(to_x(x)) + "," + number(to_y(y)) + " ";
    svg_ += "<polyline points=\"" + path + "\" fill=\"none\" stroke-width=\"2\"" +
            (colour == blue     ? ""
             : colour == orange ? " stroke-dasharray=\"6 3\""
                                : " stroke-dasharray=\"2 3\"") +
            paint("stroke", colour) + "/>\n";
    for (const auto& [x, y] : points)
      if (points.size() <= 16)
        svg_ += "<circle cx=\"" + number(to_x(x)) + "\" cy=\"" + number(to_y(y)) + "\" r=\"3\"" +
                paint("fill", colour) + "/>\n";
    if (name.empty()) return;
    text(name_x_, top_ - 10, name, colour, "end", "bold");
    name_x_ -= 8.0 * static_cast<double>(name.size()) + 16;
  }

  // Bars from y = 0, in units of the axes, each with its number on top.
  void bars(const std::vector<double>& at, const std::vector<double>& values, double bar_width,
            Colour colour, int digits = 2) {
    for (size_t i = 0; i < at.size(); ++i) {
      const double y = to_y(values[i]), w = to_x(at[i] + bar_width) - to_x(at[i]);
      box(to_x(at[i]) - w / 2, std::min(y, to_y(0)), w, std::fabs(to_y(0) - y), colour, 0.6);
      text(to_x(at[i]), y - 4, number(values[i], digits), ink, "middle");
    }
  }

  // A heat map whose upper left cell is at (x, y). Its title stands above, the columns' names
  // between, the rows' names to the left of x.
  void matrix(double x, double y, const Matrix& m, double cell_width = 44,
              double cell_height = 26) {
    double largest = 1e-30;
    for (double v : m.values) largest = std::max(largest, std::fabs(v));
    text(x, y - (m.column_names.empty() ? 8 : 24), m.title);
    for (size_t i = 0; i < m.rows; ++i)
      for (size_t j = 0; j < m.columns; ++j) {
        const size_t at = i * m.columns + j;
        const double cx = x + cell_width * static_cast<double>(j);
        const double cy = y + cell_height * static_cast<double>(i);
        box(cx, cy, cell_width, cell_height, m.colour, 0.55 * std::fabs(m.values[at]) / largest);
        text(cx + cell_width / 2, cy + cell_height / 2 + 4.5,
             m.cells.empty() ? number(m.values[at], m.digits) : m.cells[at], ink, "middle");
        if (i == 0 && !m.column_names.empty())
          text(cx + cell_width / 2, y - 6, m.column_names[j], ink, "middle");
        if (j == 0 && !m.row_names.empty())
          text(x - 6, cy + cell_height / 2 + 4.5, m.row_names[i], ink, "end");
      }
  }

  // Writes FOLDER/NAME.svg. std::runtime_error if it cannot.
  void write(const std::string& folder, const std::string& name) const {
    const std::string path = folder + "/" + name + ".svg", all = begin() + svg_ + "</svg>\n";
    std::FILE* file = std::fopen(path.c_str(), "w");
    const bool written = file && std::fwrite(all.data(), 1, all.size(), file) == all.size();
    if (!file || std::fclose(file) != 0 || !written)
      throw std::runtime_error(path + " cannot be written; is there such a folder?");
  }

 private:
  double to_x(double x) const {
    return left_ + (x - x_.low) / (x_.high - x_.low) * (right_ - left_);
  }
  double to_y(double y) const {
    return bottom_ - (y - y_.low) / (y_.high - y_.low) * (bottom_ - top_);
  }

  // The light colour as an attribute, which any viewer knows; the class lets `begin` darken it.
  static std::string paint(const char* what, Colour colour) {
    static const char* const light[] = {"#1f2328", "#b6bec7", "#0969da", "#bc4c00", "#1a7f37"};
    static const char* const classes[] = {"ink", "faint", "blue", "orange", "green"};
    return std::string(" ") + what + "=\"" + light[colour] + "\" class=\"" + what[0] + "-" +
           classes[colour] + "\"";
  }
  std::string begin() const {
    std::string style;
    const std::pair<const char*, const char*> dark[] = {{"ink", "#e6edf3"},
                                                        {"faint", "#484f58"},
                                                        {"blue", "#58a6ff"},
                                                        {"orange", "#f0883e"},
                                                        {"green", "#3fb950"}};
    for (const auto& [name, colour] : dark)
      style +=
          std::string(".f-") + name + "{fill:" + colour + "}.s-" + name + "{stroke:" + colour + "}";
    const std::string size = number(width, 0) + " " + number(height_, 0);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + "\" width=\"" +
           number(width, 0) + "\" font-family=\"sans-serif\" font-size=\"13\">\n" +
           "<style>@media (prefers-color-scheme: dark){.paper{fill:#0d1117}" + style +
           "}</style>\n" +
           "<rect class=\"paper\" width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  }

  double height_, left_ = 46, right_ = 346, top_ = 52, bottom_;  // of the plot
  double name_x_ = 0;                                            // where a curve's name ends
  Axis x_{"", 0, 1, {}}, y_{"", 0, 1, {}};
  std::string svg_;
};

}  // namespace figure
