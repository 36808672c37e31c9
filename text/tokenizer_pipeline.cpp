// The steps of a tokenizer.json's normalizer and pre_tokenizer.
#include "text/tokenizer_pipeline.h"

#include <algorithm>

#include "text/unicode.h"

namespace cairn {
namespace {

bool has(char32_t c, uint8_t flag) { return unicode_flags()[c] & flag; }

std::u32string points_of(std::string_view text) {
  std::u32string points;
  const char* const end = text.data() + text.size();
  for (const char* p = text.data(); p != end;) points.push_back(next_code_point(p));
  return points;
}

void add_normalized(char32_t c, NormalizeStep step, std::u32string& out) {
  switch (step) {
    case NormalizeStep::clean:
      if (!has(c, unicode_removed)) out.push_back(has(c, unicode_space) ? U' ' : c);
      return;
    case NormalizeStep::space_chinese:
      if (!has(c, unicode_chinese)) return out.push_back(c);
      out.append({U' ', c, U' '});
      return;
    case NormalizeStep::decompose: return decompose(c, out);
    case NormalizeStep::strip_nonspacing:
      if (!has(c, unicode_mark)) out.push_back(c);
      return;
    case NormalizeStep::strip_marks:
      if (!has(c, unicode_mark) && !is_spacing_mark(c)) out.push_back(c);
      return;
    case NormalizeStep::lower_case: {
      const CodePair lower = lower_case(c);
      out.push_back(lower.first);
      if (lower.second) out.push_back(lower.second);
    }
  }
}

// What a splitting step does with a character: neighbours of one kind stay together.
enum class Kind : uint8_t { dropped, alone, word, other };

Kind kind_of(char32_t c, SplitStep step) {
  if (step == SplitStep::punctuation) return has(c, unicode_punctuation) ? Kind::alone : Kind::word;
  if (is_white_space(c)) return Kind::dropped;
  return step == SplitStep::white_space || is_word_character(c) ? Kind::word : Kind::other;
}

void add_word(std::string_view word, Words& words) {
  if (word.empty()) return;
  words.bytes += word;
  words.ends.push_back(words.bytes.size());
}

void split_once(std::string_view text, SplitStep step, Words& words) {
  const char* const end = text.data() + text.size();
  const char* begin = text.data();  // of the piece
  Kind before = Kind::dropped;
  for (const char* p = begin; p != end;) {
    const char* const at = p;
    const Kind kind = kind_of(next_code_point(p), step);
    if (kind != before || kind == Kind::alone) {
      if (before != Kind::dropped) add_word({begin, at}, words);
      begin = at;
      before = kind;
    }
  }
  if (before != Kind::dropped) add_word({begin, end}, words);
}

}  // namespace

TokenizerPipeline TokenizerPipeline::bert(const BertWordOptions& words) {
  TokenizerPipeline made;
  made.normalize = {NormalizeStep::clean};
  if (words.space_chinese) made.normalize.push_back(NormalizeStep::space_chinese);
  if (words.strip_accents) {
    made.normalize.push_back(NormalizeStep::decompose);
    made.normalize.push_back(NormalizeStep::strip_nonspacing);
  }
  if (words.lower_case) made.normalize.push_back(NormalizeStep::lower_case);
  made.split = {SplitStep::white_space, SplitStep::punctuation};
  return made;
}

std::optional<BertWordOptions> TokenizerPipeline::as_bert_words() const {
  const auto does = [this](NormalizeStep step) {
    return std::find(normalize.begin(), normalize.end(), step) != normalize.end();
  };
  const BertWordOptions words = {.lower_case = does(NormalizeStep::lower_case),
                                 .strip_accents = does(NormalizeStep::strip_nonspacing),
                                 .space_chinese = does(NormalizeStep::space_chinese)};
  return *this == bert(words) ? std::optional(words) : std::nullopt;
}

std::string normalized(std::string_view text, const std::vector<NormalizeStep>& steps) {
  std::u32string points = points_of(text), next;
  for (const NormalizeStep step : steps) {
    next.clear();
    for (const char32_t c : points) add_normalized(c, step, next);
    if (step == NormalizeStep::decompose) order_marks(next);
    points.swap(next);
  }
  std::string result;
  for (const char32_t c : points) append_utf8(result, c);
  return result;
}

void split_text(std::string_view text, const std::vector<SplitStep>& steps, Words& words) {
  Words pieces;
  add_word(text, pieces);
  for (const SplitStep step : steps) {
    Words next;
    for (size_t i = 0; i < pieces.size(); ++i) split_once(pieces[i], step, next);
    pieces = std::move(next);
  }
  for (size_t i = 0; i < pieces.size(); ++i) add_word(pieces[i], words);
}

}  // namespace cairn
