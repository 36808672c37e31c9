#include "text/bert_tokenizer.h"

#include <algorithm>
#include <numeric>

#include "core/error.h"
#include "core/io/utf8.h"

namespace cairn {
namespace {

std::string line_of(const std::string& place, int32_t id) {
  return place + ":" + std::to_string(id + 1);
}

void check_utf8(std::string_view text) {
  const int64_t bad = utf8_error(text);
  if (bad >= 0)
    fail("tokenize", "byte " + std::to_string(bad) + " of the text is not UTF-8",
         to_utf8);
}

// How many ids each text of a pair keeps if both may have `most` together (most >= 0). The same
// arithmetic as `tokenizers`' strategy "longest first".
std::pair<size_t, size_t> shares(size_t first, size_t second, size_t most) {
  if (first + second <= most) return {first, second};
  const size_t shorter = std::min(first, second);
  const size_t half = most / 2;
  // Only the longer text loses, unless the shorter one is over the half as well.
  const size_t small = std::min(shorter, half), large = most - small;
  return first > second ? std::pair(large, small) : std::pair(small, large);
}

bool cut(std::vector<int32_t>& ids, size_t most) {
  if (ids.size() <= most) return false;
  ids.resize(most);
  return true;
}

// `max_length` less the places of the special tokens.
size_t room(int64_t max_length, int64_t specials) {
  if (max_length < specials)
    fail("tokenize", "the maximal length is " + std::to_string(max_length),
         "[CLS] and [SEP] alone take " + std::to_string(specials));
  return static_cast<size_t>(max_length - specials);
}

}  // namespace

BertTokenizer::BertTokenizer(std::vector<std::string> tokens, BertTokenizerOptions options,
                             const std::string& place)
    : options_(std::move(options)), tokens_(std::move(tokens)), by_text_(tokens_.size()) {
  if (tokens_.empty()) fail(place, "the vocabulary is empty", "it has a token a line");
  for (int32_t id = 0; id < size(); ++id) {
    if (token(id).empty()) fail(line_of(place, id), "the token is empty", "remove the blank line");
    if (utf8_error(token(id)) >= 0) fail(line_of(place, id), "the token is not UTF-8");
  }
  std::iota(by_text_.begin(), by_text_.end(), 0);
  std::stable_sort(by_text_.begin(), by_text_.end(),
                   [this](int32_t a, int32_t b) { return token(a) < token(b); });
  for (size_t i = 1; i < by_text_.size(); ++i)
    if (token(by_text_[i - 1]) == token(by_text_[i]))
      fail(line_of(place, by_text_[i]),
           "the token \"" + token(by_text_[i]) + "\" is also on line " +
               std::to_string(by_text_[i - 1] + 1),
           "a line's number is its token's id: keep one");
  add_specials(place);
  wordpiece_.emplace(tokens_, unk_);
}

void BertTokenizer::add_specials(const std::string& place) {
  const std::pair<const std::string*, int32_t*> wanted[] = {{&options_.pad, &pad_},
                                                            {&options_.unk, &unk_},
                                                            {&options_.cls, &cls_},
                                                            {&options_.sep, &sep_},
                                                            {&options_.mask, &mask_}};
  std::string missing;
  for (const auto& [text, id] : wanted) {
    const std::optional<int32_t> found = find(*text);
    if (!found) {
      missing += (missing.empty() ? "" : ", ") + *text;
      continue;
    }
    *id = *found;
    specials_.push_back({*text, *found});
    starts_special_[static_cast<unsigned char>(text->front())] = true;
  }
  if (!missing.empty())
    fail(place, "the vocabulary has no " + missing,
         "BERT needs all of " + options_.pad + " " + options_.unk + " " + options_.cls + " " +
             options_.sep + " " + options_.mask);
}

const std::string& BertTokenizer::token(int32_t id) const {
  if (id < 0 || id >= size())
    fail("token", "the id " + std::to_string(id) + " is not in the vocabulary",
         "it has the ids 0 to " + std::to_string(size() - 1));
  return tokens_[static_cast<size_t>(id)];
}

std::optional<int32_t> BertTokenizer::find(std::string_view text) const {
  const auto before = [this](int32_t id, std::string_view t) { return token(id) < t; };
  const auto found = std::lower_bound(by_text_.begin(), by_text_.end(), text, before);
  if (found == by_text_.end() || token(*found) != text) return std::nullopt;
  return *found;
}

bool BertTokenizer::is_special(int32_t id) const {
  return id == pad_ || id == unk_ || id == cls_ || id == sep_ || id == mask_;
}

BertWordOptions BertTokenizer::word_options() const {
  return {.lower_case = options_.lower_case,
          .strip_accents = options_.strip_accents.value_or(options_.lower_case),
          .space_chinese = options_.space_chinese};
}

// The first special token at or after `from`; of several that start there, the longest.
std::optional<BertTokenizer::Match> BertTokenizer::next_special(std::string_view text,
                                                                size_t from) const {
  for (size_t i = from; i < text.size(); ++i) {
    if (!starts_special_[static_cast<unsigned char>(text[i])]) continue;
    const Special* longest = nullptr;
    for (const Special& special : specials_)
      if (text.substr(i).starts_with(special.text) &&
          (!longest || special.text.size() > longest->text.size()))
        longest = &special;
    if (longest) return Match{i, i + longest->text.size(), longest->id};
  }
  return std::nullopt;
}

void BertTokenizer::add_pieces(std::string_view text, std::vector<int32_t>& ids) const {
  Words words;
  split_words(text, word_options(), words);
  for (size_t i = 0; i < words.size(); ++i) wordpiece_->append(words[i], ids);
}

std::vector<int32_t> BertTokenizer::pieces(std::string_view text) const {
  check_utf8(text);
  std::vector<int32_t> ids;
  size_t from = 0;
  while (const std::optional<Match> special = next_special(text, from)) {
    add_pieces(text.substr(from, special->begin - from), ids);
    ids.push_back(special->id);
    from = special->end;
  }
  add_pieces(text.substr(from), ids);
  return ids;
}

Encoding BertTokenizer::encode(std::string_view text, int64_t max_length) const {
  std::vector<int32_t> first = pieces(text);
  Encoding result;
  result.truncated = cut(first, room(max_length, 2));
  result.ids.reserve(first.size() + 2);
  result.ids.push_back(cls_);
  result.ids.insert(result.ids.end(), first.begin(), first.end());
  result.ids.push_back(sep_);
  result.token_types.assign(result.ids.size(), 0);
  return result;
}

Encoding BertTokenizer::encode(std::string_view text, std::string_view pair,
                               int64_t max_length) const {
  std::vector<int32_t> first = pieces(text), second = pieces(pair);
  const auto [keep_first, keep_second] = shares(first.size(), second.size(), room(max_length, 3));
  Encoding result;
  result.truncated = cut(first, keep_first);
  result.truncated |= cut(second, keep_second);
  result.ids.reserve(first.size() + second.size() + 3);
  result.ids.push_back(cls_);
  result.ids.insert(result.ids.end(), first.begin(), first.end());
  result.ids.push_back(sep_);
  result.token_types.assign(result.ids.size(), 0);
  result.ids.insert(result.ids.end(), second.begin(), second.end());
  result.ids.push_back(sep_);
  result.token_types.resize(result.ids.size(), 1);
  return result;
}

std::string BertTokenizer::decode(const std::vector<int32_t>& ids, bool skip_special) const {
  std::string text;
  for (int32_t id : ids) {
    if (skip_special && is_special(id)) continue;
    const std::string& piece = token(id);
    if (piece.starts_with("##") && !text.empty())
      text.append(piece, 2);
    else
      text.append(text.empty() ? "" : " ").append(piece);
  }
  return text;
}

}  // namespace cairn
