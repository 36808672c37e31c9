// Copying between two lists by name.
#include "core/named_tensor.h"

#include <cstring>
#include <map>
#include <set>

#include "core/nearest_name.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// A line for each name, and the nearest of the others where the line will be seen.
std::string listed(const char* fault, const std::vector<std::string>& names,
                   const std::vector<std::string>& others) {
  std::vector<std::string> lines;
  for (const std::string& name : names) {
    lines.push_back(std::string(fault) + ": " + name);
    if (lines.size() <= max_listed) lines.back() += nearest_hint(name, others);
  }
  return indented_lines(lines);
}

bool same_numbers(const Tensor& a, const Tensor& b) {
  const size_t bytes = static_cast<size_t>(a.numel()) * sizeof(real);
  return bytes == 0 || std::memcmp(Contiguous(a), Contiguous(b), bytes) == 0;
}

}  // namespace

NamedTensors each_once(NamedTensors tensors) {
  std::set<const TensorImpl*> seen;
  std::erase_if(tensors,
                [&](const NamedTensor& t) { return !seen.insert(&t.tensor.impl()).second; });
  return tensors;
}

Unmatched copy_by_name(const NamedTensors& to, const NamedTensors& from, bool strict,
                       std::string_view place, const std::string& hint, Where where) {
  std::map<std::string, Tensor> given;
  Unmatched unmatched;
  std::string shapes;
  for (const auto& [name, tensor] : from) {
    if (!tensor.defined()) {
      shapes += "\n  undefined: " + name;
      continue;
    }
    const auto [first, is_new] = given.emplace(name, tensor);
    const Tensor& other = first->second;
    if (!is_new && !(other.shape() == tensor.shape() && same_numbers(other, tensor)))
      shapes += "\n  different: " + name + ", which is there twice";
  }
  std::map<const TensorImpl*, NamedTensor> sources;  // what fills each tensor
  for (const auto& [name, tensor] : to) {
    const auto entry = given.find(name);
    if (entry == given.end()) continue;
    const auto [source, first] = sources.emplace(&tensor.impl(), NamedTensor{name, entry->second});
    if (!(entry->second.shape() == tensor.shape()))
      shapes += "\n  shape: " + name + " is " + to_string(entry->second.shape()) + ", not " +
                to_string(tensor.shape());
    else if (!first && source->second.tensor.shape() == tensor.shape() &&
             !same_numbers(source->second.tensor, entry->second))
      shapes +=
          "\n  different: " + source->second.name + " and " + name + ", which are one tensor here";
    given.erase(entry);
  }
  std::set<const TensorImpl*> found_or_told;
  for (const auto& [name, tensor] : to)
    if (found_or_told.insert(&tensor.impl()).second && !sources.contains(&tensor.impl()))
      unmatched.missing.push_back(name);
  for (const auto& entry : given) unmatched.unexpected.push_back(entry.first);

  std::string faults = shapes;
  if (strict)
    faults = listed("missing", unmatched.missing, unmatched.unexpected) +
             listed("unexpected", unmatched.unexpected, unmatched.missing) + shapes;
  if (!faults.empty()) fail(place, "the names or shapes do not match:" + faults, hint, where);
  for (const auto& [name, tensor] : to) {
    const auto source = sources.extract(&tensor.impl());
    if (source) tensor.detach().copy_(source.mapped().tensor.detach(), where);
  }
  return unmatched;
}

int64_t count_of(std::string_view place, const std::string& name, const Tensor& number) {
  const real value = number.item();
  if (!(value >= 0 && value < real{0x1p53}))
    fail(place, name + " is " + std::to_string(value),
         "it should be a count; is the file damaged?");
  return static_cast<int64_t>(value);
}

}}  // namespace cairn::CAIRN_PRECISION
