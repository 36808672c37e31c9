#pragma once
// What the machine can do at most, measured: the yardstick for bench/gemm.cpp and `cairn doctor`.
#include "core/kernels/kernels.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Multiply-adds in registers on threads() threads, in rounds of less than a millisecond for about
// `seconds`: GFLOP/s of the best round (other programs slow down some), and of all.
double measure_fma_peak(const Kernels& kernels, double seconds);
double measure_fma_mean(const Kernels& kernels, double seconds);

// a[i] = b[i] + s c[i] over arrays far larger than the caches (STREAM's triad) on threads()
// threads, in rounds of milliseconds for about `seconds`: GB/s of the best round, counting the
// three arrays once each.
double measure_bandwidth(double seconds);

}}  // namespace cairn::CAIRN_PRECISION
