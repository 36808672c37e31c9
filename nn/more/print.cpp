// The walk that draws the tree.
#include "nn/more/print.h"

#include <cstdio>
#include <map>
#include <ostream>

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct Tree final : ModuleVisitor {
  std::string text;
  int64_t all = 0, frozen = 0;
  std::map<const TensorImpl*, std::string> names;  // the first of each parameter
  std::vector<std::string> open;                   // the paths of the modules around the next line

  void module(const std::string& path, Module& m) override {
    if (path.empty()) return;  // the root, which has a line of its own
    text += indented(path) + "  " + m.kind() + "\n";
    open.push_back(path);
  }

  void parameter(const std::string& path, Tensor& t) override {
    text += indented(path) + "  " + to_string(t.shape()) + (t.requires_grad() ? "" : "  frozen");
    const auto [first, is_new] = names.emplace(&t.impl(), path);
    text += is_new ? "\n" : "  is " + first->second + "\n";
    if (!is_new) return;
    all += t.numel();
    if (!t.requires_grad()) frozen += t.numel();
  }

  // What `path` adds to the module that it lies in, under that module.
  std::string indented(const std::string& path) {
    while (!open.empty() && !path.starts_with(open.back() + ".")) open.pop_back();
    const size_t known = open.empty() ? 0 : open.back().size() + 1;
    return std::string(2 * open.size() + 2, ' ') + path.substr(known);
  }
};

}  // namespace

std::string to_string(Module& module) {
  Tree tree;
  module.walk(tree);
  std::string head = std::string(module.kind()) + ", " + std::to_string(tree.all) + " parameters";
  if (tree.frozen > 0) head += ", " + std::to_string(tree.frozen) + " of them frozen";
  return head + "\n" + tree.text;
}

std::ostream& operator<<(std::ostream& out, Module& module) { return out << to_string(module); }

void print(Module& module) { std::fputs(to_string(module).c_str(), stdout); }

}}  // namespace cairn::CAIRN_PRECISION
