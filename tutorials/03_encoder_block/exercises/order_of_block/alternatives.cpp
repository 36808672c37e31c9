// Other ways to write the answer, as good.
#include "tutorials/03_encoder_block/exercises/order_of_block/order_of_block.h"

namespace alternatives {
namespace {

std::string without_spaces() { return "DFBACE"; }
std::string small_letters() { return "d f b a c e"; }
std::string with_commas() { return "D, F, B, A, C, E"; }

}  // namespace

const std::vector<check::Alternative<OrderOfBlock>> list = {
    {"without spaces", without_spaces},
    {"small letters", small_letters},
    {"with commas", with_commas},
};

}  // namespace alternatives
