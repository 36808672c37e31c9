#!/usr/bin/env python3
"""Fits the polynomials of core/kernels/simd_math.h and compares them with the committed ones.

    python3 scripts/fit_polynomials.py        (pip install numpy)

Each function reduces its argument to a short interval and evaluates a polynomial there. For each,
this prints the coefficients of the best polynomial of that degree, rounded to float, and the largest
relative error that three polynomials leave in the function's result, computed exactly: the best one,
the same rounded, and the committed one. The error to stay below is that of float's own rounding,
2^-24 = 6e-8; the degree is the smallest with which the best polynomial is below 1/20 of that, so that
what remains is the rounding of a few operations. It fails if a committed polynomial leaves more than
1/4 of it.

The best polynomial is the one with the smallest maximum of the relative error. Lawson's method finds
it: weighted least squares again and again, each point's weight multiplied by its error each time.
"""
import math
import pathlib
import re
import sys

import numpy as np

HEADER = pathlib.Path(__file__).resolve().parent.parent / "core" / "kernels" / "simd_math.h"
FLOAT_ROUNDING = 2.0**-24


def points(begin, end, n=4000):
    """Chebyshev points: close together at the ends, where the error of a polynomial is largest."""
    return (begin + end) / 2 + (end - begin) / 2 * np.cos(np.pi * (np.arange(n) + 0.5) / n)


def lawson(x, wanted, weight, degree, rounds=400):
    """The coefficients c of the polynomial for which max |weight (c(x) - wanted)| is smallest."""
    scale = np.max(np.abs(x))  # Chebyshev polynomials of x / scale keep the equations well behaved
    basis = np.polynomial.chebyshev.chebvander(x / scale, degree)
    importance = np.ones(len(x))
    best = None
    for _ in range(rounds):
        factor = np.sqrt(importance) * weight
        c = np.linalg.lstsq(basis * factor[:, None], wanted * factor, rcond=None)[0]
        error = np.abs((basis @ c - wanted) * weight)
        if best is None or error.max() < best[0]:
            best = error.max(), c
        importance *= error
        importance /= importance.sum()
    return np.polynomial.chebyshev.cheb2poly(best[1]) / scale ** np.arange(degree + 1)


# Each returns (x, wanted, weight, degree): the polynomial's argument, what it should be there, and the
# factor from the polynomial's error to the relative error of the function.

def exp():
    """e^r = 1 + r + r^2 q(r), |r| <= ln 2 / 2."""
    r = points(-math.log(2) / 2, math.log(2) / 2)
    q = sum(r**k / math.factorial(k + 2) for k in range(20))  # (e^r - 1 - r) / r^2 would cancel
    return r, q, r * r / np.exp(r), 5


def log():
    """log(1 + f) = f - f^2 / 2 + f^3 q(f), 1 + f in [sqrt 1/2, sqrt 2)."""
    f = points(math.sqrt(0.5) - 1, math.sqrt(2) - 1)
    wide = f.astype(np.longdouble)  # because of what cancels here
    q = ((np.log1p(wide) - wide + wide * wide / 2) / wide**3).astype(float)
    return f, q, f**3 / np.log1p(f), 8


def tanh():
    """tanh x = x + x z p(z), z = x^2, x < 0.55."""
    x = points(0, 0.55)
    wide = x.astype(np.longdouble)
    p = ((np.tanh(wide) / wide - 1) / (wide * wide)).astype(float)
    return x * x, p, x**3 / np.tanh(x), 4


def erf_near_0():
    """erf x = x + x p(z), z = x^2, x < 0.92."""
    x = points(0, 0.92)
    erf = np.array([math.erf(v) for v in x])
    return x * x, erf / x - 1, x / erf, 6


def erf_elsewhere():
    """erf a = 1 - e^-(a + a q(a)), 0.92 <= a <= 4."""
    a = points(0.92, 4)
    erfc = np.array([math.erfc(v) for v in a])
    return a, -np.log(erfc) / a - 1, a * erfc / (1 - erfc), 5


def committed():
    """The coefficients of each poly() of the header, in its order."""
    number = r"-?[\d.]+(?:e[-+]?\d+)?f"
    calls = re.findall(rf"\bpoly\(\w,\s*((?:{number}[,\s]*)+)\)", HEADER.read_text())
    return [[float(c.rstrip("f")) for c in re.findall(number, call)] for call in calls]


def main():
    functions = [exp, log, tanh, erf_near_0, erf_elsewhere]
    polynomials = committed()
    if len(polynomials) != len(functions):
        sys.exit(f"{HEADER} has {len(polynomials)} polynomials, not {len(functions)}")
    worst = 0.0
    for function, in_header in zip(functions, polynomials):
        x, wanted, weight, degree = function()
        if len(in_header) != degree + 1:
            sys.exit(f"{function.__name__}: the header's degree is not {degree}")
        best = lawson(x, wanted, weight, degree)
        rounded = np.float32(best)

        def error(c):
            return np.max(np.abs((np.polynomial.polynomial.polyval(x, c) - wanted) * weight))

        print(f"{function.__name__}: {function.__doc__}")
        print("  " + ", ".join(f"{c:.9g}f" for c in rounded))
        print(f"  largest relative error: best {error(best):.1e}, rounded to float "
              f"{error(rounded.astype(float)):.1e}, committed {error(np.float32(in_header)):.1e}")
        worst = max(worst, error(np.float32(in_header).astype(float)))
    print(f"committed, at worst: {worst:.1e} = {worst / FLOAT_ROUNDING:.2f} of float's rounding")
    return int(worst > FLOAT_ROUNDING / 4)


if __name__ == "__main__":
    sys.exit(main())
