// The right answers, and the wrong ones that people give.
#include "tutorials/00_setting_out/exercises/gate_cpp/gate_cpp.h"

namespace mistakes {

const std::vector<Question> questions = {
    {"a copy",
     "3",
     {{"7",
       "b = a copies the numbers; a does not see what happens to b. (Python's lists are shared, "
       "C++'s "
       "vectors are not.) Learn: value semantics, copy construction."}}},
    {"a reference",
     "5",
     {{"1", "int& last is no copy but another name for a[1]. Learn: references."}}},
    {"a pointer",
     "6",
     {{"7", "p points at x[3], so p[-1] is x[2] and *(p + 1) is x[4]. Learn: pointers and arrays."},
      {"5", "*(p + 1) is x[4], not x[3]. Learn: pointers and arrays."},
      {"6.0",
       "that is the number; printed, it is shorter. Learn: output of floating-point numbers."}}},
    {"integer division",
     "6",
     {{"7",
       "7 / 2 has two ints, so it is 3 before the 2.0 is seen. Learn: arithmetic conversions."},
      {"7.0",
       "7 / 2 has two ints, so it is 3 before the 2.0 is seen. Learn: arithmetic conversions."},
      {"6.0",
       "that is the number; printed, it is shorter. Learn: output of floating-point numbers."}}},
    {"a loop downwards",
     "210",
     {{"321",
       "i-- > 0 compares the old i, and the body already sees the new one. Learn: postfix --."},
      {"3210", "i-- > 0 has subtracted once before the body runs first. Learn: postfix --."},
      {"2,1,0", "the form: what is printed, and nothing is printed between the numbers."},
      {"21", "when i is 1, the comparison 1 > 0 holds and the body sees 0. Learn: postfix --."}}},
    {"two lambdas",
     "12",
     {{"22", "[n] copies n when the lambda is made, and n is 1 then. Learn: lambda captures."},
      {"11", "[&n] refers to n, which is 2 when g is called. Learn: lambda captures."},
      {"21",
       "[n] is the copy, made when n was 1; [&n] is n itself, whenever g is called. Learn: lambda "
       "captures."}}},
    {"shared ownership",
     "42",
     {{"12", "a and b own the same int; *b = 4 changes what *a reads. Learn: std::shared_ptr."},
      {"41", "b = a adds an owner, so use_count() is 2. Learn: std::shared_ptr."},
      {"4", "that is *a. What does a.use_count() print right after it?"}}},
    {"a virtual function",
     "8",
     {{"1",
       "size is virtual: the object decides, and it is a Wide, whatever the reference says. Learn: "
       "virtual functions."}}},
    {"an exception",
     "acd",
     {{"abcd", "nothing after a throw runs in its block. Learn: exceptions."},
      {"ad",
       "the handler runs: std::runtime_error is a std::exception, and is caught. Learn: "
       "exceptions."},
      {"ac", "after the handler the program goes on behind it. Learn: exceptions."},
      {"a",
       "the exception is caught: std::runtime_error is a std::exception. Learn: exceptions."}}},
    {"float and double",
     "false",
     {{"true",
       "neither 0.1f + 0.2f nor 0.3 is exactly three tenths, and they are rounded to different "
       "numbers of digits. Learn: floating-point numbers; never compare them with ==."},
      {"no", "the form: the word true or the word false."},
      {"f", "the form: the word true or the word false."},
      {"0", "the form: the word true or the word false."}}},
};

std::string answer(int question) { return mistaken_answer(questions, question); }

}  // namespace mistakes
