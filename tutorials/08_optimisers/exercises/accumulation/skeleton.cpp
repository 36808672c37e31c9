// The gradient of a large batch, from its pieces; task.md in
// tutorials/08_optimisers/exercises/accumulation says what is asked.
#include <vector>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "tutorials/08_optimisers/exercises/accumulation/piece.h"

namespace mine {

using namespace cairn;

// Afterwards .grad() of each parameter is that of the mean loss of all rows that count.
void accumulation(const NamedTensors& parameters, const std::vector<Piece>& pieces,
                  const MeanLoss& mean_loss) {
  // TODO
  (void)parameters, (void)pieces, (void)mean_loss;
}

}  // namespace mine
