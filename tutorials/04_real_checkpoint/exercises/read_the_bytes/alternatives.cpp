// Other ways to write it, as good.
#include "tutorials/04_real_checkpoint/exercises/read_the_bytes/read_the_bytes.h"

namespace alternatives {
namespace {

std::string on_four_lines() { return "112\n128\n144\n4\n"; }
std::string computed() {
  const int n = 0x70, b = 8 + n + 8, element = b + 4 * (1 * 3 + 1);
  return std::to_string(n) + " " + std::to_string(b) + " " + std::to_string(element) + " 4";
}
std::string value_as_a_float() { return "  112 128 144 4.0"; }

}  // namespace

const std::vector<check::Alternative<Answer>> list = {
    {"on four lines", on_four_lines},
    {"computed", computed},
    {"the value as a float", value_as_a_float},
};

}  // namespace alternatives
