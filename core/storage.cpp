// The life of a storage: its memory comes from the pool, and observers see it come and go.
#include "core/storage.h"

#include <string>

#include "core/autograd/observer.h"
#include "core/error.h"
#include "core/pool.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Storage::Storage(int64_t numbers) : size(numbers) {
  constexpr int64_t max_bytes = int64_t{1} << 46;  // about what a 64-bit machine can address
  constexpr auto number_bytes = static_cast<int64_t>(sizeof(real));
  if (numbers < 0 || numbers > max_bytes / number_bytes)
    fail("memory", "a tensor of " + std::to_string(numbers) + " numbers was asked for",
         "check the sizes that make up its shape");
  block = numbers * number_bytes;
  data = static_cast<real*>(take_block(block));
  for (Observer* o = observers; o; o = o->next) o->born(*this);
}

Storage::~Storage() {
  for (Observer* o = observers; o; o = o->next) o->died(*this);
  return_block(data, block);
}

}}  // namespace cairn::CAIRN_PRECISION
