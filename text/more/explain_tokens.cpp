// The stages one by one, where BertTokenizer::pieces does them in one pass.
#include "text/more/explain_tokens.h"

#include <cstdio>
#include <vector>

#include "core/io/utf8.h"
#include "text/unicode.h"

namespace cairn {
namespace {

// A part of the text, or (id not -1) an added token.
struct Part {
  std::string text;
  int32_t id = -1;
};
using Parts = std::vector<Part>;

std::string code_of(char32_t c) {
  char text[16];
  std::snprintf(text, sizeof text, "<U+%04X>", static_cast<unsigned>(c));
  return text;
}

bool is_hidden(char32_t c) {
  const uint8_t flags = unicode_flags()[c];
  return flags & (unicode_removed | unicode_mark) || (c != U' ' && is_white_space(c));
}

std::string visible(std::string_view text) {
  std::string result;
  for (const char *p = text.data(), *end = p + text.size(); p != end;) {
    const char32_t c = next_code_point(p);
    if (is_hidden(c)) result += code_of(c);
    else append_utf8(result, c);
  }
  return result;
}

const char* name_of(NormalizeStep step) {
  switch (step) {
    case NormalizeStep::clean: return "clean";
    case NormalizeStep::space_chinese: return "ideographs apart";
    case NormalizeStep::decompose: return "decompose";
    case NormalizeStep::strip_nonspacing:
    case NormalizeStep::strip_marks: return "strip marks";
    case NormalizeStep::lower_case: return "lower case";
  }
  return "";
}

const char* name_of(SplitStep step) {
  switch (step) {
    case SplitStep::white_space: return "split at spaces";
    case SplitStep::punctuation: return "punctuation";
    case SplitStep::word_runs: return "runs of letters";
  }
  return "";
}

void add_line(std::string& lines, const std::string& name, std::string text) {
  while (text.ends_with(' ')) text.replace(text.find_last_not_of(' ') + 1, 1, "<U+0020>");
  lines += name + std::string(18 - name.size(), ' ') + text + "\n";
}

std::string joined(const Parts& parts) {
  std::string text;
  for (const Part& part : parts)
    text += (&part == parts.data() ? "" : " | ") + (part.id < 0 ? visible(part.text) : part.text);
  return text;
}

// The parts after `step(text)`, the parts of one, has been done to each that is not a token.
template <class Step>
Parts after(const Parts& parts, const Step& step) {
  Parts result;
  for (const Part& part : parts) {
    if (part.id >= 0) result.push_back(part);
    else
      for (Part& made : step(part.text))
        if (!made.text.empty()) result.push_back(std::move(made));
  }
  return result;
}

Parts found_by(const TokenFinder& finder, const std::string& text) {
  Parts parts;
  for (const TokenFinder::Piece& piece : finder.split(text))
    parts.push_back({std::string(piece.text), piece.id});
  return parts;
}

}  // namespace

std::string explain_tokens(const BertTokenizer& tokenizer, std::string_view text,
                           int64_t max_length) {
  const Encoding encoding = tokenizer.encode(text, max_length);  // which checks the text
  std::string lines;
  Parts parts{{std::string(text)}};
  const auto stage = [&](const char* name, const auto& step) {
    const std::string before = joined(parts);
    parts = after(parts, step);
    add_line(lines, name, joined(parts) == before ? "(no change)" : joined(parts));
  };
  const auto find = [&](const TokenFinder& finder) {
    if (!finder.empty())
      stage("added tokens", [&](const std::string& part) { return found_by(finder, part); });
  };

  add_line(lines, "text", joined(parts));
  find(tokenizer.in_text_);
  for (const NormalizeStep step : tokenizer.pipeline_.normalize)
    stage(name_of(step),
          [&](const std::string& part) { return Parts{{normalized(part, {step})}}; });
  find(tokenizer.in_normalized_);
  for (const SplitStep step : tokenizer.pipeline_.split)
    stage(name_of(step), [&](const std::string& part) {
      Words words;
      split_text(part, {step}, words);
      Parts made;
      for (size_t i = 0; i < words.size(); ++i) made.push_back({std::string(words[i])});
      return made;
    });
  stage("pieces", [&](const std::string& word) {
    std::vector<int32_t> ids;
    longest_match(word, *tokenizer.wordpiece_, ids);
    Part pieces;
    for (const int32_t id : ids)
      pieces.text += (pieces.text.empty() ? "" : " ") + tokenizer.token(id);
    return Parts{pieces};
  });

  std::string tokens, ids;
  for (const int32_t id : encoding.ids) {
    tokens += (tokens.empty() ? "" : " ") + tokenizer.token(id);
    ids += (ids.empty() ? "" : " ") + std::to_string(id);
  }
  add_line(lines, encoding.truncated ? "tokens, cut" : "tokens", tokens);
  add_line(lines, "ids", ids);
  return lines;
}

}  // namespace cairn
