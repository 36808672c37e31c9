#include "tools/docs/compare.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "core/io/files.h"

namespace {

// A number, or what stands between two.
struct Piece {
  std::string text;
  bool number;

  double value() const { return std::strtod(text.c_str(), nullptr); }
  // One unit of the last decimal: 0.01 for 3.14, 1e-7 for 2.5e-6; 0 without a point or exponent.
  double unit() const {
    const size_t e = text.find_first_of("eE"), point = text.find('.');
    if (e == std::string::npos && point == std::string::npos) return 0;
    const size_t end = std::min(e, text.size());
    const double decimals = point == std::string::npos ? 0 : static_cast<double>(end - point - 1);
    const double exponent = e == std::string::npos ? 0 : std::strtod(text.c_str() + e + 1, nullptr);
    return std::pow(10, exponent - decimals);
  }
};

bool digit(const std::string& line, size_t at) {
  return at < line.size() && std::isdigit(static_cast<unsigned char>(line[at]));
}

// Where the number ends that begins at `at`: [-+] digits [. digits] [e [-+] digits]; `at` if there
// is none. A sign counts if it does not follow a letter, digit or bracket, as in 3-1.
size_t end_of_number(const std::string& line, size_t at) {
  size_t i = at;
  if (line[i] == '-' || line[i] == '+') {
    if (at > 0 && (std::isalnum(static_cast<unsigned char>(line[at - 1])) || line[at - 1] == ')'))
      return at;
    ++i;
  }
  if (!digit(line, i)) return at;
  while (digit(line, i)) ++i;
  if (i < line.size() && line[i] == '.') {
    ++i;
    while (digit(line, i)) ++i;
  }
  if (i < line.size() && (line[i] == 'e' || line[i] == 'E')) {
    const size_t sign = i + 1 < line.size() && (line[i + 1] == '-' || line[i + 1] == '+');
    if (digit(line, i + 1 + sign)) {
      i += 1 + sign;
      while (digit(line, i)) ++i;
    }
  }
  return i;
}

std::vector<Piece> pieces(const std::string& line) {
  std::vector<Piece> found;
  std::string between;
  for (size_t at = 0; at < line.size();) {
    const size_t end = end_of_number(line, at);
    if (end == at) {
      const bool blank = line[at] == ' ';
      if (!blank || between.empty() || between.back() != ' ') between += line[at];
      ++at;
      continue;
    }
    found.push_back({between.empty() ? " " : between, false});
    found.push_back({line.substr(at, end - at), true});
    between.clear();
    at = end;
  }
  while (!between.empty() && between.back() == ' ') between.pop_back();
  found.push_back({between, false});
  return found;
}

bool agree(const Piece& shown, const Piece& now, const Tolerance& tolerance) {
  if (shown.number != now.number) return false;
  if (!shown.number) return shown.text == now.text;
  if (tolerance.by_shape || shown.text == now.text) return true;
  const double within =
      tolerance.within < 0 ? std::max(shown.unit(), now.unit()) : tolerance.within;
  return std::fabs(shown.value() - now.value()) <= within * (1 + 1e-6);
}

bool lines_agree(const std::string& shown, const std::string& now, const Tolerance& tolerance) {
  if (tolerance.exact) return shown == now;
  const std::vector<Piece> a = pieces(shown), b = pieces(now);
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](const Piece& x, const Piece& y) { return agree(x, y, tolerance); });
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

int first_difference(const std::string& shown, const std::string& now, const Tolerance& tolerance) {
  const std::vector<std::string> a = cairn::split_lines(shown), b = cairn::split_lines(now);
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i)
    if (i >= a.size() || i >= b.size() || !lines_agree(a[i], b[i], tolerance))
      return static_cast<int>(i);
  return -1;
}

bool has_answer(const std::string& text, const std::string& answer) {
  if (!answer.empty() && end_of_number(answer, 0) == answer.size()) {
    for (const std::string& line : cairn::split_lines(text))
      for (const Piece& piece : pieces(line))
        if (piece.number && agree({answer, true}, piece, {})) return true;
    return false;
  }
  const std::string in = lower(text), word = lower(answer);
  const auto letter = [&](size_t at) {
    return at < in.size() && std::isalnum(static_cast<unsigned char>(in[at]));
  };
  for (size_t at = in.find(word); at != std::string::npos; at = in.find(word, at + 1))
    if (!letter(at - 1) && !letter(at + word.size())) return true;
  return false;
}
