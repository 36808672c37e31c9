// The seven answers. What is expected is not told; what a wrong answer is the answer to, is.
#include <string>

#include "tutorials/05_tensors/exercises/who_sees_it/who_sees_it.h"

namespace {

struct Question {
  char letter;
  std::string text;
  std::vector<int64_t> answer;
};

const std::vector<Question> questions = {
    {'a', "a: the strides of the transpose", {1, 6}},
    {'b', "b: the shape of the slice", {4, 3}},
    {'c', "c: the strides of the slice, and its offset", {6, 2, 1}},
    {'d', "d: the strides of the expanded row", {0, 1}},
    {'e', "e: the shape of the sum", {4, 3, 6}},
    {'f', "f: how many zeros become ones", {6, 12, 0, 24, 0, 24}},
    {'g', "g: the version", {3}},
};

void check_who_sees_it(WhoSeesIt* who_sees_it, check::Judge& judge) {
  for (const Question& question : questions) {
    const std::vector<int64_t> given = who_sees_it(question.letter);
    std::string text;
    for (int64_t number : given) text += (text.empty() ? "" : " ") + std::to_string(number);
    judge.answer(question.text, text, given == question.answer);
  }
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<WhoSeesIt>({.name = "who_sees_it",
                                .check = check_who_sees_it,
                                .mine = mine::who_sees_it,
                                .mistaken = mistakes::who_sees_it,
                                .mistakes = mistakes::list,
                                .alternatives = alternatives::list},
                               argc, argv);
}
