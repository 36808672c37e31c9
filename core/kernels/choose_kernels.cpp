// Chooses the instruction set, once: the first entry of a short list that is compiled in and that
// the CPU has. The compiler's builtin reads CPUID and also asks XGETBV whether the operating system
// saves the wide registers; without the latter the instructions would fault.
#include "core/kernels/choose_kernels.h"

#include <cstdlib>

#include "core/error.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

#ifdef CAIRN_HAVE_AVX512
bool has_avx512() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

#ifdef CAIRN_HAVE_AVX2
bool has_avx2() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

bool always() { return true; }

struct Candidate {
  const Kernels* kernels;
  bool (*supported)();
};

// In order of preference.
const Candidate candidates[] = {
#ifndef CAIRN_DOUBLE
#ifdef CAIRN_HAVE_AVX512
    {&avx512::kernels, has_avx512},
#endif
#ifdef CAIRN_HAVE_AVX2
    {&avx2::kernels, has_avx2},
#endif
#ifdef CAIRN_HAVE_NEON
    {&neon::kernels, always},  // every 64-bit Arm has it
#endif
#endif
    {&reference::kernels, always},
};

}  // namespace

std::vector<const Kernels*> available_kernels() {
  std::vector<const Kernels*> available;
  for (const Candidate& c : candidates)
    if (c.supported()) available.push_back(c.kernels);
  return available;
}

const Kernels& find_kernels(const std::string& name) {
  std::string names;
  for (const Kernels* k : available_kernels()) {
    if (name == k->name) return *k;
    names += (names.empty() ? "" : ", ") + std::string(k->name);
  }
  fail("CAIRN_ISA", "this machine has no instruction set '" + name + "'", "it has " + names);
}

const Kernels& choose_kernels([[maybe_unused]] const char* name) {
#ifdef CAIRN_DOUBLE
  return reference::kernels;
#else
  if (name && *name) return find_kernels(name);
#ifdef CAIRN_DEBUG
  return reference::kernels;  // plain loops, for the debugger
#else
  return *available_kernels().front();
#endif
#endif
}

const Kernels& kernels() {
  static const Kernels& chosen = choose_kernels(std::getenv("CAIRN_ISA"));
  return chosen;
}

}}  // namespace cairn::CAIRN_PRECISION
