// Against the gradient of the whole batch at once, of a linear classifier.
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "core/autograd/autograd.h"
#include "core/autograd/node.h"
#include "core/autograd/observer.h"
#include "core/ops.h"
#include "tutorials/08_optimisers/exercises/accumulation/accumulation.h"

namespace {

constexpr int64_t C = 4, classes = 3;

Tensor loss_of(const Tensor& w, const Tensor& b, const Piece& piece) {
  return cross_entropy(matmul(piece.x, transpose(w, 0, 1)) + b, piece.labels);
}

// Counts the pieces whose backward has run.
struct Backwards : cairn::Observer {
  int losses = 0;
  void before_backward(const cairn::Node& node) override {
    losses += std::strcmp(node.op, "cross_entropy") == 0;
  }
};

Piece whole(const std::vector<Piece>& pieces) {
  std::vector<real> x;
  std::vector<int32_t> labels;
  for (const Piece& piece : pieces) {
    const std::vector<real> rows = piece.x.to_vector();
    x.insert(x.end(), rows.begin(), rows.end());
    labels.insert(labels.end(), piece.labels.values().begin(), piece.labels.values().end());
  }
  return {Tensor::of({static_cast<int64_t>(labels.size()), C}, x), Ids(labels)};
}

void check_accumulation(Accumulation* accumulation, check::Judge& judge) {
  const auto check = [&](const std::string& what, const std::vector<std::vector<int32_t>>& labels,
                         bool old_gradient = false) {
    judge.input(what);
    std::vector<Piece> pieces;
    for (const std::vector<int32_t>& some : labels)
      pieces.push_back(
          {check::normal({static_cast<int64_t>(some.size()), C}, 20 + pieces.size()), Ids(some)});
    const auto parameters = [&] {
      return NamedTensors{{"w", check::normal({classes, C}, 1).set_requires_grad()},
                          {"b", check::normal(check::Shape{classes}, 2).set_requires_grad()},
                          {"other", check::normal(check::Shape{2}, 3).set_requires_grad()}};
    };
    const NamedTensors right = parameters(), got = parameters();
    backward(loss_of(right[0].tensor, right[1].tensor, whole(pieces)));
    if (old_gradient)
      for (NamedTensor p : got) p.tensor.set_grad(Tensor::full(p.tensor.shape(), 5));
    Backwards ran;
    int ran_before = 0;
    std::weak_ptr<cairn::Node> last;  // of the piece before: what keeps its history
    bool one_by_one = true, as_they_are = true;
    accumulation(got, pieces, [&](const Piece& piece) {
      one_by_one &= last.expired() || ran.losses > ran_before;
      as_they_are &= std::any_of(pieces.begin(), pieces.end(), [&](const Piece& p) {
        return p.labels.data() == piece.labels.data() && &p.x.impl() == &piece.x.impl();
      });
      const Tensor loss = loss_of(got[0].tensor, got[1].tensor, piece);
      ran_before = ran.losses, last = loss.impl().node;
      return loss;
    });
    judge.that(as_they_are, what + ": what mean_loss is given", "it is not one of the pieces");
    judge.that(one_by_one, what + ": when mean_loss is called for the next piece",
               "the backward of the one before has not run");
    for (size_t i = 0; i < 3; ++i) {
      const Tensor g = got[i].tensor.grad();
      const std::string name = what + ": the gradient of " + got[i].name;
      if (i < 2 && !g.defined()) judge.that(false, name, "there is none");
      if (i < 2 && g.defined()) judge.equal(name, g, right[i].tensor.grad());
      if (i == 2 && g.defined()) judge.equal(name, g, Tensor::zeros({2}));
      judge.unchanged(what + ": the parameter " + got[i].name, got[i].tensor.to_vector(),
                      right[i].tensor.to_vector());
    }
  };
  check("two pieces of two rows", {{0, 1}, {2, 0}});
  check("the same once more", {{0, 1}, {2, 0}});
  check("one piece", {{0, 1, 2}});
  check("a last piece of one row", {{0, 1, 2}, {2, 1, 0}, {1}});
  check("rows that do not count", {{0, -100, 2}, {-100, -100, 1}, {2, 2, 2}});
  check("a piece in which no row counts", {{0, 1}, {-100, -100}, {2}});
  check("a first piece in which no row counts", {{-100}, {1, 0, 2}});
  check("a piece without rows", {{0, 2, 1}, {}, {1, 1}});
  check("labels of 0 alone", {{0, 0}, {0}});
  check("gradients from before", {{0, 1, 1}, {2}}, true);
  check("one row that counts", {{-100, -100}, {-100, 2}});
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Accumulation>({.name = "accumulation",
                                   .check = check_accumulation,
                                   .mine = mine::accumulation,
                                   .mistaken = mistakes::accumulation,
                                   .mistakes = mistakes::list,
                                   .alternatives = alternatives::list},
                                  argc, argv);
}
