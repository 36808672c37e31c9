// What people answer instead.
#include "tutorials/02_heads_and_masks/exercises/which_cells/which_cells.h"
#include "tutorials/check/quiz.h"

namespace mistakes {
namespace {

const std::vector<check::WrongAnswer<std::vector<int64_t>>> wrong = {
    {'a',
     {4, 3, 2},
     "a: not transposed",
     "that is the shape between the two steps: each token has been cut into heads. The transpose "
     "lets the heads come first."},
    {'a',
     {3, 2, 4},
     "a: d before the tokens",
     "you have the heads first, and then d before the tokens. A head is a small sentence, [T, "
     "d]: a row for each token."},
    {'a',
     {3, 4, 6},
     "a: C instead of d",
     "those are 72 cells, and x has 24: a head has d = C / heads cells of each token."},
    {'b',
     {30, 31},
     "b: the cells of the reshape",
     "those are the cells that reshape alone puts there. In the right split, row 1 of every head "
     "is of token 1: its first digit is 1."},
    {'b',
     {12, 13},
     "b: heads counted from 1",
     "that is head 1. Heads count from 0, so head 2 is the last of three."},
    {'b',
     {22, 23},
     "b: head and row exchanged",
     "that is row 2 of head 1: the row is the token, and the head chooses the columns."},
    {'b',
     {24, 25},
     "b: token 2",
     "that is row 2. Rows count from 0, like tokens: row 1 is of token 1."},
    {'b',
     {4, 5},
     "b: rows counted from 1",
     "that is row 0, the first. Rows count from 0: row 1 is of token 1."},
    {'c',
     {14, 15},
     "c: the cells of the right split",
     "those are the cells of the right split. A reshape moves nothing: count the pieces of two "
     "cells along the line, row by row of x."},
    {'c',
     {22, 23},
     "c: pieces counted by heads",
     "that is piece 7. Each group of the reshaped tensor has 4 rows, so row 1 of group 2 is "
     "piece 2 * 4 + 1."},
    {'c',
     {18, 19},
     "c: places in the line",
     "that is where they lie in the line of 24. Which cells stand there? A row of x has six."},
    {'d',
     {8, 2, 1},
     "d: the strides of a copy",
     "those are the strides of a tensor of that shape whose cells lie in one line. The right "
     "split is a view: its cells still lie as in x. How far is it there from a token to the next?"},
    {'d',
     {6, 2, 1},
     "d: not transposed",
     "those are the strides after the cut, [T, heads, d]. The transpose exchanges the first two, "
     "as it does the sizes."},
    {'d',
     {2, 4, 1},
     "d: the chapter's strides",
     "those are the strides of the chapter's x, whose rows have 4 cells. How many does a row have "
     "here?"},
    {'e',
     {4, 4},
     "e: one head",
     "that is one head's. Each of the three heads has scores of its own."},
    {'e',
     {3, 2, 2},
     "e: over the tokens",
     "you have summed over the tokens and kept d against d. A score is of a token and a token: "
     "the sum is over d."},
    {'e',
     {3, 4, 2},
     "e: the shape of q",
     "that is the shape of q and of k, a row of d numbers for each token. Multiplied, they have a "
     "score for each pair of tokens: d is summed over."},
    {'f',
     {0, 1, 2, 3, 4, 5},
     "f: the right merge",
     "that is what a right merge gives. Without the transpose the cells are taken head by head: "
     "first all four rows of head 0."},
    {'f',
     {0, 1, 10, 11, 2, 3},
     "f: two tokens a head",
     "you leave head 0 after two rows. It has four, one for each token, before head 1 begins."},
};

std::vector<int64_t> right(char question) {
  switch (question) {
    case 'a': return {3, 4, 2};
    case 'b': return {14, 15};
    case 'c': return {30, 31};
    case 'd': return {2, 6, 1};
    case 'e': return {3, 4, 4};
    default: return {0, 1, 10, 11, 20, 21};
  }
}

}  // namespace

std::vector<int64_t> which_cells(char question) {
  return check::mistaken_answer(wrong, question, right(question));
}

const std::vector<check::Mistake> list = check::mistakes_of(wrong);

}  // namespace mistakes
