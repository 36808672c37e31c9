#pragma once
// A training run on disk, so that it can continue exactly as if it had never stopped: one
// safetensors file with the weights ("model.NAME") and the optimiser's state
// ("optimizer.exp_avg.NAME", ...), and in its metadata, under "cairn", the rest of the state as
// JSON:
//
//   {"settings": {"lr": 5e-05, ...}, "random": {"seed": "0", "next": "8412"}, "run": {...}}
//
// Under "crc32" is a checksum of all of this: a run that continued from a damaged file would end
// with a different model, unnoticed.
#include <string>

#include "core/io/json.h"
#include "core/named_tensor.h"
#include "core/random.h"
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Writes the file aside and renames it when complete. `settings` is an object of what must not
// change between the parts of a run, `run` is what the training loop needs back; the state of
// default_random() is saved too.
void save_checkpoint(const std::string& path, const NamedTensors& parameters,
                     const Optimizer& optimizer, const Json& settings, const Json& run);

// Restores weights, optimiser and default_random(), and returns `run`. Error if there is no such
// file, if its checksum is wrong or missing (as in those of Cairn 0.1), if it is of another model,
// or if a setting differs, which is named; then nothing has changed. An optimiser of another kind
// is an Error too, but by then the weights are loaded.
Json load_checkpoint(const std::string& path, const NamedTensors& parameters, Optimizer& optimizer,
                     const Json& settings);

}}  // namespace cairn::CAIRN_PRECISION
