#include "tests/mutants/rules.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>
#include <tuple>

const std::vector<std::string> mutant_kinds = {"sign", "factor", "unbroadcast", "axis", "saved"};

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// The rules for one region of one file.
class Rules {
 public:
  Rules(const Source& source, const Region& region, std::vector<Mutant>& mutants)
      : source_(source), code_(source.code), region_(region), mutants_(mutants) {}

  void apply() {
    for (const Range& value : source_.values(region_.body)) {
      negate(value);
      operators(value);
    }
    products();
    dout();
    saved();
    sums_left_out();
    layouts_left_out();
    other_axes();
    kernel_calls();
    kernel_loops();
  }

 private:
  void add(const char* kind, Range at, const std::string& by) {
    mutants_.push_back({kind, region_.name, at, by});
  }
  std::string text(const Range& range) const { return range.of(source_.text); }
  std::vector<Range> calls(const std::string& names) const {
    return source_.find("(?:^|[^.:\\w])(?:" + names + ")\\(", region_.body);
  }
  // The call whose opening bracket ends `head`, from its name on.
  Range call(const Range& head) const {
    size_t begin = head.begin;
    while (!is_word(code_[begin])) ++begin;
    return {begin, source_.close(head.end - 1) + 1};
  }
  // Is only the shape of this read?
  bool only_shape(const Range& range) const {
    const std::string before = code_.substr(range.begin - 8, 8);
    if (before == "rows_of(" || before == "cols_of(") return true;
    static const std::regex shape("^\\.(size|shape|axes|numel|strides|is_contiguous|data)\\(");
    const auto after = code_.begin() + static_cast<long>(range.end);
    return std::regex_search(after, after + 16, shape);
  }

  void negate(const Range& value) {
    const std::string before = text(value);
    const bool new_or_zero = before.starts_with("Tensor::") || before == "0" ||
                             before.find("backward") != std::string::npos;
    if (!new_or_zero) add("sign", value, "-(" + before + ")");
  }

  // The operand left of `at`, or right of it: names, numbers, calls, brackets.
  size_t operand_before(size_t at) const {
    while (at > 0) {
      const char c = code_[at - 1];
      if (c == ')' || c == ']') {
        int depth = 0;
        do {
          --at;
          depth += code_[at] == ')' || code_[at] == ']' ? 1 : 0;
          depth -= code_[at] == '(' || code_[at] == '[' ? 1 : 0;
        } while (depth > 0);
      } else if (is_word(c) || c == '.' || c == ':') {
        --at;
      } else if (c == '>' && at > 1 && code_[at - 2] == '-') {
        at -= 2;
      } else if (c == '>') {  // static_cast<real>
        at = code_.rfind('<', at);
      } else {
        break;
      }
    }
    while (code_[at - 1] == '*' || code_[at - 1] == '-') --at;
    return at;
  }
  size_t operand_after(size_t at) const {
    while (code_[at] == '-' || code_[at] == '*') ++at;
    while (at < code_.size()) {
      const char c = code_[at];
      if (c == '(' || c == '[') at = source_.close(at) + 1;
      else if (is_word(c) || c == '.' || c == ':') ++at;
      else if (c == '-' && code_[at + 1] == '>') at += 2;
      else if (c == '<' && code_[at - 1] == 't') at = code_.find('>', at) + 1;  // static_cast<real>
      else break;
    }
    return at;
  }

  void operators(const Range& value) {
    for (size_t i = value.begin + 1; i + 1 < value.end; ++i) {
      const char c = source_.outside_brackets[i];
      const bool binary =
          code_[i - 1] == ' ' && std::isspace(static_cast<unsigned char>(code_[i + 1]));
      if (!binary || std::string("+-*/").find(c) == std::string::npos) continue;
      size_t right = i + 1;
      while (std::isspace(static_cast<unsigned char>(code_[right]))) ++right;
      if (c == '+') add("sign", {i, i + 1}, "-");
      if (c == '-') add("sign", {i, i + 1}, "+");
      if (c == '*' || c == '/') add("factor", {i - 1, operand_after(right)}, "");
      if (c == '*') add("factor", {operand_before(i - 1), right}, "");
    }
  }

  // mul(a, b) -> a, b; div(a, b) -> a; affine(a, factor, shift) -> a
  void products() {
    for (const Range& head : calls("mul|div|affine")) {
      const std::vector<Range> arguments = source_.arguments(head.end - 1);
      add("factor", call(head), text(arguments.at(0)));
      if (code_.compare(call(head).begin, 4, "mul(") == 0)
        add("factor", call(head), text(arguments.at(1)));
    }
  }

  bool is_operand(const Range& range) const {
    const char before = code_[range.begin - 2];
    const std::string after = code_.substr(range.end, 3);
    const size_t open = code_.rfind('(', range.begin);
    const bool argument =
        open > 4 && source_.close(open) > range.end &&
        (code_.compare(open - 3, 3, "mul") == 0 || code_.compare(open - 3, 3, "div") == 0);
    return before == '*' || before == '/' || after == " * " || after == " / " || argument;
  }

  void dout() {
    const bool accumulates = !source_.find("g\\.into\\(", region_.body).empty();
    for (const Range& range : source_.find("\\bg\\.dout\\(\\w*\\)", region_.body)) {
      if (only_shape(range)) continue;
      if (accumulates) add("sign", range, "(-" + text(range) + ")");
      if (!is_operand(range)) add("factor", range, "Tensor::ones(" + text(range) + ".shape())");
    }
    if (accumulates)
      for (const Range& range : source_.find(", beta\\)", region_.body))
        add("factor", {range.begin + 2, range.end - 1}, "0");
  }

  void saved() {
    for (const Range& range : source_.find("\\bg\\.(value|tensor)\\(\\w+\\)", region_.body)) {
      if (only_shape(range) && code_.compare(range.end, 6, ".data(") != 0) continue;
      const size_t open = code_.find('(', range.begin);
      const Range name{open + 1, range.end - 1};
      const auto& fields = region_.saved;
      const auto field = std::find(fields.begin(), fields.end(), text(name));
      if (field == fields.end()) continue;
      if (fields.size() > 1) add("saved", name, field + 1 == fields.end() ? fields[0] : field[1]);
      else add("saved", range, "g.dout()");
      if (!is_operand(range))
        add("factor", range, "Tensor::ones(" + text(name) + ".tensor.shape())");
    }
  }

  void sums_left_out() {
    for (const Range& head : calls("sum_to|sum|mean|row_sums|expand"))
      add("unbroadcast", call(head), text(source_.arguments(head.end - 1).at(0)));
  }
  void layouts_left_out() {
    for (const Range& head : calls("transpose|permute|reshape"))
      add("axis", call(head), text(source_.arguments(head.end - 1).at(0)));
  }

  void other_axes() {
    for (const Range& head : calls("sum|mean|slice|select|cat|squeeze|unsqueeze|softmax|flip|"
                                   "log_softmax|cumsum|cumprod|gather|scatter|narrow")) {
      const std::vector<Range> arguments = source_.arguments(head.end - 1);
      if (arguments.size() < 2) continue;
      Range axis = arguments[1];
      if (code_[axis.begin] == '{') {
        const std::vector<Range> axes = source_.arguments(axis.begin);
        if (axes.empty()) continue;
        axis = axes[0];
      }
      static const std::regex plain("-?\\d+|(\\w+\\.)?\\w*axis");
      if (std::regex_match(text(axis), plain)) add("axis", axis, text(axis) + " - 1");
    }
  }

  // The arguments of a call, or the fields, if they are one struct.
  std::vector<Range> kernel_arguments(const Range& head) const {
    const std::vector<Range> arguments = source_.arguments(head.end - 1);
    const bool is_struct = arguments.size() == 1 && code_[arguments[0].begin] == '{';
    return is_struct ? source_.arguments(arguments[0].begin) : arguments;
  }

  // .a = {x, stride} is read as its transpose, .a = {.data = x, ..., .transposed = true} is not.
  void transposed(const Range& field) {
    const std::string before = text(field), is_transposed = ".transposed = true";
    if (!before.starts_with(".a = {") && !before.starts_with(".b = {")) return;
    const size_t at = before.find(is_transposed);
    if (at != std::string::npos)
      add("axis", {field.begin + at, field.begin + at + is_transposed.size()},
          ".transposed = false");
    else add("axis", {field.end - 1, field.end}, ", true}");
  }

  void kernel_calls() {
    for (const Range& head : source_.find("kernels\\(\\)\\.\\w+\\(", region_.body)) {
      const std::vector<Range> arguments = kernel_arguments(head);
      const std::string name = head.of(code_);
      const size_t n = arguments.size();
      if (name == "kernels().column_sums(" || name == "kernels().row_sums(")
        add("unbroadcast", arguments.at(2), "(" + text(arguments.at(2)) + " > 0 ? 1 : 0)");
      if (n >= 2 && text(arguments[n - 2]).starts_with("rows") &&
          text(arguments[n - 1]).starts_with("cols"))
        add("axis", {arguments[n - 2].begin, arguments[n - 1].end},
            text(arguments[n - 1]) + ", " + text(arguments[n - 2]));
      if (n >= 2 && text(arguments[n - 2]) == ".rows = rows" &&
          text(arguments[n - 1]) == ".cols = cols")
        add("axis", {arguments[n - 2].begin, arguments[n - 1].end}, ".rows = cols, .cols = rows");
      if (name == "kernels().gemm(")
        for (const Range& argument : arguments) transposed(argument);
    }
  }

  // In a kernel, a[i] -> a[j] and another array for a.
  void kernel_loops() {
    const auto& arrays = region_.arrays;
    for (const Range& value : source_.values(region_.body)) {
      for (const Range& range : source_.find("\\w+\\[[ij]\\]", value)) {
        const size_t at = range.end - 2;
        const bool both = !source_.find("\\[j\\]", region_.body).empty();
        if (both) add("axis", {at, at + 1}, code_[at] == 'i' ? "j" : "i");
        const auto array = std::find(arrays.begin(), arrays.end(),
                                     std::string(&code_[range.begin], &code_[at - 1]));
        if (array != arrays.end() && arrays.size() > 1)
          add("saved", {range.begin, at - 1}, array + 1 == arrays.end() ? arrays[0] : array[1]);
      }
    }
  }

  const Source& source_;
  const std::string& code_;
  const Region& region_;
  std::vector<Mutant>& mutants_;
};

}  // namespace

std::vector<Mutant> mutants_of(const Source& source) {
  std::vector<Mutant> all;
  for (const Region& region : source.regions()) Rules(source, region, all).apply();
  for (const SavedField& field : source.saved_fields()) {
    const bool output = field.value.of(source.text).find("Saved::output") != std::string::npos;
    all.push_back({"saved", "what is saved", field.value,
                   output ? field.input : "Saved::output(" + field.output + ")"});
  }
  std::vector<Mutant> mutants;
  std::set<std::tuple<size_t, size_t, std::string>> seen;
  for (const Mutant& m : all)
    if (seen.emplace(m.at.begin, m.at.end, m.by).second) mutants.push_back(m);
  std::stable_sort(mutants.begin(), mutants.end(),
                   [](const Mutant& a, const Mutant& b) { return a.at.begin < b.at.begin; });
  return mutants;
}
