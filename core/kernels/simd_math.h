#pragma once
// exp, log, tanh, sigmoid, erf, gelu of all lanes at once. Each reduces its argument to a short
// interval and evaluates a polynomial there, fitted to the least largest relative error (Lawson's
// method). tests/test_kernels.cpp holds them to 2 units in the last place.
#include "core/kernels/lanes.h"

namespace cairn::inline CAIRN_PRECISION::ISA {
namespace {

constexpr float infinity = __builtin_inff();

// c0 + c1 x + c2 x^2 + ...
inline lanes poly(lanes, float c) { return all(c); }
template <class... Rest>
inline lanes poly(lanes x, float c, Rest... rest) {
  return fma(poly(x, rest...), x, all(c));
}

inline lanes neg(lanes x) { return from_bits(bits(x) ^ INT32_MIN); }
inline lanes abs(lanes x) { return from_bits(bits(x) & INT32_MAX); }
inline lanes copy_sign(lanes x, lanes sign) {
  return from_bits((bits(x) & INT32_MAX) | (bits(sign) & INT32_MIN));
}
inline lanes power_of_two(ints n) { return from_bits((ints)((uints)(n + 127) << 23)); }

// e^x = 2^n e^r with n = round(x / ln 2), |r| <= ln 2 / 2. 2^n is applied in two halves, so that
// results below 2^-126 are right as well.
inline lanes exp_(lanes x) {
  x = max(all(-105), min(all(90), x));  // beyond: 0 and inf all the same; NaN stays
  const ints n = to_ints(mul(x, all(1.44269504f)));
  const lanes nf = to_lanes(n);
  const lanes r = fma(nf, all(-1.42860677e-6f), fma(nf, all(-0.693145752f), x));
  const lanes q =
      poly(r, 0.5f, 0.166666657f, 0.0416662917f, 0.00833349861f, 0.00139448687f, 0.000197901405f);
  const lanes p = add(all(1), fma(mul(r, r), q, r));
  const ints half = n >> 1;
  return mul(mul(p, power_of_two(half)), power_of_two(n - half));
}

// log x = e ln 2 + log(1 + f) with x = 2^e (1 + f), 1 + f in [sqrt 1/2, sqrt 2).
inline lanes log_(lanes x) {
  const mask tiny = less(x, all(1.17549435e-38f));
  const lanes scaled = select(tiny, mul(x, all(33554432)), x);     // 2^25: denormals become normal
  const ints shifted = (ints)((uints)bits(scaled) - 0x3f3504f3u);  // the bits of sqrt 1/2
  const lanes e = sub(to_lanes(shifted >> 23), select(tiny, all(25), all(0)));
  const lanes f = sub(from_bits((shifted & 0x7fffff) + 0x3f3504f3), all(1));
  const lanes q = poly(f, 0.333333135f, -0.250000089f, 0.200021192f, -0.166679963f, 0.142195508f,
                       -0.124055915f, 0.118881747f, -0.116756409f, 0.0674660131f);
  const lanes f2 = mul(f, f);
  const lanes low = fma(e, all(1.42860677e-6f), fma(mul(f2, f), q, mul(f2, all(-0.5f))));
  lanes y = fma(e, all(0.693145752f), add(f, low));
  y = select(less(x, all(infinity)), y, x);  // inf and NaN
  y = select(less(x, all(0)), all(__builtin_nanf("")), y);
  return select(less_equal(abs(x), all(0)), all(-infinity), y);
}

// x P(x^2) near 0, 1 - 2 / (e^2|x| + 1) elsewhere.
inline lanes tanh_(lanes x) {
  const lanes z = mul(x, x), a = abs(x);
  const lanes p =
      poly(z, -0.333333164f, 0.13332586f, -0.0538523123f, 0.0210716818f, -0.00627424335f);
  const lanes small = fma(mul(z, x), p, x);
  const lanes large = sub(all(1), div(all(2), add(exp_(add(a, a)), all(1))));
  return select(less(a, all(0.55f)), small, copy_sign(large, x));
}

// 1 / (1 + e^-x), by e^-|x| <= 1, so that nothing overflows.
inline lanes sigmoid_(lanes x) {
  const lanes e = exp_(neg(abs(x)));
  return div(select(less(x, all(0)), e, all(1)), add(all(1), e));
}

// x + x P(x^2) near 0, 1 - e^-(a + a Q(a)) with a = |x| elsewhere.
inline lanes erf_(lanes x) {
  const lanes z = mul(x, x), a = min(all(4), abs(x));  // erf 4 is 1 in float
  const lanes p = poly(z, 0.128379166f, -0.376126349f, 0.112836972f, -0.0268595032f, 0.00520129036f,
                       -0.000814563828f, 8.38253836e-05f);
  const lanes q = poly(a, 0.128510758f, 0.635730922f, 0.105244666f, -0.0228786115f, 0.00321131828f,
                       -0.000213532985f);
  const lanes large = sub(all(1), exp_(neg(fma(a, q, a))));
  return select(less(a, all(0.92f)), fma(x, p, x), copy_sign(large, x));
}

inline lanes relu_(lanes x) { return max(all(0), x); }

constexpr float sqrt_half = 0.707106781f, gauss = 0.398942280f;  // 1 / sqrt 2, 1 / sqrt(2 pi)
constexpr float sqrt_2_over_pi = 0.797884561f, gelu_cubic = 0.044715f;

inline lanes gelu_(lanes x) {
  const lanes half = mul(x, all(0.5f));
  return fma(half, erf_(mul(x, all(sqrt_half))), half);
}

inline lanes gelu_inner(lanes x) {  // the argument of tanh in the approximation
  return mul(all(sqrt_2_over_pi), fma(mul(all(gelu_cubic), mul(x, x)), x, x));
}

inline lanes gelu_tanh_(lanes x) {
  const lanes half = mul(x, all(0.5f));
  return fma(half, tanh_(gelu_inner(x)), half);
}

// Derivatives: of tanh and sigmoid in terms of the result y, of the others in terms of x.
inline lanes d_tanh(lanes y) { return fma(neg(y), y, all(1)); }
inline lanes d_sigmoid(lanes y) { return mul(y, sub(all(1), y)); }

inline lanes d_gelu(lanes x) {
  const lanes half = mul(x, all(0.5f));
  const lanes density = mul(all(gauss), exp_(mul(neg(half), x)));
  return fma(x, density, fma(all(0.5f), erf_(mul(x, all(sqrt_half))), all(0.5f)));
}

inline lanes d_gelu_tanh(lanes x) {
  const lanes t = tanh_(gelu_inner(x));
  const lanes z = min(all(1e30f), mul(x, x));  // finite: its factor d_tanh is 0 then
  const lanes inner = mul(all(sqrt_2_over_pi), fma(all(3 * gelu_cubic), z, all(1)));
  const lanes slope = mul(mul(mul(all(0.5f), x), d_tanh(t)), inner);
  return add(slope, fma(all(0.5f), t, all(0.5f)));
}

}  // namespace
}  // namespace cairn::inline CAIRN_PRECISION::ISA
