// What people answer instead.
#include "tutorials/08_optimisers/exercises/zero_grad_places/zero_grad_places.h"

namespace mistakes {
namespace {

const char* const answers[] = {
    "A B D F",       "",      "A B D H", "A B C D F", "A B D E F", "A B D F G", "A", "A B D",
    "A B C D E F G", "C E G", "A B C D", "A B D G",   "A B C D E",
};

}  // namespace

std::string zero_grad_places() { return answers[check::mistake]; }

const std::vector<check::Mistake> list = {
    {1, "nothing", "which of the seven loops are right? Write their letters."},
    {2, "a letter that is none of them", "the loops have the letters A to G."},
    {3, "between backward and step",
     "one of your loops drops the gradients right after `backward`, before the step has read them. "
     "Its weights never move."},
    {4, "once before the loop",
     "one of your loops drops the gradients only once. From the second batch on `backward` adds to "
     "what the batches before have left: each step takes the sum of all gradients so far."},
    {5, "after each of four batches",
     "one of your loops drops the gradients after each batch, but steps after four: three of them "
     "were computed for nothing, and the fourth counts a quarter."},
    {6, "one place alone",
     "there is more than one right place: anywhere after a step and before the next `backward`. "
     "Forward does not touch the gradients, so before and behind it is the same."},
    {7, "several batches for a step left out",
     "`backward` adds, so several batches may make one step, as long as nothing is dropped between "
     "them and their mean is taken. One such loop is right, too."},
    {8, "all", "some of the loops do not train. What does `step` find in `.grad()`?"},
    {9, "the wrong ones", "these are the ones that are wrong, are they not?"},
    {10, "between backward and step, and no pieces",
     "one of your loops drops the gradients before the step has read them; and one of the loops "
     "that make a step for four batches is right."},
    {11, "the wrong one of the two for four batches",
     "of the two loops that step after four batches you have taken the one in which three of the "
     "four gradients are dropped."},
    {12, "a step for each batch, wherever zero_grad stands",
     "where it stands does matter: after a step and before the next `backward`, in each round. "
     "Follow `.grad()` through two rounds of each loop."},
};

}  // namespace mistakes
