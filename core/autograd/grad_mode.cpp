// The thread's switch between recording and not.
#include "core/autograd/grad_mode.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

thread_local bool recording = true;

}  // namespace

bool grad_enabled() { return recording; }

GradMode::GradMode(bool on) : before_(recording) { recording = on; }
GradMode::~GradMode() { recording = before_; }

}}  // namespace cairn::CAIRN_PRECISION
