// The JSON reader: recursive descent, one function for each kind of value, every character checked.
#include <algorithm>
#include <charconv>
#include <limits>

#include "core/error.h"
#include "core/io/json.h"
#include "core/io/utf8.h"

namespace cairn {
namespace {

constexpr int64_t max_values = 10'000'000;  // a value takes near 100 bytes of memory

bool is_digit(char c) { return '0' <= c && c <= '9'; }

// The double that a number of JSON's grammar stands for: infinite or zero where it is out of range.
double to_double(std::string_view number) {
  double value = 0;
  const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
  if (result.ec != std::errc::result_out_of_range) return value;
  // from_chars does not say which way. It is too large if the first digit that is not zero stands
  // before the point once the exponent has moved it.
  const bool negative = number[0] == '-';
  const size_t e = std::min(number.find_first_of("eE"), number.size());
  const size_t point = std::min(number.find('.'), e);
  const size_t first = number.find_first_of("123456789");
  const double before = static_cast<double>(point) - static_cast<double>(first);
  double exponent = 0;
  for (size_t i = e + 1; i < number.size(); i++)
    if (is_digit(number[i])) exponent = 10 * exponent + (number[i] - '0');
  if (e + 1 < number.size() && number[e + 1] == '-') exponent = -exponent;
  const double size = before + exponent > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return negative ? -size : size;
}

}  // namespace

class JsonParser {
 public:
  JsonParser(std::string_view text, const std::string& place, const JsonOptions& options)
      : text_(text), options_(options), file_(std::make_shared<const std::string>(place)) {
    line_ = options.first_line;
  }

  Json document() {
    if (const int64_t bad = utf8_error(text_); bad >= 0)
      error(static_cast<size_t>(bad), "this byte is not valid UTF-8", "save the file as UTF-8");
    if (text_.starts_with("\xEF\xBB\xBF"))
      error(0, "the text starts with a byte order mark", "save the file as UTF-8 without BOM");
    skip_space();
    Json json = value(0);
    skip_space();
    if (at_ < text_.size()) error(at_, "the value ends here, but more text follows");
    return json;
  }

 private:
  Json value(int depth) {
    if (depth > options_.max_depth)
      error(at_, "nested more than " + std::to_string(options_.max_depth) + " levels deep");
    if (++values_ > max_values)
      error(at_, "more than " + std::to_string(max_values) + " values in one text");
    const auto line = static_cast<int32_t>(std::min<int64_t>(line_, INT32_MAX));
    Json json = bare_value(depth);
    json.line_ = line;
    json.file_ = file_;
    return json;
  }

  Json bare_value(int depth) {
    switch (peek()) {
      case '{': return object(depth);
      case '[': return array(depth);
      case '"': return Json(string());
      case 't': word("true"); return Json(true);
      case 'f': word("false"); return Json(false);
      case 'n': word("null"); return Json();
      default: return number();
    }
  }

  Json object(int depth) {
    Json json = Json::object();
    auto& members = std::get<std::vector<Json>>(json.value_);
    at_++;
    skip_space();
    if (take('}')) return json;
    do {
      skip_space();
      if (peek() != '"') error(at_, "expected a key in double quotes");
      std::string key = string();
      skip_space();
      if (!take(':')) error(at_, "expected ':' after the key " + json_string(key.substr(0, 100)));
      skip_space();
      members.push_back(value(depth + 1));
      members.back().key_ = std::move(key);
      skip_space();
    } while (take(','));
    if (!take('}')) error(at_, "expected ',' or '}'");
    merge_duplicates(members);
    return json;
  }

  // Of members with one key the first keeps its place and takes the last one's value. Sorting finds
  // them in O(n log n); an object with 100,000 keys is common in vocabularies.
  void merge_duplicates(std::vector<Json>& members) {
    std::vector<size_t> order(members.size());
    for (size_t i = 0; i < order.size(); i++) order[i] = i;
    std::sort(order.begin(), order.end(), [&members](size_t a, size_t b) {
      const int way = members[a].key_.compare(members[b].key_);
      return way < 0 || (way == 0 && a < b);
    });
    std::vector<bool> drop(members.size());
    bool any = false;
    for (size_t i = 0, first = 0; i < order.size(); i++) {
      if (i == 0 || members[order[i]].key_ != members[order[first]].key_) {
        first = i;
        continue;
      }
      if (options_.strict)
        fail(members[order[i]].place(),
             "the key " + json_string(members[order[i]].key_) + " appears twice in one object");
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

  Json array(int depth) {
    std::vector<Json> items;
    at_++;
    skip_space();
    if (take(']')) return Json::array();
    do {
      skip_space();
      items.push_back(value(depth + 1));
      skip_space();
    } while (take(','));
    if (!take(']')) error(at_, "expected ',' or ']'");
    return Json::array(std::move(items));
  }

  std::string string() {
    const size_t start = at_++;
    std::string out;
    while (true) {
      const size_t plain = at_;
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<unsigned char>(text_[at_]) >= 0x20)
        at_++;
      out.append(text_, plain, at_ - plain);
      if (at_ == text_.size()) error(start, "this string has no end");
      if (take('"')) return out;
      if (text_[at_] != '\\')
        error(at_, "a control character inside a string", "write it as an escape such as \\n");
      at_++;
      escape(out);
    }
  }

  // What follows a backslash.
  void escape(std::string& out) {
    const char c = peek();
    static constexpr std::string_view letters = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
    if (const size_t which = letters.find(c); which != std::string_view::npos) {
      out += values[which];
      at_++;
    } else if (c == 'u') {
      append_utf8(out, unicode_escape());
    } else {
      error(at_, "no such escape", "after a backslash: \" \\ / b f n r t or uXXXX");
    }
  }

  // uXXXX, or the pair uD8XX\uDCXX for a code point above U+FFFF.
  char32_t unicode_escape() {
    const size_t start = at_;
    const char32_t first = four_hex_digits();
    if (first < 0xD800 || first > 0xDFFF) return first;
    if (first < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      const size_t after_first = at_++;
      const char32_t second = four_hex_digits();
      if (0xDC00 <= second && second <= 0xDFFF)
        return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
      at_ = after_first;
    }
    if (options_.strict) error(start, "half of a surrogate pair is no character");
    return 0xFFFD;
  }

  char32_t four_hex_digits() {
    const std::string_view digits = text_.substr(at_ + 1, 4);  // after the u
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
    const std::string_view token = text_.substr(start, at_ - start);
    if (at_ == integer_end) {
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
    if (text_.substr(at_, expected.size()) != expected)
      error(at_, "expected " + std::string(expected));
    at_ += expected.size();
  }

  void skip_space() {
    for (; at_ < text_.size(); at_++) {
      const char c = text_[at_];
      if (c == '\n')
        line_++;
      else if (c != ' ' && c != '\t' && c != '\r')
        return;
    }
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    at_++;
    return true;
  }

  // Lines and columns count from 1, columns in characters.
  [[noreturn]] void error(size_t at, const std::string& what, const std::string& hint = "") const {
    const std::string_view before = text_.substr(0, at);
    const int64_t line = options_.first_line + std::count(before.begin(), before.end(), '\n');
    const size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    int64_t column = 1;
    for (const char c : before.substr(line_start))
      column += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    fail(*file_ + ":" + std::to_string(line) + ":" + std::to_string(column), "not JSON: " + what,
         hint);
  }

  std::string_view text_;
  JsonOptions options_;
  std::shared_ptr<const std::string> file_;
  size_t at_ = 0;
  int64_t line_ = 1;
  int64_t values_ = 0;
};

Json parse_json(std::string_view text, const std::string& place, const JsonOptions& options) {
  return JsonParser(text, place, options).document();
}

}  // namespace cairn
