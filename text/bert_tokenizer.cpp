// Encoding and decoding: added tokens, words, pieces, truncation, special tokens.
#include "text/bert_tokenizer.h"

#include <algorithm>

#include "core/error.h"
#include "core/io/utf8.h"
#include "text/tokenizer_folder.h"
#include "text/truncation.h"

namespace cairn {
namespace {

// The parts of a tokenizer that is made from tokens alone.
TokenizerParts plain_parts(std::vector<std::string> tokens, BertTokenizerOptions options,
                           const std::string& place) {
  TokenizerParts parts;
  parts.place = place;
  parts.vocabulary = std::move(tokens);
  parts.pipeline = TokenizerPipeline::bert(options.words());
  for (const std::string& text : {options.unk, options.sep, options.pad, options.cls, options.mask})
    parts.added.push_back({{.text = text, .special = true}, place});
  parts.options = std::move(options);
  return parts;
}

}  // namespace

BertTokenizer::BertTokenizer(std::vector<std::string> tokens, BertTokenizerOptions options,
                             const std::string& place)
    : BertTokenizer(plain_parts(std::move(tokens), std::move(options), place)) {}

BertTokenizer::BertTokenizer(TokenizerParts parts)
    : options_(std::move(parts.options)),
      tokens_(std::move(parts.vocabulary)),
      model_size_(static_cast<int32_t>(tokens_.size())),
      pipeline_(std::move(parts.pipeline)),
      bert_words_(pipeline_.as_bert_words()),
      files_(std::make_shared<TokenizerFiles>(std::move(parts.files))),
      notes_(std::move(parts.notes)) {
  if (tokens_.empty()) fail(parts.place, "the vocabulary is empty", "it needs one token per line");
  for (size_t i = 0; i < tokens_.size(); ++i)
    check_utf8(parts.place + ":" + std::to_string(i + 1), tokens_[i], "the token");
  const auto unk = std::find(tokens_.rbegin(), tokens_.rend(), options_.unk);
  unk_ = static_cast<int32_t>(tokens_.rend() - unk) - 1;
  wordpiece_.emplace(tokens_, unk_, std::move(parts.wordpiece));
  for (size_t i = 0; i < tokens_.size(); ++i)  // equal tokens count once
    vocabulary_size_ += wordpiece_->find(tokens_[i]) == static_cast<int32_t>(i);
  check_specials(parts);
  for (DeclaredToken& added : parts.added) add_token(std::move(added.token), added.place);
  pad_ = *find(options_.pad);
  cls_ = *find(options_.cls);
  sep_ = *find(options_.sep);
  mask_ = *find(options_.mask);
  special_.resize(tokens_.size());
  for (const AddedToken& token : added_) special_[static_cast<size_t>(token.id)] = token.special;
  for (int32_t id : {pad_, unk_, cls_, sep_, mask_}) special_[static_cast<size_t>(id)] = true;
  set_format(parts);
  prepare_finders();
}

// A special token must be in the vocabulary, or have an id in the folder's files.
void BertTokenizer::check_specials(const TokenizerParts& parts) const {
  const BertTokenizerOptions& options = options_;
  std::string missing;
  for (const std::string& text :
       {options.pad, options.unk, options.cls, options.sep, options.mask}) {
    const auto declared = [&text](const DeclaredToken& other) {
      return other.token.text == text && other.token.id >= 0;
    };
    if (!wordpiece_->find(text) &&
        (text == options.unk || std::none_of(parts.added.begin(), parts.added.end(), declared)))
      missing += (missing.empty() ? "" : ", ") + text;
  }
  if (missing.empty()) return;
  if (tokens_[0].starts_with("\xEF\xBB\xBF"))
    fail(parts.place, "the file begins with a byte order mark, now part of the first token",
         "save it as UTF-8 without one");
  fail(parts.place, "the vocabulary has no " + missing,
       "BERT needs all of " + options.pad + " " + options.unk + " " + options.cls + " " +
           options.sep + " " + options.mask);
}

// A token that the vocabulary lacks gets the next free id, as in `tokenizers`; a file that
// contradicts this is refused.
void BertTokenizer::add_token(AddedToken token, const std::string& place) {
  const std::string name = "the added token \"" + token.text + "\"";
  const int32_t declared = token.id;
  if (const std::optional<int32_t> known = wordpiece_->find(token.text)) {
    token.id = *known;
  } else {
    token.id = std::max(vocabulary_size_, largest_added_ + 1);
    if (token.id < size())
      fail(place, name + " gets the id " + std::to_string(token.id) + ", which is taken",
           "ids are missing or tokens are repeated in the vocabulary: fill it up");
    tokens_.push_back(token.text);
  }
  if (declared >= 0 && declared != token.id)
    fail(place,
         name + " has the id " + std::to_string(declared) + " here, but Hugging Face's " +
             "tokenizers give it " + std::to_string(token.id),
         "if the model was trained with " + std::to_string(declared) +
             ", name the tokens in between too; else correct the id");
  largest_added_ = std::max(largest_added_, token.id);
  added_.push_back(std::move(token));
}

void BertTokenizer::set_format(const TokenizerParts& parts) {
  format_ = parts.format.value_or(EncodingTemplate::bert(cls_, sep_));
  for (const auto* text : {&format_.single, &format_.pair})
    for (const TemplatePart& part : *text)
      for (int32_t id : part.ids)
        if (id >= size())
          fail(parts.place, "the post-processor has the id " + std::to_string(id),
               "the vocabulary has the ids 0 to " + std::to_string(size() - 1));
}

// Among equal patterns `tokenizers` prefers that of a special token.
void BertTokenizer::prepare_finders() {
  std::vector<TokenFinder::Pattern> in_text, in_normalized;
  for (const bool special : {true, false})
    for (const AddedToken& token : added_) {
      if (token.special != special) continue;
      if (!token.normalized) in_text.push_back({token.text, token});
      else in_normalized.push_back({normalized(token.text, pipeline_.normalize), token});
    }
  in_text_ = TokenFinder(std::move(in_text));
  in_normalized_ = TokenFinder(std::move(in_normalized));
}

const std::string& BertTokenizer::token(int32_t id) const {
  if (id < 0 || id >= size())
    fail("token", "the id " + std::to_string(id) + " is not in the vocabulary",
         "it has the ids 0 to " + std::to_string(size() - 1));
  return tokens_[static_cast<size_t>(id)];
}

std::optional<int32_t> BertTokenizer::find(std::string_view text) const {
  for (const AddedToken& token : added_)
    if (token.text == text) return token.id;
  return wordpiece_->find(text);
}

bool BertTokenizer::is_special(int32_t id) const {
  return id >= 0 && id < size() && special_[static_cast<size_t>(id)];
}

// The pieces of a text that has no token of in_text_. BERT's own way to split it is one pass; any
// other, and one with tokens to be found in the normalised text, goes step by step.
void BertTokenizer::add_pieces(std::string_view text, std::vector<int32_t>& ids) const {
  Words words;
  const auto add_words = [&] {
    for (size_t i = 0; i < words.size(); ++i) longest_match(words[i], *wordpiece_, ids);
    words = {};
  };
  if (bert_words_ && in_normalized_.empty()) {
    split_words(text, *bert_words_, words);
    return add_words();
  }
  const std::string normal = normalized(text, pipeline_.normalize);
  for (const TokenFinder::Piece& piece : in_normalized_.split(normal)) {
    if (piece.id >= 0) {
      ids.push_back(piece.id);
    } else {
      split_text(piece.text, pipeline_.split, words);
      add_words();
    }
  }
}

std::vector<int32_t> BertTokenizer::pieces(std::string_view text) const {
  check_utf8("tokenize", text, "the text");
  std::vector<int32_t> ids;
  for (const TokenFinder::Piece& piece : in_text_.split(text)) {
    if (piece.id >= 0) ids.push_back(piece.id);
    else add_pieces(piece.text, ids);
  }
  return ids;
}

// `max_length` minus the number of special tokens.
size_t BertTokenizer::room(const std::vector<TemplatePart>& parts, int64_t max_length) const {
  int64_t specials = 0;
  for (const TemplatePart& part : parts) specials += static_cast<int64_t>(part.ids.size());
  if (max_length >= specials) return static_cast<size_t>(max_length - specials);
  std::string names;
  for (const TemplatePart& part : parts)
    for (int32_t id : part.ids) names += (names.empty() ? "" : " and ") + token(id);
  fail("tokenize", "the maximum length is " + std::to_string(max_length),
       names + " alone take " + std::to_string(specials));
}

bool BertTokenizer::cut(std::vector<int32_t>& ids, size_t max_ids) const {
  if (ids.size() <= max_ids) return false;
  if (options_.truncate_left)
    ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(max_ids));
  ids.resize(max_ids);
  return true;
}

Encoding BertTokenizer::fill(const std::vector<TemplatePart>& parts,
                             const std::vector<int32_t>& first,
                             const std::vector<int32_t>& second) const {
  Encoding result;
  result.ids.reserve(first.size() + second.size() + 3);
  result.token_types.reserve(result.ids.capacity());
  for (const TemplatePart& part : parts) {
    const std::vector<int32_t>& ids = part.kind == TemplatePart::Kind::special ? part.ids
                                      : part.kind == TemplatePart::Kind::first ? first
                                                                               : second;
    result.ids.insert(result.ids.end(), ids.begin(), ids.end());
    result.token_types.resize(result.ids.size(), part.type);
  }
  return result;
}

Encoding BertTokenizer::encode(std::string_view text, int64_t max_length) const {
  std::vector<int32_t> first = pieces(text);
  const bool truncated = cut(first, room(format_.single, max_length));
  Encoding result = fill(format_.single, first, {});
  result.truncated = truncated;
  return result;
}

Encoding BertTokenizer::encode(std::string_view text, std::string_view pair,
                               int64_t max_length) const {
  std::vector<int32_t> first = pieces(text), second = pieces(pair);
  const auto [keep_first, keep_second] =
      truncate_pair(first.size(), second.size(), room(format_.pair, max_length));
  bool truncated = cut(first, keep_first);
  truncated |= cut(second, keep_second);
  Encoding result = fill(format_.pair, first, second);
  result.truncated = truncated;
  return result;
}

std::string BertTokenizer::decode(const std::vector<int32_t>& ids, bool skip_special) const {
  std::string text;
  const std::string& prefix = wordpiece_->options().prefix;
  for (int32_t id : ids) {
    if (skip_special && is_special(id)) continue;
    const std::string& piece = token(id);
    if (piece.starts_with(prefix) && !text.empty()) text.append(piece, prefix.size());
    else text.append(text.empty() ? "" : " ").append(piece);
  }
  return text;
}

}  // namespace cairn
