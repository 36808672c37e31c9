#include "tutorials/09_tokens/parts.h"

#include "core/io/files.h"
#include "core/io/utf8.h"
#include "text/bert_words.h"
#include "text/more/wordpiece_trainer.h"
#include "text/tsv.h"

std::vector<std::string> vocabulary_of(int64_t size, const BertWordOptions& words) {
  return cairn::train_wordpiece(cairn::read_file(corpus), {.size = size, .words = words}).tokens;
}

const BertTokenizer& the_tokenizer() {
  static const BertTokenizer tokenizer(vocabulary_of(vocabulary_size));
  return tokenizer;
}

std::vector<std::string> texts_of(const std::string& file) {
  std::vector<std::string> texts;
  const std::string lines = cairn::read_file("demo/data/" + file);
  for (size_t begin = lines.find('\n') + 1; begin < lines.size();) {  // behind the header
    const size_t end = lines.find('\n', begin);
    texts.push_back(lines.substr(begin, lines.find('\t', begin) - begin));
    begin = end + 1;
  }
  return texts;
}

std::vector<std::string> words_of(std::string_view text, const BertWordOptions& options) {
  cairn::Words words;
  cairn::split_words(text, options, words);
  std::vector<std::string> result;
  for (size_t i = 0; i < words.size(); ++i) result.emplace_back(words[i]);
  return result;
}

std::string tokens_of(const std::vector<int32_t>& ids) {
  std::string text;
  for (const int32_t id : ids) text += (text.empty() ? "" : " ") + the_tokenizer().token(id);
  return text;
}

std::vector<std::string> tokens_that_fit(const std::string& word, size_t begin,
                                         const WordPiece& vocabulary) {
  std::vector<std::string> tokens;
  for (size_t end = begin + 1; end <= word.size(); ++end) {
    const std::string part = (begin ? "##" : "") + word.substr(begin, end - begin);
    if (vocabulary.find(part)) tokens.push_back(part);
  }
  return tokens;
}

// [located_pieces]
std::vector<Located> located_pieces(std::string_view text) {
  const BertTokenizer& tokenizer = the_tokenizer();
  const WordPiece vocabulary(tokenizer.tokens(), tokenizer.unk());
  std::vector<Located> located;
  std::string word;              // as normalised so far
  std::vector<size_t> from, to;  // of each of its bytes: the bytes of the text it came from
  size_t words = 0;
  const auto end_word = [&] {
    if (word.empty()) return;
    std::vector<int32_t> ids;
    cairn::longest_match(word, vocabulary, ids);
    for (size_t i = 0, at = 0; i < ids.size(); ++i) {
      const std::string& token = tokenizer.token(ids[i]);
      const size_t bytes = ids[i] == tokenizer.unk() ? word.size() : token.size() - (i ? 2 : 0);
      located.push_back({token, words, from[at], to[at + bytes - 1]});
      at += bytes;
    }
    word.clear(), from.clear(), to.clear();
    ++words;
  };
  for (const char* p = text.data(); p != text.data() + text.size();) {
    const auto at = static_cast<size_t>(p - text.data());
    const uint8_t flags = cairn::unicode_flags()[cairn::next_code_point(p)];
    const auto after = static_cast<size_t>(p - text.data());
    const bool alone = flags & (cairn::unicode_punctuation | cairn::unicode_chinese);
    if (alone || flags & cairn::unicode_space) end_word();
    for (const std::string& letters : words_of(text.substr(at, after - at))) word += letters;
    from.resize(word.size(), at), to.resize(word.size(), after);
    if (flags & cairn::unicode_mark && !to.empty()) to.back() = after;  // belongs to its letter
    if (alone) end_word();
  }
  end_word();
  return located;
}
// [/located_pieces]
