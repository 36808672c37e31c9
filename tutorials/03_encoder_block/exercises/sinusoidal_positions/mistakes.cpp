// What people write instead.
#include <cmath>

#include "core/error.h"
#include "tutorials/03_encoder_block/exercises/sinusoidal_positions/sinusoidal_positions.h"

namespace mistakes {
namespace {

enum {
  no_column = 1,
  column_for_pair,
  pair_not_doubled,
  whole_number_exponent,
  frequency_grows,
  sine_and_cosine_exchanged,
  halves,
  sines_alone,
  cosine_at_the_next_frequency,
  starts_at_one,
  transposed,
  base_is_fixed,
  degrees,
  base_not_checked,
  nan_base,
  cosine_behind,
  last_column_left_out,
  in_float,
};

bool is(int mistake) { return check::mistake == mistake; }

// Twice the pair's index over C, or what people take for it.
double exponent_of(int64_t c, int64_t C) {
  const auto quotient = [](int64_t a, int64_t b) {
    return static_cast<double>(a) / static_cast<double>(b);
  };
  if (is(no_column)) return 2;
  if (is(column_for_pair)) return quotient(2 * c, C);
  if (is(pair_not_doubled)) return quotient(c / 2, C);
  if (is(whole_number_exponent)) return static_cast<double>(c / 2 * 2 / C);
  if (is(cosine_at_the_next_frequency)) return quotient(c, C);
  if (is(halves)) return quotient(2 * (c % ((C + 1) / 2)), C);
  return quotient(c / 2 * 2, C);
}

double number(int64_t t, int64_t c, int64_t C, double base) {
  const double power = exponent_of(c, C),
               place = static_cast<double>(is(starts_at_one) ? t + 1 : t);
  double angle =
      place * std::pow(is(base_is_fixed) ? 10000 : base, is(frequency_grows) ? power - 1 : -power);
  if (is(in_float)) angle = place * static_cast<double>(static_cast<float>(std::pow(base, -power)));
  if (is(degrees)) angle *= 3.14159265358979323846 / 180;
  if (is(no_column)) return std::sin(angle) + std::cos(angle);
  if (is(sines_alone)) return std::sin(angle);
  const bool sine = is(halves) ? c < (C + 1) / 2 : c % 2 == is(sine_and_cosine_exchanged);
  return sine ? std::sin(angle) : std::cos(angle);
}

}  // namespace

Tensor sinusoidal_positions(int64_t T, int64_t C, double base) {
  const bool refused = is(nan_base) ? base <= 0 : !(base > 0);
  if (refused && !is(base_not_checked)) cairn::fail("positions", "base is not positive");
  std::vector<real> table;
  for (int64_t t = 0; t < T; ++t)
    for (int64_t c = 0; c < C; ++c)
      table.push_back(is(last_column_left_out) && c + 1 == C && C % 2 == 1 ? 0
                                                                           : number(t, c, C, base));
  if (is(cosine_behind) && T * C == 6 && C == 3) {  // in a block of eight numbers
    Tensor result = Tensor::of({T, C}, table);
    result.write()[6] = number(1, 3, C, base);
    return result;
  }
  if (!is(transposed)) return Tensor::of({T, C}, table);
  table.clear();
  for (int64_t c = 0; c < C; ++c)
    for (int64_t t = 0; t < T; ++t) table.push_back(number(t, c, C, base));
  return Tensor::of({T, C}, table);
}

const std::vector<check::Mistake> list = {
    {no_column, "one number for all columns",
     "all columns of a row are the same, sin(t / base^2) + cos(t / base^2): the column does not "
     "occur "
     "in it. The exponent is 2i / C, and sine and cosine stand in columns of their own."},
    {column_for_pair, "2c / C for 2i / C",
     "your exponent is 2c / C with the column c. The two columns of a pair share the frequency of "
     "i = "
     "c / 2, rounded down."},
    {pair_not_doubled, "i / C for 2i / C",
     "your frequencies fall too slowly: the exponent is 2i / C, and i runs to C / 2 only."},
    {whole_number_exponent, "the exponent is a whole number",
     "all your columns turn equally fast: 2 * i / C of whole numbers is 0. Convert to double "
     "before "
     "you divide."},
    {frequency_grows, "the frequency grows",
     "your frequencies grow from column to column. The first pair turns fastest, by 1 from place "
     "to "
     "place; the exponent is negative."},
    {sine_and_cosine_exchanged, "sine and cosine exchanged",
     "sine stands in the even columns, 0, 2, 4, and cosine in the odd ones."},
    {halves, "sines first, then cosines",
     "your sines stand in the first half of the columns and the cosines in the second. Some "
     "programs "
     "do so; here each pair stands side by side: 2i and 2i + 1."},
    {sines_alone, "sines alone",
     "there is a sine in every column. The odd columns have the cosine of the same angle."},
    {cosine_at_the_next_frequency, "c / C for the odd columns",
     "the even columns are right. A cosine has the frequency of the sine to its left: the exponent "
     "of "
     "column 2i + 1 is 2i / C as well."},
    {starts_at_one, "positions start at 1",
     "the first row is position 0: sines of 0 and cosines of 1."},
    {transposed, "columns before rows",
     "your numbers are filled in column by column. A table (T, C) is stored row by row: all C "
     "numbers "
     "of position 0 first."},
    {base_is_fixed, "10000 whatever the base",
     "the base is an argument; you have 10000 in its place."},
    {degrees, "degrees",
     "std::sin takes radians, and so does the formula: nothing is to be converted."},
    {base_not_checked, "the base is not checked",
     "a base of 0 or less has to be refused: throw an exception, for instance with cairn::fail()."},
    {nan_base, "a base of NaN",
     "a base of NaN is not refused: NaN <= 0 is false, as every comparison with NaN is. Ask "
     "!(base > 0)."},
    {cosine_behind, "a cosine behind the table",
     "with an odd C the last column is a sine without its cosine. You write the cosine all the "
     "same, at column C: that is the next row's first number, and in the last row it is memory "
     "behind the table. Ask c + 1 < C before you write it."},
    {last_column_left_out, "the last column of an odd C is 0",
     "with an odd C the last column stays 0: your loop over pairs ends too early. It is a sine "
     "without its cosine."},
    {in_float, "float for the frequency",
     "right to seven digits: a float is on the way. Compute frequency and angle in double."},
};

}  // namespace mistakes
