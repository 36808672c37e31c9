// What people answer instead.
#include "tutorials/05_tensors/exercises/who_sees_it/who_sees_it.h"
#include "tutorials/check/quiz.h"

namespace mistakes {
namespace {

const std::vector<check::WrongAnswer<std::vector<int64_t>>> wrong = {
    {'a',
     {6, 1},
     "a: x's own strides",
     "those are x's strides. The transpose exchanges them with the sizes: an index on its first "
     "axis is a column of x."},
    {'a',
     {4, 1},
     "a: the strides of a copy",
     "a (6, 4) whose numbers had been copied into its own order would have these. The transpose "
     "copies nothing: its numbers lie where they lay in x, whose rows have 6."},
    {'a',
     {1, 4},
     "a: the number of rows",
     "from one row of x to the next it is as far as a row is long: 6 places, not 4."},
    {'b',
     {4, 5},
     "b: every column",
     "columns 1 to 5 are five, but the step is 2: every second one of them."},
    {'b',
     {4, 2},
     "b: rounded down",
     "5 columns in steps of 2 are columns 1, 3 and 5. The number of them is 5 / 2, rounded up."},
    {'b', {2, 6}, "b: the other axis", "the slice is along axis 1, the columns. All rows stay."},
    {'c',
     {3, 1, 1},
     "c: the strides of a copy",
     "those are the strides of a (4, 3) that has its numbers to itself. The view's numbers lie in "
     "x: how far is it there from row to row?"},
    {'c',
     {6, 1, 1},
     "c: without the step",
     "from column 1 the slice goes on to column 3: the stride of that axis is multiplied by the "
     "step."},
    {'c',
     {12, 2, 1},
     "c: the step on both axes",
     "the step belongs to the columns. From row to row it is as far as in x."},
    {'c',
     {6, 2, 0},
     "c: from the beginning",
     "the first number of the slice is column 1 of row 0, which is not at place 0."},
    {'c',
     {6, 2, 2},
     "c: the start in steps",
     "the start is counted in columns of x, not in steps: column 1 is at place 1."},
    {'d',
     {6, 1},
     "d: the strides of a copy",
     "those are the strides of five rows of their own. There is one row, which is read five "
     "times: how far does the place move from one to the next?"},
    {'d',
     {1, 0},
     "d: the other axis",
     "the new axis is the first one: its index moves nothing. Along the second it is from number "
     "to number of the row."},
    {'d', {0, 0}, "d: both are repeated", "the row's own axis still moves from number to number."},
    {'e',
     {4, 3, 1},
     "e: the last axis is not repeated",
     "a 1 beside a 6 is repeated, and gives 6: the last sizes are 6 and 1."},
    {'e',
     {3, 1, 6},
     "e: aligned at the left",
     "the shapes are aligned at the right: (3, 1) is written below the 1 and the 6."},
    {'e',
     {4, 1, 6},
     "e: the first shape",
     "a 1 beside a 3 is repeated, in the first tensor as in the second: its middle size becomes "
     "3."},
    {'f',
     {6, 12, 0, 24, 24, 24},
     "f: contiguous(transpose(x)) is a view",
     "the fifth is a copy: the transpose is not contiguous, so contiguous() gives it a storage of "
     "its own."},
    {'f',
     {6, 12, 0, 0, 0, 24},
     "f: contiguous(x) copies",
     "the fourth: x is contiguous already, and contiguous() gives back x itself."},
    {'f',
     {6, 12, 0, 24, 0, 0},
     "f: reshape copies",
     "the sixth: x's numbers lie in the order of the index, so its reshape is a view."},
    {'f',
     {0, 0, 0, 0, 0, 0},
     "f: nothing is seen",
     "you have it that y's numbers are always y's own. A view has none: x[1] is row 1 of x."},
    {'f',
     {6, 12, 24, 24, 24, 24},
     "f: everything is seen",
     "the third, for one, has a storage of its own: that is what copy() is for."},
    {'f',
     {6, 6, 0, 24, 0, 24},
     "f: one row of the slice",
     "the second: of the rows 0 to 3, in steps of 2, the slice has rows 0 and 2. That is two "
     "rows."},
    {'f',
     {4, 12, 0, 24, 0, 24},
     "f: a row has four",
     "the first: x[1] is a row, and a row has as many numbers as there are columns."},
    {'g',
     {5},
     "g: every line counts",
     "x + 1 makes a new tensor, and the numbers of copy(x) have a storage of their own, with its "
     "own version."},
    {'g',
     {1},
     "g: x alone",
     "a write through a view of x is a write to x's storage: it is the storage that counts."},
    {'g',
     {2},
     "g: one view is forgotten",
     "two of x's views are written: the row and the transpose."},
    {'g',
     {4},
     "g: one too many",
     "only three lines write into x's storage. x + 1 writes into a new one, and so does what "
     "fills copy(x)."},
};

std::vector<int64_t> right(char question) {
  switch (question) {
    case 'a': return {1, 6};
    case 'b': return {4, 3};
    case 'c': return {6, 2, 1};
    case 'd': return {0, 1};
    case 'e': return {4, 3, 6};
    case 'f': return {6, 12, 0, 24, 0, 24};
    default: return {3};
  }
}

}  // namespace

std::vector<int64_t> who_sees_it(char question) {
  return check::mistaken_answer(wrong, question, right(question));
}

const std::vector<check::Mistake> list = check::mistakes_of(wrong);

}  // namespace mistakes
