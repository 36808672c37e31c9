// The operations and bytes of each op, by name: a table, and the few ops that need more than that.
#include "core/inspect/trace_costs.h"

#include <algorithm>
#include <string_view>

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// Operations for each number of the largest tensor that the op reads or makes; 1 if not named.
constexpr struct {
  std::string_view op;
  double flops;
} table[] = {
    // clang-format off
    {"softmax", 5}, {"log_softmax", 5}, {"cross_entropy", 5},  // max, -, exp, sum, /
    {"layer_norm", 7},                                         // mean, -, ^2, mean, *, *, +
    {"rms_norm", 4}, {"logsumexp", 4}, {"gelu", 5}, {"gelu_tanh", 8}, {"sigmoid", 3}, {"affine", 2},
    // Moved, not computed:
    {"copy", 0}, {"cat", 0}, {"pack", 0}, {"unpack", 0}, {"embedding", 0}, {"index_select", 0},
    {"scatter", 0}, {"place", 0}, {"activation_checkpoint", 0}, {"stack", 0}, {"repeat", 0},
    {"flip", 0}, {"roll", 0}, {"pad", 0}, {"gather", 0}, {"triu", 0}, {"tril", 0},
    {"masked_select", 0},
    // clang-format on
};

// These read only those rows of their first input that are asked for.
bool gathers(std::string_view op) { return op == "embedding" || op == "index_select"; }
bool is_product(std::string_view op) { return op == "linear" || op == "matmul"; }

double numbers(const std::vector<TraceTensor>& tensors) {
  double sum = 0;
  for (const TraceTensor& tensor : tensors) sum += static_cast<double>(numel(tensor.shape));
  return sum;
}

double largest(const TraceEvent& event) {
  double size = numbers(event.outputs);
  for (const TraceTensor& tensor : event.inputs)
    size = std::max(size, static_cast<double>(numel(tensor.shape)));
  return size;
}

double flops_of(const TraceEvent& event) {
  if (event.op == "attention") return event.flops;  // depends on the rows, which the recorder knows
  if (is_product(event.op)) {
    const Shape& a = event.inputs[0].shape;
    return a.empty() ? 0 : 2 * numbers(event.outputs) * static_cast<double>(a.back());
  }
  const double count = gathers(event.op) ? numbers(event.outputs) : largest(event);
  for (const auto& row : table)
    if (row.op == event.op) return row.flops * count;
  return count;
}

}  // namespace

double attention_flops(const Rows& q_rows, const Rows& k_rows, bool causal, int64_t columns) {
  double pairs = 0;
  for (int64_t b = 0; b < q_rows.sequences(); ++b) {
    const int64_t Tq = q_rows.length(b), Tk = k_rows.length(b);
    for (int64_t i = 0; i < Tq; ++i)
      pairs += static_cast<double>(causal ? std::min(i + 1, Tk) : Tk);
  }
  return 4 * pairs * static_cast<double>(columns);
}

Cost forward_cost(const TraceEvent& event, bool view) {
  if (view) return {};
  const double read = gathers(event.op) ? numbers(event.outputs) : numbers(event.inputs);
  return {flops_of(event), (read + numbers(event.outputs)) * sizeof(real)};
}

Cost backward_cost(const TraceEvent& forward, const TraceEvent& event, int64_t operands) {
  const std::string_view op = forward.op;
  if (op == "add" || op == "sub") return {};
  const double read = gathers(op) ? 0 : numbers(forward.inputs);
  const double bytes = (numbers(event.inputs) + read + numbers(event.outputs)) * sizeof(real);
  if (op == "attention") return {2.5 * forward.flops, bytes};  // 5 products, not 2
  if (gathers(op)) return {numbers(event.inputs), bytes};      // the rows are added up
  return {forward.flops * (is_product(op) ? static_cast<double>(operands) : 1), bytes};
}

}}  // namespace cairn::CAIRN_PRECISION
