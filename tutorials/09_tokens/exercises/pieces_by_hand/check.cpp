// Word by word; the right pieces are made by WordPiece's definition.
#include <algorithm>
#include <sstream>

#include "tutorials/09_tokens/exercises/pieces_by_hand/pieces_by_hand.h"

namespace {

const std::vector<std::string> vocabulary = {"a",    "able",     "cat",    "down",   "un",
                                             "una",  "walk",     "walked", "##able", "##aff",
                                             "##ed", "##ffable", "##s",    "##walk"};
const std::vector<std::string> words = {"cats",   "walked", "unwalked", "unaffable",
                                        "unable", "dog",    "catsuit"};

std::string pieces_of(const std::string& word) {
  std::string pieces;
  for (size_t begin = 0, length = 0; begin < word.size(); begin += length) {
    const std::string prefix = begin ? "##" : "";
    for (length = word.size() - begin; length > 0; --length)
      if (std::count(vocabulary.begin(), vocabulary.end(), prefix + word.substr(begin, length)))
        break;
    if (length == 0) return "[UNK]";
    pieces += (begin ? " " : "") + prefix + word.substr(begin, length);
  }
  return pieces;
}

// With one space between tokens, and none around them.
std::string tidy(const std::string& text) {
  std::istringstream stream(text);
  std::string tokens;
  for (std::string token; stream >> token;) tokens += (tokens.empty() ? "" : " ") + token;
  return tokens;
}

void check_pieces(Answers* pieces_by_hand, check::Judge& judge) {
  const std::vector<std::string> answers = pieces_by_hand();
  judge.that(answers.size() == words.size(), "seven answers",
             "there are " + std::to_string(answers.size()));
  for (size_t i = 0; i < std::min(answers.size(), words.size()); ++i)
    judge.answer("the pieces of " + words[i], tidy(answers[i]),
                 tidy(answers[i]) == pieces_of(words[i]));
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Answers>({.name = "pieces_by_hand",
                              .check = check_pieces,
                              .mine = mine::pieces_by_hand,
                              .mistaken = mistakes::pieces_by_hand,
                              .mistakes = mistakes::list,
                              .alternatives = alternatives::list},
                             argc, argv);
}
