// The signal handler does no more than set a flag, which is all that is safe in one.
#include "train/interrupt.h"

namespace cairn {
namespace {

volatile std::sig_atomic_t flag = 0;

extern "C" void note_request(int) { flag = 1; }

}  // namespace

Interrupt::Interrupt() {
  flag = 0;
  struct sigaction action {};
  action.sa_handler = note_request;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;  // the second one kills
  sigaction(SIGINT, &action, &before_int_);
  sigaction(SIGTERM, &action, &before_term_);
  action.sa_flags = SA_RESTART;
  sigaction(SIGHUP, nullptr, &before_hup_);
  if (before_hup_.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
}

Interrupt::~Interrupt() {
  sigaction(SIGINT, &before_int_, nullptr);
  sigaction(SIGTERM, &before_term_, nullptr);
  sigaction(SIGHUP, &before_hup_, nullptr);
}

bool Interrupt::requested() { return flag != 0; }

}  // namespace cairn
