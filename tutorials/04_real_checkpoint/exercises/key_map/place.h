#pragma once
// What the name of a tensor in a checkpoint says.
#include <cstdint>
#include <string>

struct Place {
  int64_t layer;  // of the encoder, from 0; -1: of none
  std::string
      part;  // within the layer or the model: "attention.self.query", "embeddings.LayerNorm"
  std::string parameter;  // "weight", "bias", ...
};
