// The right answers, and the wrong ones that people give.
#include "tutorials/00_setting_out/exercises/gate_mathematics/gate_mathematics.h"

namespace mistakes {

const std::vector<Question> questions = {
    {"a dot product",
     "-1",
     {{"5", "mind the sign: 3 * -1 is -3. Learn: the dot product."},
      {"2,0,-3", "the dot product is one number: the three products are added."}}},
    {"the shape of a product",
     "2,4",
     {{"3,3", "each row of a meets each column of b: 2 rows, 4 columns. Learn: matrix products."},
      {"4,2", "rows first: a has 2 rows, b has 4 columns. Learn: matrix products."},
      {"2,3", "the inner sizes, 3 and 3, meet and vanish. Learn: matrix products."},
      {"error", "the inner sizes, 3 and 3, agree, so there is a product."},
      {"2x4", "the form: the sizes of a shape are separated by commas, as in \"5, 7\"."},
      {"2;4", "the form: the sizes of a shape are separated by commas, as in \"5, 7\"."}}},
    {"a cell of a product",
     "4",
     {{"3", "second row times first column: 3 * 0 + 4 * 1. You have the second column."},
      {"2", "you have the first row. The second row is (3, 4)."},
      {"0",
       "a matrix product is not taken cell by cell: second row times first column, 3 * 0 + 4 * "
       "1."}}},
    {"a sum",
     "30",
     {{"10", "the squares are added: 1 + 4 + 9 + 16. Learn: the sum sign."},
      {"100", "each i is squared, not the sum. Learn: the sum sign."},
      {"14", "the upper limit belongs to it: i = 4 is the last term. Learn: the sum sign."}}},
    {"a product of powers",
     "5",
     {{"6", "exponents are added when powers are multiplied. Learn: rules of powers."},
      {"e^5", "the form: the exponent alone."}}},
    {"a quotient of powers",
     "3",
     {{"4",
       "e^(a - b) is e^a / e^b, a quotient: 6 / 2. Learn: rules of powers, the natural logarithm."},
      {"12", "e^(a - b) is a quotient, e^(a + b) would be the product. Learn: rules of powers."}}},
    {"a variance",
     "2",
     {{"8", "that is the sum of the squared distances; their mean is asked for. Learn: variance."},
      {"2.0", "the form: a whole number, without a point."},
      {"8/3", "you divided by n - 1. These pages divide by n. Learn: variance."},
      {"2.67", "you divided by n - 1. These pages divide by n. Learn: variance."},
      {"2.667", "you divided by n - 1. These pages divide by n. Learn: variance."},
      {"1.41", "that is the standard deviation, the root of the variance."},
      {"11", "the distances from the mean are squared, not the numbers. Learn: variance."}}},
    {"a position",
     "6",
     {{"7", "the first cell is number 0: row 1 begins at 4, and column 2 is two further."},
      {"5", "row-major: 1 * 4 + 2. You have column-major, 1 + 2 * 2."},
      {"4", "row 1 begins at 4, and column 2 is two further."},
      {"2", "a row has 4 numbers, so row 1 begins at 4."}}},
    {"strides",
     "1,4",
     {{"4,1", "those are x's own strides. The transpose exchanges them."},
      {"2,1",
       "a [4, 2] matrix of its own would have these. The transpose still reads x's block: down one "
       "of "
       "its columns is along one of x's rows."},
      {"4,2", "that is its shape. The strides say how far apart neighbours are in memory."}}},
    {"broadcasting",
     "4,3",
     {{"error", "a size of 1 grows: [4, 1] and [1, 3] both become [4, 3]. Learn: broadcasting."},
      {"4,1",
       "B is [1, 3] once an axis is put in front, and A's 1 grows to 3. Learn: broadcasting."},
      {"3,4", "shapes are aligned at the last axis: 1 meets 3, and 4 meets nothing."},
      {"4x3", "the form: the sizes of a shape are separated by commas, as in \"5, 7\"."}}},
};

std::string answer(int question) { return mistaken_answer(questions, question); }

}  // namespace mistakes
