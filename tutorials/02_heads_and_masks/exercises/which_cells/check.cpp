// The six answers. What is expected is not told; what a wrong answer is the answer to, is.
#include <string>
#include <utility>

#include "tutorials/02_heads_and_masks/exercises/which_cells/which_cells.h"

namespace {

struct Question {
  char letter;
  std::string text;
  std::vector<int64_t> answer;
};

const std::vector<Question> questions = {
    {'a', "a: the shape of the right split", {3, 4, 2}},
    {'b', "b: row 1 of head 2 of the right split", {14, 15}},
    {'c', "c: row 1 of head 2 after reshape alone", {30, 31}},
    {'d', "d: the strides of the right split", {2, 6, 1}},
    {'e', "e: the shape of the scores", {3, 4, 4}},
    {'f', "f: row 0 after a merge by reshape alone", {0, 1, 10, 11, 20, 21}},
};

void check_which_cells(WhichCells* which_cells, check::Judge& judge) {
  for (const Question& question : questions) {
    const std::vector<int64_t> given = which_cells(question.letter);
    std::string text;
    for (int64_t number : given) text += (text.empty() ? "" : " ") + std::to_string(number);
    judge.answer(question.text, text, given == question.answer);
  }
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<WhichCells>({.name = "which_cells",
                                 .check = check_which_cells,
                                 .mine = mine::which_cells,
                                 .mistaken = mistakes::which_cells,
                                 .mistakes = mistakes::list,
                                 .alternatives = alternatives::list},
                                argc, argv);
}
