// The order of the six lines.
#include <string>

namespace mine {

std::string order_of_block() { return "D F B A C E"; }

}  // namespace mine
