// The order of a softmax; task.md in
// tutorials/01_scaled_dot_product_attention/exercises/order_of_softmax has the lines.
#include <string>

namespace mine {

// The letters of the lines that belong, in an order that works.
std::string order() { return "TODO"; }

}  // namespace mine
