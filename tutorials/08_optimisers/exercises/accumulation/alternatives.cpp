// Other ways to write it, as good.
#include <algorithm>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "tutorials/08_optimisers/exercises/accumulation/accumulation.h"

namespace alternatives {
namespace {

real count_of(const Piece& piece) {
  const std::vector<int32_t>& labels = piece.labels.values();
  return static_cast<real>(
      std::count_if(labels.begin(), labels.end(), [](int l) { return l >= 0; }));
}

// Sums are accumulated, and divided once.
void divided_at_the_end(const NamedTensors& parameters, const std::vector<Piece>& pieces,
                        const MeanLoss& mean_loss) {
  for (NamedTensor p : parameters) p.tensor.set_grad(Tensor::zeros(p.tensor.shape()));
  real all = 0;
  for (const Piece& piece : pieces) {
    const real n = count_of(piece);
    if (n == 0) continue;
    const Tensor loss = mean_loss(piece) * n;
    loss.backward();
    all += n;
  }
  for (const NamedTensor& p : parameters) p.tensor.grad().div_(all);
}

// With grad() in the place of .grad(), from the last piece to the first.
void with_sums_of_its_own(const NamedTensors& parameters, const std::vector<Piece>& pieces,
                          const MeanLoss& mean_loss) {
  std::vector<Tensor> inputs, sums;
  for (const NamedTensor& p : parameters) {
    inputs.push_back(p.tensor);
    sums.push_back(Tensor::zeros(p.tensor.shape()));
  }
  real all = 0;
  for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) {
    const std::vector<Tensor> own = cairn::grad({mean_loss(*piece)}, inputs);
    for (size_t i = 0; i < sums.size(); ++i) sums[i].add_(own[i], count_of(*piece));
    all += count_of(*piece);
  }
  for (size_t i = 0; i < sums.size(); ++i) inputs[i].set_grad(sums[i] / all);
}

// A mean that moves: the gradients so far are scaled down as each piece comes.
void moving_mean(const NamedTensors& parameters, const std::vector<Piece>& pieces,
                 const MeanLoss& mean_loss) {
  for (NamedTensor p : parameters) p.tensor.zero_grad();
  real seen = 0;
  for (const Piece& piece : pieces) {
    const real n = count_of(piece);
    if (n == 0) continue;
    for (const NamedTensor& p : parameters)
      if (Tensor g = p.tensor.grad(); g.defined()) g.mul_(seen / (seen + n));
    seen += n;
    Tensor loss = mean_loss(piece);
    backward(loss, Tensor::scalar(n / seen));
  }
}

}  // namespace

const std::vector<check::Alternative<Accumulation>> list = {
    {"divided at the end", divided_at_the_end},
    {"with sums of its own", with_sums_of_its_own},
    {"a mean that moves", moving_mean},
};

}  // namespace alternatives
