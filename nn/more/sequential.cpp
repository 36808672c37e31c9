// Steps one after the other.
#include "nn/more/sequential.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Function::Function(std::function<Tensor(const Tensor& x, Where where)> f)
    : Module("Function"), f_(std::move(f)) {
  if (!f_) fail("Sequential", "a function is null", "activation(name) is if it knows no such name");
}

Sequential::Sequential(Step a, Step b, Step c, Step d, Step e, Step f, Step g, Step h, Step i,
                       Step j, Step k, Step l, Step m, Step n, Step o, Step p)
    : Module("Sequential") {
  for (Step* step : {&a, &b, &c, &d, &e, &f, &g, &h, &i, &j, &k, &l, &m, &n, &o, &p})
    add(std::move(*step));
}

void Sequential::add(Step step) {
  if (step.given()) steps_.push_back(std::move(step));
}

void Sequential::visit(ModuleVisitor& v) {
  for (size_t i = 0; i < steps_.size(); ++i) v(std::to_string(i), steps_[i].module());
}

Tensor Sequential::operator()(const Tensor& x, Where where) {
  Scope scope(name(), where);
  Tensor y = x;
  for (Step& step : steps_) y = step(y, where);
  return y;
}

}}  // namespace cairn::CAIRN_PRECISION
