// Tables: what each row gives, which lines are rows, and where what is wrong is.
#include <doctest/doctest.h>

#include "tests/folders.h"
#include "tests/support.h"
#include "text/tsv.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::TempFolder;

namespace {

// "TEXT=LABEL;" for each row of a file with this text, or the Error without the folder.
std::string read(const std::string& text, int32_t labels = 3,
                 const std::string& text_column = "sentence",
                 const std::string& label_column = "label") {
  const TempFolder folder;
  write_file_atomically(folder / "f.tsv", text);
  std::string result;
  const std::string error = error_of([&] {
    for (const Example& e : read_tsv(folder / "f.tsv", labels, text_column, label_column))
      result += e.text + "=" + std::to_string(e.label) + ";";
  });
  if (error.empty()) return result;
  return "[" + error.substr(folder.path().size() + 1);
}

const std::string header = "sentence\tlabel\n";

}  // namespace

TEST_CASE("tsv: each row gives the text and label of its columns, wherever they stand") {
  const std::pair<const char*, const char*> table[] = {
      {"sentence\tlabel\na b\t1\nc\t2\n", "a b=1;c=2;"},
      {"label\tsentence\n1\ta b\n2\tc", "a b=1;c=2;"},
      {"id\tlabel\tx\tsentence\n9\t0\t8\ta\n7\t2\t\t\n", "a=0;=2;"},
      {"id\tsentence\tx\tlabel\ty\n0\ta\t1\t2\t1\n", "a=2;"},
      {"sentence\tlabel\r\na\t1\r\nb\t0\r\n", "a=1;b=0;"},
      {"sentence\tlabel\n\"a\"\"b\t1\n'c'\\t\t0\n", "\"a\"\"b=1;'c'\\t=0;"},  // no quoting
      {"sentence\tlabel\n  a  \t1\n", "  a  =1;"},
      {"sentence\tlabel\n a\rb\t1\n", " a\rb=1;"},
      {"\xEF\xBB\xBFsentence\tlabel\nа\t1\n", "а=1;"},
      {"sentence\tsentence2\tlabel\na\tb\t1\n", "a=1;"},
      {"sentence\tlabel\tsentence\na\t1\tb\n", "a=1;"},  // of two with one name, the first
      {"sentence\tlabel\na\t002\n", "a=2;"},
  };
  for (const auto& row : table) {
    const auto& text = row.first;
    const auto& rows = row.second;
    CAPTURE(text);
    CHECK(read(text) == rows);
  }
  CHECK(read("q\tis_duplicate\tsentence\tlabel\nx\t4\ty\t1\n", 5, "q", "is_duplicate") == "x=4;");
  CHECK(has(read(header + "a\t1\n", 3, "q"), "[/f.tsv:1] the header has no column \"q\""));
  CHECK(has(read(header + "a\t1\n", 3, "sentence", "l"), "the header has no column \"l\""));
}

TEST_CASE("tsv: blank lines at the end are no rows, with tabs they are") {
  for (const char* end : {"", "\n", "\r\n", "\n\n\n", "\n \n", "\r\n \r\n\r\n", "\n\r"}) {
    CAPTURE(end);
    CHECK(read(header + "a\t1\nb\t2" + end) == "a=1;b=2;");
    CHECK(has(read("sentence\tlabel" + std::string(end)), "the table has a header but no rows"));
    CHECK(has(read(end), "[/f.tsv] the file is empty"));
  }
  CHECK(read("label\tsentence\n1\t\n2\t  \n") == "=1;  =2;");
  CHECK(has(read(header + "a\t1\n\t\n"), "[/f.tsv:3] the label is empty"));
}

TEST_CASE("tsv: what is wrong is named with its line, and what would be right") {
  const std::string one = header + "a\t1\n";
  const std::pair<std::string, const char*> table[] = {
      {one + "\nb\t1\n", "[/f.tsv:3] the line is blank, and rows follow it"},
      {one + "  \nb\t1\n", "[/f.tsv:3] the line is blank"},
      {one + "b\n", "[/f.tsv:3] the row has 1 columns, the header 2"},
      {one + one, "[/f.tsv:3] the label is \"label\", not a whole number"},
      {one + "b\t1\t\n", "[/f.tsv:3] the row has 3 columns, the header 2"},
      {one + "b\t3\n", "[/f.tsv:3] the label is 3\n  hint: labels are 0 to 2"},
      {one + "b\t-1\n", "[/f.tsv:3] the label is -1\n  hint: labels are 0 to 2"},
      {one + "b\t4294967297\n", "[/f.tsv:3] the label is 4294967297\n  hint: labels are 0 to 2"},
      {one + "b\t\n", "[/f.tsv:3] the label is empty\n  hint: labels are 0 to 2"},
      {one + "b\t1 \n", "[/f.tsv:3] the label is \"1 \", not a whole number\n  hint: labels"},
      {one + "b\t+1\n", "the label is \"+1\", not a whole number"},
      {one + "b\t99999999999x\n", "the label is \"99999999999x\", not a whole number"},
      {one + "b\tx\n", "the label is \"x\", not a whole number"},
      {one + "\xFF\t1\n", "[/f.tsv:3] byte 19 of the file is not UTF-8"},
      {"\x80" + one, "[/f.tsv:1] byte 0 of the file is not UTF-8"},
      {std::string("\xFE\xFF\0s", 4), "[/f.tsv] is UTF-16, not UTF-8"},
      {std::string("\xFF\xFEs\0", 4), "[/f.tsv] is UTF-16, not UTF-8"},
      {"sentence\tlabel\ra\t1", "[/f.tsv] its lines end with carriage returns alone"},
      {"Sentence\tlabel\na\t1\n", "[/f.tsv:1] the header has no column \"sentence\""},
      {"sentence label\na\t1\n", "[/f.tsv:1] the header has no column \"sentence\""},
  };
  for (const auto& row : table) {
    const auto& text = row.first;
    const auto& message = row.second;
    CAPTURE(text);
    CHECK(has(read(text), message));
  }
  CHECK(has(read(header + "a\t" + std::string(150, 'x') + "\n"),
            "the label is \"" + std::string(100, 'x') + "\", not"));
}

TEST_CASE("tsv: a row of 16 MiB is read, one byte more is not") {
  const size_t most = 16 << 20;
  const std::string row = std::string(most - 2, 'a') + "\t1";
  CHECK(read(header + row).size() == most - 2 + 3);
  CHECK(has(read(header + "a" + row + "\n"), "[/f.tsv:2] the row is longer than 16 MiB"));
}

TEST_CASE("tsv: exactly so many rows are read as fit into twice the file's size and 40 MiB") {
  // A row takes sizeof(Example) + 24 bytes beside the file's own.
  const size_t cost = sizeof(Example) + 24, bytes = 3, least = 40 << 20;
  // size + rows * cost <= 2 * size + 40 MiB, with a header of 15 bytes
  const size_t rows = (least + 15) / (cost - bytes);
  std::string text = "sentence\tlabel\n";
  for (size_t i = 0; i < rows; ++i) text += "\t1\n";
  const TempFolder folder;
  write_file_atomically(folder / "f.tsv", text);
  CHECK(read_tsv(folder / "f.tsv", 2).size() == rows);
  write_file_atomically(folder / "f.tsv", text + "\t1\n");
  CHECK(has(error_of([&] { read_tsv(folder / "f.tsv", 2); }), "has too many rows"));
}
