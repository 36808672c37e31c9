// The order of the seven lines.
#include <string>

namespace mine {

std::string order_of_step() { return "F C D B G A E"; }

}  // namespace mine
