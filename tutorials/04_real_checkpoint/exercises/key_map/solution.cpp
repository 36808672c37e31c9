// The key map of a checkpoint.
#include <algorithm>
#include <string>

#include "tutorials/04_real_checkpoint/exercises/key_map/place.h"

namespace mine {

// Layer, part and parameter of a tensor's name, "bert." removed, gamma and beta renamed.
Place key_map(const std::string& key) {
  const std::string prefix = "bert.", layers = "encoder.layer.";
  std::string rest = key.starts_with(prefix) ? key.substr(prefix.size()) : key;

  int64_t layer = -1;
  if (rest.starts_with(layers)) {
    const size_t dot = rest.find('.', layers.size());
    const std::string number =
        dot == std::string::npos ? "" : rest.substr(layers.size(), dot - layers.size());
    const bool digits =
        std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits && !number.empty() && number.size() <= 9) {
      layer = std::stoll(number);
      rest = rest.substr(dot + 1);
    }
  }

  const size_t last = rest.rfind('.');
  if (last == std::string::npos) return {layer, "", rest};
  const std::string part = rest.substr(0, last);
  std::string parameter = rest.substr(last + 1);
  if (part == "LayerNorm" || part.ends_with(".LayerNorm")) {
    if (parameter == "gamma") parameter = "weight";
    else if (parameter == "beta") parameter = "bias";
  }
  return {layer, part, parameter};
}

}  // namespace mine
