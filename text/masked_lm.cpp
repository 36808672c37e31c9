#include "text/masked_lm.h"

#include <algorithm>

#include "core/error.h"
#include "core/io/files.h"
#include "core/io/utf8.h"

namespace cairn {
namespace {

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

// All sentences of all documents, and where each document begins in them.
struct Sentences {
  std::vector<const std::string*> all;
  std::vector<int64_t> starts;

  explicit Sentences(const Documents& documents) {
    for (const std::vector<std::string>& document : documents) {
      starts.push_back(static_cast<int64_t>(all.size()));
      for (const std::string& sentence : document) all.push_back(&sentence);
    }
  }

  // One of another document's than number `d`, which has n sentences.
  const std::string& outside(size_t d, size_t n, Random& random) const {
    int64_t i = random.below(static_cast<int64_t>(all.size() - n));
    if (i >= starts[d]) i += static_cast<int64_t>(n);
    return *all[static_cast<size_t>(i)];
  }
};

void check_documents(const Documents& documents) {
  int64_t not_empty = 0, with_pairs = 0;
  for (const std::vector<std::string>& document : documents) {
    not_empty += !document.empty();
    with_pairs += document.size() > 1;
  }
  if (not_empty < 2)
    fail("sentence_pairs", "the text has " + std::to_string(not_empty) + " documents",
         "a sentence that does not follow is taken from another document: separate at least two "
         "with a blank line");
  if (with_pairs == 0)
    fail("sentence_pairs", "no document has two sentences", "write one sentence a line");
}

}  // namespace

MaskedTokens mask_tokens(const Ids& ids, const BertTokenizer& tokenizer, Random& random,
                         const MaskingOptions& options) {
  std::vector<int32_t> replaced = ids.values();
  std::vector<int32_t> labels(replaced.size(), ignored_label);
  for (size_t i = 0; i < replaced.size(); ++i) {
    const int32_t id = replaced[i];
    if (tokenizer.is_special(id) || random.uniform() >= options.chosen) continue;
    labels[i] = id;
    const double u = random.uniform();
    if (u < options.masked)
      replaced[i] = tokenizer.mask();
    else if (u < options.masked + options.random)
      replaced[i] = static_cast<int32_t>(random.below(tokenizer.size()));
  }
  return {Ids(ids.shape(), std::move(replaced)), Ids(ids.shape(), std::move(labels))};
}

Documents read_documents(const std::string& path) {
  const std::vector<std::string> lines = split_lines(read_file(path));
  Documents documents(1);
  for (size_t i = 0; i < lines.size(); ++i) {
    if (const int64_t bad = utf8_error(lines[i]); bad >= 0)
      fail(path + ":" + std::to_string(i + 1),
           "byte " + std::to_string(bad) + " of the line is not UTF-8",
           "convert the file, e.g. with iconv");
    if (!is_blank(lines[i]))
      documents.back().push_back(lines[i]);
    else if (!documents.back().empty())
      documents.emplace_back();
  }
  if (documents.back().empty()) documents.pop_back();
  if (documents.empty())
    fail(path, "the text has no sentence",
         "write a sentence a line and a blank line between documents");
  return documents;
}

std::vector<SentencePair> sentence_pairs(const Documents& documents, Random& random) {
  check_documents(documents);
  const Sentences sentences(documents);
  std::vector<SentencePair> pairs;
  for (size_t d = 0; d < documents.size(); ++d) {
    const std::vector<std::string>& document = documents[d];
    for (size_t i = 0; i + 1 < document.size(); ++i) {
      if (random.uniform() < 0.5)
        pairs.push_back({document[i], document[i + 1], 0});
      else
        pairs.push_back({document[i], sentences.outside(d, document.size(), random), 1});
    }
  }
  return pairs;
}

}  // namespace cairn
