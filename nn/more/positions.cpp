// Sinusoidal, learned, rotary and relative positions.
#include "nn/more/positions.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/check.h"
#include "core/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// base^(-2i / size), the turn of pair i from one place to the next.
double frequency(double base, int64_t i, int64_t size) {
  return std::pow(base, -2 * static_cast<double>(i) / static_cast<double>(size));
}

}  // namespace

Tensor sinusoidal_positions(int64_t T, int64_t C, double base) {
  check_positive("sinusoidal_positions", "base", base);
  Tensor table = Tensor::empty({T, C});
  if (table.numel() == 0) return table;
  real* number = table.write();
  for (int64_t t = 0; t < T; ++t) {
    for (int64_t c = 0; c < C; ++c) {
      const double angle = static_cast<double>(t) * frequency(base, c / 2, C);
      *number++ = static_cast<real>(c % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
  }
  return table;
}

LearnedPositions::LearnedPositions(int64_t max_positions, int64_t size, const Init& init)
    : Module("LearnedPositions"),
      weight(init.normal_weight({check_size("LearnedPositions", "max_positions", max_positions),
                                 check_size("LearnedPositions", "size", size)})) {}

void LearnedPositions::visit(ModuleVisitor& v) { v("weight", weight); }

Tensor LearnedPositions::operator()(const Rows& rows, Where where) {
  Scope scope(name(), where);
  if (rows.longest() > weight.size(0)) {
    fail("positions", "a sequence has " + std::to_string(rows.longest()) + " tokens",
         "there are positions for " + std::to_string(weight.size(0)), where);
  }
  return embedding(weight, rows.positions());
}

Tensor Rotary::operator()(const Tensor& x, const Ids& positions, int64_t heads, Where where) const {
  check_positive("rotary", "base", base, where);
  const int64_t N = x.size(0), size = heads > 0 && x.axes() == 2 ? x.size(1) / heads : 0;
  if (size == 0 || size * heads != x.size(1) || size % 2 != 0 || positions.numel() != N) {
    fail("rotary",
         "x is " + to_string(x.shape()) + ", with " + std::to_string(heads) + " heads and " +
             std::to_string(positions.numel()) + " positions",
         "x (N, H), N positions; H / heads must be even", where);
  }
  const int64_t half = size / 2;
  Tensor cosine = Tensor::empty({N, 1, half}), sine = Tensor::empty({N, 1, half});
  real *c = cosine.write(), *s = sine.write();
  for (int64_t n = 0; n < N; ++n) {
    for (int64_t i = 0; i < half; ++i) {
      const double angle = positions[n] * frequency(base, i, size);
      *c++ = static_cast<real>(std::cos(angle));
      *s++ = static_cast<real>(std::sin(angle));
    }
  }
  const bool halves = pairs == Pairs::halves;
  const int axis = halves ? 2 : 3;  // along which the two of a pair lie
  const Tensor paired = reshape(x, halves ? Shape{N, heads, 2, half} : Shape{N, heads, half, 2});
  const Tensor a = select(paired, axis, 0), b = select(paired, axis, 1);
  const Tensor turned_a = a * cosine - b * sine, turned_b = a * sine + b * cosine;
  return reshape(stack({turned_a, turned_b}, axis), x.shape());
}

void DistanceBuckets::check() const {
  const int64_t exact = count / (bidirectional ? 4 : 2);
  if (exact < 1 || count >= int64_t{1} << 31 || max_distance <= exact) {
    fail("relative positions",
         std::to_string(count) + " buckets for distances up to " + std::to_string(max_distance),
         "at least 2 buckets (4 if bidirectional), and a max_distance beyond the first half");
  }
}

// In float, as T5 computes it, so that the edges of the buckets are the same.
int32_t DistanceBuckets::operator()(int64_t distance) const {
  check();
  distance = std::clamp(distance, -max_distance, max_distance);  // all beyond share a bucket
  const int64_t buckets = bidirectional ? count / 2 : count;
  const int64_t first = bidirectional && distance > 0 ? buckets : 0;
  const int64_t far = bidirectional ? std::abs(distance) : std::max<int64_t>(0, -distance);
  const int64_t exact = buckets / 2;
  if (far < exact) return static_cast<int32_t>(first + far);
  const float growth =
      std::log(static_cast<float>(far) / static_cast<float>(exact)) /
      static_cast<float>(std::log(static_cast<double>(max_distance) / static_cast<double>(exact)));
  const auto shared = static_cast<int64_t>(growth * static_cast<float>(buckets - exact));
  return static_cast<int32_t>(first + std::min(exact + shared, buckets - 1));
}

RelativePositions::RelativePositions(int64_t heads, const DistanceBuckets& buckets,
                                     const Init& init)
    : Module("RelativePositions"),
      relative_attention_bias(buckets.count, heads, init),
      buckets_(buckets) {
  buckets.check();
}

void RelativePositions::visit(ModuleVisitor& v) {
  v("relative_attention_bias", relative_attention_bias);
}

Tensor RelativePositions::operator()(int64_t queries, int64_t keys, int64_t first_query,
                                     Where where) {
  Scope scope(name(), where);
  constexpr int64_t max = std::numeric_limits<int32_t>::max();
  if (queries < 0 || keys < 0 || first_query < 0 || queries > max || keys > max ||
      first_query > max || queries * keys > max)
    fail("relative positions",
         std::to_string(queries) + " queries from place " + std::to_string(first_query) + " on, " +
             std::to_string(keys) + " keys",
         "counts are 0 or more, and below 2^31 in all", where);
  std::vector<int32_t> bucket = Ids::room(queries * keys);
  auto next = bucket.begin();
  for (int64_t i = 0; i < queries; ++i)
    for (int64_t j = 0; j < keys; ++j) *next++ = buckets_(j - (first_query + i));
  const Tensor bias = relative_attention_bias(Ids({queries, keys}, std::move(bucket)));
  return unsqueeze(permute(bias, {2, 0, 1}), 0);
}

}}  // namespace cairn::CAIRN_PRECISION
