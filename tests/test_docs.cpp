// docs/coming_from_pytorch.md says nothing that does not compile and run.
#include <doctest/doctest.h>

#include <filesystem>
#include <regex>

#include "tests/compiler.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// What the page's code may use; each piece gets a fresh one.
const char* const page = R"page(
#include <cstdio>
#include <iostream>
#include "cairn.h"
using namespace cairn;

struct Page {
  const std::string f = FOLDER "/tensors";
  Tensor x = Tensor::randn({2, 3}).set_requires_grad(), y = Tensor::rand({2, 3});
  Tensor a = Tensor::randn({2, 3}), b = Tensor::randn({3, 2}), w = Tensor::randn({3, 2});
  Tensor logits = Tensor::randn({4, 3});
  Ids ids{1, 0}, labels{0, 2, 1, 0};
  Linear linear{3, 2};
  Sequential model{Linear(3, 2), tanh};
  Tensor loss = sum(model(x));
  AdamW optimizer{model.named_parameters()};
  ParameterGroup group;
  int64_t step = 3, total = 100;
  Rows rows = Rows::of_lengths({2, 3});
  Tensor padded = Tensor::randn({2, 3, 4}), ragged = Tensor::randn({5, 4});
  Tensor q = Tensor::randn({2, 8}), k = Tensor::randn({3, 8});
};
)page";

// The pieces of code in the page's columns for Cairn.
std::vector<std::string> code_of(const std::string& markdown) {
  const std::regex code("`([^`]*)`");
  std::vector<std::string> pieces;
  for (const std::string& line : split_lines(markdown)) {
    const size_t second = line.find(" | ");
    if (!line.starts_with("| ") || second == std::string::npos) continue;
    for (std::sregex_iterator it(line.begin() + static_cast<ptrdiff_t>(second), line.end(), code),
         end;
         it != end; ++it)
      pieces.push_back((*it)[1]);
  }
  return pieces;
}

bool is_file(const std::string& piece) {
  return std::regex_match(piece, std::regex(R"([a-z_]+/[a-z_/0-9]+\.(h|cpp))"));
}

// What compiles if the piece is right: a name of the library or of the page's, or code.
std::string program_of(const std::string& piece) {
  if (piece == "cairn::cairn" || piece == "cairn::cairn64") return "";
  if (std::regex_match(piece, std::regex(R"([A-Za-z_]\w*)"))) return "using cairn::" + piece + ";";
  return piece + ";";
}

}  // namespace

TEST_CASE("docs: every piece of code in coming_from_pytorch.md compiles and runs") {
  const std::string compiler = compiler_or_skip();
  if (compiler.empty()) return;
  const std::filesystem::path root = CAIRN_SOURCE_DIR;
  TempFolder folder;
  std::string program = page, calls;
  int pieces = 0;
  for (const std::string& piece :
       code_of(read_file((root / "docs/coming_from_pytorch.md").string()))) {
    if (is_file(piece)) {
      CHECK_MESSAGE(std::filesystem::exists(root / piece), piece);
      continue;
    }
    const std::string name = "Piece" + std::to_string(pieces++);
    program += "struct " + name + " : Page { void run() {\n#line 1 \"" + name + "\"\n" +
               program_of(piece) + "\n} };\n";
    calls += "  current = R\"(" + piece + ")\"; " + name + "().run();\n";
  }
  CHECK(pieces > 100);
  program += "int main() {\n  const char* current = \"\";\n  try {\n" + calls +
             "  } catch (const std::exception& e) {\n"
             "    return std::fprintf(stderr, \"%s: %s\\n\", current, e.what()), 1;\n  }\n}\n";
  write_file_atomically(folder / "page.cpp", program);
#ifdef CAIRN_LIBRARY
  const std::string compile = compiler + " -O0 -w -D'FOLDER=\"" + folder.path() + "\"' " +
                              (folder / "page.cpp") + " " + CAIRN_LIBRARY + " -lpthread -o " +
                              (folder / "page");
  const Output compiled = run(compile);
  REQUIRE_MESSAGE(compiled.code == 0, compiled.text);
  const Output ran = run(folder / "page");
  CHECK_MESSAGE(ran.code == 0, ran.text);
#endif
}
