#pragma once
// The thread pool behind the kernels. Work is cut into chunks by its size, never by the number of
// threads, and partial results are combined in the order of the chunks: a result is bit-identical
// for 1, 2 or 100 threads. No STL here: kernel files include this header.
#include <stdint.h>

namespace cairn {

// How many threads share the chunks, the caller included; 1 <= n <= 256. The default is the number
// of processors this process may run on, or the environment's CAIRN_THREADS; 1 in debug builds.
void set_threads(int n);
int threads();

// Calls body(context, chunk) once for each chunk in [0, chunks), on any thread, in any order, and
// returns when all are done. A call from inside a body runs its chunks right there. What a body
// throws, such as an Error for lack of memory, is rethrown here, and chunks may be left out.
void parallel(int64_t chunks, void (*body)(void* context, int64_t chunk), void* context);

}  // namespace cairn
