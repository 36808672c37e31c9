#pragma once
// A training run on disk, such that it goes on exactly as if it had never stopped: one safetensors
// file with the weights ("model.NAME") and the optimiser's state ("optimizer.exp_avg.NAME", ...),
// and in its metadata, under "cairn", what else counts, as JSON:
//
//   {"settings": {"lr": 5e-05, ...}, "random": {"seed": "0", "next": "8412"}, "run": {...}}
//
// Under "crc32" stands a checksum of all of this: a run that went on from a damaged file would end
// with another model, and nobody would know.
#include <string>

#include "core/io/json.h"
#include "core/named_tensor.h"
#include "core/random.h"
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Writes the file aside and renames it when whole. `settings` is an object of what must not change
// between the parts of a run, `run` is what the training loop wants back; the state of
// default_random() is saved too.
void save_checkpoint(const std::string& path, const NamedTensors& parameters,
                     const Optimizer& optimizer, const Json& settings, const Json& run);

// Puts weights, optimiser and default_random() into the saved state and returns `run`. Error if
// there is no such file, if its checksum is wrong or missing (as in those of Cairn 0.1), if it is
// of another model, or if one of the settings differs: it names the setting. Then nothing has
// changed. An optimiser of another kind is an Error too, but the weights are loaded by then.
Json load_checkpoint(const std::string& path, const NamedTensors& parameters, Optimizer& optimizer,
                     const Json& settings);

}}  // namespace cairn::CAIRN_PRECISION
