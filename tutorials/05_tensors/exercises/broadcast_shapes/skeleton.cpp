// The shape that two shapes broadcast to, in the place of the library's function; task.md in
// tutorials/05_tensors/exercises/broadcast_shapes says what is asked.
#include "core/error.h"
#include "core/shape.h"

namespace cairn {

// Sizes equal or 1, aligned at the last axis. Error that names both shapes if they do not fit.
Shape broadcast(const Shape& a, const Shape& b, const char* op, Where where) {
  // TODO
  (void)b, (void)op, (void)where;
  return a;
}

}  // namespace cairn
