#include "train/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/io/files.h"
#include "train/page.h"
#include "train/report_page.h"

namespace cairn {
namespace {

std::string format(const char* pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

// The room of a chart in SVG units; at 360 px a unit is about a pixel.
constexpr double width = 360, height = 220, left = 40, right = 8, top = 8, bottom = 34;

struct Axis {
  double least, most;
  double at(double value, double from, double to) const {
    return from + (to - from) * (most > least ? (value - least) / (most - least) : 0.5);
  }
};

// A step of 1, 2 or 5 times a power of ten that gives about five marks.
double mark_step(const Axis& axis) {
  const double rough = std::max((axis.most - axis.least) / 5, 1e-9);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

std::string marks(const Axis& x, const Axis& y) {
  std::string svg;
  for (double v = std::ceil(y.least / mark_step(y)) * mark_step(y); v <= y.most + 1e-9; v += mark_step(y)) {
    const double at = y.at(v, height - bottom, top);
    svg += "<line class=axis x1=" + format("%g", left) + " x2=" + format("%g", width - right) +
           " y1=" + format("%.1f", at) + " y2=" + format("%.1f", at) + " />" +
           "<text text-anchor=end x=" + format("%g", left - 5) + " y=" + format("%.1f", at + 4) + ">" +
           format("%g", v) + "</text>";
  }
  for (double v = std::ceil(x.least / mark_step(x)) * mark_step(x); v <= x.most + 1e-9; v += mark_step(x))
    svg += "<text text-anchor=middle x=" + format("%.1f", x.at(v, left, width - right)) +
           " y=" + format("%g", height - bottom + 15) + ">" + format("%g", v) + "</text>";
  return svg;
}

constexpr const char* dashes[] = {"", "7 4", "2 3"};

std::string polyline(const Series& series, size_t number, const Axis& x, const Axis& y) {
  std::string points;
  for (const auto& [px, py] : series.points)
    points += format("%.1f", x.at(px, left, width - right)) + "," +
              format("%.1f", y.at(py, height - bottom, top)) + " ";
  return "<polyline class=line stroke=\"var(--s" + std::to_string(number % 3) +
         ")\" stroke-dasharray=\"" + dashes[number % 3] + "\" points=\"" + points + "\"/>";
}

std::string legend(const std::vector<Series>& series) {
  constexpr const char* kinds[] = {"solid", "dashed", "dotted"};
  std::string html = "<div class=legend>";
  for (size_t i = 0; i < series.size(); ++i)
    html += "<span><i style=\"border-top-style:" + std::string(kinds[i % 3]) + ";border-color:var(--s" +
            std::to_string(i % 3) + ")\"></i> " + escape_html(series[i].name) + "</span>";
  return html + "</div>";
}

bool is_number(const std::string& cell) {
  return !cell.empty() && cell.find_first_not_of("0123456789.+-% ") == std::string::npos;
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

void Report::line_chart(const std::string& title, const std::string& x_name, const std::string& y_name,
                        const std::vector<Series>& series) {
  Axis x{1e300, -1e300}, y{0, -1e300};
  std::vector<std::vector<std::string>> rows{{x_name}};
  for (const Series& s : series) {
    rows[0].push_back(s.name);
    for (const auto& [px, py] : s.points) {
      x = {std::min(x.least, px), std::max(x.most, px)};
      y = {std::min(y.least, py), std::max(y.most, py)};
    }
  }
  if (x.least > x.most) return;
  y.most += 0.03 * (y.most - y.least);
  body_ += "<h3>" + escape_html(title) + "</h3>" + legend(series) + "<svg role=img aria-label=\"" +
           escape_html(title) + "; the numbers are in the table below\" viewBox=\"0 0 360 220\">" +
           marks(x, y);
  for (size_t i = 0; i < series.size(); ++i) body_ += polyline(series[i], i, x, y);
  body_ += "<text text-anchor=middle x=200 y=216>" + escape_html(x_name) + "</text></svg>\n";

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
  for (size_t r = 0; r < rows.size(); ++r) {
    body_ += "<tr>";
    for (const std::string& cell : rows[r]) {
      const bool text = r > 0 && !is_number(cell);
      body_ += r == 0 ? "<th scope=col>" : text ? "<td class=text>" : "<td>";
      body_ += escape_html(cell) + (r == 0 ? "</th>" : "</td>");
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
                           static_cast<double>(std::max<int64_t>(matrix.score(t).support, 1));
      body_ += "<td class=heat style=\"--w:" + format("%.3f", 0.5 * share) + "\">" +
               std::to_string(matrix.count(t, p)) + "</td>";
    }
    body_ += "</tr>\n";
  }
  body_ += "</table></div>\n";
}

void Report::attention(const std::vector<std::string>& tokens, const std::vector<HeadAttention>& heads) {
  const size_t T = tokens.size();
  std::string maps, options, json;
  for (size_t h = 0; h < heads.size(); ++h) {
    const std::string name = "layer " + std::to_string(heads[h].layer) + ", head " +
                             std::to_string(heads[h].head);
    options += "<option value=" + std::to_string(h) + ">" + name + "</option>";
    json += (h ? ",[" : "[");
    maps += "<figure><svg role=img aria-label=\"" + name + "\" viewBox=\"0 0 " + std::to_string(T) +
            " " + std::to_string(T) + "\">";
    for (size_t i = 0; i < T * T; ++i) {
      const float weight = heads[h].weights[i];
      json += (i ? "," : "") + format("%.3f", weight);
      if (weight >= 0.005)
        maps += "<rect x=" + std::to_string(i % T) + " y=" + std::to_string(i / T) +
                " width=1 height=1 fill-opacity=" + format("%.2f", weight) + " />";
    }
    json += "]";
    maps += "</svg><figcaption>" + name + "</figcaption></figure>\n";
  }
  body_ += "<p>Choose a head and a token (arrow keys move along the sentence); the darker a token, the "
           "more the chosen one attends to it.</p>\n<label>Head <select id=head>" + options +
           "</select></label>\n<div class=tokens role=group aria-label=\"the sentence\">";
  for (const std::string& token : tokens)
    body_ += "<button type=button class=heat>" + escape_html(token) + "</button>";
  body_ += "</div>\n<p id=said aria-live=polite></p>\n<h3>All heads</h3><p>One map a head: row i is what "
           "token i attends to, from the first token to the last.</p>\n<div class=heads>" + maps +
           "</div>\n<script type=\"application/json\" id=attention>{\"heads\":[" + json +
           "]}</script>\n<script>" + report_script + "</script>\n";
}

std::string Report::html() const { return html_page(title_, report_style, body_); }

void Report::write(const std::string& path) const { write_file_atomically(path, html()); }

}  // namespace cairn
