// The JSON reader. A first pass over the text counts its values and how deep they are nested, so
// that too many or too deep ones are refused before any is made, and each array gets the memory it
// needs. Then recursive descent, one function for each kind of value, every character checked.
#include <algorithm>
#include <charconv>
#include <limits>

#include "core/error.h"
#include "core/io/file_kind.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "core/io/utf8.h"

namespace cairn {
namespace {

constexpr size_t mebibyte = 1 << 20, max_text = size_t{1} << 30;
constexpr size_t value_bytes = sizeof(Json) + sizeof(uint32_t);  // and its index while sorting
constexpr size_t container_bytes = 56;  // an array or object: a vector, its block, its size

bool is_digit(char c) { return '0' <= c && c <= '9'; }

// The double that a number of JSON's grammar stands for: infinite or zero where it is out of range.
double to_double(std::string_view number) {
  double value = 0;
  const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
  if (result.ec != std::errc::result_out_of_range) return value;
  // from_chars does not say which. It is too large if the first digit that is not zero stands
  // before the point once the exponent has moved it.
  const bool negative = number[0] == '-';
  const size_t e = std::min(number.find_first_of("eE"), number.size());
  const size_t point = std::min(number.find('.'), e);
  const size_t first = number.find_first_of("123456789");
  const double before = static_cast<double>(point) - static_cast<double>(first);
  double exponent = 0;
  for (size_t i = e + 1; i < number.size(); i++)
    if (is_digit(number[i])) exponent = 10 * exponent + (number[i] - '0');
  if (e < number.size() && number[e + 1] == '-') exponent = -exponent;
  const double size = before + exponent > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return negative ? -size : size;
}

}  // namespace

class JsonParser {
 public:
  JsonParser(std::string text, const std::string& place, const JsonOptions& options)
      : source_(std::make_shared<Json::Source>(Json::Source{place, std::move(text)})),
        text_(source_->text),
        options_(options) {
    counted_.line = options.first_line;
  }

  Json document() {
    if (text_.size() > max_text) error(0, "the text is longer than 1 GiB");
    if (const int64_t bad = utf8_error(text_); bad >= 0)
      error(static_cast<size_t>(bad), "this byte is not valid UTF-8", "save the file as UTF-8");
    if (text_.starts_with("\xEF\xBB\xBF"))
      error(0, "the text starts with a byte order mark", "save the file as UTF-8 without BOM");
    count_values();
    skip_space();
    Json json = value();
    skip_space();
    if (at_ < text_.size()) error(at_, "the value ends here, but more text follows");
    return json;
  }

 private:
  // A comma stands before each value of a container but the first.
  void count_values() {
    std::vector<size_t> open;
    size_t needed = value_bytes;
    const auto check = [&] {
      check_memory(source_->place, text_.size(), needed, "values", options_.max_memory);
    };
    for (size_t i = 0; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '"') {
        while (++i < text_.size() && text_[i] != '"')
          if (text_[i] == '\\') ++i;
      } else if (c == '[' || c == '{') {
        open.push_back(commas_.size());
        commas_.push_back(0);
        needed += container_bytes + value_bytes;
        if (open.size() > static_cast<size_t>(options_.max_depth))
          error(i, "nested more than " + std::to_string(options_.max_depth) + " levels deep");
        check();
      } else if (c == ',' && !open.empty()) {
        commas_[open.back()]++;
        needed += value_bytes;
      } else if ((c == ']' || c == '}') && !open.empty()) {
        open.pop_back();
      }
    }
    check();
  }

  Json value() {
    const auto line = static_cast<int32_t>(std::min<int64_t>(counted_.line, INT32_MAX));
    Json json = bare_value();
    json.line_ = line;
    json.source_ = source_;
    return json;
  }

  Json bare_value() {
    switch (peek()) {
      case '{': return object();
      case '[': return array();
      case '"': return text(string());
      case 't': word("true"); return Json(true);
      case 'f': word("false"); return Json(false);
      case 'n': word("null"); return Json();
      default: return number();
    }
  }

  Json text(Json::Piece piece) {
    Json json;
    json.kind_ = Json::Kind::string;
    json.value_.text = piece;
    return json;
  }

  Json object() {
    Json json = Json::object();
    const size_t number = opened_++;
    at_++;
    skip_space();
    if (take('}')) return json;
    std::vector<Json>& members = *json.value_.items;
    members.reserve(size_t{commas_[number]} + 1);
    do {
      skip_space();
      if (peek() != '"') error(at_, "expected a key in double quotes");
      const Json::Piece key = string();
      skip_space();
      if (!take(':'))
        error(at_, "expected ':' after the key " +
                       json_string(text_.substr(key.begin, std::min(key.size, 100u))));
      skip_space();
      members.push_back(value());
      members.back().key_ = key;
      skip_space();
    } while (take(','));
    if (!take('}')) error(at_, "expected ',' or '}'");
    merge_duplicates(members);
    return json;
  }

  // Of members with one key the first keeps its place and takes the last one's value. Sorting finds
  // them in O(n log n); an object with 100,000 keys is common in vocabularies.
  void merge_duplicates(std::vector<Json>& members) {
    std::vector<uint32_t> order(members.size());
    for (uint32_t i = 0; i < order.size(); i++) order[i] = i;
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
      const int compared = members[a].key_text().compare(members[b].key_text());
      return compared < 0 || (compared == 0 && a < b);
    });
    std::vector<bool> drop(members.size());
    bool any = false;
    for (size_t i = 0, first = 0; i < order.size(); i++) {
      if (i == 0 || members[order[i]].key_text() != members[order[first]].key_text()) {
        first = i;
        continue;
      }
      if (options_.strict)
        fail(members[order[i]].place(),
             "the key " + json_string(members[order[i]].key_text().substr(0, 100)) +
                 " appears twice in one object");
      std::swap(members[order[first]], members[order[i]]);
      drop[order[i]] = any = true;
    }
    if (!any) return;
    size_t kept = 0;
    for (size_t i = 0; i < members.size(); i++)
      if (!drop[i]) {
        if (kept != i) members[kept] = std::move(members[i]);
        kept++;
      }
    members.resize(kept);
  }

  Json array() {
    Json json = Json::array();
    const size_t number = opened_++;
    at_++;
    skip_space();
    if (take(']')) return json;
    std::vector<Json>& items = *json.value_.items;
    items.reserve(size_t{commas_[number]} + 1);
    do {
      skip_space();
      items.push_back(value());
      skip_space();
    } while (take(','));
    if (!take(']')) error(at_, "expected ',' or ']'");
    return json;
  }

  Json::Piece string() {
    const size_t begin = ++at_;
    bool escapes = false;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20)
        error(at_, "a control character inside a string", "write it as an escape such as \\n");
      if (text_[at_++] != '\\') continue;
      escape();
      escapes = true;
    }
    if (at_ == text_.size()) error(begin - 1, "this string has no end");
    const size_t end = at_;
    const size_t size = escapes ? replace_escapes(begin, end) : end - begin;
    at_ = end + 1;
    return {static_cast<uint32_t>(begin), static_cast<uint32_t>(size)};
  }

  // Replaces the escapes by what they stand for, which is always shorter; returns the new length.
  size_t replace_escapes(size_t begin, size_t end) {
    count_to(end);  // while the text is as it was read
    size_t to = begin;
    for (at_ = begin; at_ < end;) {
      const char c = text_[at_++];
      if (c == '\\')
        for (const char part : escape()) text_[to++] = part;
      else text_[to++] = c;
    }
    return to - begin;
  }

  // What the escape after a backslash stands for.
  std::string escape() {
    const char c = peek();
    static constexpr std::string_view letters = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
    std::string meaning;
    if (const size_t which = letters.find(c); which != std::string_view::npos) {
      meaning = values[which];
      at_++;
    } else if (c == 'u') {
      append_utf8(meaning, unicode_escape());
    } else {
      error(at_, "no such escape", "after a backslash: \" \\ / b f n r t or uXXXX");
    }
    return meaning;
  }

  // uXXXX, or the pair uD8XX\uDCXX for a code point above U+FFFF.
  char32_t unicode_escape() {
    const size_t start = at_;
    const char32_t first = four_hex_digits();
    if (first < 0xD800 || first > 0xDFFF) return first;
    if (first < 0xDC00 && text_.compare(at_, 2, "\\u") == 0) {
      const size_t after_first = at_++;
      const char32_t second = four_hex_digits();
      if (0xDC00 <= second && second <= 0xDFFF)
        return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
      at_ = after_first;
    }
    if (options_.strict) error(start, "half of a surrogate pair is not a character");
    return 0xFFFD;
  }

  char32_t four_hex_digits() {
    const std::string_view digits = std::string_view(text_).substr(at_ + 1, 4);  // after the u
    uint32_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() < 4 || result.ptr != digits.data() + 4)
      error(at_, "expected four hexadecimal digits after \\u");
    at_ += 5;
    return value;
  }

  Json number() {
    const size_t start = at_;
    take('-');
    if (!is_digit(peek())) error(start, at_ < text_.size() ? "expected a value" : "the text ends");
    const bool zero = take('0');
    if (zero && is_digit(peek())) error(start, "a number must not start with 0");
    digits();
    const size_t integer_end = at_;
    if (take('.') && digits() == 0) error(at_, "expected a digit after the point");
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (digits() == 0) error(at_, "expected a digit in the exponent");
    }
    const std::string_view token = std::string_view(text_).substr(start, at_ - start);
    if (at_ == integer_end && token != "-0") {
      int64_t integer = 0;
      const auto result = std::from_chars(token.data(), token.data() + token.size(), integer);
      if (result.ec == std::errc()) return Json(integer);
    }
    return Json(to_double(token));
  }

  size_t digits() {
    const size_t start = at_;
    while (is_digit(peek())) at_++;
    return at_ - start;
  }

  void word(std::string_view expected) {
    if (text_.compare(at_, expected.size(), expected) != 0)
      error(at_, "expected " + std::string(expected));
    at_ += expected.size();
  }

  void skip_space() {
    for (; at_ < text_.size(); at_++) {
      const char c = text_[at_];
      if (c == '\n') counted_ = {at_ + 1, counted_.line + 1, 1};
      else if (c != ' ' && c != '\t' && c != '\r') return;
    }
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    at_++;
    return true;
  }

  // Counts lines and columns, both from 1 and columns in characters, on to the byte `at`.
  void count_to(size_t at) {
    for (; counted_.at < at; counted_.at++) {
      if (text_[counted_.at] == '\n') counted_ = {counted_.at, counted_.line + 1, 1};
      else counted_.column += (static_cast<unsigned char>(text_[counted_.at]) & 0xC0) != 0x80;
    }
  }

  // At a byte that is still to be counted.
  [[noreturn]] void error(size_t at, const std::string& what, const std::string& hint = "") {
    count_to(at);
    fail(source_->place + ":" + std::to_string(counted_.line) + ":" +
             std::to_string(counted_.column),
         "not JSON: " + what, hint);
  }

  std::shared_ptr<Json::Source> source_;
  std::string& text_;  // of source_; escapes are replaced in it
  JsonOptions options_;
  std::vector<uint32_t> commas_;  // in each array and object, in the order in which they open
  size_t opened_ = 0;             // arrays and objects so far
  size_t at_ = 0;
  struct {
    size_t at = 0;
    int64_t line = 1, column = 1;
  } counted_;  // how far lines and columns have been counted
};

Json parse_json(std::string text, const std::string& place, const JsonOptions& options) {
  return JsonParser(std::move(text), place, options).document();
}

Json read_settings(const std::string& path) {
  std::string text = read_file(path, mebibyte);
  refuse_other_kinds(path, text);
  return parse_json(std::move(text), path, {.max_memory = 6 * mebibyte});
}

}  // namespace cairn
