#pragma once
// Included before every file of the altered tree (`make mutants GROUP=all`), whose alterations ask
// cairn_mutant(n): the environment's CAIRN_MUTANT says which one is on. With CAIRN_MUTANT_LOG, a
// file's name, every number that is asked for is appended to it, once in a file's code.
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

namespace {

[[maybe_unused]] void cairn_note_mutant(const char* log, int number) {
  static bool noted[10'000];
  if (noted[number]) return;
  noted[number] = true;
  char line[16];
  const int size = std::snprintf(line, sizeof line, "%d\n", number);
  const int file = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) return;
  if (write(file, line, static_cast<size_t>(size)) != size) std::abort();
  close(file);
}

[[maybe_unused]] bool cairn_mutant(int number) {
  static const char* const on = std::getenv("CAIRN_MUTANT");
  static const int active = on ? std::atoi(on) : 0;
  static const char* const log = std::getenv("CAIRN_MUTANT_LOG");
  if (log) cairn_note_mutant(log, number);
  return number == active;
}

}  // namespace
