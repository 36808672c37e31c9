// Finding added tokens in a text.
#include "text/added_tokens.h"

#include <algorithm>

#include "core/error.h"
#include "core/io/json.h"
#include "text/unicode.h"

namespace cairn {
namespace {

// The offset of the code point that ends at `end` > 0.
size_t previous(std::string_view text, size_t end) {
  do --end;
  while ((text[end] & 0xC0) == 0x80);
  return end;
}

char32_t point_at(std::string_view text, size_t at) {
  const char* p = text.data() + at;
  return next_code_point(p);
}

// Where the whitespace begins that ends at `end`, but not before `begin`.
size_t skip_space_before(std::string_view text, size_t end, size_t begin) {
  while (end > begin) {
    const size_t at = previous(text, end);
    if (!is_white_space(point_at(text, at))) break;
    end = at;
  }
  return end;
}

size_t skip_space_after(std::string_view text, size_t begin) {
  const char* const end = text.data() + text.size();
  for (const char* p = text.data() + begin; p != end;) {
    if (!is_white_space(next_code_point(p))) break;
    begin = static_cast<size_t>(p - text.data());
  }
  return begin;
}

bool stands_alone(std::string_view text, size_t begin, size_t end) {
  if (begin > 0 && is_word_character(point_at(text, previous(text, begin)))) return false;
  return end == text.size() || !is_word_character(point_at(text, end));
}

}  // namespace

TokenFinder::TokenFinder(std::vector<Pattern> patterns) : patterns_(std::move(patterns)) {
  for (const auto& [text, token] : patterns_) {
    const std::string place = "added token " + json_string(token.text);
    if (text.empty())
      fail(place, "nothing is left of it after normalising", "set its \"normalized\" to false");
    if (text.size() > max_pattern_bytes)
      fail(place, "it has " + std::to_string(text.size()) + " bytes",
           "at most " + std::to_string(max_pattern_bytes) + " are supported");
    starts_pattern_[static_cast<unsigned char>(text.front())] = true;
  }
  std::stable_sort(patterns_.begin(), patterns_.end(),
                   [](const Pattern& a, const Pattern& b) { return a.text < b.text; });
  const auto equal = [](const Pattern& a, const Pattern& b) { return a.text == b.text; };
  patterns_.erase(std::unique(patterns_.begin(), patterns_.end(), equal), patterns_.end());
}

// Among sorted patterns those that begin as the text does are neighbours, the shorter ones first:
// with each further byte fewer remain.
const TokenFinder::Pattern* TokenFinder::longest_at(std::string_view text, size_t offset) const {
  auto first = patterns_.begin(), last = patterns_.end();
  const Pattern* found = nullptr;
  for (size_t n = 0; first != last; ++n) {
    if (first->text.size() == n) found = &*first++;
    if (offset + n == text.size()) break;
    const auto byte = static_cast<unsigned char>(text[offset + n]);
    const auto byte_of = [n](const Pattern& pattern) {
      return static_cast<unsigned char>(pattern.text[n]);
    };
    first = std::partition_point(first, last,
                                 [&](const Pattern& pattern) { return byte_of(pattern) < byte; });
    last = std::partition_point(first, last,
                                [&](const Pattern& pattern) { return byte_of(pattern) == byte; });
  }
  return found;
}

std::vector<TokenFinder::Piece> TokenFinder::split(std::string_view text) const {
  std::vector<Piece> pieces;
  size_t from = 0;         // everything before is in pieces
  size_t space_until = 0;  // the end of the whitespace that was skipped last
  for (size_t at = 0; at < text.size();) {
    const Pattern* const found =
        starts_pattern_[static_cast<unsigned char>(text[at])] ? longest_at(text, at) : nullptr;
    if (!found) {
      ++at;
      continue;
    }
    size_t begin = at, end = at + found->text.size();
    at = end;  // whatever becomes of this one, the search goes on behind it
    const AddedToken& token = found->token;
    if (token.single_word && !stands_alone(text, begin, end)) continue;
    if (token.lstrip) begin = std::max(from, skip_space_before(text, begin, from));
    if (token.rstrip && end > space_until) space_until = skip_space_after(text, end);
    if (token.rstrip) end = space_until;
    if (from < begin) pieces.push_back({text.substr(from, begin - from)});
    pieces.push_back({text.substr(begin, end - begin), token.id});
    from = end;
  }
  if (from < text.size()) pieces.push_back({text.substr(from)});
  return pieces;
}

}  // namespace cairn
