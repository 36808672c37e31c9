#pragma once
// Ctrl-C (SIGINT) and SIGTERM as a request: while an Interrupt lives, the first one only sets a
// flag, so that a training can finish its step and save; a second one ends the program at once.
#include <csignal>

namespace cairn {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();  // restores what was done on these signals before
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  static bool requested();  // has a signal come since the first Interrupt was made?

 private:
  struct sigaction before_int_, before_term_;
};

}  // namespace cairn
