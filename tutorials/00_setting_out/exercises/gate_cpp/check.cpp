// Each answer by itself.
#include "tutorials/00_setting_out/exercises/gate_cpp/gate_cpp.h"

int main(int argc, char** argv) {
  const auto check = [](Answers* answers, check::Judge& judge) {
    check_answers(mistakes::questions, answers, judge);
  };
  return check::run<Answers>({.name = "gate_cpp",
                              .check = check,
                              .mine = mine::answer,
                              .mistaken = mistakes::answer,
                              .mistakes = mistakes_of(mistakes::questions),
                              .alternatives = alternatives::list},
                             argc, argv);
}
