#pragma once
// The smallest engine: numbers that remember what they were made of.
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

struct Value;
using Scalar = std::shared_ptr<Value>;  // a handle: to copy it is to copy a pointer

// One of the numbers that a value was made of, and how fast the value grows with it: its slope.
struct Edge {
  Scalar input;
  double slope;
};

struct Value {
  double number;
  std::vector<Edge> edges;  // none: a leaf, which nobody made
  double grad = 0;          // d(result) / d(this), once backward() has been here
  int id = made++;          // a value is younger than all that it was made of

  static inline int made = 0;  // how many there have been
};

inline Scalar scalar(double number, std::vector<Edge> edges = {}) {
  return std::make_shared<Value>(Value{number, std::move(edges)});
}
inline Scalar operator+(const Scalar& a, const Scalar& b) {
  return scalar(a->number + b->number, {{a, 1}, {b, 1}});
}
inline Scalar operator*(const Scalar& a, const Scalar& b) {
  return scalar(a->number * b->number, {{a, b->number}, {b, a->number}});
}
inline Scalar tanh(const Scalar& x) {
  const double y = std::tanh(x->number);
  return scalar(y, {{x, 1 - y * y}});
}

// Adds d(result) / d(value) to the grad of every value that the result was made of, youngest first.
inline void backward(const Scalar& result) {
  std::map<int, Value*, std::greater<>> waiting = {{result->id, result.get()}};
  result->grad = 1;
  while (!waiting.empty()) {
    Value* const value = waiting.begin()->second;
    waiting.erase(waiting.begin());
    for (const Edge& edge : value->edges) {
      edge.input->grad += edge.slope * value->grad;
      waiting[edge.input->id] = edge.input.get();
    }
  }
}
