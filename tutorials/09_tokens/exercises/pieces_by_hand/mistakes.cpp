// What people write instead: one answer of the seven.
#include "tutorials/09_tokens/exercises/pieces_by_hand/pieces_by_hand.h"

namespace mistakes {
namespace {

struct Answer {
  size_t word;
  const char* pieces;
  const char* hint;
};

const char* const no_hashes =
    "a token in the middle of a word has ## before it: that is how it stands in the vocabulary.";
const char* const split_though_whole =
    "the whole word is in the vocabulary. The longest match at its beginning is all of it.";
const char* const letters =
    "a part that no token fits is not split into letters, and has no pieces: look at what becomes "
    "of the word then.";
const char* const kept =
    "what was found before the place where nothing fits is thrown away: the whole word is one "
    "[UNK].";

const char* const no_brackets = "the token for unknown words is [UNK], with its brackets.";

const std::vector<Answer> answers = {
    {0, "cat s", no_hashes},
    {0, "cats", "cats is not in the vocabulary. Which token is the longest beginning of it?"},
    {0, "[UNK]", "a word that is not in the vocabulary may still be made of tokens that are."},
    {1, "walk ##ed", split_though_whole},
    {2, "un walked",
     "\"walked\" is a token that begins a word. In the middle of one only tokens with ## fit."},
    {2, "un ##walked", "\"##walked\" is not in the vocabulary; look at those with ## again."},
    {2, "un walk ed", no_hashes},
    {2, "[UNK]", "after \"un\" there is a token with ## that fits, and another one after that."},
    {2, "[UNK] walked",
     "[UNK] stands for a whole word, never beside other pieces; and \"un\" is a token."},
    {3, "un ##aff ##able",
     "\"un\" is not the longest token that this word begins with. The longest one is taken, even "
     "where a shorter one would do."},
    {3, "un ##a ##ffable", "\"un\" is not the longest token that this word begins with."},
    {3, "una ffable", no_hashes},
    {3, "[UNK]", "after its longest beginning there is something left, and that is a token."},
    {4, "un ##able",
     "that would be a fine way to split it, but the longest token at the beginning is \"una\", and "
     "WordPiece never goes back to try a shorter one."},
    {4, "una [UNK]", kept},
    {4, "un able", "\"un\" is not the longest token that this word begins with."},
    {4, "una ##ble", "\"##ble\" is not in the vocabulary."},
    {4, "UNK", no_brackets},
    {5, "UNK", no_brackets},
    {5, "d ##o ##g", letters},
    {5, "", "a word of which nothing is known does not vanish: it leaves a token behind."},
    {5, "dog", "\"dog\" is not in the vocabulary, and the model has no row for what is not there."},
    {6, "UNK", no_brackets},
    {6, "cat ##s [UNK]", kept},
    {6, "cat [UNK]", kept},
    {6, "cat ##s", "\"uit\" has no tokens. It is not left out: look at what becomes of the word."},
    {6, "cat ##s ##u ##i ##t", letters},
    {6, "cat ##s ##uit", "\"##uit\" is not in the vocabulary."},
};

std::vector<check::Mistake> make_list() {
  std::vector<check::Mistake> list = {
      {1, "an answer is missing", "there are seven words, and each has an answer of its own."}};
  for (const Answer& answer : answers)
    list.push_back({static_cast<int>(list.size()) + 1,
                    "word " + std::to_string(answer.word + 1) + ": " + answer.pieces, answer.hint});
  return list;
}

}  // namespace

std::vector<std::string> pieces_by_hand() {
  std::vector<std::string> right = {"cat ##s", "walked", "un ##walk ##ed", "una ##ffable",
                                    "[UNK]",   "[UNK]",  "[UNK]"};
  if (check::mistake == 1) right.pop_back();
  if (check::mistake >= 2) {
    const Answer& answer = answers[static_cast<size_t>(check::mistake) - 2];
    right[answer.word] = answer.pieces;
  }
  return right;
}

const std::vector<check::Mistake> list = make_list();

}  // namespace mistakes
