#pragma once
// The ops that the fixtures' part "ops" can call, by the names that they have there. Each is an op
// of Cairn or a plain composition of its ops; what would need another op is left out.
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/io/json.h"
#include "core/ops.h"

namespace cairn {

// What one case hands over.
struct OpCall {
  Json attrs;
  std::map<std::string, Tensor> inputs;  // as the op sees them; indices and truth values too

  bool has(const std::string& name) const { return inputs.contains(name); }
  const Tensor& operator[](const std::string& name) const;  // Error if there is none
  Ids ids(const std::string& name) const;                   // an input of whole numbers
  bool has_attr(const std::string& name) const;             // there, and neither null nor false
  real number(const std::string& name) const;               // an attribute; "inf" is infinite
  int integer(const std::string& name) const;
  std::string text(const std::string& name) const;               // empty if there is none
  Axes axes() const;                                             // "dim", as sum() takes it
  std::vector<int64_t> integers(const std::string& name) const;  // a list
  bool keepdim() const { return attrs.get("keepdim", false); }
  Reduction reduction() const;
  Tensor reduced(const Tensor& loss) const;  // by "reduction"
};

using Outputs = std::vector<Tensor>;

struct OpEntry {
  const char* name;
  Outputs (*call)(const OpCall& c);
};

std::span<const OpEntry> elementwise_entries();
std::span<const OpEntry> shape_entries();
std::span<const OpEntry> loss_entries();
std::span<const OpEntry> layer_entries();
std::span<const OpEntry> optim_entries();

}  // namespace cairn
