// JSON values: typed access with errors that name file, line and key; building; writing.
#include "core/io/json.h"

#include <charconv>
#include <cmath>

#include "core/error.h"
#include "core/io/utf8.h"

namespace cairn {
namespace {

std::string shortest(double value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  std::string text(digits, end);
  // "5" would read back as an integer.
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

// What a message shows of a value: itself if it is short, else what it is.
std::string shown(const Json& json) {
  switch (json.kind()) {
    case Json::Kind::null: return "null";
    case Json::Kind::boolean: return json.as_bool() ? "true" : "false";
    case Json::Kind::number:
      if (json.is_int()) return std::to_string(json.as_int());
      return std::isfinite(json.as_double()) ? shortest(json.as_double()) : "infinite";
    case Json::Kind::string:
      return json.as_string().size() <= 60 ? json_string(json.as_string()) : "a long string";
    case Json::Kind::array: return "an array";
    case Json::Kind::object: return "an object";
  }
  return "";
}

// Appends a text's characters, escaped as needed. The text must be valid UTF-8.
void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      out += "\\u00";
      out += "0123456789abcdef"[c >> 4];
      out += "0123456789abcdef"[c & 15];
    }
  }
}

class JsonWriter {
 public:
  explicit JsonWriter(int indent) : indent_(indent) {}

  void value(const Json& json) {
    switch (json.kind()) {
      case Json::Kind::null: out += "null"; return;
      case Json::Kind::boolean: out += json.as_bool() ? "true" : "false"; return;
      case Json::Kind::number: number(json); return;
      case Json::Kind::string: string(json.as_string()); return;
      case Json::Kind::array: container(json, '[', ']'); return;
      case Json::Kind::object: container(json, '{', '}'); return;
    }
  }

  std::string out;

 private:
  void number(const Json& json) {
    if (json.is_int()) {
      out += std::to_string(json.as_int());
      return;
    }
    if (!std::isfinite(json.as_double()))
      json.fail_here("which JSON can't express", "JSON has no NaN and no infinity");
    out += shortest(json.as_double());
  }

  void string(const std::string& text) {
    if (const int64_t at = utf8_error(text); at >= 0)
      fail("json", "a text to be written is not valid UTF-8 at byte " + std::to_string(at) + ": " +
                       json_string(text.substr(0, 60)));
    out += '"';
    append_escaped(out, text);
    out += '"';
  }

  void container(const Json& json, char open, char close) {
    out += open;
    depth_++;
    for (size_t i = 0; i < json.size(); i++) {
      if (i) out += ',';
      new_line();
      if (json.is_object()) {
        string(json.items()[i].key());
        out += indent_ ? ": " : ":";
      }
      value(json.items()[i]);
    }
    depth_--;
    if (json.size()) new_line();
    out += close;
  }

  void new_line() {
    if (!indent_) return;
    out += '\n';
    out.append(static_cast<size_t>(indent_) * static_cast<size_t>(depth_), ' ');
  }

  int indent_;
  int depth_ = 0;
};

}  // namespace

static_assert(sizeof(Json) == 40, "a file of many values takes little memory");

Json::Json(std::string text) : kind_(Kind::string) {
  if (!std::in_range<uint32_t>(text.size())) fail("json", "a string is longer than 4 GB");
  value_.text = {0, static_cast<uint32_t>(text.size())};
  source_ = std::make_shared<const Source>(Source{"", std::move(text)});
}

Json::Json(const Json& other)
    : source_(other.source_),
      key_(other.key_),
      value_(other.value_),
      line_(other.line_),
      kind_(other.kind_),
      exact_(other.exact_) {
  if (is_array() || is_object()) value_.items = new std::vector<Json>(*other.value_.items);
}

Json::~Json() {
  if (is_array() || is_object()) delete value_.items;
}

void Json::swap(Json& other) noexcept {
  std::swap(source_, other.source_);
  std::swap(key_, other.key_);
  std::swap(value_, other.value_);
  std::swap(line_, other.line_);
  std::swap(kind_, other.kind_);
  std::swap(exact_, other.exact_);
}

Json Json::array(std::vector<Json> items) {
  Json json;
  json.value_.items = new std::vector<Json>(std::move(items));
  json.kind_ = Kind::array;
  return json;
}

Json Json::object() {
  Json json = array();
  json.kind_ = Kind::object;
  return json;
}

std::string_view Json::text_of(Piece piece) const {
  return source_ ? std::string_view(source_->text).substr(piece.begin, piece.size) : "";
}

std::string Json::key() const { return std::string(key_text()); }

bool Json::as_bool() const {
  if (!is_bool()) fail_here("not true or false");
  return value_.boolean;
}

int64_t Json::as_int(int64_t min, int64_t max) const {
  if (!is_int()) fail_here("not an integer");
  const int64_t value = value_.integer;
  if (value < min) fail_here("less than " + std::to_string(min));
  if (value > max) fail_here("more than " + std::to_string(max));
  return value;
}

double Json::as_double() const {
  if (!is_number()) fail_here("not a number");
  return exact_ ? static_cast<double>(value_.integer) : value_.real;
}

std::string Json::as_string() const {
  if (!is_string()) fail_here("not a string");
  return std::string(text_of(value_.text));
}

const std::vector<Json>& Json::items() const {
  if (!is_array() && !is_object()) fail_here("not an array or object");
  return *value_.items;
}

const Json& Json::operator[](size_t i) const {
  if (!is_array()) fail_here("not an array");
  if (i >= size())
    fail_here("with " + std::to_string(size()) + " elements; element " + std::to_string(i) +
              " (counted from 0) is missing");
  return items()[i];
}

const Json* Json::find(std::string_view key) const {
  if (!is_object()) fail_here("not an object");
  for (const Json& member : items())
    if (member.key_text() == key) return &member;
  return nullptr;
}

const Json& Json::at(std::string_view key) const {
  if (const Json* member = find(key)) return *member;
  const std::string in = key_.size == 0 ? "" : " in " + json_string(this->key().substr(0, 100));
  fail(place(), json_string(key) + " is missing" + in);
}

bool Json::get(std::string_view key, bool fallback) const {
  const Json* member = find(key);
  return member && !member->is_null() ? member->as_bool() : fallback;
}

int64_t Json::get(std::string_view key, int64_t fallback) const {
  const Json* member = find(key);
  return member && !member->is_null() ? member->as_int() : fallback;
}

double Json::get(std::string_view key, double fallback) const {
  const Json* member = find(key);
  return member && !member->is_null() ? member->as_double() : fallback;
}

std::string Json::get(std::string_view key, const std::string& fallback) const {
  const Json* member = find(key);
  return member && !member->is_null() ? member->as_string() : fallback;
}

Json& Json::set(std::string_view key, Json value) {
  const Json* found = find(key);
  if (!found) return add(key, std::move(value));
  value.rename(key);
  (*value_.items)[static_cast<size_t>(found - value_.items->data())] = std::move(value);
  return *this;
}

Json& Json::add(std::string_view key, Json value) {
  if (!is_object()) fail_here("not an object");
  value.rename(key);
  value_.items->push_back(std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  if (!is_array()) fail_here("not an array");
  value.key_ = {0, 0};
  value_.items->push_back(std::move(value));
  return *this;
}

// Gives the value a text of its own: its string, if it is one, and the key.
void Json::rename(std::string_view key) {
  std::string text = is_string() ? as_string() : "";
  const size_t size = text.size();
  text += key;
  if (!std::in_range<uint32_t>(text.size())) fail(place(), "a string is longer than 4 GB");
  if (is_string()) value_.text.begin = 0;
  key_ = {static_cast<uint32_t>(size), static_cast<uint32_t>(key.size())};
  source_ = std::make_shared<const Source>(Source{source_ ? source_->place : "", std::move(text)});
}

std::string Json::place() const {
  if (!source_ || source_->place.empty()) return "json";
  return source_->place + ":" + std::to_string(line_);
}

void Json::fail_here(const std::string& what, const std::string& hint) const {
  const std::string name = key_.size == 0 ? "a value" : json_string(key().substr(0, 100));
  fail(place(), name + " is " + shown(*this) + ", " + what, hint);
}

std::string to_text(const Json& json, int indent) {
  JsonWriter writer(indent);
  writer.value(json);
  return std::move(writer.out);
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (int64_t bad = utf8_error(text); bad >= 0; bad = utf8_error(text)) {
    append_escaped(out, text.substr(0, static_cast<size_t>(bad)));
    append_utf8(out, 0xFFFD);
    text.remove_prefix(static_cast<size_t>(bad) + 1);
  }
  append_escaped(out, text);
  return out + '"';
}

}  // namespace cairn
