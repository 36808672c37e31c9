// What people answer instead.
#include "tutorials/04_real_checkpoint/exercises/read_the_bytes/read_the_bytes.h"

namespace mistakes {
namespace {

enum {
  commas = 1,
  hexadecimal,
  highest_byte_first,
  highest_of_four_first,
  seventy,
  eight_too_many,
  offset_alone,
  where_a_begins,
  end_of_b,
  not_times_four,
  fourth_number,
  counted_with_itself,
  counted_from_one,
  value_by_columns,
  value_in_row_0,
  end_of_row_0,
  value_in_column_1,
  value_in_column_2,
  byte_of_the_value,
};

}  // namespace

std::string read_the_bytes() {
  switch (check::mistake) {
    case commas: return "112, 128, 144, 4";
    case hexadecimal: return "0x70 0x80 0x90 4";
    case highest_byte_first: return "8070450532247928832 128 144 4";
    case highest_of_four_first: return "1879048192 128 144 4";
    case seventy: return "70 128 144 4";
    case eight_too_many: return "120 128 144 4";
    case offset_alone: return "112 8 144 4";
    case where_a_begins: return "112 120 144 4";
    case end_of_b: return "112 152 144 4";
    case not_times_four: return "112 128 132 4";
    case fourth_number: return "112 128 140 4";
    case counted_with_itself: return "112 128 148 4";
    case counted_from_one: return "112 128 128 4";
    case value_by_columns: return "112 128 144 -1";
    case value_in_row_0: return "112 128 144 0.5";
    case end_of_row_0: return "112 128 144 3";
    case value_in_column_1: return "112 128 144 -2";
    case value_in_column_2: return "112 128 144 10";
    case byte_of_the_value: return "112 128 144 64";
    default: return "112 128 144 4";
  }
}

const std::vector<check::Mistake> list = {
    {commas, "commas between the numbers", "leave the commas out."},
    {hexadecimal, "hexadecimal numbers", "these are hexadecimal. Write them in decimal."},
    {highest_byte_first, "the highest byte first",
     "you read 70 as the highest of the eight bytes. The lowest comes first, so it counts single "
     "bytes."},
    {highest_of_four_first, "the highest byte of four first",
     "you read 70 as the highest of four bytes. There are eight, and the lowest comes first, so it "
     "counts single bytes."},
    {seventy, "70 taken for a decimal number", "the dump is hexadecimal: 70 is 7 times 16."},
    {eight_too_many, "the eight bytes counted in",
     "n is the length of the JSON text alone. The eight bytes that say so are not part of it."},
    {offset_alone, "the offset alone",
     "8 is the offset of b from the end of the header, and you have taken it from the beginning of "
     "the file. What stands at byte 8 of the dump?"},
    {where_a_begins, "where a begins",
     "120 is where the numbers begin, those of a. Have you added both: the eight bytes of the "
     "length, and the offset of b?"},
    {end_of_b, "the end of b",
     "152 is where b ends. data_offsets are begin and end, and you need the first of them."},
    {not_times_four, "numbers for bytes",
     "b[1][1] is the fifth number, so four numbers come before it. How many bytes is each?"},
    {fourth_number, "the fourth number",
     "140 is where the fourth number begins, b[1][0]. The numbers of a row stand together: "
     "b[0][0], "
     "b[0][1], b[0][2], b[1][0], and then?"},
    {counted_with_itself, "counted with itself",
     "148 is where the sixth number begins, b[1][2]. Only the numbers that stand before b[1][1] "
     "count, not itself."},
    {counted_from_one, "counted from 1",
     "128 is b[0][0]. Rows and columns are counted from 0, as in C++."},
    {value_by_columns, "the value, column by column",
     "-1 is b[0][1], the second number of row 0. The first three numbers are row 0; which is "
     "next?"},
    {value_in_row_0, "the value in row 0", "0.5 is b[0][0]. Row 1 is the second row."},
    {end_of_row_0, "the value at the end of row 0",
     "3 is b[0][2], the last number of row 0. Which comes next?"},
    {value_in_column_1, "the value in column 1",
     "-2 is b[1][1]. Columns are counted from 0, as rows are."},
    {value_in_column_2, "the value in column 2", "10 is b[1][2], the last number of row 1."},
    {byte_of_the_value, "a byte for the value",
     "64 is hexadecimal 40, one byte of four. A float takes four bytes, the lowest first: 00 00 80 "
     "40 is 40800000."},
};

}  // namespace mistakes
