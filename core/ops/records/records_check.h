#pragma once
// What the suite asks of an op, on every case of its record. Each check returns the empty string,
// or a line on the first case that fails. Meaningful in double. The tests run these for all ops,
// and the mutants (tests/mutants/main.cpp) for the op that was altered.
#include <string>

#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// gradcheck of every case, with the inputs laid out in several ways: transposed, sliced, ...
std::string check_gradients(const OpInfo& op);
// gradcheck with one input at a time expanded from an axis of size 1, or from a single number.
std::string check_expanded_inputs(const OpInfo& op);
// gradcheck with one tensor as all inputs, where these have one shape.
std::string check_shared_input(const OpInfo& op);
// gradcheck of the op applied twice to the same tensors, whose gradients add up.
std::string check_accumulation(const OpInfo& op);
// The gradients that backward_in_ops gives against those of backward, within 1e-12.
std::string check_backward_in_ops(const OpInfo& op);
// gradgradcheck of every case; an Error where the record says that there is no second derivative.
std::string check_second_derivatives(const OpInfo& op);
// The value and the gradients of a fused op against its definition in plain ops, within 1e-12.
std::string check_definition(const OpInfo& op);

// All of these.
std::string check_op(const OpInfo& op);

}}  // namespace cairn::CAIRN_PRECISION
