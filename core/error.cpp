// The text of an error: the place, the fault, the user's line and module path, the hint.
#include "core/error.h"

namespace cairn {
namespace {

thread_local Scope* innermost = nullptr;

}  // namespace

Scope::Scope(const char* name, Where where) : name_(name), where_(where), parent_(innermost) {
  innermost = this;
}

Scope::~Scope() { innermost = parent_; }

std::string Scope::path() {
  std::string text;
  for (const Scope* s = innermost; s; s = s->parent_)
    text = text.empty() ? s->name_ : std::string(s->name_) + " > " + text;
  return text;
}

Where Scope::outermost(Where own) {
  for (const Scope* s = innermost; s; s = s->parent_) own = s->where_;
  return own;
}

std::string to_string(Where where) {
  const std::string_view path = where.file;
  return std::string(path.substr(path.find_last_of('/') + 1)) + ":" + std::to_string(where.line);
}

void fail(std::string_view place, const std::string& what, const std::string& hint, Where where) {
  std::string text = "[" + std::string(place) + "] " + what;
  if (where.line) {
    text += "\n  at " + to_string(Scope::outermost(where));
    if (const std::string path = Scope::path(); !path.empty())
      text += "  in " + path + " (" + to_string(where) + ")";
  }
  if (!hint.empty()) text += "\n  hint: " + hint;
  throw Error(text);
}

}  // namespace cairn
