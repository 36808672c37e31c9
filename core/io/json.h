#pragma once
// JSON (RFC 8259): a value, a strict reader, a writer.
//
//   const Json config = parse_json(read_file(path), path);
//   const int64_t hidden = config.at("hidden_size").as_int(1);   // at least 1
//   const double eps = config.get("layer_norm_eps", 1e-12);      // absent or null: 1e-12
//
// A value knows the file and line it was read from and the key it stands under, so that every
// complaint names them: [config.json:7] "hidden_size" is "abc", not an integer
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cairn {

class Json {
 public:
  enum class Kind : uint8_t { null, boolean, number, string, array, object };

  Json() = default;  // null
  Json(bool value) : kind_(Kind::boolean), value_(value) {}
  Json(double value) : kind_(Kind::number), value_(Number{value, 0, false}) {}
  Json(std::integral auto value)
      : kind_(Kind::number),
        value_(Number{static_cast<double>(value), static_cast<int64_t>(value),
                      std::in_range<int64_t>(value)}) {}
  Json(std::string value) : kind_(Kind::string), value_(std::move(value)) {}
  Json(std::string_view value) : Json(std::string(value)) {}
  Json(const char* value) : Json(std::string(value)) {}

  // With these items; without members.
  static Json array(std::vector<Json> items = {});
  static Json object();

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_bool() const { return kind_ == Kind::boolean; }
  bool is_number() const { return kind_ == Kind::number; }
  bool is_string() const { return kind_ == Kind::string; }
  bool is_array() const { return kind_ == Kind::array; }
  bool is_object() const { return kind_ == Kind::object; }
  bool is_int() const;  // a number written without fraction and exponent that fits int64

  // The value as a type of C++. Anything else, or an integer outside of least..most, is an Error
  // that names file, line and key. 2.0 is no integer; an integer is a double too.
  bool as_bool() const;
  int64_t as_int(int64_t least = std::numeric_limits<int64_t>::min(),
                 int64_t most = std::numeric_limits<int64_t>::max()) const;
  double as_double() const;
  const std::string& as_string() const;

  // The elements of an array, or the members of an object in order, each with its key().
  const std::vector<Json>& items() const;
  size_t size() const { return items().size(); }
  const Json& operator[](size_t i) const;          // an array's element i; Error if there is none
  const std::string& key() const { return key_; }  // empty for what is no member of an object

  // An object's member: find gives nullptr and at an Error if there is none. Each is a walk along
  // the members: to look up many keys of a large object, go over items() instead.
  const Json* find(std::string_view key) const;
  const Json& at(std::string_view key) const;

  // A member that may be absent or null: then `otherwise`. A wrong type is still an Error.
  bool get(std::string_view key, bool otherwise) const;
  int64_t get(std::string_view key, int64_t otherwise) const;
  int64_t get(std::string_view key, int otherwise) const { return get(key, int64_t{otherwise}); }
  double get(std::string_view key, double otherwise) const;
  std::string get(std::string_view key, const std::string& otherwise) const;
  std::string get(std::string_view key, const char* otherwise) const {
    return get(key, std::string(otherwise));
  }

  // Building: set adds an object's member or replaces it, push appends an array's element.
  Json& set(std::string key, Json value);
  Json& push(Json value);

  std::string place() const;  // "config.json:7": where it was read; "json" if built in memory

  // Throws an Error at this value: [config.json:7] "hidden_size" is -3, WHAT
  [[noreturn]] void fail_here(const std::string& what, const std::string& hint = "") const;

 private:
  friend class JsonParser;
  struct Number {
    double value;
    int64_t integer;
    bool exact;  // `integer` holds it
  };

  Kind kind_ = Kind::null;
  int32_t line_ = 0;
  std::variant<std::monostate, bool, Number, std::string, std::vector<Json>> value_;
  std::string key_;
  std::shared_ptr<const std::string> file_;
};

struct JsonOptions {
  int64_t first_line = 1;  // the number of the text's first line, for a line of a larger file
  int max_depth = 1000;    // arrays and objects inside one another
  bool strict = false;     // refuse what RFC 8259 leaves open: duplicate keys, lone surrogates
};

// Reads one JSON text. `place` is the file's name; an Error names it with line and column. Of
// duplicate keys the last counts, and half of a surrogate pair (as in "\ud83d") becomes U+FFFD,
// unless options.strict. A number too large for double becomes infinite. At most 10,000,000 values.
Json parse_json(std::string_view text, const std::string& place, const JsonOptions& options = {});

// JSON text, UTF-8. indent 0: one line without a space; otherwise each value on a line of its own,
// indented by so many spaces, as Python's json.dumps does it. Doubles are written with the fewest
// digits that read back as the same number. Error for NaN, infinities and invalid UTF-8.
std::string to_text(const Json& json, int indent = 0);

// A text as a JSON string with its quotes, for files and messages; an invalid byte becomes U+FFFD.
std::string json_string(std::string_view text);

}  // namespace cairn
