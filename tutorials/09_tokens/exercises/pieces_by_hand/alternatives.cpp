// Other ways to write the answers, as good.
#include "tutorials/09_tokens/exercises/pieces_by_hand/pieces_by_hand.h"

namespace alternatives {
namespace {

std::vector<std::string> with_spaces() {
  return {" cat  ##s ", "walked ", "un ##walk  ##ed", "una\t##ffable", " [UNK]", "[UNK]", "[UNK] "};
}

std::vector<std::string> put_together() {
  const std::string unknown = "[UNK]", un = "un";
  std::vector<std::string> answers{"cat ##s"};
  answers.push_back("walked");
  answers.push_back(un + " ##walk" + " ##ed");
  answers.push_back(un + "a ##ffable");
  answers.insert(answers.end(), 3, unknown);
  return answers;
}

}  // namespace

const std::vector<check::Alternative<Answers>> list = {
    {"with more spaces", with_spaces},
    {"put together", put_together},
};

}  // namespace alternatives
