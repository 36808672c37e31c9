// Other orders, as good, and other ways to write one.
#include "tutorials/11_fine_tuning/exercises/order_of_step/order_of_step.h"

namespace alternatives {
namespace {

std::string zero_first() { return "E F C D B G A"; }
std::string zero_before_backward() { return "G F C E D B A"; }
std::string rate_before_the_factor() { return "fcdgbae"; }
std::string with_commas() { return "F, G, C, D, B, A, E"; }
std::string rate_first() { return "G F C D B A E"; }

}  // namespace

const std::vector<check::Alternative<OrderOfStep>> list = {
    {"zero_grad at the beginning", zero_first},
    {"zero_grad right before backward", zero_before_backward},
    {"the rate before the factor, small letters", rate_before_the_factor},
    {"the rate in between, with commas", with_commas},
    {"the rate first", rate_first},
};

}  // namespace alternatives
