// Reading and checking a table, row by row.
#include "text/tsv.h"

#include <algorithm>
#include <charconv>

#include "core/error.h"
#include "core/io/file_kind.h"
#include "core/io/files.h"
#include "core/io/utf8.h"

namespace cairn {
namespace {

constexpr size_t max_row_bytes = 16 << 20;
constexpr size_t example_bytes = sizeof(Example) + 24;  // and the block of its text

std::string line_of(const std::string& path, size_t line) {
  return path + ":" + std::to_string(line);
}

void check_encoding(const std::string& path, std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
    fail(path, "is UTF-16, not UTF-8", "convert it: iconv -f UTF-16 -t UTF-8");
  const int64_t bad = utf8_error(bytes);
  if (bad < 0) return;
  const size_t line = count_newlines(bytes.substr(0, static_cast<size_t>(bad))) + 1;
  check_utf8(line_of(path, line), bytes, "the file");
}

// Takes the first field off a row.
std::string_view take_field(std::string_view& row) {
  const std::string_view field = row.substr(0, row.find('\t'));
  row.remove_prefix(std::min(field.size() + 1, row.size()));
  return field;
}

int64_t count_columns(std::string_view row) { return std::count(row.begin(), row.end(), '\t') + 1; }

int64_t find_column(const std::string& path, std::string_view header, const std::string& name) {
  const int64_t columns = count_columns(header);
  for (int64_t i = 0; i < columns; ++i)
    if (take_field(header) == name) return i;
  fail(line_of(path, 1), "the header has no column \"" + name + "\"",
       "the first line names the columns, separated by a tab");
}

std::string_view field_of(std::string_view row, int64_t column) {
  for (int64_t i = 0; i < column; ++i) take_field(row);
  return take_field(row);
}

int32_t read_label(const std::string& place, std::string_view text, int32_t labels) {
  const std::string hint = "labels are 0 to " + std::to_string(labels - 1);
  const std::string shown(text.substr(0, 100));
  int32_t label = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), label);
  if (text.empty()) fail(place, "the label is empty", hint);
  if (error == std::errc::invalid_argument || end != text.data() + text.size())
    fail(place, "the label is \"" + shown + "\", not a whole number", hint);
  if (error != std::errc() || label < 0 || label >= labels)
    fail(place, "the label is " + shown, hint);
  return label;
}

// A blank line is not a row: pandas skips it, and spreadsheets leave some at the end.
bool is_blank(std::string_view line) { return line.find_first_not_of(' ') == std::string::npos; }

void check_row(const std::string& place, std::string_view row, int64_t columns) {
  if (is_blank(row)) fail(place, "the line is blank, and rows follow it", "remove the line");
  if (row.size() > max_row_bytes)
    fail(place, "the row is longer than 16 MiB", "is this a table with one row per line?");
  if (count_columns(row) != columns)
    fail(place,
         "the row has " + std::to_string(count_columns(row)) + " columns, the header " +
             std::to_string(columns),
         "columns are separated by one tab, without quoting");
}

// The table without a byte order mark and without blank lines at the end.
std::string_view table_of(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const size_t last = bytes.find_last_not_of(" \r\n");
  const size_t end = last == std::string::npos ? last : bytes.find('\n', last);
  return last == std::string::npos ? "" : bytes.substr(0, end);
}

}  // namespace

std::vector<Example> read_tsv(const std::string& path, int32_t labels,
                              const std::string& text_column, const std::string& label_column) {
  const std::string bytes = read_text(path);
  check_encoding(path, bytes);
  std::string_view rest = table_of(bytes);
  if (rest.empty())
    fail(path, "the file is empty", "it needs a header line, then one row per line");
  if (rest.find('\n') == std::string::npos && rest.find('\r') < rest.size() - 1)
    fail(path, "its lines end with carriage returns alone",
         "convert it, e.g. with tr '\\r' '\\n' <OLD >NEW");
  const std::string_view header = take_line(rest);
  const int64_t columns = count_columns(header);
  const int64_t text_at = find_column(path, header, text_column);
  const int64_t label_at = find_column(path, header, label_column);
  if (rest.empty()) fail(line_of(path, 1), "the table has a header but no rows");
  const size_t rows = count_newlines(rest) + 1;
  check_memory(path, bytes.size(), bytes.size() + rows * example_bytes, "rows");
  std::vector<Example> examples;
  examples.reserve(rows);
  for (size_t line = 2; !rest.empty(); ++line) {
    const std::string_view row = take_line(rest);
    const std::string place = line_of(path, line);
    check_row(place, row, columns);
    examples.push_back(
        {std::string(field_of(row, text_at)), read_label(place, field_of(row, label_at), labels)});
  }
  return examples;
}

}  // namespace cairn
