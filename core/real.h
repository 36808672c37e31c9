#pragma once
// The number type, chosen when the library is built: `cairn` computes in float, `cairn64` in
// double. Whatever depends on it lives in the inline namespace of its precision, so that one
// program may link both; a reader just writes cairn::Tensor.
#ifdef CAIRN_DOUBLE
#define CAIRN_PRECISION f64
#else
#define CAIRN_PRECISION f32
#endif

namespace cairn { inline namespace CAIRN_PRECISION {

#ifdef CAIRN_DOUBLE
using real = double;
#else
using real = float;
#endif

}}  // namespace cairn::CAIRN_PRECISION
