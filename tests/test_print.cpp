// Tensors and Ids as text: what NumPy 2.4 prints of the same float32 numbers with
// np.printoptions(precision=, threshold=, edgeitems=, linewidth=).
#include <doctest/doctest.h>

#include <iostream>
#include <sstream>

#include "core/inspect/print.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("print: forms, widths, summaries and broken lines are NumPy's, digit for digit") {
  struct Row {
    Tensor x;
    PrintOptions options;
    std::string text;
  };
  // clang-format off
  const Row rows[] = {
      {Tensor::of({2}, {0.0001, 0.05}), {}, "[0.0001 0.05  ]"},
      {Tensor::of({2}, {9.99e-05, 0.05}), {}, "[9.99e-05 5.00e-02]"},
      {Tensor::of({2}, {1, 1000}), {}, "[   1. 1000.]"},
      {Tensor::of({2}, {1, 1001}), {}, "[1.000e+00 1.001e+03]"},
      {Tensor::of({2}, {1, 1000.5}), {}, "[1.0000e+00 1.0005e+03]"},
      {Tensor::of({1}, {999999}), {}, "[999999.]"},
      {Tensor::of({1}, {1000000}), {}, "[1.e+06]"},
      {Tensor::of({2}, {1e6, 2}), {}, "[1.e+06 2.e+00]"},
      {Tensor::of({2}, {0, 0}), {}, "[0. 0.]"},
      {Tensor::of({2}, {-0.5, 0}), {}, "[-0.5  0. ]"},
      {Tensor::of({2}, {0, 1e-05}), {}, "[0.e+00 1.e-05]"},
      {Tensor::of({3}, {-1, INFINITY, NAN}), {}, "[-1. inf nan]"},
      {Tensor::of({2}, {1.5, -INFINITY}), {}, "[ 1.5 -inf]"},
      {Tensor::of({2}, {123.25, INFINITY}), {}, "[123.25    inf]"},
      {Tensor::of({3}, {1e-10, NAN, -INFINITY}), {}, "[1.e-10    nan   -inf]"},
      {Tensor::of({2}, {1e10, -1e10}), {}, "[ 1.e+10 -1.e+10]"},
      {Tensor::of({2}, {1e+38, 1e-38}), {}, "[1.e+38 1.e-38]"},
      {Tensor::of({2}, {-2e-07, 3}), {}, "[-2.e-07  3.e+00]"},
      {Tensor::of({3}, {0.123456789, -1.5, 20}), {.precision = 0}, "[ 0. -2. 20.]"},
      {Tensor::of({3}, {0.123456789, -1.5, 20}), {.precision = 1}, "[ 0.1 -1.5 20. ]"},
      {Tensor::of({3}, {0.123456789, -1.5, 20}), {.precision = 6},
       "[ 0.123457 -1.5      20.      ]"},
      {Tensor::of({3}, {0.123456789, -1.5, 20}), {.precision = 12},
       "[ 0.12345679 -1.5        20.        ]"},
      {Tensor::of({2}, {1234567, 0.25}), {.precision = 2}, "[1.23e+06 2.50e-01]"},
      {Tensor::of({2}, {1234567, 0.25}), {.precision = 0}, "[1.e+06 2.e-01]"},
      {Tensor::of({3}, {0.1, 0.25, 1. / 3}), {.precision = 3}, "[0.1   0.25  0.333]"},
      {Tensor::of({2, 2, 2}, {1, 2.5, -3.25, 4, 0.125, 6, -7, 8}), {},
       "[[[ 1.     2.5  ]\n"
       "  [-3.25   4.   ]]\n"
       "\n"
       " [[ 0.125  6.   ]\n"
       "  [-7.     8.   ]]]"},
      {counting({3, 1}), {},
       "[[0.]\n"
       " [1.]\n"
       " [2.]]"},
      {counting({1, 1, 1, 3}), {}, "[[[[0. 1. 2.]]]]"},
      {counting({2, 3}), {.width = 6},
       "[[0.\n"
       "  1.\n"
       "  2.]\n"
       " [3.\n"
       "  4.\n"
       "  5.]]"},
      {counting({2, 3}), {.width = 9},
       "[[0. 1.\n"
       "  2.]\n"
       " [3. 4.\n"
       "  5.]]"},
      {counting({12}), {.width = 20},
       "[ 0.  1.  2.  3.\n"
       "  4.  5.  6.  7.\n"
       "  8.  9. 10. 11.]"},
      {counting({2, 12}), {.width = 20},
       "[[ 0.  1.  2.  3.\n"
       "   4.  5.  6.  7.\n"
       "   8.  9. 10. 11.]\n"
       " [12. 13. 14. 15.\n"
       "  16. 17. 18. 19.\n"
       "  20. 21. 22. 23.]]"},
      {counting({7}), {.threshold = 6}, "[0. 1. 2. ... 4. 5. 6.]"},
      {counting({7}), {.threshold = 7}, "[0. 1. 2. 3. 4. 5. 6.]"},
      {counting({6}), {.threshold = 5}, "[0. 1. 2. 3. 4. 5.]"},
      {counting({5}), {.threshold = 4, .edge = 2}, "[0. 1. ... 3. 4.]"},
      {counting({4}), {.threshold = 3, .edge = 2}, "[0. 1. 2. 3.]"},
      {counting({5}), {.threshold = 4, .edge = 1}, "[0. ... 4.]"},
      {counting({2, 7}), {.threshold = 10},
       "[[ 0.  1.  2. ...  4.  5.  6.]\n"
       " [ 7.  8.  9. ... 11. 12. 13.]]"},
      {counting({7, 2}), {.threshold = 10},
       "[[ 0.  1.]\n"
       " [ 2.  3.]\n"
       " [ 4.  5.]\n"
       " ...\n"
       " [ 8.  9.]\n"
       " [10. 11.]\n"
       " [12. 13.]]"},
      {counting({7, 7}), {.threshold = 10, .edge = 2},
       "[[ 0.  1. ...  5.  6.]\n"
       " [ 7.  8. ... 12. 13.]\n"
       " ...\n"
       " [35. 36. ... 40. 41.]\n"
       " [42. 43. ... 47. 48.]]"},
      {counting({3, 4, 5}), {.threshold = 59, .edge = 1},
       "[[[ 0. ...  4.]\n"
       "  ...\n"
       "  [15. ... 19.]]\n"
       "\n"
       " ...\n"
       "\n"
       " [[40. ... 44.]\n"
       "  ...\n"
       "  [55. ... 59.]]]"},
      {counting({2, 3, 3, 3}), {.threshold = 10, .edge = 1},
       "[[[[ 0. ...  2.]\n"
       "   ...\n"
       "   [ 6. ...  8.]]\n"
       "\n"
       "  ...\n"
       "\n"
       "  [[18. ... 20.]\n"
       "   ...\n"
       "   [24. ... 26.]]]\n"
       "\n"
       "\n"
       " [[[27. ... 29.]\n"
       "   ...\n"
       "   [33. ... 35.]]\n"
       "\n"
       "  ...\n"
       "\n"
       "  [[45. ... 47.]\n"
       "   ...\n"
       "   [51. ... 53.]]]]"},
      {counting({40}), {.threshold = 10, .edge = 8, .width = 30},
       "[ 0.  1.  2.  3.  4.  5.  6.\n"
       "  7. ... 32. 33. 34. 35. 36.\n"
       " 37. 38. 39.]"},
      {Tensor::of({3, 3}, {1000, 0.5, -3, 1000, 0.5, -3, 1000, 0.5, -3}), {.width = 12},
       "[[ 1.e+03\n"
       "   5.e-01\n"
       "  -3.e+00]\n"
       " [ 1.e+03\n"
       "   5.e-01\n"
       "  -3.e+00]\n"
       " [ 1.e+03\n"
       "   5.e-01\n"
       "  -3.e+00]]"},
  };
  // clang-format on
  for (const Row& row : rows) {
    CHECK(to_string(row.x, row.options) == row.text);
    CHECK(written_by([&] { print(row.x, row.options); }) == row.text + "\n");
  }
}

TEST_CASE("print: a view shows the numbers that its strides reach") {
  const Tensor x = counting({3, 4});
  CHECK(to_string(transpose(x, 0, 1)) == to_string(contiguous(transpose(x, 0, 1))));
  CHECK(to_string(slice(x, 1, 1, 4, 2)) == "[[ 1.  3.]\n [ 5.  7.]\n [ 9. 11.]]");
  CHECK(to_string(select(x, 0, -1)) == "[ 8.  9. 10. 11.]");
  CHECK(to_string(expand(Tensor::of({2}, {1, 2}), {2, 2})) == "[[1. 2.]\n [1. 2.]]");
  CHECK(to_string(select(select(x, 0, 1), 0, 1)) == "5.");
}

TEST_CASE("print: Ids are aligned on the right, and summarised as tensors are") {
  struct Row {
    Ids ids;
    PrintOptions options;
    std::string text;
  };
  const Row rows[] = {
      {Ids({2, 3}, {1, -20, 3, 400, 5, 6}), {}, "[[  1 -20   3]\n [400   5   6]]"},
      {Ids(Shape{}, {7}), {}, "7"},
      {Ids(), {}, "[] of shape (0,)"},
      {Ids({2, 0}, {}), {}, "[] of shape (2, 0)"},
      {Ids::arange(1000), {.threshold = 999}, "[  0   1   2 ... 997 998 999]"},
      {Ids::arange(12), {.width = 12}, "[ 0  1  2\n  3  4  5\n  6  7  8\n  9 10 11]"},
      {Ids::arange(12).reshape({3, 4}),
       {.threshold = 11, .edge = 1},
       "[[ 0 ...  3]\n ...\n [ 8 ... 11]]"},
  };
  for (const Row& row : rows) {
    CHECK(to_string(row.ids, row.options) == row.text);
    CHECK(written_by([&] { print(row.ids, row.options); }) == row.text + "\n");
  }
}

TEST_CASE(
    "print: precision from 0 to 100 and an edge of 1 or more, or an Error with both numbers") {
  const Tensor x = Tensor::of({1}, {0.5});
  for (int precision : {0, 1, 100}) CHECK(to_string(x, {.precision = precision}) != "");
  for (int precision : {-1, 101}) {
    const std::string says = "precision " + std::to_string(precision) + ", edge 3";
    CHECK(has(error_of([&] { to_string(x, {.precision = precision}); }), says));
    CHECK(has(error_of([&] { to_string(Ids{1}, {.precision = precision}); }), says));
  }
  CHECK(to_string(x, {.edge = 1}) == "[0.5]");
  CHECK(has(error_of([&] { to_string(x, {.edge = 0}); }), "precision 4, edge 0"));
  CHECK(to_string(x, {.width = -5}) == "[0.5]");
}
