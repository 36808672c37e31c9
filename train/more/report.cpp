// Writing the parts of a report: charts as SVG, tables, attention.
#include "train/more/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/inspect/page.h"
#include "core/io/files.h"
#include "text/unicode.h"
#include "train/more/classification_report.h"
#include "train/more/report_page.h"

namespace cairn {
namespace {

std::string format(const char* pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

// The room of a chart in SVG units; at 360 px a unit is about a pixel.
constexpr double width = 360, height = 230, left = 40, right = 8, top = 20, bottom = 34;

struct Axis {
  double min, max;
  double at(double value, double from, double to) const {
    return from + (to - from) * (max > min ? (value - min) / (max - min) : 0.5);
  }
};

// A step of 1, 2 or 5 times a power of ten that gives about five marks.
double mark_step(const Axis& axis) {
  const double rough = std::max((axis.max - axis.min) / 6, 1e-9);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

std::string marks(const Axis& x, const Axis& y) {
  std::string svg;
  for (double v = std::ceil(y.min / mark_step(y)) * mark_step(y); v <= y.max + 1e-9;
       v += mark_step(y)) {
    const double at = y.at(v, height - bottom, top);
    svg += "<line class=axis x1=" + format("%g", left) + " x2=" + format("%g", width - right) +
           " y1=" + format("%.1f", at) + " y2=" + format("%.1f", at) + " />" +
           "<text text-anchor=end x=" + format("%g", left - 5) + " y=" + format("%.1f", at + 4) +
           ">" + format("%g", v) + "</text>";
  }
  for (double v = std::ceil(x.min / mark_step(x)) * mark_step(x); v <= x.max + 1e-9;
       v += mark_step(x)) {
    const double at = x.at(v, left, width - right);
    const bool last = at > width - right - 12;  // whose text would reach out of the chart
    svg += "<text text-anchor=" + std::string(last ? "end" : "middle") +
           " x=" + format("%.1f", last ? width : at) + " y=" + format("%g", height - bottom + 15) +
           ">" + format("%g", v) + "</text>";
  }
  return svg;
}

constexpr const char* dashes[] = {"", "7 4", "2 3"};

std::string polyline(const Series& series, size_t number, const Axis& x, const Axis& y) {
  std::string points;
  for (const auto& [px, py] : series.points)
    if (std::isfinite(py))
      points += format("%.1f", x.at(px, left, width - right)) + "," +
                format("%.1f", y.at(py, height - bottom, top)) + " ";
  return "<polyline class=line stroke=\"var(--s" + std::to_string(number % 3) +
         ")\" stroke-dasharray=\"" + dashes[number % 3] + "\" points=\"" + points + "\"/>";
}

std::string legend(const std::vector<Series>& series) {
  constexpr const char* kinds[] = {"solid", "dashed", "dotted"};
  std::string html = "<div class=legend>";
  for (size_t i = 0; i < series.size(); ++i)
    html += "<span><i style=\"border-top-style:" + std::string(kinds[i % 3]) +
            ";border-color:var(--s" + std::to_string(i % 3) + ")\"></i> " +
            escape_html(series[i].name) + "</span>";
  return html + "</div>";
}

bool is_number(const std::string& cell) {
  return cell.find_first_not_of("0123456789.+-% ") == std::string::npos;
}

// The maps of the heads, in SVG units: a weight is a square of 10, and the tokens' names stand in a
// margin at the left and above.
size_t margin_for(const std::vector<std::string>& tokens) {
  size_t longest = 0;
  for (const std::string& token : tokens)
    longest = std::max(longest, static_cast<size_t>(count_code_points(token)));
  return 5 * longest + 6;
}

std::string token_names(const std::vector<std::string>& tokens) {
  const size_t margin = margin_for(tokens);
  std::string svg;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const std::string at = std::to_string(margin + 10 * i + 8), token = escape_html(tokens[i]);
    const std::string end = std::to_string(margin - 3);
    svg += "<text text-anchor=end x=" + end + " y=" + at + ">" + token + "</text>" +
           "<text transform=\"translate(" + at + " " + end + ") rotate(-90)\">" + token + "</text>";
  }
  return svg;
}

std::string head_map(const std::string& name, const std::string& names, size_t margin, size_t T,
                     const std::vector<float>& weights) {
  const std::string side = std::to_string(margin + 10 * T + 1), map = std::to_string(10 * T);
  std::string svg = "<figure><figcaption>" + name + "</figcaption><svg role=img aria-label=\"" +
                    name + "\" viewBox=\"0 0 " + side + " " + side + "\">" + names +
                    "<rect class=frame x=" + std::to_string(margin) +
                    " y=" + std::to_string(margin) + " width=" + map + " height=" + map + " />";
  for (size_t i = 0; i < T * T; ++i)
    if (weights[i] >= 0.005f)
      svg += "<rect x=" + std::to_string(margin + 10 * (i % T)) +
             " y=" + std::to_string(margin + 10 * (i / T)) +
             " width=10 height=10 fill-opacity=" + format("%.2f", weights[i]) + " />";
  return svg + "</svg></figure>\n";
}

// One that a narrow table may have to break.
bool has_long_word(const std::string& cell) {
  size_t length = 0, longest = 0;
  for (char c : cell) longest = std::max(longest, length = c == ' ' ? 0 : length + 1);
  return longest > 16;
}

}  // namespace

Report::Report(std::string title, std::string introduction) : title_(std::move(title)) {
  paragraph(introduction);
}

void Report::section(const std::string& title, const std::string& text) {
  body_ += "<h2>" + escape_html(title) + "</h2>\n";
  if (!text.empty()) paragraph(text);
}

void Report::paragraph(const std::string& text) { body_ += "<p>" + escape_html(text) + "</p>\n"; }

void Report::line_chart(const std::string& title, const std::string& x_name,
                        const std::string& y_name, const std::vector<Series>& series) {
  Axis x{1e300, -1e300}, y{0, -1e300};
  std::vector<std::vector<std::string>> rows{{x_name}};
  for (const Series& s : series) {
    rows[0].push_back(s.name);
    for (const auto& [px, py] : s.points) {
      if (!std::isfinite(py)) continue;
      x = {std::min(x.min, px), std::max(x.max, px)};
      y = {std::min(y.min, py), std::max(y.max, py)};
    }
  }
  if (x.min > x.max) return;
  y.max += y.max > y.min ? 0.03 * (y.max - y.min) : 1;
  body_ += "<h3>" + escape_html(title) + "</h3>" + legend(series) + "<svg role=img aria-label=\"" +
           escape_html(title) + "; the numbers are in the table below\" viewBox=\"0 0 360 230\">" +
           marks(x, y);
  for (size_t i = 0; i < series.size(); ++i) body_ += polyline(series[i], i, x, y);
  body_ += "<text class=name x=2 y=10>" + escape_html(y_name) + "</text>" +
           "<text class=name text-anchor=middle x=200 y=226>" + escape_html(x_name) +
           "</text></svg>\n";

  // The table: every point where there are few, else about twenty of them.
  const size_t count = series[0].points.size(), step = std::max<size_t>(1, count / 20);
  for (size_t p = 0; p < count; p += step) {
    rows.push_back({format("%g", series[0].points[p].first)});
    for (const Series& s : series)
      rows.back().push_back(p < s.points.size() ? format("%.4f", s.points[p].second) : "");
  }
  body_ += "<details><summary>The numbers</summary>";
  table(y_name, rows);
  body_ += "</details>\n";
}

void Report::table(const std::string& caption, const std::vector<std::vector<std::string>>& rows) {
  body_ += "<div class=scroll tabindex=0><table><caption>" + escape_html(caption) + "</caption>\n";
  std::vector<bool> is_text;  // else a column's header stands above numbers, at the right
  for (size_t r = 1; r < rows.size(); ++r)
    for (size_t column = 0; column < rows[r].size(); ++column) {
      if (column >= is_text.size()) is_text.resize(column + 1);
      is_text[column] = is_text[column] || !is_number(rows[r][column]);
    }
  for (size_t r = 0; r < rows.size(); ++r) {
    body_ += "<tr>";
    for (size_t column = 0; column < rows[r].size(); ++column) {
      body_ += r == 0 ? "<th scope=col" : "<td";
      const bool text = column < is_text.size() && is_text[column];
      body_ += !text                            ? ">"
               : has_long_word(rows[r][column]) ? " class=\"text long\">"
                                                : " class=text>";
      body_ += escape_html(rows[r][column]);
      body_ += r == 0 ? "</th>" : "</td>";
    }
    body_ += "</tr>\n";
  }
  body_ += "</table></div>\n";
}

void Report::confusion(const std::string& caption, const ConfusionMatrix& matrix,
                       const std::vector<std::string>& names) {
  body_ += "<div class=scroll tabindex=0><table><caption>" + escape_html(caption) +
           "</caption>\n<tr><th scope=col>truth \\ predicted</th>";
  for (const std::string& name : names) body_ += "<th scope=col>" + escape_html(name) + "</th>";
  body_ += "</tr>\n";
  for (int64_t t = 0; t < matrix.classes(); ++t) {
    body_ += "<tr><th scope=row>" + escape_html(names[static_cast<size_t>(t)]) + "</th>";
    for (int64_t p = 0; p < matrix.classes(); ++p) {
      const double share = static_cast<double>(matrix.count(t, p)) /
                           static_cast<double>(std::max<int64_t>(score_of(matrix, t).support, 1));
      body_ += "<td class=heat style=\"--w:" + format("%.3f", 0.5 * share) + "\">" +
               std::to_string(matrix.count(t, p)) + "</td>";
    }
    body_ += "</tr>\n";
  }
  body_ += "</table></div>\n";
}

void Report::attention(const std::vector<std::string>& tokens,
                       const std::vector<HeadAttention>& heads) {
  const size_t T = tokens.size();
  const std::string names = token_names(tokens);
  std::string maps, options, json;
  for (size_t h = 0; h < heads.size(); ++h) {
    const std::string name =
        "layer " + std::to_string(heads[h].layer) + ", head " + std::to_string(heads[h].head);
    options += "<option value=" + std::to_string(h) + ">" + name + "</option>";
    maps += head_map(name, names, margin_for(tokens), T, heads[h].weights);
    json += (h ? ",[" : "[");
    for (size_t i = 0; i < T * T; ++i) json += (i ? "," : "") + format("%.3f", heads[h].weights[i]);
    json += "]";
  }
  body_ +=
      "<p>Choose a head and a token (arrow keys move along the sentence); the stronger a token's "
      "colour, the more the chosen one attends to it.</p>\n<label>Head <select id=head>" +
      options + "</select></label>\n<div class=tokens role=group aria-label=\"the sentence\">";
  for (const std::string& token : tokens)
    body_ += "<button type=button class=heat>" + escape_html(token) + "</button>";
  body_ +=
      "</div>\n<p id=said aria-live=polite></p>\n<h3>All heads</h3><p>One map a head. A row shows "
      "what its token attends to: the stronger the colour of a column, the more.</p>\n"
      "<div class=heads>" +
      maps + "</div>\n<script type=\"application/json\" id=attention>{\"heads\":[" + json +
      "]}</script>\n<script>" + report_script + "</script>\n";
}

std::string Report::html() const { return html_page(title_, report_style, body_); }

void Report::write(const std::string& path) const { write_file_atomically(path, html()); }

}  // namespace cairn
