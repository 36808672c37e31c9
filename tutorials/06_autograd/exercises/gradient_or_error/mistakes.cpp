// What people answer instead.
#include "tutorials/06_autograd/exercises/gradient_or_error/gradient_or_error.h"
#include "tutorials/check/quiz.h"

namespace mistakes {
namespace {

const std::vector<check::WrongAnswer<std::string>> wrong = {
    {'a', "6", "a: without the sum's own path",
     "that is the slope of x * x alone. x is added, too: a third path."},
    {'a', "12", "a: the value", "that is y itself. Its slope with x was asked for."},
    {'a', "4", "a: one factor of the product",
     "x is both factors of the product: each of them is a path, with the slope 3."},
    {'a', "1", "a: the sum's own path alone",
     "that is the path that goes straight to the sum. Two more go through the product."},
    {'b', "5", "b: the second call alone",
     "backward adds to what is there: the gradient of the first call has not been cleared."},
    {'b', "2", "b: the first call alone", "the second call adds its slope to x's gradient, too."},
    {'b', "error", "b: the calls are taken for one computation",
     "y and z are two computations: each has its own node, and each goes back once."},
    {'b', "10", "b: a product", "slopes along a path multiply. These are two paths: they add."},
    {'c', "6", "c: the second call is taken for nothing",
     "the second call needs x's number, which mul has kept, once more. It was let go after the "
     "first call."},
    {'c', "12", "c: both calls are added",
     "it would be so with retain_graph. Without it, what mul has kept is let go after its turn."},
    {'d', "6", "d: not added up", "nothing was let go, so the second call works, and adds."},
    {'d', "error", "d: retain_graph is overlooked",
     "retain_graph = true in the first call: mul still has what it kept."},
    {'d', "18", "d: the second call begins with 2",
     "that is 6 + 12. The slope of y with itself is 1 at the second call, too: nothing is left of "
     "the first but the leaf's gradient."},
    {'e', "12", "e: u is taken for a function of x",
     "without detach, y would be 2 x x, of slope 12. u.detach() is a constant, 6."},
    {'e', "2", "e: the slope of u", "that is du/dx. u is cut off here: y is 6 x."},
    {'e', "error", "e: detach is taken for an error",
     "u.detach() has no history, but x itself is a factor, too: y still leads back to x."},
    {'f', "12", "f: item is taken for a tensor",
     "u.item() is a plain number. Nothing leads from y back to x."},
    {'f', "0", "f: no history is taken for a slope of 0",
     "y has no history at all: backward refuses, so that nobody trains with it unawares."},
    {'g', "1", "g: used once", "x is added to each of four numbers: it is used four times."},
    {'g', "error", "g: the shapes are taken to differ",
     "one number is broadcast to four. On the way back its gradient is their sum."},
    {'g', "0.25", "g: a mean", "sum is not mean: each of the four paths has the slope 1."},
    {'h', "2", "h: the old w",
     "2 is the slope at the numbers that were used, but they are gone: mul has kept the tensor w, "
     "not a copy, and it was changed."},
    {'h', "20", "h: the new w",
     "w was 2 when y was computed. Going on with 20 would give the slope of something else; the "
     "library looks at the version."},
};

}  // namespace

std::string gradient_or_error(char program) {
  const std::string right[] = {"7", "7", "error", "12", "6", "error", "4", "error"};
  return check::mistaken_answer(wrong, program, right[program - 'a']);
}

const std::vector<check::Mistake> list = check::mistakes_of(wrong);

}  // namespace mistakes
