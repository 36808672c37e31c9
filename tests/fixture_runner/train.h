#pragma once
// A stored fine-tuning run: losses, norms, rates, the state half-way and the final parameters.
#include <string>

#include "tests/fixture_runner/values.h"

namespace cairn {

// Trains the model of folder/init as folder/case.json says, on the stored batches, and compares
// each stored value. Throws Unsupported if it is no BERT classifier.
void check_training(Comparison& comparison, const std::string& folder);

}  // namespace cairn
