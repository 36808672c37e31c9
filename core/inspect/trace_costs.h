#pragma once
// The least that an op costs, by its name and shapes: the operations of its formula, and the bytes
// that it reads and writes, each number once. A cache may make an op faster than the memory seems
// to allow, and what a kernel computes twice is not counted.
#include "core/inspect/trace.h"
#include "core/rows.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct Cost {
  double flops = 0;  // an addition, a multiplication, an exp: 1 each
  double bytes = 0;
};

// The two products of every query with every key that it sees.
double attention_flops(const Rows& q_rows, const Rows& k_rows, bool causal, int64_t columns);

// Of an op forward. A product (..., m, k) x (k, n) takes 2 m n k; of attention, the event has
// attention_flops already. `view`: the result is a view.
Cost forward_cost(const TraceEvent& event, bool view);
// Of an op's backward, where it is not in ops (those are events of their own): a product for each
// operand of a product that gets a gradient (`operands`, 0 to 2); attention computes its scores
// again; a sum passes its gradient on; others take what forward took.
Cost backward_cost(const TraceEvent& forward, const TraceEvent& event, int64_t operands);

}}  // namespace cairn::CAIRN_PRECISION
