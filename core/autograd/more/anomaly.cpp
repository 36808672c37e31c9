// Looks at every result and gradient for the first that is not finite.
#include "core/autograd/more/anomaly.h"

#include <algorithm>
#include <cmath>

#include "core/autograd/node.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

enum Worst { finite, infinite, nan };  // in ascending order

Worst worst_of(const Tensor& x) {
  if (!x.defined()) return finite;
  const Contiguous numbers(x);
  Worst worst = finite;
  for (int64_t i = 0; i < x.numel() && worst != nan; ++i) {
    const real number = numbers.data()[i];
    if (std::isnan(number)) worst = nan;
    else if (std::isinf(number)) worst = infinite;
  }
  return worst;
}

const char* text(Worst worst) { return worst == nan ? "a NaN" : "an infinity"; }

bool is_new(Worst made, Worst given, AnomalyMode::Infinities infinities) {
  if (made == infinite && infinities == AnomalyMode::Infinities::ignored) return false;
  return made > given;
}

}  // namespace

void AnomalyMode::forward(const char* op, std::span<const Tensor* const> inputs, const Tensor& y,
                          Where where) {
  const Worst made = worst_of(y);
  if (made == finite) return;
  Worst given = finite;
  for (const Tensor* x : inputs) given = std::max(given, worst_of(*x));
  if (is_new(made, given, infinities_))
    fail(op,
         std::string("made ") + text(made) + " from " +
             (given == finite ? "finite numbers" : "infinities"),
         "", where);
}

void AnomalyMode::after_backward(const Node& node, const Grads& grads) {
  Worst given = finite;
  for (const Tensor& dout : node.douts) given = std::max(given, worst_of(dout));
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const Worst made = worst_of(grads.sum(static_cast<int>(i)));
    if (is_new(made, given, infinities_))
      fail(node.op,
           std::string("its backward made ") + text(made) + " in the gradient of input " +
               std::to_string(i),
           "", node.where);
  }
}

}}  // namespace cairn::CAIRN_PRECISION
