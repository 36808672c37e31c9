// The mistakes that `make mutants GROUP=all` plants.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/mutants/statements.h"

namespace {

// "kind: the code with the mistake", for each mistake in this code.
std::vector<std::string> mistakes_in(const std::string& code) {
  std::vector<std::string> found;
  for (const Alteration& a : alterations_of(code)) {
    std::string altered = code;
    found.push_back(a.kind + ": " + altered.replace(a.at.begin, a.at.end - a.at.begin, a.by));
  }
  return found;
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

TEST_CASE("mutants: a mistake of each kind is found where it can be made") {
  const std::string head = "int f(int a, int b) {\n  ", tail = "\n}\n";
  struct Row {
    std::string kind, code, altered;
  };
  const Row rows[] = {
      {"comparison", "return a < b;", "return a <= b;"},
      {"comparison", "while (a != b) ++a;", "while (a == b) ++a;"},
      {"comparison", "for (int i = 0; i < b; ++i) g(i);", "for (int i = 0; i <= b; ++i) g(i);"},
      {"arithmetic", "const int c = a + b;", "const int c = a - b;"},
      {"arithmetic", "total -= a;", "total += a;"},
      {"constant", "return g(a, 1'000);", "return g(a, (1'000 + 1));"},
      {"constant", "double e = 1e-5, x = 2;", "double e = (1e-5 - 1), x = 2;"},
      {"constant", "for (int i = 0; i < b; ++i) g(i);", "for (int i = (0 + 1); i < b; ++i) g(i);"},
      {"statement", "if (a < b) g(a); else h(b);", "if (a < b) g(a); else "},
      {"statement", "fail(\"f\", \"a < b\");", ""},
      {"statement", "run([&] { g(a); });", "run([&] {  });"},
      {"argument", "return g(a, b + 1);", "return g(a, {});"},
      {"argument", "std::vector<int> c(a, b);", "std::vector<int> c({}, b);"},
      {"condition", "if (a < b) return a;", "if (!(a < b)) return a;"},
      {"condition", "if (a && b) return a;", "if (a || b) return a;"},
      {"swap", "return g(a, b);", "return g(b, a);"},
      {"jump", "for (;;) { if (a) break; }", "for (;;) { if (a)  }"},
      {"jump", "for (;;) { switch (a) { case 1: continue; } }",
       "for (;;) { switch (a) { case 1:  } }"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code);
    CHECK(
        contains(mistakes_in(head + row.code + tail), row.kind + ": " + head + row.altered + tail));
  }
}

TEST_CASE("mutants: what is no code of this kind is left alone") {
  for (const char* code :
       {"// a + b < 1, g(a, b)\n", "const char* s = \"a + b < 1; g(a, b)\";\n",
        "const char* s = R\"(a + \"b\" < 1)\";\n", "#define LIMIT (1 + 2)\n",
        "char c = '+', d = '\\'';\n", "void f(int a, int b);\n", "constexpr int n = g(1 + 2);\n",
        "template <int N = 3 - 1> struct S;\n", "void f() { (void)x; }\n",
        "void f() { fail(\"f\", a + b < 1); }\n", "void f() { return add(a, b), max(a, b); }\n",
        "std::vector<int> v;\nusing a = b<1>;\n"}) {
    const std::string text = code;
    CAPTURE(text);
    for (const std::string& mistake : mistakes_in(text))
      CHECK_MESSAGE((mistake.starts_with("statement: void f() {  }") ||
                     mistake.starts_with("argument: void f() { return ")),
                    mistake);
  }
}

TEST_CASE("mutants: each mistake stands behind its own switch, on its own line") {
  const std::string code =
      "int f(int a) {\n  int b =\n      a + 1;  // more\n  if (a < b)\n    g(a,\n      b);\n"
      "  return b * 2;\n}\n";
  std::vector<Switched> all;
  for (const Alteration& a : alterations_of(code)) {
    const bool free = all.empty() || all.back().alteration.host.end <= a.host.begin;
    if (free) all.push_back({a, static_cast<int>(all.size()) + 1});
  }
  CHECK(with_switches(code, all) ==
        "int f(int a) {\n  int b =\n      (cairn_mutant(1) ? (a - 1) : (a + 1));         \n"
        "  if (cairn_mutant(2) ? static_cast<bool>(!(a < b)) : static_cast<bool>(a < b))\n"
        "    { if (cairn_mutant(3)) {  } else { g(a,\n      b); } }\n"
        "  { if (cairn_mutant(4)) { return b / 2; } else { return b * 2; } }\n}\n");
}
