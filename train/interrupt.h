#pragma once
// Ctrl-C (SIGINT), SIGTERM, and SIGHUP, which says that the terminal is gone, as a request: while
// an Interrupt lives, the first one only sets a flag, so that a training can finish its step and
// save.
// A second Ctrl-C or SIGTERM ends the program at once. A second SIGHUP does not: the shell and the
// system send one each. If SIGHUP was ignored (nohup), it stays so.
#include <csignal>

namespace cairn {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();  // restores what was done on these signals before
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  static bool requested();  // has a signal come since the latest was made?

 private:
  struct sigaction before_int_, before_term_, before_hup_;
};

}  // namespace cairn
