// What people answer instead.
#include "tutorials/07_backward_by_hand/exercises/which_gradient/which_gradient.h"
#include "tutorials/check/quiz.h"

namespace mistakes {
namespace {

const std::vector<check::WrongAnswer<std::vector<double>>> wrong = {
    {'a',
     {3, 2},
     "a: transposed",
     "W is (out, in) and stands transposed in the formula, but a gradient has the shape of its "
     "input as it is."},
    {'a',
     {5, 2},
     "a: the shape of y",
     "that is the shape of y, and so of dy. A gradient has the shape of what it is the gradient "
     "of."},
    {'b', {1}, "b: dy x", "dy is [5, 2] and x is [5, 3]: they cannot be multiplied as they are."},
    {'b', {3}, "b: x^T dy", "that is [3, 2], the gradient of the transpose of W."},
    {'b',
     {4},
     "b: x dy^T",
     "x is [5, 3] and the transpose of dy [2, 5]: they cannot be multiplied in this order."},
    {'c',
     {1, 1},
     "c: one row",
     "that is one row's. Each number of b was added to every row, and each row asks for a change."},
    {'c',
     {2, 2},
     "c: summed along the rows",
     "you have summed each row. A number of b stands in one column, in all rows of it."},
    {'c',
     {10},
     "c: the sum of everything",
     "that is the sum of all of dy. A gradient has the shape of its input: b has two numbers."},
    {'c',
     {5},
     "c: one number for both",
     "a gradient has the shape of its input: b has two numbers."},
    {'d',
     {0.75, 0.25},
     "d: y (1 - y) dy",
     "that is y (1 - y) dy, the slope of each number on its own. In a softmax every x moves every "
     "y: what is missing makes the sum of dx 0."},
    {'d',
     {1.5, 0.5},
     "d: y dy",
     "that is y dy. Before the product, the sum of dy y is taken off from dy."},
    {'d', {1, -1}, "d: y forgotten", "that is dy - sum(dy y). It is still to be multiplied by y."},
    {'d',
     {0.5, -1.5},
     "d: the sum of dy",
     "you have taken the sum of dy off. It is the sum of dy y, a mean with the weights y."},
    {'e', {0.5, 0.5}, "e: p", "that is p. From the label's number 1 is taken off."},
    {'e',
     {-0.5, 0.5},
     "e: the sign, or the label",
     "the signs are exchanged. Label 1 is the second, and the loss falls when its logit grows: "
     "whose gradient is negative?"},
    {'e',
     {0, -0.5},
     "e: the label alone",
     "the other logit has a gradient, too: it is in the sum below the fraction, so the loss grows "
     "with it."},
    {'e',
     {0, -2},
     "e: by p",
     "that is the gradient by the probabilities, -1/p at the label. It still has to go through the "
     "softmax."},
    {'f',
     {4, 40},
     "f: the last one wins",
     "that is the last row of dy alone. Row 2 was read twice, and both readers count."},
    {'f',
     {1, 10},
     "f: the first one wins",
     "that is the first row of dy alone. Row 2 was read twice, and both readers count."},
    {'f', {2.5, 25}, "f: the mean", "that is the mean of the two rows. Gradients add up."},
    {'f',
     {7, 70},
     "f: all rows",
     "that is the sum of all rows of dy. One of them was read from row 0."},
    {'g',
     {1, 0, 1, 0},
     "g: not scaled",
     "the numbers that stayed were multiplied by 2 on the way there, and so is their gradient."},
    {'g',
     {2, 0, 6, 0},
     "g: y",
     "that is y. dx is dy, which is all ones, times what x was multiplied by."},
    {'g',
     {1, 0, 3, 0},
     "g: x where it stayed",
     "those are numbers of x. y is a multiple of each x, and the slope is the factor alone: what x "
     "was does not matter."},
    {'g',
     {1, 1, 1, 1},
     "g: as if there were no dropout",
     "that is dy. Two of the numbers of x had no part in y."},
    {'g',
     {2, 2, 2, 2},
     "g: without the zeros",
     "two of the numbers of x had no part in y: whatever they are, the loss does not notice."},
    {'h',
     {3, 4, 1, 1},
     "h: k for dq",
     "that would be dq if ds were 1. What is softmax of one number, and what does it do when the "
     "number grows?"},
    {'h',
     {1, 1, 0, 0},
     "h: dv first",
     "both are right, and in the wrong order: the two numbers of dq come first."},
    {'h',
     {3, 4, 5, 6},
     "h: k and v",
     "those are k and v. With a single key, what does the softmax do when its score grows? And dv "
     "is the weight times dy."},
    {'h',
     {0, 0, 11, 11},
     "h: dp for dv",
     "11 is dy . v, the gradient by the weight. dv is the weight, which is 1, times dy."},
    {'h',
     {0, 0, 5, 6},
     "h: v for dv",
     "dv is the weight times dy, and the weight is 1. v itself is y."},
};

std::vector<double> right(char question) {
  switch (question) {
    case 'a': return {2, 3};
    case 'b': return {2};
    case 'c': return {5, 5};
    case 'f': return {5, 50};
    case 'g': return {2, 0, 2, 0};
    case 'h': return {0, 0, 1, 1};
    default: return {0.5, -0.5};
  }
}

}  // namespace

std::vector<double> which_gradient(char question) {
  return check::mistaken_answer(wrong, question, right(question));
}

const std::vector<check::Mistake> list = check::mistakes_of(wrong);

}  // namespace mistakes
