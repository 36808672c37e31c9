#pragma once
// Ctrl-C (SIGINT), SIGTERM and SIGHUP (the terminal is gone) as requests: while an Interrupt lives,
// the first one only sets a flag, so that a training can finish its step and save. A second Ctrl-C
// or SIGTERM ends the program at once. A second SIGHUP does not: the shell and the system send one
// each. If SIGHUP was ignored (nohup), it stays ignored.
#include <csignal>

namespace cairn {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();  // restores the previous handlers
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  static bool requested();  // whether a signal has come since the latest Interrupt was made

 private:
  struct sigaction before_int_, before_term_, before_hup_;
};

}  // namespace cairn
