#pragma once
// The program `cairn`, for tests that run it as a user does.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "core/io/files.h"
#include "tests/folders.h"

namespace cairn::test {

// The path of the program, or "" after saying that the test is skipped.
inline std::string program_or_skip() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path program = self.parent_path() / "cairn";
  if (std::filesystem::exists(program, error)) return program.string();
  std::cout << "SKIPPED: the program cairn is not built\n";
  return "";
}

struct Ran {
  int code;  // 128 + N if signal N ended it
  std::string out, err;
};

inline int code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// A folder in which the program runs, with small data.
struct Place {
  TempFolder folder;
  std::string program = program_or_skip();

  explicit operator bool() const { return !program.empty(); }
  std::string operator/(const std::string& name) const { return folder / name; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream file(folder / name, std::ios::binary);  // without fsync, which is slow
    file << text;
    REQUIRE(file.flush());
  }

  // Starts the program; `words` are split at blanks.
  pid_t start(const std::string& words, const std::string& input = "",
              const std::string& out = "out.txt") const {
    write("in.txt", input);
    std::vector<std::string> parts{program};
    for (const std::string& word : split(words, ' '))
      if (!word.empty()) parts.push_back(word);
    std::vector<char*> pointers;
    for (std::string& part : parts) pointers.push_back(part.data());
    pointers.push_back(nullptr);
    const pid_t child = fork();
    if (child != 0) return child;
    const auto redirect = [](const std::string& path, int flags, int to) {
      const int file = open(path.c_str(), flags, 0666);
      return file >= 0 && dup2(file, to) >= 0;
    };
    const int writing = O_WRONLY | O_CREAT | O_TRUNC;
    if (chdir(folder.path().c_str()) == 0 && redirect("in.txt", O_RDONLY, 0) &&
        redirect(out, writing, 1) && redirect("err.txt", writing, 2))
      execv(program.c_str(), pointers.data());
    _exit(127);
  }

  // Waits until a training with --log log.jsonl has made some steps.
  void wait_for_steps() const {
    const std::filesystem::path log = folder / "log.jsonl";
    for (int i = 0; i < 3000; ++i) {
      std::error_code error;
      const bool exists = std::filesystem::exists(log, error);
      if (exists && std::filesystem::file_size(log, error) > 2000) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL("no steps after 15 s: ", read_file(folder / "err.txt"));
  }

  Ran run(const std::string& words, const std::string& input = "",
          const std::string& out = "out.txt") const {
    int status = 0;
    waitpid(start(words, input, out), &status, 0);
    return {code_of(status), out[0] == '/' ? "" : read_file(folder / out),
            read_file(folder / "err.txt")};
  }
};

constexpr const char* words_of_text =
    "the film was good .\nthis one was fine .\na very good film .\n\n"
    "the book was bad .\nthis one was poor .\na very poor book .\nnot a good one .\n";

inline std::string table(int rows) {
  std::string text = "sentence\tlabel\n";
  for (int i = 0; i < rows; ++i)
    text += i % 2 ? "the film was very good .\t1\n" : "the book was not good .\t0\n";
  return text;
}

// Writes text.txt, vocab.txt, config.json, train.tsv, dev.tsv, and the folder `pre`.
inline void prepare(const Place& place) {
  place.write("text.txt", words_of_text);
  place.write("config.json",
              R"({"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
                  "intermediate_size": 32, "max_position_embeddings": 24})");
  place.write("train.tsv", table(30));
  place.write("dev.tsv", table(10));
  REQUIRE(place.run("vocab --text text.txt --size 60 --out vocab.txt").code == 0);
  const Ran made = place.run(
      "pretrain --text text.txt --vocab vocab.txt --config config.json "
      "--max-steps 3 --batch-size 2 --seed 1 --out pre");
  INFO(made.err);
  REQUIRE(made.code == 0);
}

inline const std::string finetune_pre =
    "finetune --model pre --task sst2 --train train.tsv --dev dev.tsv ";

inline std::vector<std::string> lines_of(const Ran& ran) { return split_lines(ran.out); }

}  // namespace cairn::test
