// Chapter 7: the backward passes by hand. What each op of BERT does with a gradient: derived,
// written in plain ops, compared with differences and with the library, and in the ways in which
// people get it wrong. README.md beside this file tells the story and shows the parts between the
// markers.
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>

#include "core/autograd/autograd.h"
#include "tutorials/07_backward_by_hand/figures.h"
#include "tutorials/07_backward_by_hand/model.h"
#include "tutorials/07_backward_by_hand/parts.h"
#include "tutorials/07_backward_by_hand/training.h"
#include "tutorials/figure.h"

namespace {

void print_row(const char* name, const Tensor& row) {
  std::printf("  %-28s", name);
  for (const real number : row.to_vector())
    std::printf(" %8.4f", std::fabs(number) < 5e-5 ? 0 : number);  // no -0.0000
  std::printf("\n");
}

// [check]
// Holds gradients by hand, right and wrong ones, against the two other ways to get them: how far
// they are apart, as a share of the gradient's length.
class Check {
 public:
  Check(Function function, Inputs in, Random& random)
      : f(std::move(function)), inputs(std::move(in)) {
    const Tensor y = f(inputs);
    dy = Tensor::randn(y.shape(), random);
    library = by_library(f, inputs, dy);
    std::printf("  gradient                shape    from differences   from the library\n");
  }
  void row(const std::string& name, size_t input, const Tensor& by_hand) const {
    std::printf("  %-20s %8s %19.3f %18.6f\n", name.c_str(), to_string(by_hand.shape()).c_str(),
                off(by_hand, by_differences(f, inputs, input, dy)), off(by_hand, library[input]));
  }

  Function f;
  Inputs inputs, library;
  Tensor dy;  // a random one, lest a mistake be hidden by a gradient of ones
};
// [/check]

void check_matmul(Random& random) {
  const Tensor a = Tensor::randn({4, 4}, random), b = Tensor::randn({4, 4}, random);
  const Check check([](const Inputs& in) { return matmul(in[0], in[1]); }, {a, b}, random);
  const auto [da, db] = d_matmul(check.dy, a, b);
  check.row("dy b^T", 0, da);
  check.row("dy b", 0, matmul(check.dy, b));
  check.row("a^T dy", 1, db);
}

void check_linear(Random& random) {
  const Tensor x = Tensor::randn({5, 3}, random), w = Tensor::randn({2, 3}, random);
  const Tensor b = Tensor::randn({2}, random);
  const Check check([](const Inputs& in) { return linear(in[0], in[1], in[2]); }, {x, w, b},
                    random);
  const auto [dx, dw, db] = d_linear(check.dy, x, w);
  check.row("dx", 0, dx);
  check.row("dw", 1, dw);
  check.row("db", 2, db);
  check.row("db, of the last row", 2, check.dy[4]);
  check.row("db, the mean", 2, mean(check.dy, {0}));
}

void check_softmax(Random& random) {
  const Tensor x = Tensor::randn({3, 4}, random);
  const Check check([](const Inputs& in) { return softmax(in[0]); }, {x}, random);
  const Tensor y = softmax(x), dx = d_softmax(check.dy, y), &dy = check.dy;
  const Tensor alone = dy * y * (1 - y);
  check.row("y (dy - sum(dy y))", 0, dx);
  check.row("dy y (1 - y)", 0, alone);
  std::printf("  the sum of row 0: %.3f of the first, %.3f of the second\n",
              std::fabs(sum(dx[0]).item()), sum(alone[0]).item());
}

void check_cross_entropy(Random& random) {
  const Tensor x = Tensor::randn({3, 4}, random);
  const Ids labels{2, 0, 3};
  const auto losses = [&](const Inputs& in) {
    return cross_entropy(in[0], labels, cairn::Reduction::none);
  };
  const Check check(losses, {x}, random);
  check.row("dloss (p - onehot)", 0, d_cross_entropy(check.dy, x, labels));
}

// [overflow]
// A row whose label has a chance of e^-200, which no float can hold, in one op and in three.
void overflow() {
  const auto show = [](const char* name, const auto& loss_of_logits) {
    const Tensor x = Tensor::of({{0, 200}}).set_requires_grad();
    const Tensor loss = loss_of_logits(x);
    loss.backward();
    std::printf("  %-18s loss %5.0f   size of the gradient %6.3f\n", name, loss.item(),
                std::fabs(length_of(x.grad())));
  };
  show("cross_entropy(x)", [](const Tensor& x) { return cross_entropy(x, Ids{0}); });
  show("-log(softmax(x))", [](const Tensor& x) { return -log(softmax(x)[0][0]); });
}
// [/overflow]

void three_classes() {
  const Points points = three_clouds();
  std::printf("  200 steps              loss before    after   right\n");
  const auto row = [&](const char* name, Rule* rule) {
    const Result result = train(points, rule, 3);
    std::printf("  %-22s %11.3f %8.3f %7.2f\n", name, result.losses.front(), result.losses.back(),
                result.right);
  };
  row("p - onehot", right_rule);
  row("softmax twice", softmax_twice);
  row("-(p - onehot)", double_negative);
}

// [twice]
// The loss and the length of its gradient, with one softmax and with two.
void twice() {
  const Ids label{0};
  std::printf("                              loss  gradient   twice: loss  gradient\n");
  const auto row = [&](const char* name, const Tensor& x) {
    std::printf("  %-22s %9.3f %9.3f %13.3f %9.3f\n", name, cross_entropy(x, label).item(),
                length_of(right_rule(x, label)), cross_entropy(softmax(x), label).item(),
                length_of(softmax_twice(x, label)));
  };
  row("undecided (0, 0, 0)", Tensor::of({{0, 0, 0}}));
  row("right (20, 0, 0)", Tensor::of({{20, 0, 0}}));
  row("wrong (-20, 20, 0)", Tensor::of({{-20, 20, 0}}));
}
// [/twice]

void two_classes() {
  const Points points = two_clouds();
  std::printf("  200 steps, one logit   p of the ones   p of the zeros\n");
  const auto row = [&](const char* name, Rule* rule) {
    const auto [ones, zeros] = train_one_logit(points, rule);
    std::printf("  %-22s %13.3f %16.3f\n", name, ones, zeros);
  };
  row("sigmoid: p - y", one_logit);
  row("y (p - y)", extra_y);
  row("softmax of one logit", softmax_of_one);
  std::printf("  the gradient of the zeros under y (p - y): %.3f\n",
              length_of(extra_y(Tensor::of({{2}, {-1}}), Ids{0, 0})));
}

void check_gelu(Random& random) {
  const Tensor x = Tensor::randn({4, 4}, random) * 1.5f;
  const Check check([](const Inputs& in) { return gelu(in[0]); }, {x}, random);
  const Tensor& dy = check.dy;
  check.row("dy (Phi + x phi)", 0, d_gelu(dy, x));
  check.row("dy Phi", 0, dy * phi_sum(x));
  check.row("of the tanh form", 0,
            by_library([](const Inputs& in) { return gelu_tanh(in[0]); }, {x}, dy)[0]);
  double largest = 0, at = 0;
  for (double z = -4; z < 4; z += 0.01)
    if (const double slope = gelu_slope(z); slope > largest) largest = slope, at = z;
  std::printf("  the steepest slope is %.3f, at x = %.2f\n", largest, at);
}

void check_layer_norm(Random& random) {
  const real eps = 1e-5f;
  const Tensor x = Tensor::randn({3, 6}, random) * 2, gamma = 1 + Tensor::randn({6}, random) * 0.3f,
               beta = Tensor::randn({6}, random);
  const auto norm = [&](const Inputs& in) { return layer_norm(in[0], in[1], in[2], eps); };
  const Check check(norm, {x, gamma, beta}, random);
  const auto [dx, dgamma, dbeta] = d_layer_norm(check.dy, x, gamma, eps);
  check.row("dx", 0, dx);
  check.row("dgamma", 1, dgamma);
  check.row("dbeta", 2, dbeta);
  const Tensor centred = x - row_means(x), r = 1 / sqrt(row_means(centred * centred) + eps);
  const Tensor xhat = centred * r, dxhat = check.dy * gamma;
  check.row("r dxhat", 0, r * dxhat);
  check.row("r (dxhat - mean)", 0, r * (dxhat - row_means(dxhat)));
  std::printf("  of row 0 of dx: the sum is %.3f, the sum of dx xhat %.3f\n",
              std::fabs(sum(dx[0]).item()), std::fabs(sum(dx[0] * xhat[0]).item()));
}

void check_attention() {
  Random random(attention_seed);
  const Tensor q = Tensor::randn({4, 3}, random), k = Tensor::randn({4, 3}, random),
               v = Tensor::randn({4, 3}, random), mask = causal_mask(4);
  const auto attend = [&](const Inputs& in) {
    const cairn::Rows sentence = cairn::Rows::of_lengths({4});
    cairn::AttentionOptions options;
    options.causal = true;
    return attention(in[0], in[1], in[2], sentence, sentence, options);
  };
  const Check check(attend, {q, k, v}, random);
  const auto [dq, dk, dv] = d_attention(check.dy, q, k, v, mask);
  check.row("dq", 0, dq);
  check.row("dk", 1, dk);
  check.row("dv", 2, dv);
  const AttentionParts parts = parts_of_attention(check.dy, q, k, v, mask);
  check.row("dq without scale", 0, matmul(parts.ds, k));
  check.row("dk = ds q", 1, parts.scale * matmul(parts.ds, q));
  check.row("dv = p dy", 2, matmul(parts.p, check.dy));
  print_row("row 1 of ds", parts.ds[1]);
  print_row("sum_j p dp of each query", sum(parts.p * parts.dp, {1}));
  print_row("dy . y of each query", sum(check.dy * matmul(parts.p, v), {1}));
}

// [last_wins]
// dtable as people write it first: the rows are put into their places, where they should be added.
Tensor last_one_wins(const Tensor& dy, const Ids& ids, const Tensor& table) {
  Tensor dtable = Tensor::zeros(table.shape());
  for (int64_t t = 0; t < ids.numel(); ++t) dtable[ids[t]].copy_(dy[t]);
  return dtable;
}
// [/last_wins]

void check_embedding(Random& random) {
  const Tensor table = Tensor::randn({5, 3}, random);
  const Ids ids{1, 2, 4, 0, 1, 2};  // to be or not to be; nobody says word 3
  const Check check([&](const Inputs& in) { return embedding(in[0], ids); }, {table}, random);
  check.row("H^T dy", 0, d_embedding(check.dy, ids, table));
  check.row("the last one wins", 0, last_one_wins(check.dy, ids, table));
}

void check_dropout(Random& random) {
  const Tensor x = Tensor::randn({4, 8}, random);
  const auto drop = [](const Tensor& numbers, uint64_t seed) {
    Random generator(seed);
    return dropout(numbers, 0.25f, generator);
  };
  const Check check([&](const Inputs& in) { return drop(in[0], 5); }, {x}, random);
  const Tensor z = drop(Tensor::ones({4, 8}), 5), other = drop(Tensor::ones({4, 8}), 6);
  check.row("dy z", 0, d_dropout(check.dy, z));
  check.row("a new z", 0, d_dropout(check.dy, other));
  check.row("z of zeros and ones", 0, check.dy * z * 0.75f);
}

// [whole]
// A sentence of six words, a label for each, and all 19 gradients, by hand and by the library.
void whole() {
  const Ids ids{1, 2, 4, 0, 1, 2}, labels{0, 1, 2, 0, 0, 1};
  Model model = random_model(5, 8, 3);
  const Model by_hand = gradients_of(model, ids, labels);
  for (const auto& [name, tensor] : parameters) (model.*tensor) = (model.*tensor).detach();
  for (const auto& [name, tensor] : parameters) (model.*tensor).set_requires_grad();
  loss_of(model, ids, labels).backward();
  int64_t numbers = 0;
  double largest = 0;
  for (const auto& [name, tensor] : parameters) {
    numbers += (model.*tensor).numel();
    largest = std::fmax(largest, largest_difference(by_hand.*tensor, (model.*tensor).grad()));
  }
  std::printf("  %zu parameters of %d numbers\n", parameters.size(), static_cast<int>(numbers));
  std::printf("  largest difference of a gradient: %s\n", largest < 1e-6 ? "below 1e-6" : "LARGE");
  const auto size = [&](const char* name, const Tensor& gradient, const Tensor& library) {
    std::printf("  |%s| is %.4f by hand, %.4f by the library\n", name, length_of(gradient),
                length_of(library));
  };
  size("dw", by_hand.w, model.w.grad());
  size("dwq", by_hand.wq, model.wq.grad());
  size("dtable", by_hand.table, model.table.grad());
  size("dbk", by_hand.bk, model.bk.grad());
}
// [/whole]

// Four ops and a loss, for the walk: node by node from the loss to the table.
void tape() {
  // [tape]
  const Tensor table = Tensor::of({{1, 0, 2}, {0, 2, 1}, {-1, 1, 0}}).set_requires_grad();
  const Tensor w = Tensor::of({{1, -1, 0}, {2, 0, 1}, {0, 1, 1}}).set_requires_grad();
  const Tensor x = embedding(table, Ids{2, 0, 2});
  const Tensor h = layer_norm(gelu(x), {}, {}, 1e-5f);
  const Tensor logits = linear(h, w, {});
  const Tensor loss = cross_entropy(logits, Ids{0, 2, 1});
  // [/tape]
  // [back]
  loss.backward();
  // [/back]
  for (int64_t i = 0; i < 3; ++i)
    print_row(("row " + std::to_string(i) + " of dtable").c_str(), table.grad()[i]);
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
  Random random(1);
  std::printf("[tape]\n"), tape();
  std::printf("\n[matmul]\n"), check_matmul(random);
  std::printf("\n[linear]\n"), check_linear(random);
  std::printf("\n[softmax]\n"), check_softmax(random);
  std::printf("\n[cross_entropy]\n"), check_cross_entropy(random);
  std::printf("\n[overflow]\n"), overflow();
  std::printf("\n[three_classes]\n"), three_classes();
  std::printf("\n[twice]\n"), twice();
  std::printf("\n[two_classes]\n"), two_classes();
  std::printf("\n[gelu]\n"), check_gelu(random);
  std::printf("\n[layer_norm]\n"), check_layer_norm(random);
  std::printf("\n[attention]\n"), check_attention();
  std::printf("\n[embedding]\n"), check_embedding(random);
  std::printf("\n[dropout]\n"), check_dropout(random);
  std::printf("\n[whole]\n"), whole();
}
