// What people write instead.
#include <algorithm>
#include <stdexcept>

#include "core/error.h"
#include "tutorials/05_tensors/exercises/broadcast_shapes/broadcast_shapes.h"

namespace mistakes {
namespace {

enum {
  aligned_at_the_left = 1,
  the_longer_alone,
  the_first_alone,
  the_larger_size,
  nothing_refused,
  larger_and_nothing_refused,
  equal_only,
  equal_axes_only,
  ones_in_b_only,
  multiples_fit,
  zero_fits_all,
  zero_with_one_refused,
  summed_sizes,
  ones_dropped,
  another_exception,
  op_is_add,
  shapes_not_named,
  shapes_exchanged,
  place_not_named,
  a_is_the_longer,
  op_is_broadcast,
  padded_shape_named,
  longer_b_as_it_is,
  ones_in_a_only,
  zero_in_b_fits_all,
  ones_of_the_shorter_refused,
};

bool is(int mistake) { return check::mistake == mistake; }

int64_t size_at(const Shape& shape, int i, int axes) {
  const int at = is(aligned_at_the_left) ? i : i - (axes - shape.size());
  return at < 0 || at >= shape.size() ? 1 : shape[at];
}

bool fit(int64_t x, int64_t y) {
  if (is(nothing_refused) || is(larger_and_nothing_refused)) return true;
  if (is(equal_only)) return x == y;
  if (is(ones_in_b_only)) return x == y || y == 1;
  if (is(ones_in_a_only)) return x == y || x == 1;
  if (is(zero_in_b_fits_all) && y == 0) return true;
  if (is(zero_fits_all) && (x == 0 || y == 0)) return true;
  if (is(zero_with_one_refused) && x != y && (x == 0 || y == 0)) return false;
  if (is(multiples_fit) && x > 0 && y > 0 && (x % y == 0 || y % x == 0)) return true;
  return x == y || x == 1 || y == 1;
}

int64_t size_of(int64_t x, int64_t y) {
  if (is(the_larger_size) || is(larger_and_nothing_refused) || is(multiples_fit))
    return std::max(x, y);
  if (is(zero_fits_all) && (x == 0 || y == 0)) return 0;
  if (is(summed_sizes)) return x * y;
  return x == 1 ? y : x;
}

[[noreturn]] void refuse(const Shape& a, const Shape& b, const char* op, Where where) {
  if (is(another_exception)) throw std::invalid_argument("the shapes do not fit");
  Shape first = a;
  while (is(padded_shape_named) && first.size() < b.size()) first.insert(0, 1);
  const std::string shapes = is(shapes_exchanged) ? to_string(b) + " and " + to_string(a)
                                                  : to_string(first) + " and " + to_string(b);
  cairn::fail(is(op_is_add)         ? "add"
              : is(op_is_broadcast) ? "broadcast"
                                    : op,
              is(shapes_not_named) ? "the shapes do not fit" : shapes + " do not fit", "",
              is(place_not_named) ? Where{} : where);
}

}  // namespace

Shape broadcast(const Shape& a, const Shape& b, const char* op, Where where) {
  const int axes = is(a_is_the_longer) ? a.size() : std::max(a.size(), b.size());
  if (is(equal_axes_only) && a.size() != b.size()) refuse(a, b, op, where);
  Shape out;
  for (int i = 0; i < axes; ++i) {
    const int64_t x = size_at(a, i, axes), y = size_at(b, i, axes);
    if (!fit(x, y)) refuse(a, b, op, where);
    const bool missing = i < axes - std::min(a.size(), b.size());
    const int64_t shorter = b.size() > a.size() ? x : y;
    if (is(ones_of_the_shorter_refused) && !missing && shorter == 1 && x != y)
      refuse(a, b, op, where);
    if (!is(ones_dropped) || size_of(x, y) != 1) out.push_back(size_of(x, y));
  }
  if (is(the_longer_alone)) return a.size() >= b.size() ? a : b;
  if (is(longer_b_as_it_is) && b.size() > a.size()) return b;
  return is(the_first_alone) ? a : out;
}

const std::vector<check::Mistake> list = {
    {aligned_at_the_left, "aligned at the left",
     "your shapes are aligned at the first axis. They are aligned at the last: (4,) fits the rows "
     "of a (3, 4)."},
    {the_longer_alone, "the longer shape",
     "your result is the longer of the two shapes. Its ones become what stands beside them: (3, 1) "
     "and (4,) give (3, 4)."},
    {the_first_alone, "the first shape",
     "your result is the shape of a. An axis on which a has a 1, or nothing, becomes as long as "
     "b's."},
    {the_larger_size, "the larger of two sizes",
     "you take the larger size. That is right until there is a 0: 1 beside 0 gives 0, for a tensor "
     "without numbers has none to repeat the other with."},
    {nothing_refused, "nothing is refused",
     "sizes that differ, neither of them 1, do not fit: throw with fail()."},
    {larger_and_nothing_refused, "the larger size, whatever they are",
     "you take the larger of any two sizes. They have to be equal, or one of them is 1: throw with "
     "fail() if they are not."},
    {equal_only, "equal sizes only",
     "a size of 1, or one that is missing, fits any other: it is repeated."},
    {equal_axes_only, "equally many axes only",
     "the shapes may have different numbers of axes: what is missing on the left counts as 1."},
    {ones_in_b_only, "only b is repeated",
     "a 1 in b is repeated, but a 1 in a is not. Both may be the smaller one, even on different "
     "axes: (3, 1) and (4,)."},
    {multiples_fit, "multiples fit",
     "2 does not fit 4: only 1 is repeated. Which of the two should come twice in a row is not "
     "clear to anybody."},
    {zero_fits_all, "0 fits everything",
     "0 and 3 do not fit: 0 is a size like any other, and only 1 is repeated."},
    {zero_with_one_refused, "0 and 1 are refused",
     "1 is repeated as often as the other size says, and that may be 0 times: 0 and 1 give 0."},
    {summed_sizes, "the product of the sizes",
     "you multiply the sizes. Where one of them is 1 that is right; where they are equal it is "
     "not: 3 and 3 give 3."},
    {ones_dropped, "ones are dropped",
     "an axis on which both have a 1 stays: (1, 1) and (1,) give (1, 1)."},
    {another_exception, "another exception",
     "the library's users catch cairn::Error, which fail(op, what, hint, where) throws, with the "
     "line of theirs in it."},
    {op_is_add, "the op is always add",
     "your error says [add] whoever calls. The name is in the argument `op`."},
    {shapes_not_named, "the shapes are not named",
     "an error that does not say which shapes did not fit costs somebody an hour. to_string(a) "
     "writes one."},
    {shapes_exchanged, "the shapes are exchanged",
     "your error names b before a. Whoever reads it looks for them in the order of the call."},
    {place_not_named, "the line is not passed on",
     "`where` is the line that called the op. Hand it to fail(): that line is what one looks for."},
    {a_is_the_longer, "a is taken for the longer one",
     "you go through the axes of a. b may have more of them."},
    {op_is_broadcast, "the op is a name of its own",
     "your error does not begin with the op that was called. Pass the argument `op` on to fail()."},
    {padded_shape_named, "a shape as it was filled up",
     "your error names a shape that nobody has passed: one that you have filled up or changed on "
     "the way. Name a and b as they were given."},
    {longer_b_as_it_is, "a longer b as it is",
     "where b has more axes than a, you return b. Its ones become a's sizes, as they would if a "
     "were the longer one."},
    {ones_in_a_only, "only one of them is repeated",
     "a 1 in one of the shapes is repeated, but a 1 in the other is refused. On each axis it may "
     "be "
     "either that has the 1."},
    {zero_in_b_fits_all, "0 in one of them fits everything",
     "3 and 0 do not fit, in whichever shape the 0 is: only 1 is repeated."},
    {ones_of_the_shorter_refused, "a 1 of the shorter shape is refused",
     "a missing size fits, and a 1 of the longer shape, but not a 1 of the shorter one, as in (3, "
     "4) "
     "and (3, 1). It is repeated, too."},
};

}  // namespace mistakes
