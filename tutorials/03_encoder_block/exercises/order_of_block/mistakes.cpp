// What people write instead.
#include "tutorials/03_encoder_block/exercises/order_of_block/order_of_block.h"

namespace mistakes {
namespace {

const char* const orders[] = {
    "",       "DFBAC",  "FDBACE", "DFBCAE", "ACEDFB", "BDFEAC",  "DBFAEC", "DFACBE",
    "DFACEB", "DAFBCE", "DBFACE", "DFBAEC", "DFEACB", "DFBACEB", "DFBACB",
};

}  // namespace

std::string order_of_block() { return orders[check::mistake]; }

const std::vector<check::Mistake> list = {
    {1, "a line is missing", "there are six lines, and each of them is needed once."},
    {2, "mixed is used before it is made",
     "F adds `mixed`, which D computes. Your order does not compile."},
    {3, "hidden is used before it is made",
     "C narrows `hidden`, which A computes. Your order does not compile."},
    {4, "feed-forward first",
     "your block begins with the feed-forward part. In an encoder block attention comes first: "
     "first "
     "the tokens talk to each other, then each thinks for itself."},
    {5, "pre-norm",
     "that is pre-norm, x + f(norm(x)), as GPT-2 has it. BERT has post-norm, norm(x + f(x)): the "
     "norm "
     "stands after the addition."},
    {6, "both norms before the addition",
     "your norms come between the sublayer and the addition, so the sum is never normalised. "
     "Post-norm is norm(x + f(x)): first add, then normalise."},
    {7, "both norms at the end",
     "two norms in a row do no more than one (but for gamma and beta). The first belongs to the "
     "first "
     "sublayer, right after its addition."},
    {8, "both norms at the end, the second first",
     "two norms in a row, and the second before the first. Each sublayer has a norm of its own, "
     "right "
     "after its addition."},
    {9, "the two sublayers side by side",
     "`hidden` is computed before attention's answer has been added: the two sublayers stand side "
     "by "
     "side and not one after the other. (GPT-J does that; BERT does not.)"},
    {10, "the first norm before the addition",
     "the first norm comes before the addition of `mixed`. It has to be over the sum."},
    {11, "the second norm before the addition",
     "the second norm comes before the addition of the feed-forward part. It has to be over the "
     "sum."},
    {12, "the norms are exchanged",
     "the two norms have changed places. The shapes allow it, but each has learned gamma and beta "
     "for "
     "its own place: gamma1 and beta1 belong after attention."},
    {13, "a line too many",
     "there are six lines, and each of them stands in the program once. Which did you write "
     "twice?"},
    {14, "one line twice, and one missing",
     "six letters, but one of them twice: then another line is missing."},
};

}  // namespace mistakes
