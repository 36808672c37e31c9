// What people answer instead.
#include "tutorials/10_pretraining/exercises/rows_and_labels/rows_and_labels.h"
#include "tutorials/check/quiz.h"

namespace mistakes {
namespace {

const std::vector<check::WrongAnswer<std::vector<int64_t>>> wrong = {
    {'a',
     {0, 4, 6},
     "a: no end",
     "the last number is missing: one more than there are texts, so that text b is the rows from "
     "starts[b] to starts[b + 1] for the last one, too."},
    {'a', {4, 6, 11}, "a: the ends", "those are the ends of the texts. The first begins at row 0."},
    {'a',
     {0, 5, 10, 15},
     "a: of a rectangle",
     "those are the starts of a rectangle. In a ragged batch a text has no more rows than tokens."},
    {'a',
     {4, 2, 5},
     "a: the lengths",
     "those are the lengths. Each start is the sum of those before."},
    {'b',
     {11},
     "b: the tokens",
     "those are the tokens. How many cells has the rectangle beside them?"},
    {'b', {15}, "b: all cells", "those are all cells of the rectangle. Eleven of them are tokens."},
    {'b',
     {9},
     "b: counted with another width",
     "how wide is the rectangle? As wide as the longest text, and no wider."},
    {'c', {5}, "c: the row", "that is its row. A position counts within the text."},
    {'c', {2}, "c: counted from 1", "row 5 is the second of its text, and positions count from 0."},
    {'c',
     {0},
     "c: of the next text",
     "the third text begins at row 6. Row 5 is still of the second."},
    {'d',
     {-100, -100, 17, -100, 9, -100, -100},
     "d: the kept one is left out",
     "place 5 was chosen, too. It has been left as it was, and is asked for all the same."},
    {'d',
     {-100, -100, 17, -100, -100, -100, -100},
     "d: [MASK] alone",
     "you have a label where there is a [MASK], and nowhere else. All three chosen tokens have "
     "one."},
    {'d',
     {2, 40, 17, 88, 9, 51, 3},
     "d: all of them",
     "those are the ids. A label at every place asks \"which token do you see here?\" at most of "
     "them."},
    {'d',
     {-100, -100, 4, -100, 631, 51, -100},
     "d: after the hiding",
     "you have taken the ids after the hiding. A label is what stood there before."},
    {'d',
     {0, 0, 17, 0, 9, 51, 0},
     "d: 0 for -100",
     "0 is [PAD], and the network would learn to say it. cross_entropy passes over another "
     "number."},
    {'e',
     {100},
     "e: one of two fates",
     "that is one of two fates: a random token, or the old one. Neither is seen as [MASK]."},
    {'e', {800}, "e: those seen as [MASK]", "those are seen as [MASK]. The others are asked for."},
    {'e',
     {0},
     "e: none",
     "a label makes the question, not [MASK]: every chosen token is asked for, whatever is seen "
     "there."},
    {'e', {850}, "e: not chosen", "85 % are those that are not chosen. Here all 1,000 are."},
    {'e',
     {30},
     "e: 15 % of them",
     "15 % of all tokens are chosen. Here 1,000 have been chosen already."},
    {'f', {400}, "f: a square", "e to the power of ln 20: the one undoes the other."},
    {'f',
     {3},
     "f: the loss itself",
     "ln 20 is about 3, and that is the loss. The perplexity is e to "
     "its power."},
};

std::vector<int64_t> right(char question) {
  switch (question) {
    case 'a': return {0, 4, 6, 11};
    case 'b': return {4};
    case 'c': return {1};
    case 'd': return {-100, -100, 17, -100, 9, 51, -100};
    case 'e': return {200};
    default: return {20};
  }
}

}  // namespace

std::vector<int64_t> rows_and_labels(char question) {
  return check::mistaken_answer(wrong, question, right(question));
}

const std::vector<check::Mistake> list = check::mistakes_of(wrong);

}  // namespace mistakes
