#include "core/error.h"

namespace cairn {
namespace {

thread_local Scope* innermost = nullptr;

std::string file_name(const char* path) {
  const std::string_view text = path;
  const size_t slash = text.find_last_of('/');
  return std::string(slash == std::string_view::npos ? text : text.substr(slash + 1));
}

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

void fail(std::string_view place, const std::string& what, const std::string& hint, Where where) {
  std::string text = "[" + std::string(place) + "] " + what;
  if (where.line) {
    const Where user = Scope::outermost(where);
    text += "\n  at " + file_name(user.file) + ":" + std::to_string(user.line);
    if (const std::string path = Scope::path(); !path.empty())
      text += "  in " + path + " (" + file_name(where.file) + ":" + std::to_string(where.line) +
              ")";
  }
  if (!hint.empty()) text += "\n  hint: " + hint;
  throw Error(text);
}

}  // namespace cairn
