// The same answers, written down in other ways.
#include "tutorials/00_setting_out/exercises/gate_cpp/gate_cpp.h"

namespace alternatives {
namespace {

std::string from_a_list(int question) {
  static const std::vector<std::string> all{"3",  "5",  "6", "6",   "210",
                                            "12", "42", "8", "acd", "False"};
  return all[static_cast<size_t>(question) - 1];
}

std::string computed(int question) {
  const double sum = 0.1f + 0.2f;
  if (question == 10) return sum == 0.3 ? "true" : "false";
  return from_a_list(question);
}

}  // namespace

const std::vector<check::Alternative<Answers>> list = {
    {"from a list", from_a_list},
    {"computed", computed},
    {"with blanks", [](int question) { return " " + from_a_list(question) + " "; }},
};

}  // namespace alternatives
