// The eight answers. What is expected is not told.
#include <cctype>
#include <cstdlib>
#include <utility>

#include "tutorials/06_autograd/exercises/gradient_or_error/gradient_or_error.h"

namespace {

const std::pair<char, const char*> answers[] = {{'a', "7"},  {'b', "7"},    {'c', "error"},
                                                {'d', "12"}, {'e', "6"},    {'f', "error"},
                                                {'g', "4"},  {'h', "error"}};

// Without spaces, in small letters; a number without its zeros: "12.0" is "12".
std::string plain(const std::string& text) {
  std::string letters;
  for (const char c : text)
    if (!std::isspace(static_cast<unsigned char>(c)))
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  char* end = nullptr;
  const double number = std::strtod(letters.c_str(), &end);
  if (letters.empty() || *end != 0) return letters;
  std::string digits = std::to_string(number);
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

void check_answers(GradientOrError* gradient_or_error, check::Judge& judge) {
  for (const auto& [program, answer] : answers) {
    const std::string given = plain(gradient_or_error(program));
    judge.answer(std::string("program ") + program, given, given == answer);
  }
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<GradientOrError>({.name = "gradient_or_error",
                                      .check = check_answers,
                                      .mine = mine::gradient_or_error,
                                      .mistaken = mistakes::gradient_or_error,
                                      .mistakes = mistakes::list,
                                      .alternatives = alternatives::list},
                                     argc, argv);
}
