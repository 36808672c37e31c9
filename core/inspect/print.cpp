// Tensors as NumPy prints them, in three steps: choose the numbers to show, give them one form and
// width, lay them out in brackets.
#include "core/inspect/print.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <iostream>
#include <limits>

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// From here on numbers get an exponent: their digits before the point are no longer all exact.
constexpr real large = std::numeric_limits<real>::digits10 < 8 ? real(1e6) : real(1e8);

// A number's text in parts: "-12" and "5", or with an exponent "-1", "25" and "+03".
struct Digits {
  std::string whole, fraction, exponent;
};

// The fewest digits that read back as x, but at most `precision` after the point.
Digits digits_of(real x, std::chars_format format, int precision) {
  char text[512];
  auto end = std::to_chars(text, text + sizeof text, x, format).ptr;
  const auto parts = [&] {
    const std::string all(text, end);
    const size_t exponent = std::min(all.find('e'), all.size()),
                 point = std::min(all.find('.'), exponent);
    Digits digits{
        all.substr(0, point),
        all.substr(std::min(point + 1, exponent), exponent - std::min(point + 1, exponent)),
        exponent < all.size() ? all.substr(exponent + 1) : ""};
    while (!digits.fraction.empty() && digits.fraction.back() == '0') digits.fraction.pop_back();
    return digits;
  };
  Digits shortest = parts();
  if (static_cast<int>(shortest.fraction.size()) <= precision) return shortest;
  end = std::to_chars(text, text + sizeof text, x, format, precision).ptr;
  return parts();
}

// How all numbers of one tensor are written.
class Format {
 public:
  Format(const std::vector<real>& shown, int precision) : precision_(precision) {
    real min = INFINITY, max = 0;
    for (real x : shown) {
      if (!std::isfinite(x) || x == 0) continue;
      min = std::min(min, std::abs(x));
      max = std::max(max, std::abs(x));
    }
    if (max > 0 && (max >= large || min < real(1e-4) || max / min > 1000))
      format_ = std::chars_format::scientific;
    size_t others = 0;
    for (real x : shown) {
      if (!std::isfinite(x)) {
        others = std::max(others, text_of_other(x).size());
        continue;
      }
      const Digits digits = digits_of(x, format_, precision);
      whole_ = std::max(whole_, digits.whole.size());
      fraction_ = std::max(fraction_, digits.fraction.size());
      exponent_ = std::max(exponent_, digits.exponent.size());
    }
    if (others > width()) whole_ += others - width();
  }

  std::string operator()(real x) const {
    if (!std::isfinite(x)) return padded(text_of_other(x));
    Digits digits = digits_of(x, format_, precision_);
    if (format_ == std::chars_format::scientific) {
      digits.fraction.resize(fraction_, '0');
      while (digits.exponent.size() < exponent_) digits.exponent.insert(1, "0");
      return padded(digits.whole + "." + digits.fraction + "e" + digits.exponent);
    }
    digits.fraction.resize(fraction_, ' ');
    return padded(digits.whole + "." + digits.fraction);
  }

 private:
  size_t width() const { return whole_ + 1 + fraction_ + (exponent_ ? 1 + exponent_ : 0); }
  std::string padded(const std::string& text) const {
    return std::string(width() - std::min(width(), text.size()), ' ') + text;
  }
  static std::string text_of_other(real x) {
    return std::isnan(x) ? "nan" : x < 0 ? "-inf" : "inf";
  }

  int precision_;
  std::chars_format format_ = std::chars_format::fixed;
  size_t whole_ = 0, fraction_ = 0, exponent_ = 0;
};

using Index = std::vector<int64_t>;

// The brackets around the numbers that are shown.
class Layout {
 public:
  Layout(const Shape& shape, const PrintOptions& options)
      : shape_(shape), options_(options), summarised_(numel(shape) > options.threshold) {}

  // Calls f for the index of each number shown.
  void each(const std::function<void(const Index&)>& f, Index index = {}) const {
    if (static_cast<int>(index.size()) == shape_.size()) return f(index);
    const int64_t size = shape_[static_cast<int>(index.size())];
    index.push_back(0);
    for (int64_t i = 0; i < size; ++i) {
      if (skips(size) && i == options_.edge) i = size - options_.edge;
      index.back() = i;
      each(f, index);
    }
  }

  // The text of what lies at `index`, the index of a number or the beginning of one.
  std::string text(const std::function<std::string(const Index&)>& number, Index index = {}) const {
    const int axis = static_cast<int>(index.size()), left = shape_.size() - axis;
    if (left == 0) return number(index);
    const std::string indent(static_cast<size_t>(axis) + 1, ' ');
    const auto max_width = static_cast<size_t>(std::max(options_.width - axis - 1, 1));
    const std::string end = left == 1 ? " " : std::string(static_cast<size_t>(left) - 1, '\n');
    std::string all = "[", line = indent;  // `line` counts the brackets as blanks
    const auto append = [&](const std::string& word) {
      if (left == 1 && line.size() > indent.size() && line.size() + word.size() > max_width) {
        while (all.back() == ' ') all.pop_back();
        all += "\n" + indent;
        line = indent;
      }
      all += word;
      line += word + " ";
    };
    const int64_t size = shape_[axis];
    index.push_back(0);
    for (int64_t i = 0; i < size; ++i) {
      if (skips(size) && i == options_.edge) {
        append("...");
        all += end + (left > 1 ? indent : "");
        i = size - options_.edge;
      }
      index.back() = i;
      append(text(number, index));
      if (i + 1 < size) all += end + (left > 1 ? indent : "");
    }
    return all + "]";
  }

 private:
  bool skips(int64_t size) const { return summarised_ && size - size / 2 > options_.edge; }

  const Shape& shape_;
  const PrintOptions& options_;
  const bool summarised_;
};

int64_t position(const Index& index, const Shape& strides) {
  int64_t at = 0;
  for (size_t i = 0; i < index.size(); ++i) at += index[i] * strides[static_cast<int>(i)];
  return at;
}

std::string empty_of(const Shape& shape) { return "[] of shape " + cairn::to_string(shape); }

void check(const PrintOptions& options) {
  if (options.precision < 0 || options.precision > 100 || options.edge < 1)
    fail(
        "print",
        "precision " + std::to_string(options.precision) + ", edge " + std::to_string(options.edge),
        "0 <= precision <= 100, and edge >= 1");
}

}  // namespace

std::string to_string(const Tensor& x, const PrintOptions& options) {
  check(options);
  if (!x.defined()) return "undefined";
  if (x.numel() == 0) return empty_of(x.shape());
  const Layout layout(x.shape(), options);
  const real* first = x.strided_data();
  const auto at = [&](const Index& index) { return first[position(index, x.strides())]; };
  std::vector<real> shown;
  layout.each([&](const Index& index) { shown.push_back(at(index)); });
  const Format format(shown, options.precision);
  return layout.text([&](const Index& index) { return format(at(index)); });
}

std::string to_string(const Ids& ids, const PrintOptions& options) {
  check(options);
  if (ids.numel() == 0) return empty_of(ids.shape());
  const Layout layout(ids.shape(), options);
  const Shape strides = contiguous_strides(ids.shape());
  const auto at = [&](const Index& index) { return std::to_string(ids[position(index, strides)]); };
  size_t width = 0;
  layout.each([&](const Index& index) { width = std::max(width, at(index).size()); });
  return layout.text([&](const Index& index) {
    const std::string text = at(index);
    return std::string(width - text.size(), ' ') + text;
  });
}

void print(const Tensor& x, const PrintOptions& options) {
  std::cout << to_string(x, options) << "\n";
}
void print(const Ids& ids, const PrintOptions& options) {
  std::cout << to_string(ids, options) << "\n";
}
std::ostream& operator<<(std::ostream& out, const Tensor& x) { return out << to_string(x); }
std::ostream& operator<<(std::ostream& out, const Ids& ids) { return out << to_string(ids); }

}}  // namespace cairn::CAIRN_PRECISION
