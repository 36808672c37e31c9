// The six answers. What is expected is not told; what a wrong answer is the answer to, is.
#include <string>

#include "tutorials/10_pretraining/exercises/rows_and_labels/rows_and_labels.h"

namespace {

struct Question {
  char letter;
  std::string text;
  std::vector<int64_t> answer;
};

const std::vector<Question> questions = {
    {'a', "a: the starts of the three texts", {0, 4, 6, 11}},
    {'b', "b: the cells of padding", {4}},
    {'c', "c: the position of row 5", {1}},
    {'d', "d: the seven labels", {-100, -100, 17, -100, 9, 51, -100}},
    {'e', "e: chosen, and not seen as [MASK]", {200}},
    {'f', "f: the perplexity", {20}},
};

void check_rows_and_labels(RowsAndLabels* rows_and_labels, check::Judge& judge) {
  for (const Question& question : questions) {
    const std::vector<int64_t> given = rows_and_labels(question.letter);
    std::string text;
    for (int64_t number : given) text += (text.empty() ? "" : " ") + std::to_string(number);
    if (given.size() != question.answer.size() && !given.empty())
      text += " (" + std::to_string(given.size()) + (given.size() == 1 ? " number)" : " numbers)");
    judge.answer(question.text, text, given == question.answer);
  }
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<RowsAndLabels>({.name = "rows_and_labels",
                                    .check = check_rows_and_labels,
                                    .mine = mine::rows_and_labels,
                                    .mistaken = mistakes::rows_and_labels,
                                    .mistakes = mistakes::list,
                                    .alternatives = alternatives::list},
                                   argc, argv);
}
