// Which of a reader's functions a program calls. Their files are compiled with
// -finstrument-functions, so each of their functions begins with a call of the first function below.
// At the end of the program, the places of those that were called, as distances from that function,
// are written to the file that CAIRN_CALLED names; tools/course/linking.py knows which are where.
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<void*> called[1 << 14];  // a hash table

void write_called();

struct AtTheEnd {
  ~AtTheEnd() { write_called(); }
} at_the_end;

}  // namespace

extern "C" void __cyg_profile_func_enter(void* function, void*) {
  constexpr size_t places = sizeof called / sizeof *called;
  const size_t first = reinterpret_cast<uintptr_t>(function) / 16 * 31 % places;
  for (size_t i = 0; i < places; ++i) {
    std::atomic<void*>& place = called[(first + i) % places];
    void* there = place.load(std::memory_order_relaxed);
    if (there == nullptr && place.compare_exchange_strong(there, function)) return;
    if (there == function) return;
  }
}

extern "C" void __cyg_profile_func_exit(void*, void*) {}

namespace {

void write_called() {
  const char* path = std::getenv("CAIRN_CALLED");
  std::FILE* file = path ? std::fopen(path, "w") : nullptr;
  if (!file) return;
  const auto here = reinterpret_cast<intptr_t>(&__cyg_profile_func_enter);
  for (const std::atomic<void*>& place : called)
    if (void* function = place.load())
      std::fprintf(file, "%lld\n",
                   static_cast<long long>(reinterpret_cast<intptr_t>(function) - here));
  std::fclose(file);
}

}  // namespace
