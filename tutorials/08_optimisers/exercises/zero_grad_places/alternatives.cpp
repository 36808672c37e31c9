// Other ways to write the answer, as good.
#include "tutorials/08_optimisers/exercises/zero_grad_places/zero_grad_places.h"

namespace alternatives {
namespace {

std::string without_spaces() { return "ABDF"; }
std::string small_letters() { return "a b d f\n"; }
std::string in_another_order() { return "F, D, A, B"; }

}  // namespace

const std::vector<check::Alternative<Places>> list = {
    {"without spaces", without_spaces},
    {"small letters", small_letters},
    {"in another order", in_another_order},
};

}  // namespace alternatives
