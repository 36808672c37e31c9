#include "text/tsv.h"

#include <algorithm>
#include <charconv>

#include "core/error.h"
#include "core/io/files.h"
#include "core/io/utf8.h"

namespace cairn {
namespace {

std::string line_of(const std::string& path, size_t line) {
  return path + ":" + std::to_string(line);
}

void check_utf8(const std::string& path, const std::string& bytes) {
  const int64_t bad = utf8_error(bytes);
  if (bad < 0) return;
  const auto line = std::count(bytes.begin(), bytes.begin() + bad, '\n') + 1;
  fail(line_of(path, static_cast<size_t>(line)),
       "byte " + std::to_string(bad) + " of the file is not UTF-8",
       "convert the file, e.g. with iconv");
}

size_t find_column(const std::string& path, const std::vector<std::string>& header,
                   const std::string& name) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end())
    fail(line_of(path, 1), "the header has no column \"" + name + "\"",
         "the first line names the columns, separated by a tab");
  return static_cast<size_t>(found - header.begin());
}

int32_t read_label(const std::string& place, const std::string& text, int32_t labels) {
  const std::string hint = "labels are 0 to " + std::to_string(labels - 1);
  int32_t label = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), label);
  if (error == std::errc::invalid_argument || end != text.data() + text.size())
    fail(place, "the label is \"" + text + "\", not a whole number", hint);
  if (error != std::errc() || label < 0 || label >= labels)
    fail(place, "the label is " + text, hint);
  return label;
}

}  // namespace

std::vector<Example> read_tsv(const std::string& path, int32_t labels,
                              const std::string& text_column, const std::string& label_column) {
  std::string bytes = read_file(path);
  check_utf8(path, bytes);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);  // the byte order mark
  const std::vector<std::string> lines = split_lines(bytes);
  if (lines.empty()) fail(path, "the file is empty", "it needs a header line and a row a line");
  const std::vector<std::string> header = split(lines[0], '\t');
  const size_t text_at = find_column(path, header, text_column);
  const size_t label_at = find_column(path, header, label_column);
  std::vector<Example> examples;
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> row = split(lines[i], '\t');
    if (row.size() != header.size())
      fail(line_of(path, i + 1),
           "the row has " + std::to_string(row.size()) + " columns, the header " +
               std::to_string(header.size()),
           "columns are separated by one tab, without quoting");
    examples.push_back({row[text_at], read_label(line_of(path, i + 1), row[label_at], labels)});
  }
  if (examples.empty()) fail(line_of(path, 1), "the table has a header but no rows");
  return examples;
}

}  // namespace cairn
