#pragma once
// Reader for the tables of the GLUE benchmark: a header line that names the columns, then one row
// per line, columns separated by a tab. There is no quoting: a quotation mark is ordinary text.
#include <cstdint>
#include <string>
#include <vector>

namespace cairn {

struct Example {
  std::string text;
  int32_t label;
};

// The rows of a table with a column of texts and one of labels in [0, labels), in any order; other
// columns are skipped. Lines end with \n or \r\n; a byte order mark, and blank lines at the end,
// are skipped. A text may be empty. Error, with FILE:LINE, for a missing column, a row with more or
// fewer columns than the header, a blank line between rows, a row longer than 16 MiB, a label out
// of range, text that is not UTF-8, or no row; and for a file with so many rows that they would
// take far more memory than the file (check_memory in core/io/files.h).
std::vector<Example> read_tsv(const std::string& path, int32_t labels,
                              const std::string& text_column = "sentence",
                              const std::string& label_column = "label");

}  // namespace cairn
