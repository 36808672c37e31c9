#pragma once
// Every failure in Cairn is one exception type. Its text says what is wrong, where, and what to do:
//
//   [matmul] inner sizes differ: a is (2, 3), b is (4, 5)
//     at demo.cpp:12  in encoder.layer.0 > attention
//     hint: b may need a transpose
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/where.h"

namespace cairn {

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws Error. `place` is the op's name, or FILE or FILE:LINE for a bad file; `hint` is the
// remedy, empty if there is none; `where` is the user's line, left out for a bad file.
[[noreturn]] void fail(std::string_view place, const std::string& what,
                       const std::string& hint = "", Where where = {});

std::string to_string(Where where);  // "main.cpp:12", without folders

// One level of the module path that errors quote. A module's operator() opens one for as long as it
// runs; the outermost one holds the line at which the user called into the library.
class Scope {
 public:
  explicit Scope(const char* name, Where where);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  static std::string path();          // "bert > encoder > attention", empty outside of modules
  static Where outermost(Where own);  // the outermost scope's line, or `own` outside of modules

 private:
  const char* name_;
  Where where_;
  Scope* parent_;
};

}  // namespace cairn
