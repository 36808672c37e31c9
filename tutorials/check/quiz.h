#pragma once
// What the small exercises share whose function answers questions, each of which has a letter.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <vector>

#include "tutorials/check/check.h"

namespace check {

// What people answer instead, and what to say to them.
template <class Answer>
struct WrongAnswer {
  char question;
  Answer answer;
  std::string name, hint;
};

// A mistake for each wrong answer, in their order.
template <class Answer>
std::vector<Mistake> mistakes_of(const std::vector<WrongAnswer<Answer>>& wrong) {
  std::vector<Mistake> mistakes;
  for (const WrongAnswer<Answer>& one : wrong)
    mistakes.push_back({static_cast<int>(mistakes.size()) + 1, one.name, one.hint});
  return mistakes;
}

// The right answer, unless the mistake that is made now is one about this question.
template <class Answer>
Answer mistaken_answer(const std::vector<WrongAnswer<Answer>>& wrong, char question,
                       const Answer& right) {
  const WrongAnswer<Answer>& planted = wrong[static_cast<size_t>(mistake - 1)];
  return question == planted.question ? planted.answer : right;
}

// The letters of an order that the reader gives, as capitals. If these are not `all`, each once, the
// judge is told, and the result is empty.
inline std::string order_of(const std::string& given, const std::string& all, Judge& judge) {
  std::string letters;
  for (const char c : given)
    if (std::isalpha(static_cast<unsigned char>(c)))
      letters += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  std::string sorted = letters;
  std::sort(sorted.begin(), sorted.end());
  if (sorted == all) return letters;
  const std::string count = std::to_string(all.size());
  const bool others = letters.find_first_not_of(all) != std::string::npos;
  judge.that(false, std::string("the letters ") + all.front() + " to " + all.back() + ", each once",
             letters.empty() || letters == "TODO" ? "you say nothing yet"
             : others                             ? "there is a letter that is none of them"
             : letters.size() < all.size()        ? "there are fewer than " + count + " letters"
             : letters.size() > all.size()        ? "there are more than " + count + " letters"
                                                  : "there is a letter twice",
             letters);
  return "";
}

}  // namespace check
