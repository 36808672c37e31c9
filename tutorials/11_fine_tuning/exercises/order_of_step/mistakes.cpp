// What people write instead.
#include "tutorials/11_fine_tuning/exercises/order_of_step/order_of_step.h"

namespace mistakes {
namespace {

const char* const orders[] = {
    "",        "FCDBGE",  "FCDBGAEE", "FCDBGAA", "CFDBGAE", "FDCBGAE", "FCDGABE",
    "FCDBAGE", "FCBGADE", "FCBGDAE",  "FCDEBGA", "FCBDEGA", "DCFBGAE",
};

}  // namespace

std::string order_of_step() { return orders[check::mistake]; }

const std::vector<check::Mistake> list = {
    {1, "a line is missing", "there are seven lines, and each of them is needed once."},
    {2, "a line too many",
     "there are seven lines, and each stands in the step once. Which did you write twice?"},
    {3, "one line twice, and one missing",
     "seven letters, but one of them twice: then another line is missing."},
    {4, "logits are used before they are made",
     "C reads `logits`, which F computes. Your order does not compile."},
    {5, "backward before the loss",
     "D goes back from `loss`, which C computes. Your order does not compile."},
    {6, "the factor after the step",
     "A multiplies the gradients by `scale`, which B computes. Your order does not compile."},
    {7, "the rate after the step",
     "A moves at `rate`, which G computes. Your order does not compile."},
    {8, "clip and step before backward",
     "the step comes before backward: there are no gradients yet, and those that backward makes "
     "are "
     "dropped right after it. Such a model never learns anything, and there is no error."},
    {9, "the norm before backward",
     "you measure the gradients before backward has made them: the norm is 0, nothing is ever "
     "clipped. First backward, then the norm."},
    {10, "zero_grad between backward and step",
     "you drop the gradients after backward has made them and before the step has read them: no "
     "parameter ever moves. zero_grad may stand anywhere, but not between backward and step."},
    {11, "the norm before backward, and zero_grad after it",
     "two things: the norm is measured before backward has made the gradients, and they are "
     "dropped "
     "before the step reads them. Clip and step follow backward, with nothing in between."},
    {12, "loss and backward in reverse",
     "the first three lines run backwards: logits are made first, the loss from them, and backward "
     "starts from the loss."},
};

}  // namespace mistakes
