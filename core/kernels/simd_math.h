#pragma once
// exp, log, tanh, sigmoid, erf, gelu of all lanes at once, in float; nothing is summed across
// lanes. Each function reduces its argument to a short interval and evaluates a polynomial there,
// whose largest relative error is the smallest that its degree allows. scripts/fit_polynomials.py
// fits them (Lawson's method), says why these degrees, and checks these coefficients: they leave at
// most 1.3e-8 of the result, a fifth of what rounding to float does. tests/test_kernels.cpp holds
// the functions to 2 units in the last place.
//
// Polynomials are evaluated by Horner's rule, a chain of multiply-adds that each wait for the last
// (4 cycles); the loops' next vectors do not, so the processor works on several at once.
#include "core/kernels/lanes.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

constexpr float infinity = __builtin_inff();

// c0 + c1 x + c2 x^2 + ...
inline lanes poly(lanes, float c) { return splat(c); }
template <class... Rest>
inline lanes poly(lanes x, float c, Rest... rest) {
  return fma(poly(x, rest...), x, splat(c));
}

inline lanes neg(lanes x) { return from_bits(bits(x) ^ INT32_MIN); }
inline lanes abs(lanes x) { return from_bits(bits(x) & INT32_MAX); }
inline lanes copy_sign(lanes x, lanes sign) {
  return from_bits((bits(x) & INT32_MAX) | (bits(sign) & INT32_MIN));
}
inline lanes power_of_two(ints n) { return from_bits((ints)((uints)(n + 127) << 23)); }

// e^x = 2^n e^r with n = round(x / ln 2), |r| <= ln 2 / 2, and e^r = 1 + r + r^2 q(r). ln 2 is
// subtracted in two parts: the first has 15 bits, so that its product with n is exact. 2^n is
// applied in two halves, so that results below 2^-126 are right as well.
inline lanes exp_(lanes x) {
  x = max(splat(-105), min(splat(90), x));  // beyond: 0 and inf all the same; NaN stays
  const ints n = to_ints(mul(x, splat(1.44269504f)));
  const lanes nf = to_lanes(n);
  const lanes r = fma(nf, splat(-1.42860677e-6f), fma(nf, splat(-0.693145752f), x));
  const lanes q =
      poly(r, 0.5f, 0.166666657f, 0.0416662917f, 0.00833349861f, 0.00139448687f, 0.000197901405f);
  const lanes p = add(splat(1), fma(mul(r, r), q, r));
  const ints half = n >> 1;
  return mul(mul(p, power_of_two(half)), power_of_two(n - half));
}

// log x = e ln 2 + log(1 + f) with x = 2^e (1 + f), 1 + f in [sqrt 1/2, sqrt 2), and
// log(1 + f) = f - f^2 / 2 + f^3 q(f). The sum goes from small to large.
inline lanes log_(lanes x) {
  const mask tiny = less(x, splat(1.17549435e-38f));
  // times 2^25: denormals become normal
  const lanes scaled = select(tiny, mul(x, splat(33554432)), x);
  const ints shifted = (ints)((uints)bits(scaled) - 0x3f3504f3u);  // the bits of sqrt 1/2
  const lanes e = sub(to_lanes(shifted >> 23), select(tiny, splat(25), splat(0)));
  const lanes f = sub(from_bits((shifted & 0x7fffff) + 0x3f3504f3), splat(1));
  const lanes q = poly(f, 0.333333135f, -0.250000089f, 0.200021192f, -0.166679963f, 0.142195508f,
                       -0.124055915f, 0.118881747f, -0.116756409f, 0.0674660131f);
  const lanes f2 = mul(f, f);
  const lanes low = fma(e, splat(1.42860677e-6f), fma(mul(f2, f), q, mul(f2, splat(-0.5f))));
  lanes y = fma(e, splat(0.693145752f), add(f, low));
  y = select(less(x, splat(infinity)), y, x);  // inf and NaN
  y = select(less(x, splat(0)), splat(__builtin_nanf("")), y);
  return select(less_equal(abs(x), splat(0)), splat(-infinity), y);
}

// x + x z p(z) with z = x^2 near 0, 1 - 2 / (e^2|x| + 1) elsewhere. tanh 0.55 is 1/2: from there on
// the subtraction from 1 loses no digits.
inline lanes tanh_(lanes x) {
  const lanes z = mul(x, x), a = abs(x);
  const lanes p =
      poly(z, -0.333333164f, 0.13332586f, -0.0538523123f, 0.0210716818f, -0.00627424335f);
  const lanes small = fma(mul(z, x), p, x);
  const lanes large = sub(splat(1), div(splat(2), add(exp_(add(a, a)), splat(1))));
  return select(less(a, splat(0.55f)), small, copy_sign(large, x));
}

// 1 / (1 + e^-x), by e^-|x| <= 1, so that nothing overflows.
inline lanes sigmoid_(lanes x) {
  const lanes e = exp_(neg(abs(x)));
  return div(select(less(x, splat(0)), e, splat(1)), add(splat(1), e));
}

// x + x p(z) with z = x^2 near 0, 1 - e^-(a + a q(a)) with a = |x| elsewhere. At 0.92, where erf is
// 0.81, the subtraction from 1 loses no digits, and both polynomials are short.
inline lanes erf_(lanes x) {
  const lanes z = mul(x, x), a = min(splat(4), abs(x));  // erf 4 is 1 in float
  const lanes p = poly(z, 0.128379166f, -0.376126349f, 0.112836972f, -0.0268595032f, 0.00520129036f,
                       -0.000814563828f, 8.38253836e-05f);
  const lanes q = poly(a, 0.128510758f, 0.635730922f, 0.105244666f, -0.0228786115f, 0.00321131828f,
                       -0.000213532985f);
  const lanes large = sub(splat(1), exp_(neg(fma(a, q, a))));
  return select(less(a, splat(0.92f)), fma(x, p, x), copy_sign(large, x));
}

inline lanes relu_(lanes x) { return max(splat(0), x); }

constexpr float sqrt_half = 0.707106781f;       // 1 / sqrt 2
constexpr float inv_sqrt_2_pi = 0.398942280f;   // 1 / sqrt(2 pi)
constexpr float sqrt_2_over_pi = 0.797884561f;  // sqrt(2 / pi)
constexpr float gelu_cubic = 0.044715f;         // of gelu's tanh approximation

inline lanes gelu_(lanes x) {
  const lanes half = mul(x, splat(0.5f));
  return fma(half, erf_(mul(x, splat(sqrt_half))), half);
}

inline lanes gelu_inner(lanes x) {  // the argument of tanh in the approximation
  return mul(splat(sqrt_2_over_pi), fma(mul(splat(gelu_cubic), mul(x, x)), x, x));
}

inline lanes gelu_tanh_(lanes x) {
  const lanes half = mul(x, splat(0.5f));
  return fma(half, tanh_(gelu_inner(x)), half);
}

// Derivatives: of tanh and sigmoid in terms of the result y, of the others in terms of x.
inline lanes d_tanh(lanes y) { return fma(neg(y), y, splat(1)); }
inline lanes d_sigmoid(lanes y) { return mul(y, sub(splat(1), y)); }

inline lanes d_gelu(lanes x) {
  const lanes half = mul(x, splat(0.5f));
  const lanes density = mul(splat(inv_sqrt_2_pi), exp_(mul(neg(half), x)));
  return fma(x, density, fma(splat(0.5f), erf_(mul(x, splat(sqrt_half))), splat(0.5f)));
}

inline lanes d_gelu_tanh(lanes x) {
  const lanes t = tanh_(gelu_inner(x));
  const lanes z = min(splat(1e30f), mul(x, x));  // finite: its factor d_tanh is 0 then
  const lanes inner = mul(splat(sqrt_2_over_pi), fma(splat(3 * gelu_cubic), z, splat(1)));
  const lanes slope = mul(mul(mul(splat(0.5f), x), d_tanh(t)), inner);
  return add(slope, fma(splat(0.5f), t, splat(0.5f)));
}

}}}}  // namespace cairn::CAIRN_PRECISION::ISA
