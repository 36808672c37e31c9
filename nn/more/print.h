#pragma once
// A module as a tree: each module's name and type, each parameter's name and shape.
//
//   Sequential, 42 parameters, 10 of them frozen
//     0  Linear
//       weight  (4, 2)  frozen
#include <string>

#include "nn/module.h"

namespace cairn { inline namespace CAIRN_PRECISION {

std::string to_string(Module& module);  // each line ends with a newline
void print(Module& module);             // the same, on standard output

}}  // namespace cairn::CAIRN_PRECISION
