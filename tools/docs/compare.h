#pragma once
// Compares a text that a page shows with the text that a program gives now: words exactly, numbers
// within a tolerance, blanks as one blank (a number that grows by a digit moves its column).
#include <string>

struct Tolerance {
  // How far a number may be off. Negative: by one unit of the last decimal that it shows, which is
  // what compilers and instruction sets change; a number without a point must then be equal.
  double within = -1;
  bool by_shape = false;  // any number will do: times, and what depends on the machine
  bool exact = false;     // each character counts: code
};

// The first line, counted from 0, in which the texts differ, or -1 if they agree.
int first_difference(const std::string& shown, const std::string& now, const Tolerance& tolerance);

// Does `text` have `answer` in it: a number by the tolerance above, anything else as a word?
bool has_answer(const std::string& text, const std::string& answer);
