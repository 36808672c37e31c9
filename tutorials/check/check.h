#pragma once
// What the check of an exercise is made of. A check calls the reader's function on inputs of every
// kind that matters and tells a Judge what the answers should be:
//
//   void check_softmax(Softmax* softmax, check::Judge& judge) {
//     std::vector<real> x = ..., y = check::garbage(6);
//     softmax(y.data(), x.data(), 2, 3);
//     judge.equal("a row of large numbers", y, expected, {2, 3});
//   }
//
// mistakes.cpp has the same function with the mistakes that people make, one at a time: the check
// rejects each of them, and a reader whose answers are those of a mistake gets that mistake's hint.
// alternatives.cpp has correct functions in other styles, which the check accepts.
//
// Everything here is in double: checks are compiled with CAIRN_DOUBLE and link cairn64.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/real.h"
#include "core/shape.h"
#include "core/tensor.h"

namespace check {

using cairn::real;
using cairn::Shape;
using cairn::Tensor;

// What was not as it should be.
struct Failure {
  std::string what;    // which input, and which of its outputs
  std::string detail;  // "at (0, 1): expected 0.5, got nan"
  // All numbers of the output, by which a mistake is recognised; before them its shape, if that is
  // what is wrong.
  std::vector<real> got;
  std::string aside;  // told after the detail; it does not count when a mistake is recognised
};

class Judge {
 public:
  // The input of the next call, which the verdict names if it throws, crashes or never ends.
  void input(const std::string& what) { input_ = what; }
  const std::string& input() const { return input_; }
  // `got` is `expected`, of this shape: each number within tolerance * max(1, |expected|), NaN and
  // infinities the same; 0 and -0 are equal.
  void equal(const std::string& what, const std::vector<real>& got,
             const std::vector<real>& expected, const Shape& shape, double tolerance = 1e-12);
  // The same for tensors: the shapes have to be equal too; strides do not matter.
  void equal(const std::string& what, const Tensor& got, const Tensor& expected,
             double tolerance = 1e-12);
  void equal(const std::string& what, const std::string& got, const std::string& expected);
  void equal(const std::string& what, int64_t got, int64_t expected);
  // An input has the bits that it had before the call.
  void unchanged(const std::string& what, const std::vector<real>& now,
                 const std::vector<real>& before);
  // The answer to a question of a small exercise. A wrong one is shown, the right one is not.
  void answer(const std::string& question, const std::string& given, bool right);
  // Any other property. `detail` says what was found instead; `aside` may be in the reader's own
  // words, such as the text of an exception.
  void that(bool holds, const std::string& what, const std::string& detail = "",
            const std::string& aside = "");
  // call() throws an exception, as the contract demands.
  void throws(const std::string& what, const std::function<void()>& call);

  const std::vector<Failure>& failures() const { return failures_; }
  double largest_error() const { return largest_error_; }  // of all numbers that were equal

 private:
  std::string input_;
  std::vector<Failure> failures_;
  double largest_error_ = 0;
};

// Numbers for inputs: normal with this deviation, the same for a seed everywhere.
std::vector<real> normal(int64_t count, uint64_t seed, double deviation = 1);
// What an output holds before the call: large numbers and NaN, so that a function that reads it or
// leaves something unwritten is found out.
std::vector<real> garbage(int64_t count);
// The same for what the function makes itself: the next Tensor::empty of this shape holds garbage.
void leave_garbage(const Shape& shape);
Tensor normal(const Shape& shape, uint64_t seed, double deviation = 1);

// Which of its mistakes mistakes.cpp makes now; 0: none.
extern int mistake;

struct Mistake {
  int number;  // from 1
  std::string name;
  std::string hint;  // what to say to a reader whose answers are the same
};

template <class F>
struct Alternative {
  std::string name;
  F* function;
};

// Everything about an exercise whose function has the type F.
template <class F>
struct Exercise {
  std::string name;
  void (*check)(F* function, Judge& judge);
  F* mine;      // the reader's
  F* mistaken;  // that of mistakes.cpp
  std::vector<Mistake> mistakes;
  std::vector<Alternative<F>> alternatives;
  F* library = nullptr;                 // to compare with, where it has the same signature
  void (*work)(F* function) = nullptr;  // one call of a realistic size, for the comparison
};

namespace detail {

// An exercise without its type.
struct Plan {
  std::string name;
  std::function<void(Judge&)> mine, mistaken;
  std::vector<Mistake> mistakes;
  std::vector<std::pair<std::string, std::function<void(Judge&)>>> alternatives;
  std::function<void(Judge&)> library;
  std::function<void()> work, library_work;
};

int run(const Plan& plan, int argc, char** argv);

}  // namespace detail

// The main function of a check: without arguments the verdict on the reader's function, exit code 0
// or 1; with --prove, whether each mistake is rejected with its hint and each alternative accepted;
// with --measure, time and error of the reader's function and the library's.
template <class F>
int run(const Exercise<F>& exercise, int argc, char** argv) {
  const auto checked = [&](F* function) {
    return [&exercise, function](Judge& judge) { exercise.check(function, judge); };
  };
  const auto worked = [&](F* function) {
    return [&exercise, function] { exercise.work(function); };
  };
  detail::Plan plan{exercise.name,
                    checked(exercise.mine),
                    checked(exercise.mistaken),
                    exercise.mistakes,
                    {},
                    {},
                    {},
                    {}};
  for (const Alternative<F>& alternative : exercise.alternatives)
    plan.alternatives.emplace_back(alternative.name, checked(alternative.function));
  if (exercise.library) plan.library = checked(exercise.library);
  if (exercise.work) plan.work = worked(exercise.mine);
  if (exercise.work && exercise.library) plan.library_work = worked(exercise.library);
  return detail::run(plan, argc, argv);
}

}  // namespace check
