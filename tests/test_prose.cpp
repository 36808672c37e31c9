// build/prose finds what a page shows and its program no longer does, and names the line.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/compiler.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// A page with its program, which is a shell script here.
struct Chapter {
  TempFolder folder;
  std::string tool = (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "prose");

  Chapter() {
    write("main.cpp", "int a;\n// [sum]\nint b = 1 + 2;\n// [/sum]\n");
    program("echo 'x 0.449'");
  }
  void write(const std::string& name, const std::string& text) const {
    write_file_atomically(folder / name, text);
  }
  std::string text(const std::string& name) const { return read_file(folder / name); }

  // What it prints; and what it draws, if it is asked to.
  void program(const std::string& print, const std::string& drawn = "") const {
    write("program", "#!/bin/sh\nif [ \"$1\" = --figures ]; then printf '" + drawn +
                         "' > \"$2/plot.svg\"; else " + print + "; fi\n");
    std::filesystem::permissions(folder / "program", std::filesystem::perms::owner_all);
  }

  // "" if all agrees, else the message.
  std::string check(const std::string& page, const std::string& option = "") const {
    write("page.md", page);
    const Output output = run(tool + option + " " + folder / "page.md" + " " + folder / "main.cpp" +
                              " " + folder / "program");
    CHECK((output.code == 0) == output.text.empty());
    return output.text;
  }
  std::string renewed(const std::string& page) const {
    CHECK(check(page, " --write") == "");
    return text("page.md");
  }
};

std::string output(const std::string& directive, const std::string& text) {
  return "One.\n\n<!-- output: " + directive + " -->\n```text\n" + text + "\n```\nEnd.\n";
}

bool says(const std::string& message, const std::string& part) {
  INFO(message);
  return message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("prose: a number may be off by one in its last decimal, and no more") {
  const Chapter chapter;
  CHECK(chapter.check(output("1", "x 0.449")) == "");
  CHECK(chapter.check(output("1", "x 0.450")) == "");
  CHECK(chapter.check(output("1", "x   0.448")) == "");  // columns move with the digits
  const std::string message = chapter.check(output("1", "x 0.451"));
  CHECK(says(message, "page.md:5] the program has \"x 0.449\" here"));
  CHECK(says(message, "hint: make docs-sync"));
  CHECK(says(chapter.check(output("1", "y 0.449")), "page.md:5"));
  CHECK(says(chapter.check(output("1", "x 0.449\nmore")), "page.md:6] the program has no such"));
}

TEST_CASE("prose: whole numbers, signs and exponents must be equal") {
  const Chapter chapter;
  chapter.program("echo '16 keys, -0.000, 2.5e-07, 3-1, nan'");
  CHECK(chapter.check(output("1", "16 keys, 0.000, 2.4e-07, 3-1, nan")) == "");
  for (const char* wrong :
       {"17 keys, 0.000, 2.5e-07, 3-1, nan", "16 keys, -0.002, 2.5e-07, 3-1, nan",
        "16 keys, 0.000, 2.5e-06, 3-1, nan", "16 keys, 0.000, 2.5e-07, 3-2, nan",
        "16 keys, 0.000, 2.5e-07, 3-1, inf", "16 keys, 0.000, -2.5e-07, 3-1, nan"})
    CHECK_MESSAGE(says(chapter.check(output("1", wrong)), "page.md:5"), wrong);
}

TEST_CASE("prose: a block states how far its numbers may be off") {
  const Chapter chapter;
  CHECK(chapter.check(output("1, within 0.02", "x 0.469")) == "");
  CHECK(says(chapter.check(output("1, within 0.02", "x 0.470")), "page.md:5"));
  CHECK(says(chapter.check(output("1, about 0.02", "x 0.449")), "neither \"within X\""));
}

TEST_CASE("prose: by shape, words are compared and numbers are not") {
  const Chapter chapter;
  chapter.program("echo '12.5 ms on 2 cores'");
  CHECK(chapter.check(output("1, by shape", "9 ms on 64 cores")) == "");
  CHECK(says(chapter.check(output("1, by shape", "9 ms on 64 rows")), "page.md:5"));
  CHECK(says(chapter.check(output("1, by shape", "9 ms on cores")), "page.md:5"));
}

TEST_CASE("prose: output is found by the number of its paragraph, or by its name") {
  const Chapter chapter;
  chapter.program("printf 'a\\nb\\n\\nc\\n'");
  CHECK(chapter.check(output("1", "a\nb") + output("2", "c")) == "");
  CHECK(says(chapter.check(output("3", "c")), "there is no part 3"));
  chapter.program("printf '[one]\\na\\n\\nb\\n\\n[two]\\n[[1. 2.]]\\n'");
  CHECK(chapter.check(output("one", "a\n\nb") + output("two", "[[1. 2.]]")) == "");
  CHECK(says(chapter.check(output("three", "a")), "there is no part three"));
  chapter.program("false");
  CHECK(says(chapter.check(output("1", "a")), "failed"));
}

TEST_CASE("prose: what the program skips on this machine stays as it is") {
  const Chapter chapter;
  chapter.program("echo 'SKIPPED: the data are not here'");
  const std::string page = output("1", "measured 0.449");
  CHECK(chapter.check(page) == "");
  CHECK(chapter.renewed(page) == page);
}

TEST_CASE("prose: code is that of the source, or of a file beside the page, to the letter") {
  const Chapter chapter;
  chapter.write("other.h", "// [two]\nint two = 2;\n// [/two]\n");
  const auto code = [](const std::string& name, const std::string& text) {
    return "<!-- code" + name + " -->\n```cpp\n" + text + "\n```\n";
  };
  CHECK(chapter.check(code(": sum", "int b = 1 + 2;")) == "");
  CHECK(says(chapter.check(code(": sum", "int b = 1 +  2;")), "page.md:3"));
  CHECK(says(chapter.check(code(": sum", "int b = 1 + 3;")), "page.md:3"));
  CHECK(chapter.check(code(": other.h two", "int two = 2;")) == "");
  CHECK(chapter.check(code(": other.h", "// [two]\nint two = 2;\n// [/two]")) == "");
  CHECK(says(chapter.check(code(": other.h one", "int one;")), "other.h] has no part"));
  CHECK(says(chapter.check("<!-- code: sum -->\nno block\n"), "page.md:2] here a line begins"));
  CHECK(says(chapter.check("<!-- code: sum -->\n```cpp\nint b;\n"), "this block has no end"));
}

TEST_CASE("prose: a figure is what the program draws, and on the page") {
  const Chapter chapter;
  const std::string page = "<!-- figure: plot -->\n![A line.](figures/plot.svg)\n";
  chapter.program(":", "<svg x=\"1.5\"/>\\n");
  CHECK(says(chapter.check(page), "page.md:1] figures/plot.svg is not what the program draws"));
  CHECK(chapter.renewed(page) == page);
  CHECK(chapter.text("figures/plot.svg") == "<svg x=\"1.5\"/>\n");
  CHECK(chapter.check(page) == "");
  chapter.program(":", "<svg x=\"1.6\"/>\\n");  // off by one in the last decimal
  CHECK(chapter.check(page) == "");
  chapter.program(":", "<svg x=\"1.7\"/>\\n");
  CHECK(says(chapter.check(page), "page.md:1"));
  chapter.renewed(page);
  CHECK(chapter.text("figures/plot.svg") == "<svg x=\"1.7\"/>\n");

  chapter.write("figures/old.svg", "");
  CHECK(says(chapter.check(page), "old.svg] is on no page"));
  std::filesystem::remove(chapter.folder / "figures/old.svg");
  CHECK(says(chapter.check("<!-- figure: more -->\n![](figures/more.svg)\n"), "draws no more.svg"));
  CHECK(says(chapter.check("<!-- figure: plot -->\n![](plot.svg)\n"), "shows figures/plot.svg"));
}

TEST_CASE("prose: the answer of a prediction stands in the output that follows it") {
  const Chapter chapter;
  const auto page = [](const std::string& answer, const std::string& block) {
    return "<!-- predict: p; answer: " + answer + "; output: " + block +
           " -->\n**Predict.** x?\n\n" + output("1", "x 0.449");
  };
  CHECK(chapter.check(page("0.449", "1")) == "");
  CHECK(chapter.check(page("0.45", "1")) == "");  // as good as the digits that it has
  CHECK(says(chapter.check(page("0.47", "1")), "page.md:1] the answer 0.47 is not in output 1"));
  CHECK(chapter.check(page("X", "1")) == "");
  CHECK(says(chapter.check(page("x, 1", "1")), "the answer x, 1 is not in output 1"));
  CHECK(says(chapter.check(page("y", "1")), "page.md:1"));
  CHECK(says(chapter.check(page("0.449", "2")), "output 2 does not follow"));
  CHECK(says(chapter.check("<!-- predict: p -->\n**Predict.**\n"), "a prediction reads"));
  const std::string line = "<!-- predict: p; answer: 0.449; output: 1 -->\n";
  CHECK(says(chapter.check(line + "What is x?\n"), "page.md:2] here a line begins"));
  CHECK(says(chapter.check(output("1", "x 0.449") + line + "**Predict.**\n"), "does not follow"));
}

TEST_CASE("prose: --write renews what differs and leaves the rest as it is") {
  const Chapter chapter;
  CHECK(chapter.renewed(output("1", "x 0.500")) == output("1", "x 0.449"));
  CHECK(chapter.renewed(output("1", "x 0.450")) == output("1", "x 0.450"));  // it agrees
  CHECK(chapter.renewed("<!-- by hand -->\nA\n<!-- code: sum -->\n```cpp\n```\n") ==
        "<!-- by hand -->\nA\n<!-- code: sum -->\n```cpp\nint b = 1 + 2;\n```\n");
}
