// Tokenizers with one stage wrong.
#include "tutorials/09_tokens/wrong.h"

#include <algorithm>
#include <cctype>

#include "tutorials/09_tokens/parts.h"

// [wrong]
// "##ed" and "ed" are one token: the text's tokens, without the sign.
Tokens without_hashes(const std::string& text) {
  std::vector<std::string> tokens = the_tokenizer().tokens();
  for (std::string& token : tokens)
    if (token.starts_with("##")) token.erase(0, 2);  // of equal tokens the last counts
  static const WordPiece vocabulary(tokens, the_tokenizer().unk(), {.prefix = ""});
  Tokens ids;
  for (const std::string& word : words_of(text)) cairn::longest_match(word, vocabulary, ids);
  return ids;
}

// In lower case, but punctuation stays where it is.
Tokens split_at_spaces(const std::string& text) {
  static const WordPiece vocabulary(the_tokenizer().tokens(), the_tokenizer().unk());
  Tokens ids;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    std::string word = text.substr(at, end - at);
    for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    cairn::longest_match(word, vocabulary, ids);
    at = end + 1;
  }
  return ids;
}

// A word that is no token is lost.
Tokens whole_words(const std::string& text) {
  Tokens ids;
  for (const std::string& word : words_of(text))
    ids.push_back(the_tokenizer().find(word).value_or(the_tokenizer().unk()));
  return ids;
}

// As for a cased vocabulary, with one that has lower-case letters alone.
Tokens capitals_kept(const std::string& text) {
  static const BertTokenizer cased(the_tokenizer().tokens(), {.lower_case = false});
  return cased.pieces(text);
}
// [/wrong]
