// Tensors whose numbers are not one contiguous block, transposed, expanded or cut out, wherever a
// block is read or written: right, or refused.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/io/tensor_file.h"
#include "models/bert/load.h"
#include "nn/more/init.h"
#include "optim/adamw.h"
#include "optim/clip.h"
#include "optim/more/clip_in_place.h"
#include "optim/more/ema.h"
#include "optim/more/sgd.h"
#include "tests/bert_models.h"
#include "tests/folders.h"
#include "train/checkpoint.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// A leaf, square or not, whose numbers lie in columns.
Tensor columns(int64_t rows, int64_t cols, uint64_t seed) {
  return transpose(random_tensor({cols, rows}, seed), 0, 1).detach().set_requires_grad();
}

}  // namespace

TEST_CASE(
    "strided: data() and write() refuse a tensor whose numbers are not one contiguous block") {
  const Tensor w = counting({3, 4});
  for (Tensor x : {transpose(w, 0, 1), slice(w, 1, 0, 2), expand(slice(w, 0, 0, 1), {3, 4})}) {
    const std::string read = error_of([&] { (void)x.data(); });
    const int line = __LINE__ - 1;
    CHECK(has(read, "[data]"));
    CHECK(has(read, "not one contiguous block"));
    CHECK(has(read, "hint: read it through Contiguous"));
    CHECK(has(read, "test_strided.cpp:" + std::to_string(line)));
    const int64_t version = x.impl().storage->version;
    CHECK(has(error_of([&] { x.write(); }), "[write]"));
    CHECK(x.impl().storage->version == version);
    CHECK(x.strided_data() == w.data());
  }
  for (Tensor x : {slice(w, 0, 1, 2), reshape(w, {2, 6}), slice(w, 1, 2, 2)})
    CHECK_NOTHROW((void)x.data());  // blocks
}

TEST_CASE("strided: initialisers fill the view and nothing beside it") {
  const auto draws = [](Tensor& x) {
    Random random(3);
    truncated_normal_(x, 0.5, random);
  };
  Tensor w = Tensor::zeros({3, 4}), block = Tensor::zeros({3, 1});
  Tensor column = slice(w, 1, 0, 1);
  draws(column);
  draws(block);
  CHECK(same(column, block));
  CHECK(same(slice(w, 1, 1, 4), Tensor::zeros({3, 3})));
  Tensor row = slice(w, 0, 0, 1);
  CHECK(row.to_vector()[1] == 0);

  Tensor turned = transpose(w, 0, 1);
  Random a(1), b(1);
  uniform_(turned, 0, 1, a);
  Tensor straight = Tensor::zeros({4, 3});
  uniform_(straight, 0, 1, b);
  CHECK(same(turned, straight));
  Tensor expanded = expand(slice(w, 0, 0, 1), {3, 4});
  CHECK(has(error_of([&] { normal_(expanded, 0, 1); }), "share memory"));
}

TEST_CASE("strided: save_pretrained writes the numbers of a strided weight, and loads them again") {
  const TempFolder folder;
  auto model = tiny_model<BertForSequenceClassification>();
  model.bert.pooler->dense.weight = columns(8, 8, 5);
  model.classifier.weight = expand(random_tensor({1, 8}, 6), {3, 8}).detach();
  save_pretrained(model, tiny_config(), folder / "m");
  auto again = from_pretrained<BertForSequenceClassification>(folder / "m");
  const NamedTensors before = model.named_parameters(), after = again.named_parameters();
  REQUIRE(before.size() == after.size());
  for (size_t i = 0; i < before.size(); ++i) CHECK(same(before[i].tensor, after[i].tensor));
}

TEST_CASE("strided: views for a file keep what they look at") {
  const TempFolder folder;
  const Tensor w = random_tensor({3, 4}, 1);
  std::vector<TensorView> views = views_of({{"turned", transpose(w, 0, 1)}, {"gone", copy(w)}});
  Tensor::full({3, 4}, 9);  // into the block that "gone" would leave
  write_safetensors(folder / "f", views);
  const NamedTensors read = load_tensors(folder / "f");
  for (const NamedTensor& t : read)
    CHECK(same(t.tensor, t.name == "gone" ? w : transpose(w, 0, 1)));
}

TEST_CASE("strided: loading fills a strided parameter, and refuses an expanded one") {
  Tensor turned = columns(3, 4, 1), expanded = expand(Tensor::zeros({1, 4}), {3, 4}).detach();
  const Tensor numbers = random_tensor({3, 4}, 2);
  copy_by_name({{"w", turned}}, {{"w", numbers}}, true, "test", "");
  CHECK(same(turned, numbers));
  const Tensor other = transpose(random_tensor({4, 3}, 7), 0, 1);
  const std::vector<TensorView> views = views_of({{"w", other}});
  copy_into(turned, views[0]);
  CHECK(same(turned, other));
  CHECK(has(error_of([&] { copy_into(expanded, views[0]); }), "share memory"));
  Tensor small = Tensor::zeros({2});
  CHECK(has(error_of([&] { copy_into(small, views[0]); }), "w has 12 numbers"));
}

TEST_CASE("strided: an optimiser refuses strided, computed and overlapping parameters by name") {
  Tensor w = random_leaf({4, 4}, 1);
  const auto refused = [](const NamedTensors& parameters) {
    return error_of([&] { AdamW bad({{.parameters = parameters}}); });
  };
  CHECK(has(refused({{"turned", columns(3, 4, 1)}}), "turned is a strided view"));
  const std::string computed = refused({{"y", transpose(w, 0, 1)}});
  CHECK(has(computed, "y was computed by [permute]"));
  CHECK(has(computed, "hint"));
  const auto part = [&](int64_t start, int64_t rows) {
    return slice(w.detach(), 0, start, start + rows).set_requires_grad();
  };
  CHECK(has(refused({{"a", part(0, 2)}, {"b", part(1, 2)}}), "a and b share memory"));
  CHECK(has(refused({{"b", part(3, 1)}, {"a", w}}), "a and b share memory"));
  CHECK(has(refused({{"a", w}, {"b", w.detach().set_requires_grad()}}), "a and b share memory"));
  CHECK(refused({{"b", part(2, 2)}, {"a", part(0, 2)}}) == "");  // one block, cut in two
}

TEST_CASE("strided: a gradient that is set is copied - clipping and steps see each number once") {
  const Tensor g = Tensor::of({1, 2}, {3, 4});
  Tensor a = Tensor::zeros({2, 2}).set_requires_grad();
  Tensor b = Tensor::zeros({2, 2}).set_requires_grad();
  a.set_grad(expand(g, {2, 2}));
  b.set_grad(transpose(expand(g, {2, 2}), 0, 1));
  CHECK(b.grad().to_vector() == std::vector<real>{3, 3, 4, 4});
  const NamedTensors parameters{{"a", a}, {"b", b}};
  CHECK(clip_grad_norm(parameters, 1) == doctest::Approx(10));
  CHECK(gradient_norm(parameters) == doctest::Approx(1));
  CHECK(g.to_vector() == std::vector<real>{3, 4});
  clip_grad_value(parameters, 0.35);
  CHECK(a.grad().to_vector()[1] == doctest::Approx(0.35));
  SGD({{.parameters = parameters}}).step(1);
  CHECK(b.to_vector()[1] == doctest::Approx(-0.3).epsilon(1e-4));
  CHECK(b.to_vector()[2] == doctest::Approx(-0.35).epsilon(1e-4));

  Tensor shared = Tensor::of({2}, {30, 40});  // one gradient for two parameters
  Tensor c = Tensor::zeros({2}).set_requires_grad(), d = Tensor::zeros({2}).set_requires_grad();
  c.set_grad(shared);
  d.set_grad(shared);
  clip_grad_norm({{"c", c}, {"d", d}}, 1);
  CHECK(gradient_norm({{"c", c}, {"d", d}}) == doctest::Approx(1));
}

TEST_CASE("strided: averages of the weights, and a training's checkpoint") {
  const TempFolder folder;
  Tensor w = columns(3, 4, 1), v = random_leaf({2}, 2);
  const Tensor before = copy(w.detach());
  Ema ema({{"w", w}}, 0.5);
  {
    const NoGrad no_grad;
    w.add_(1);
  }
  ema.update();
  ema.swap();
  CHECK(difference(w, before + 0.5) < 1e-6);
  ema.swap();
  CHECK(difference(w, before + 1) < 1e-6);

  AdamW optimizer({{.parameters = {{"v", v}}}});
  const NamedTensors parameters{{"w", w}, {"v", v}};
  save_checkpoint(folder / "c", parameters, optimizer, Json::object(), Json::object());
  const Tensor saved = copy(w.detach());
  {
    const NoGrad no_grad;
    w.fill_(0);
  }
  load_checkpoint(folder / "c", parameters, optimizer, Json::object());
  CHECK(same(w, saved));
}
