// The gradient of a large batch, from its pieces.
#include <vector>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "tutorials/08_optimisers/exercises/accumulation/piece.h"

namespace mine {

using namespace cairn;

// Afterwards .grad() of each parameter is that of the mean loss of all rows that count.
void accumulation(const NamedTensors& parameters, const std::vector<Piece>& pieces,
                  const MeanLoss& mean_loss) {
  const auto count = [](const Piece& piece) {
    int64_t rows = 0;
    for (const int32_t label : piece.labels.values())
      if (label != -100) ++rows;
    return static_cast<real>(rows);
  };
  real all = 0;
  for (const Piece& piece : pieces) all += count(piece);
  for (const NamedTensor& parameter : parameters) Tensor(parameter.tensor).zero_grad();
  for (const Piece& piece : pieces) backward(mean_loss(piece) * (count(piece) / all));
}

}  // namespace mine
