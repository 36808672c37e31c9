#pragma once
// The functions of this exercise, in their three places.
#include <vector>

#include "tutorials/06_autograd/exercises/scalar_ops/number.h"
#include "tutorials/check/check.h"

struct ScalarOps {
  Handle (*add)(const Handle& a, const Handle& b);
  Handle (*mul)(const Handle& a, const Handle& b);
  Handle (*tanh)(const Handle& x);
};

namespace mine {
Handle add(const Handle& a, const Handle& b);
Handle mul(const Handle& a, const Handle& b);
Handle tanh(const Handle& x);
}  // namespace mine
namespace mistakes {
extern const ScalarOps ops;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<const ScalarOps>> list;
}
