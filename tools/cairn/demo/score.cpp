// What `cairn demo` makes of the three systems' confusion matrices.
#include <algorithm>

#include "tools/cairn/demo/demo.h"

namespace cairn {

double DemoScore::accuracy() const { return all().accuracy(); }

ConfusionMatrix DemoScore::all() const {
  ConfusionMatrix sum(seen.classes());
  for (int32_t truth = 0; truth < seen.classes(); ++truth)
    for (int32_t predicted = 0; predicted < seen.classes(); ++predicted)
      for (int64_t i = seen.count(truth, predicted) + unseen.count(truth, predicted); i > 0; --i)
        sum.add(truth, predicted);
  return sum;
}

DemoSummary summary_of(const std::vector<DemoRound>& rounds, DemoScore DemoRound::*system) {
  DemoSummary summary;
  for (const DemoRound& round : rounds) {
    const double accuracy = (round.*system).accuracy();
    summary.mean += accuracy / static_cast<double>(rounds.size());
    summary.worst = std::min(summary.worst, accuracy);
    summary.best = std::max(summary.best, accuracy);
  }
  return summary;
}

DemoLead lead_of(const DemoSummary& model, const DemoSummary& one, const DemoSummary& other) {
  return {model.mean - std::max(one.mean, other.mean),
          model.worst - std::max(one.best, other.best)};
}

}  // namespace cairn
