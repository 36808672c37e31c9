#pragma once
// The history of a tensor made visible: as a tree in the terminal, and as a drawing by Graphviz.
#include <string>

#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct GraphOptions {
  NamedTensors names = {};  // of leaves: model.named_parameters(), for example
  int depth = 8;            // branches in branches that are drawn
  int lines = 100;          // about the most lines; beyond it fewer branches and ops are drawn
};

// One line per op, newest first: number, name, shape, what it is computed from, the user's line.
//
//   #7 add (2, 4) of #3, #6                                                 main.cpp:14
//   ├─ #6 linear (2, 4) of #5, second.weight (4, 8), second.bias (4,)       main.cpp:13
//   │  #5 relu (2, 8) of #4                                                 main.cpp:13
//
// Each op is shown once, below the last one that all paths to it lead through (its immediate
// dominator, Lengauer & Tarjan 1979), and is referred to by its number. A chain needs no indent; so
// a residual network, however deep, is one column with a branch at each addition. A line has at
// most 80 columns.
std::string graph_text(const Tensor& y, const GraphOptions& options = {});
void print_graph(const Tensor& y, const GraphOptions& options = {});  // to stdout

// The same graph, whole, in Graphviz' language; `dot -Tsvg` draws it. Arrows follow the
// computation, from the leaves to y.
std::string to_dot(const Tensor& y, const GraphOptions& options = {});
void write_dot(const std::string& path, const Tensor& y, const GraphOptions& options = {});

}}  // namespace cairn::CAIRN_PRECISION
