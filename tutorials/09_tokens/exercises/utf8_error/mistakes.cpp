// What people write instead.
#include "tutorials/09_tokens/exercises/utf8_error/utf8_error.h"

namespace mistakes {
namespace {

enum {
  all_is_valid = 1,
  too_many_bytes_allowed,
  two_bytes_for_ascii,
  three_bytes_for_less,
  four_bytes_for_less,
  least_one_too_small,
  surrogates_allowed,
  last_surrogate_allowed,
  no_largest_number,
  old_forms,
  cut_at_the_end,
  later_bytes_not_checked,
  last_byte_not_checked,
  later_byte_alone,
  offset_of_the_bad_byte,
  counted_in_characters,
  size_for_valid,
  stops_at_zero,
  fffd_refused,
  ffff_refused,
  mark_refused,
  largest_refused,
  least_refused,
  first_byte_alone,
  zero_for_the_offset,
};

bool is(int mistake) { return check::mistake == mistake; }

// How many bytes follow this one, or -1 if it begins nothing.
int followers(int first) {
  if (first < 0x80) return 0;
  if (first < 0xC0) return is(later_byte_alone) ? 0 : -1;
  if (first < 0xE0) return 1;
  if (first < 0xF0) return 2;
  if (first < 0xF8) return 3;
  if (!is(old_forms)) return -1;
  return first < 0xFC ? 4 : first < 0xFE ? 5 : -1;
}

bool is_allowed(char32_t number, int more) {
  char32_t least[] = {0, 0x80, 0x800, 0x10000, 0x10000, 0x10000};
  if (is(too_many_bytes_allowed)) least[1] = least[2] = least[3] = 0;
  if (is(two_bytes_for_ascii)) least[1] = 0;
  if (is(three_bytes_for_less)) least[2] = 0x80;
  if (is(four_bytes_for_less)) least[3] = 0x800;
  if (is(least_one_too_small))
    for (int i = 1; i < 4; ++i) --least[i];
  if (number < least[more] || (is(least_refused) && more && number == least[more])) return false;
  if (is(fffd_refused) && number == 0xFFFD) return false;
  if (is(ffff_refused) && (number & 0xFFFE) == 0xFFFE) return false;
  if (is(mark_refused) && number == 0xFEFF) return false;
  if (is(largest_refused) && number == 0x10FFFF) return false;
  const char32_t last = is(last_surrogate_allowed) ? 0xDFFE : 0xDFFF;
  if (number >= 0xD800 && number <= last && !is(surrogates_allowed)) return false;
  return number <= 0x10FFFF || is(no_largest_number) || is(old_forms);
}

}  // namespace

int64_t utf8_error(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (is(all_is_valid)) return -1;
  int64_t characters = 0;
  size_t begin = 0;
  while (begin < text.size()) {
    if (is(stops_at_zero) && text[begin] == 0) return -1;
    const int more = followers(byte(begin));
    const auto bad = [&](size_t at) {
      return is(zero_for_the_offset)      ? 0
             : is(counted_in_characters)  ? characters
             : is(offset_of_the_bad_byte) ? static_cast<int64_t>(at)
                                          : static_cast<int64_t>(begin);
    };
    if (more < 0) return bad(begin);
    char32_t number = more ? byte(begin) & (0x3Fu >> more) : byte(begin);
    bool whole = true;
    for (int i = 1; i <= more; ++i) {
      const size_t at = begin + static_cast<size_t>(i);
      if (at >= text.size()) {
        if (!is(cut_at_the_end)) return bad(at);
        whole = false;
        break;
      }
      const bool looked_at =
          !is(later_bytes_not_checked) && !(is(last_byte_not_checked) && i == more);
      if ((byte(at) & 0xC0) != 0x80 && looked_at) return bad(at);
      number = number << 6 | (byte(at) & 0x3F);
    }
    if (is(first_byte_alone) && more == 3 && byte(begin) > 0xF4) return bad(begin);
    const bool number_counts = !is(first_byte_alone) || more < 3;
    if (whole && number_counts && !is_allowed(number, more)) return bad(begin);
    begin += static_cast<size_t>(more) + 1;
    ++characters;
  }
  return is(size_for_valid) ? static_cast<int64_t>(text.size()) : -1;
}

const std::vector<check::Mistake> list = {
    {all_is_valid, "all is valid",
     "every text is valid for you. If you do look at its bytes: a char may be negative, and then "
     "is "
     "never >= 0x80. static_cast<unsigned char> first."},
    {too_many_bytes_allowed, "more bytes than needed",
     "a number may be written with more bytes than it needs, in your program. Compare it with the "
     "smallest that needs so many."},
    {two_bytes_for_ascii, "two bytes for ASCII",
     "numbers below 0x80 may have two bytes, in your program: c0 and c1 never begin a character."},
    {three_bytes_for_less, "three bytes for a number of two",
     "numbers below 0x800 may have three bytes, in your program."},
    {four_bytes_for_less, "four bytes for a number of three",
     "numbers below 0x10000 may have four bytes, in your program."},
    {least_one_too_small, "the largest number of the shorter form",
     "the largest number of a form, such as U+07FF, is let through in one byte more. The smallest "
     "of the longer forms are 0x80, 0x800 and 0x10000."},
    {last_surrogate_allowed, "the last surrogate",
     "U+DFFF is the last that is no character: compare with <=."},
    {surrogates_allowed, "surrogates",
     "U+D800 to U+DFFF are no characters: ed is followed by 80 to 9f at most."},
    {no_largest_number, "no largest number", "there are no characters above U+10FFFF."},
    {first_byte_alone, "four bytes, by the first alone",
     "of four bytes you look at the first alone. f0 80 is too long a form, and f4 90 is above "
     "U+10FFFF."},
    {old_forms, "five and six bytes",
     "f8 to fd began characters of five and six bytes once. There are none any more."},
    {cut_at_the_end, "cut at the end",
     "a text that ends in the middle of a character is valid for you. (Do you read behind its "
     "end?)"},
    {later_bytes_not_checked, "the later bytes are not looked at",
     "you skip as many bytes as the first one says. Each of them has to begin with the bits 10."},
    {last_byte_not_checked, "the last of the later bytes",
     "the last byte of a character is not looked at: it, too, has to begin with the bits 10."},
    {later_byte_alone, "a later byte alone",
     "a byte that begins with the bits 10 cannot begin a character."},
    {offset_of_the_bad_byte, "the offset of the bad byte",
     "you return where the byte is that does not fit. Asked is where its character begins."},
    {counted_in_characters, "counted in characters",
     "your offset is a number of characters. It counts bytes."},
    {zero_for_the_offset, "0 for the offset",
     "you return 0 where a text is wrong. Asked is the offset at which its first wrong character "
     "begins."},
    {size_for_valid, "the size", "of a valid text you return the size. It is -1."},
    {stops_at_zero, "stops at 0",
     "a byte that is 0 ends the text for you. The text ends where text.size() says."},
    {fffd_refused, "U+FFFD is refused",
     "U+FFFD is a character like others, though it often stands where one could not be read."},
    {ffff_refused, "U+FFFE and U+FFFF are refused",
     "U+FFFE and U+FFFF will never be assigned, but their UTF-8 is valid."},
    {mark_refused, "the byte order mark is refused", "U+FEFF is a character like others."},
    {largest_refused, "the largest number", "U+10FFFF itself is valid: compare with <=."},
    {least_refused, "the smallest number",
     "the smallest number of each length is valid: compare with >=."},
};

}  // namespace mistakes
