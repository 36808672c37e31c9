// A whole training program: a network learns which of two entwined spirals a point belongs to.
// It has the parts of a larger program: data, a model, the training loop, and a test on points that
// the training never saw.
#include <cmath>
#include <cstdio>
#include <vector>

#include "cairn.h"

using namespace cairn;

// Points (N, 2), and for each the spiral that it lies on, 0 or 1.
struct Data {
  Tensor points;
  Ids labels;
};

Data draw(int64_t count, Random& random) {
  std::vector<real> points;
  std::vector<int32_t> labels;
  for (int64_t i = 0; i < count; ++i) {
    const auto spiral = static_cast<int32_t>(i % 2);
    const double t = 0.25 + 1.75 * random.uniform();       // the way along the spiral
    const double angle = 3.14159265 * (t + spiral);        // the second is half a turn ahead
    const double radius = t / 2 + 0.02 * random.normal();  // with a little noise
    points.push_back(static_cast<real>(radius * std::cos(angle)));
    points.push_back(static_cast<real>(radius * std::sin(angle)));
    labels.push_back(spiral);
  }
  return {Tensor::of({count, 2}, points), Ids(labels)};
}

// Three layers: points (N, 2) -> logits (N, 2). visit() names each part, once; training, saving and
// loading all go by these names.
struct Classifier : Module {
  Linear first, second, last;

  Classifier() : Module("Classifier"), first(2, 32), second(32, 32), last(32, 2) {}

  void visit(ModuleVisitor& v) override { v("first", first), v("second", second), v("last", last); }

  Tensor operator()(const Tensor& points, Where where = Where::current()) {
    Scope scope(name(), where);  // so that an error names the module
    return last(relu(second(relu(first(points)))));
  }
};

real accuracy(Classifier& model, const Data& data) {
  NoGrad no_grad;  // no gradients are needed here
  return mean(argmax(model(data.points), 1) == data.labels).item();
}

// What the model predicts all over the plane, as characters.
void draw_map(Classifier& model) {
  NoGrad no_grad;
  constexpr int rows = 21, columns = 42;
  std::vector<real> points;
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) {
      points.push_back(static_cast<real>(2.2 * (j + 0.5) / columns - 1.1));
      points.push_back(static_cast<real>(1.1 - 2.2 * (i + 0.5) / rows));
    }
  const Ids spiral = argmax(model(Tensor::of({rows * columns, 2}, points)), 1);
  for (int i = 0; i < rows; ++i) {
    for (int j = 0; j < columns; ++j) std::putchar(spiral[i * columns + j] == 0 ? '.' : '#');
    std::putchar('\n');
  }
}

int main() {
  default_random() = Random(1);  // the layers draw their first weights from it
  Random random(2);
  const Data train = draw(400, random), test = draw(200, random);

  Classifier model;
  AdamW optimizer(model.named_parameters(), {.lr = 0.01});
  std::printf("%lld parameters\n", static_cast<long long>(model.parameter_count()));

  for (int step = 1; step <= 200; ++step) {
    const Tensor loss = cross_entropy(model(train.points), train.labels);
    loss.backward();        // every parameter's gradient
    optimizer.step();       // moves the parameters against it
    optimizer.zero_grad();  // else the next gradients would be added to these
    if (step == 1 || step % 25 == 0)
      std::printf("step %3d: loss %.4f\n", step, static_cast<double>(loss.item()));
  }

  draw_map(model);
  std::printf("accuracy on new points: %.3f\n", static_cast<double>(accuracy(model, test)));
  save_tensors("spirals.safetensors", model.state_dict());
}
