// Masking tokens, and making pairs of sentences.
#include "text/more/masked_lm.h"

#include <algorithm>

#include "core/error.h"
#include "core/io/file_kind.h"
#include "core/io/files.h"
#include "core/io/utf8.h"

namespace cairn {
namespace {

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string::npos;
}

void check_passages(const std::vector<Passage>& passages) {
  const auto of_first = [&](const Passage& passage) {
    return passage.document == passages[0].document;
  };
  if (std::all_of(passages.begin(), passages.end(), of_first))
    fail("sentence_pairs",
         "the text has " + std::to_string(passages.empty() ? 0 : 1) + " documents",
         "what does not follow is taken from another document: separate at least two with a blank "
         "line");
  if (std::all_of(passages.begin(), passages.end(),
                  [](const Passage& passage) { return passage.sentences.size() < 2; }))
    fail("sentence_pairs", "no two sentences of a document fit together",
         "write one sentence per line, or give a larger --max-length");
}

std::string joined(const std::vector<std::string>& sentences, size_t from, size_t to) {
  std::string text;
  for (size_t i = from; i < to; ++i) text += (i > from ? " " : "") + sentences[i];
  return text;
}

// Where to split a passage of at least two sentences: both parts have at least one.
size_t split_of(const Passage& passage, Random& random) {
  return 1 + static_cast<size_t>(random.below(static_cast<int64_t>(passage.sentences.size()) - 1));
}

std::string random_end(const Passage& passage, Random& random) {
  const size_t from = passage.sentences.size() < 2 ? 0 : split_of(passage, random);
  return joined(passage.sentences, from, passage.sentences.size());
}

}  // namespace

MaskedTokens mask_tokens(const Ids& ids, const BertTokenizer& tokenizer, Random& random,
                         const MaskingOptions& options) {
  for (const auto& [name, probability] :
       {std::pair("chosen", options.chosen), std::pair("masked", options.masked),
        std::pair("random", options.random)})
    if (!(probability >= 0 && probability <= 1))
      fail("mask_tokens", std::string(name) + " is " + std::to_string(probability),
           "all are probabilities in [0, 1]");
  std::vector<int32_t> replaced = ids.values();
  std::vector<int32_t> labels(replaced.size(), ignored_label);
  for (size_t i = 0; i < replaced.size(); ++i) {
    const int32_t id = replaced[i];
    if (tokenizer.is_special(id) || random.uniform() >= options.chosen) continue;
    labels[i] = id;
    const double draw = random.uniform();
    if (draw < options.masked) replaced[i] = tokenizer.mask();
    else if (draw < options.masked + options.random)
      replaced[i] = static_cast<int32_t>(random.below(tokenizer.size()));
  }
  return {Ids(ids.shape(), std::move(replaced)), Ids(ids.shape(), std::move(labels))};
}

Documents read_documents(const std::string& path) {
  const std::string bytes = read_text(path);
  check_memory(path, bytes.size(), count_newlines(bytes) * sizeof(std::string), "lines");
  Documents documents(1);
  std::string_view rest = bytes;
  for (int64_t number = 1; !rest.empty(); ++number) {
    const std::string_view line = take_line(rest);
    check_utf8(path + ":" + std::to_string(number), line, "the line");
    if (!is_blank(line)) documents.back().emplace_back(line);
    else if (!documents.back().empty()) documents.emplace_back();
  }
  if (documents.back().empty()) documents.pop_back();
  if (documents.empty())
    fail(path, "the text has no sentence",
         "write one sentence per line, and a blank line between documents");
  return documents;
}

std::vector<Passage> passages_of(const Documents& documents, const BertTokenizer& tokenizer,
                                 int64_t max_tokens) {
  std::vector<Passage> passages;
  for (size_t document = 0; document < documents.size(); ++document) {
    int64_t tokens = max_tokens;  // of the passage so far; full: the next sentence begins a new one
    for (const std::string& sentence : documents[document]) {
      const auto count = static_cast<int64_t>(tokenizer.pieces(sentence).size());
      if (tokens + count > max_tokens) {
        passages.push_back({{}, static_cast<int64_t>(document)});
        tokens = 0;
      }
      passages.back().sentences.push_back(sentence);
      tokens += count;
    }
  }
  return passages;
}

std::vector<SentencePair> sentence_pairs(const std::vector<Passage>& passages, Random& random) {
  check_passages(passages);
  const auto count = static_cast<int64_t>(passages.size());
  std::vector<SentencePair> pairs;
  for (const Passage& passage : passages) {
    if (passage.sentences.size() < 2) continue;
    const size_t at = split_of(passage, random), end = passage.sentences.size();
    const std::string first = joined(passage.sentences, 0, at);
    if (random.uniform() < 0.5) {
      pairs.push_back({first, joined(passage.sentences, at, end), 0});
      continue;
    }
    const Passage* other = &passage;
    while (other->document == passage.document)
      other = &passages[static_cast<size_t>(random.below(count))];
    pairs.push_back({first, random_end(*other, random), 1});
  }
  return pairs;
}

}  // namespace cairn
