// Other ways to write it, as good.
#include <functional>

#include "core/io/utf8.h"
#include "text/tokenizer_pipeline.h"
#include "text/unicode.h"
#include "tutorials/09_tokens/exercises/split_words/split_words.h"

namespace alternatives {
namespace {

using cairn::BertWordOptions;
using cairn::Words;

bool has(char32_t c, uint8_t flag) { return (cairn::unicode_flags()[c] & flag) != 0; }

// The steps that the library has for a tokenizer.json.
void by_steps(std::string_view text, const BertWordOptions& options, Words& words) {
  const auto pipeline = cairn::TokenizerPipeline::bert(options);
  cairn::split_text(cairn::normalized(text, pipeline.normalize), pipeline.split, words);
}

// One character after the other through all stages; a word waits until something ends it.
void one_by_one(std::string_view text, const BertWordOptions& options, Words& words) {
  std::string word;
  const auto finish = [&] {
    if (word.empty()) return;
    words.bytes += word;
    words.ends.push_back(words.bytes.size());
    word.clear();
  };
  const auto emit = [&](char32_t c) {
    if (has(c, cairn::unicode_punctuation)) finish();
    cairn::append_utf8(word, c);
    if (has(c, cairn::unicode_punctuation)) finish();
  };
  const auto lower = [&](char32_t c) {
    if (!options.lower_case) return emit(c);
    const auto [first, second] = cairn::lower_case(c);
    emit(first);
    if (second) emit(second);
  };
  for (const char* p = text.data(); p != text.data() + text.size();) {
    const char32_t c = cairn::next_code_point(p);
    const bool apart = options.space_chinese && has(c, cairn::unicode_chinese);
    if (has(c, cairn::unicode_removed)) continue;
    if (has(c, cairn::unicode_space) || apart) finish();
    if (has(c, cairn::unicode_space)) continue;
    std::u32string parts(1, c);
    if (options.strip_accents) parts.clear(), cairn::decompose(c, parts);
    for (const char32_t part : parts)
      if (!options.strip_accents || !has(part, cairn::unicode_mark)) lower(part);
    if (apart) finish();
  }
  finish();
}

// Spaces around all that stands by itself; then the text is cut at spaces.
void with_spaces(std::string_view text, const BertWordOptions& options, Words& words) {
  std::u32string points;
  for (const char* p = text.data(); p != text.data() + text.size();) {
    const char32_t c = cairn::next_code_point(p);
    if (!has(c, cairn::unicode_removed)) points += has(c, cairn::unicode_space) ? U' ' : c;
  }
  const auto mapped = [&](bool wanted, const std::function<std::u32string(char32_t)>& map) {
    std::u32string result;
    for (const char32_t c : points) result += wanted ? map(c) : std::u32string(1, c);
    points = result;
  };
  const auto apart = [](uint8_t flag) {
    return [flag](char32_t c) {
      return has(c, flag) ? std::u32string{U' ', c, U' '} : std::u32string{c};
    };
  };
  mapped(options.space_chinese, apart(cairn::unicode_chinese));
  mapped(options.strip_accents, [](char32_t c) {
    std::u32string parts;
    cairn::decompose(c, parts);
    return parts;
  });
  mapped(options.strip_accents, [](char32_t c) {
    return has(c, cairn::unicode_mark) ? std::u32string() : std::u32string{c};
  });
  mapped(options.lower_case, [](char32_t c) {
    const auto [first, second] = cairn::lower_case(c);
    return second ? std::u32string{first, second} : std::u32string{first};
  });
  mapped(true, apart(cairn::unicode_punctuation));
  for (size_t begin = 0; begin < points.size();) {
    const size_t end = std::min(points.find(U' ', begin), points.size());
    for (size_t i = begin; i < end; ++i) cairn::append_utf8(words.bytes, points[i]);
    if (end > begin) words.ends.push_back(words.bytes.size());
    begin = end + 1;
  }
}

}  // namespace

const std::vector<check::Alternative<SplitWords>> list = {
    {"with the library's steps", by_steps},
    {"one character after the other", one_by_one},
    {"with spaces around what stands alone", with_spaces},
};

}  // namespace alternatives
