// The eight answers. What is expected is not told; what a wrong answer is the answer to, is.
#include <cmath>
#include <cstdio>
#include <string>

#include "tutorials/07_backward_by_hand/exercises/which_gradient/which_gradient.h"

namespace {

struct Question {
  char letter;
  std::string text;
  std::vector<double> answer;
};

const std::vector<Question> questions = {
    {'a', "a: the shape of dW", {2, 3}},
    {'b', "b: which product is dW", {2}},
    {'c', "c: db", {5, 5}},
    {'d', "d: dx of softmax", {0.5, -0.5}},
    {'e', "e: the gradient by the logits", {0.5, -0.5}},
    {'f', "f: row 2 of dtable", {5, 50}},
    {'g', "g: dx of dropout", {2, 0, 2, 0}},
    {'h', "h: dq and dv of one key", {0, 0, 1, 1}},
};

bool near(const std::vector<double>& given, const std::vector<double>& answer) {
  if (given.size() != answer.size()) return false;
  for (size_t i = 0; i < given.size(); ++i)
    if (!(std::fabs(given[i] - answer[i]) < 1e-6)) return false;
  return true;
}

void check_which_gradient(WhichGradient* which_gradient, check::Judge& judge) {
  for (const Question& question : questions) {
    const std::vector<double> given = which_gradient(question.letter);
    std::string text;
    for (const double number : given) {
      char buffer[32];
      std::snprintf(buffer, sizeof buffer, "%s%.6g", text.empty() ? "" : " ", number);
      text += buffer;
    }
    if (const size_t wanted = question.answer.size(); !given.empty() && given.size() != wanted)
      text += " (" + std::to_string(wanted) + (wanted == 1 ? " number is" : " numbers are") +
              " asked for)";
    judge.answer(question.text, text, near(given, question.answer));
  }
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<WhichGradient>({.name = "which_gradient",
                                    .check = check_which_gradient,
                                    .mine = mine::which_gradient,
                                    .mistaken = mistakes::which_gradient,
                                    .mistakes = mistakes::list,
                                    .alternatives = alternatives::list},
                                   argc, argv);
}
