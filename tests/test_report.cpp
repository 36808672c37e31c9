// The report's page: its charts, tables and maps say the numbers that they were given.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/support.h"
#include "train/more/report.h"

using namespace cairn;
using cairn::test::has;

namespace {

size_t count_of(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string chart(const std::vector<Series>& series) {
  Report report("title", "introduction");
  report.line_chart("chart", "x", "y", series);
  return report.html();
}

}  // namespace

// The chart's room is 40 to 352 and, upside down, 196 to 20; above the largest value 3 % are free.
TEST_CASE("report: a chart's points, marks and numbers, computed by hand") {
  const std::string page =
      chart({{"one", {{0, 0}, {5, 0.5}, {10, 1}}}, {"two", {{0, NAN}, {5, 0.25}, {10, 0.5}}}});
  for (const char* part : {
           "stroke=\"var(--s0)\" stroke-dasharray=\"\" "
           "points=\"40.0,196.0 196.0,110.6 352.0,25.1 \"",
           "stroke=\"var(--s1)\" stroke-dasharray=\"7 4\" points=\"196.0,153.3 352.0,110.6 \"",
           "<line class=axis x1=40 x2=352 y1=161.8 y2=161.8 /><text text-anchor=end x=35 y=165.8>"
           "0.2</text>",
           "<text text-anchor=middle x=40.0 y=211>0</text>",
           "<text text-anchor=middle x=102.4 y=211>2</text>",
           "<text text-anchor=end x=360.0 y=211>10</text>",
           "border-top-style:solid;border-color:var(--s0)\"></i> one</span>",
           "border-top-style:dashed;border-color:var(--s1)\"></i> two</span>",
           "<tr><th scope=col>x</th><th scope=col>one</th>",
           "<tr><td>5</td><td>0.5000</td><td class=text>0.2500</td></tr>",  // for a NaN is a word
       }) {
    INFO(std::string(part));
    CHECK(has(page, part));
  }
  CHECK(count_of(page, "<line class=axis") == 6);  // 0 to 1 by 0.2
  CHECK(count_of(page, "y=211>") == 6);            // 0 to 10 by 2
  const std::string by_ten = chart({{"s", {{0, 0}, {46, 1}}}});
  CHECK(count_of(by_ten, "y=211>") == 5);
  CHECK(has(by_ten, "y=211>40</text>"));
}

TEST_CASE("report: a chart's y runs from 0, or from below - constant and empty ones too") {
  CHECK(has(chart({{"s", {{0, -1}, {1, 1}}}}), "points=\"40.0,196.0 352.0,25.1 \""));
  CHECK(has(chart({{"s", {{0, 3}, {1, 3}}}}), "points=\"40.0,25.1 352.0,25.1 \""));
  CHECK(has(chart({{"s", {{0, 0}, {1, 0}}}}), "points=\"40.0,196.0 352.0,196.0 \""));
  CHECK(has(chart({{"s", {{4, 1}}}}), "points=\"196.0,25.1 \""));
  CHECK_FALSE(has(chart({{"s", {{4, NAN}}}}), "polyline"));
}

TEST_CASE("report: of many points about twenty stand in the table") {
  const std::pair<size_t, size_t> table[] = {{19, 19}, {39, 39}, {40, 20}, {45, 23}};
  for (const auto& entry : table) {
    const size_t points = entry.first, rows = entry.second;
    Series s{"s", {}};
    for (size_t i = 0; i < points; ++i) s.points.emplace_back(static_cast<double>(i), 1.0);
    CAPTURE(points);
    CHECK(count_of(chart({s}), "<tr><td>") == rows);
  }
}

TEST_CASE("report: a column with a word is text, one of numbers alone stands at the right") {
  Report report("a < b", "c & d");
  report.table("caption", {{"name", "number", "mixed"},
                           {"x<y", "+1.5%", "7"},
                           {"seventeen_letters", "-2", "seven"},
                           {"sixteen__letters", "3", "8"}});
  const std::string page = report.html();
  for (const char* part : {
           "a &lt; b",
           "<p>c &amp; d</p>",
           "<caption>caption</caption>",
           "<th scope=col class=text>name</th><th scope=col>number</th>"
           "<th scope=col class=text>mixed</th>",
           "<td class=text>x&lt;y</td><td>+1.5%</td><td class=text>7</td>",
           "<td class=\"text long\">seventeen_letters</td><td>-2</td><td class=text>seven</td>",
           "<td class=text>sixteen__letters</td>",
       }) {
    INFO(std::string(part));
    CHECK(has(page, part));
  }
}

TEST_CASE("report: a head's map and numbers, row by row") {
  Report report("title", "introduction");
  report.attention({"ab", "c"}, {{1, 2, {0.25f, 0.75f, 0.004f, 0.996f}}, {3, 4, {1, 0, 0, 1}}});
  const std::string page = report.html();
  for (const char* part : {
           "{\"heads\":[[0.250,0.750,0.004,0.996],[1.000,0.000,0.000,1.000]]}",
           "<option value=0>layer 1, head 2</option><option value=1>layer 3, head 4</option>",
           // the margin is 5 a letter of the longest token and 6 more
           "viewBox=\"0 0 37 37\"",
           "<rect x=16 y=16 width=10 height=10 fill-opacity=0.25 />"
           "<rect x=26 y=16 width=10 height=10 fill-opacity=0.75 />"
           "<rect x=26 y=26 width=10 height=10 fill-opacity=1.00 /></svg>",
           "<text text-anchor=end x=13 y=24>ab</text>",
           "<text text-anchor=end x=13 y=34>c</text>",
           "translate(34 13) rotate(-90)\">c</text>",
       }) {
    INFO(std::string(part));
    CHECK(has(page, part));
  }
}
