#pragma once
// JSON (RFC 8259): a value, a strict reader, a writer.
//
//   const Json config = read_settings(path);                     // or parse_json(text, path)
//   const int64_t hidden = config.at("hidden_size").as_int(1);   // at least 1
//   const double eps = config.get("layer_norm_eps", 1e-12);      // absent or null: 1e-12
//
// A value knows the file and line it was read from and the key it stands under, so that every
// complaint names them: [config.json:7] "hidden_size" is "abc", not an integer
//
// A value takes 40 bytes. Keys and texts are pieces of the text that was read, which all of its
// values share; nothing is allocated for them one by one.
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn {

class Json {
 public:
  enum class Kind : uint8_t { null, boolean, number, string, array, object };

  Json() {}  // null
  Json(bool value) : kind_(Kind::boolean) { value_.boolean = value; }
  Json(double value) : kind_(Kind::number) { value_.real = value; }
  Json(std::integral auto value) : kind_(Kind::number), exact_(std::in_range<int64_t>(value)) {
    if (exact_) value_.integer = static_cast<int64_t>(value);
    else value_.real = static_cast<double>(value);
  }
  Json(std::string value);
  Json(std::string_view value) : Json(std::string(value)) {}
  Json(const char* value) : Json(std::string(value)) {}

  Json(const Json& other);  // copies all below it
  Json(Json&& other) noexcept { swap(other); }
  Json& operator=(Json other) noexcept { return swap(other), *this; }
  ~Json();

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
  // A number written without fraction and exponent that fits int64. -0 does not count: it is -0.0.
  bool is_int() const { return is_number() && exact_; }

  // The value as a type of C++. Anything else, or an integer outside of [min, max], is an Error
  // that names file, line and key. Neither 2.0 nor -0 is an integer; an integer is a double too.
  bool as_bool() const;
  int64_t as_int(int64_t min = std::numeric_limits<int64_t>::min(),
                 int64_t max = std::numeric_limits<int64_t>::max()) const;
  double as_double() const;
  std::string as_string() const;

  // The elements of an array, or the members of an object in order, each with its key().
  const std::vector<Json>& items() const;
  size_t size() const { return items().size(); }
  const Json& operator[](size_t i) const;  // an array's element i; Error if there is none
  std::string key() const;                 // empty if this is not a member of an object

  // An object's member: if there is none, find() is nullptr and at() an Error. Both search the
  // members one by one: to look up many keys of a large object, go over items() instead.
  const Json* find(std::string_view key) const;
  const Json& at(std::string_view key) const;

  // A member that may be absent or null: then `fallback`. A wrong type is still an Error.
  bool get(std::string_view key, bool fallback) const;
  int64_t get(std::string_view key, int64_t fallback) const;
  int64_t get(std::string_view key, int fallback) const { return get(key, int64_t{fallback}); }
  double get(std::string_view key, double fallback) const;
  std::string get(std::string_view key, const std::string& fallback) const;
  std::string get(std::string_view key, const char* fallback) const {
    return get(key, std::string(fallback));
  }

  // Building: set() adds an object's member or replaces it, for which it searches the members;
  // add() is for many whose keys are known to differ. push() appends an element to an array.
  Json& set(std::string_view key, Json value);
  Json& add(std::string_view key, Json value);
  Json& push(Json value);

  std::string place() const;  // "config.json:7": where it was read; "json" if built in memory

  // Throws an Error at this value: [config.json:7] "hidden_size" is -3, WHAT
  [[noreturn]] void fail_here(const std::string& what, const std::string& hint = "") const;

 private:
  friend class JsonParser;
  struct Source {
    std::string place, text;
  };
  struct Piece {  // of the source's text
    uint32_t begin, size;
  };
  union Value {
    bool boolean;
    double real;      // a number that is not exact_
    int64_t integer;  // a number that is
    Piece text;
    std::vector<Json>* items;  // owned
  };

  void swap(Json& other) noexcept;
  std::string_view text_of(Piece piece) const;
  std::string_view key_text() const { return text_of(key_); }
  void rename(std::string_view key);

  std::shared_ptr<const Source> source_;  // null for a number built in memory, and its like
  Piece key_{0, 0};
  Value value_{.integer = 0};
  int32_t line_ = 0;
  Kind kind_ = Kind::null;
  bool exact_ = false;
};

struct JsonOptions {
  int64_t first_line = 1;  // the number of the text's first line, for a line of a larger file
  int max_depth = 1000;    // arrays and objects inside one another
  bool strict = false;     // refuse what RFC 8259 leaves open: duplicate keys, lone surrogates
  size_t max_memory = 0;   // bytes for the values; 0: check_memory's default, see core/io/files.h
};

// Reads one JSON text. `place` is the file's name; an Error names it with line and column. Of
// duplicate keys the last counts, and half of a surrogate pair (as in "\ud83d") becomes U+FFFD,
// unless options.strict. A number too large for double becomes infinite. A text whose
// values would take more than options.max_memory is refused before any is made.
Json parse_json(std::string text, const std::string& place, const JsonOptions& options = {});

// A file of settings, such as config.json: at most 1 MiB, and some 100,000 values.
Json read_settings(const std::string& path);

// JSON text, UTF-8. indent 0: one line without a space; otherwise each value on a line of its own,
// indented by that many spaces, as by Python's json.dumps. Doubles are written with the fewest
// digits that read back as the same number. Error for NaN, infinities and invalid UTF-8.
std::string to_text(const Json& json, int indent = 0);

// A text as a JSON string with its quotes, for files and messages; an invalid byte becomes U+FFFD.
std::string json_string(std::string_view text);

}  // namespace cairn
