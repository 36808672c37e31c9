// The other orders that work, and other ways to write one down.
#include "tutorials/01_scaled_dot_product_attention/exercises/order_of_softmax/order_of_softmax.h"

namespace alternatives {

const std::vector<check::Alternative<Order>> list = {
    {"the sum is reset first", [] { return std::string("C B D A"); }},
    {"without blanks", [] { return std::string("BCDA"); }},
    {"with blanks around", [] { return std::string(" C B  D A "); }},
};

}  // namespace alternatives
