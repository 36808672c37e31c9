// Views against a plain oracle: the list of the places that a view's elements have, in order.
#include <doctest/doctest.h>

#include <numeric>
#include <optional>

#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// A tensor in plain terms: element i (in the order of the index) is number at[i] of the storage.
struct Places {
  Shape shape;
  std::vector<int64_t> at;
};

int64_t flat(const Shape& index, const Shape& shape) {
  int64_t i = 0;
  for (int axis = 0; axis < shape.size(); ++axis) i = i * shape[axis] + index[axis];
  return i;
}

Shape index_of(int64_t i, const Shape& shape) {
  Shape index = shape;
  for (int axis = shape.size() - 1; axis >= 0; --axis) {
    index[axis] = i % shape[axis];
    i /= shape[axis];
  }
  return index;
}

// The places of a view of `shape` whose element `index` is element from(index) of x.
template <class From>
Places mapped(const Places& x, const Shape& shape, const From& from) {
  Places y{shape, {}};
  for (int64_t i = 0; i < numel(shape); ++i)
    y.at.push_back(x.at[static_cast<size_t>(flat(from(index_of(i, shape)), x.shape))]);
  return y;
}

struct Both {
  Tensor tensor;
  Places places;
};

int below(Random& random, int n) { return static_cast<int>(random.below(n)); }

void transpose_both(Both& x, Random& random) {
  const int a = below(random, x.tensor.axes()), b = below(random, x.tensor.axes());
  Shape shape = x.places.shape;
  std::swap(shape[a], shape[b]);
  x.places = mapped(x.places, shape, [=](Shape index) {
    std::swap(index[a], index[b]);
    return index;
  });
  x.tensor = transpose(x.tensor, a, b - x.tensor.axes());
}

void slice_both(Both& x, Random& random) {
  const int axis = below(random, x.tensor.axes());
  const int64_t size = x.places.shape[axis];
  const int64_t start = random.below(size), step = 1 + random.below(3);
  const int64_t stop = start + 1 + random.below(size - start);
  Shape shape = x.places.shape;
  shape[axis] = (stop - start + step - 1) / step;
  x.places = mapped(x.places, shape, [=](Shape index) {
    index[axis] = start + step * index[axis];
    return index;
  });
  x.tensor = slice(x.tensor, axis, start - size, stop, step);
}

void select_both(Both& x, Random& random) {
  const int axis = below(random, x.tensor.axes());
  const int64_t at = random.below(x.places.shape[axis]);
  Shape shape = x.places.shape;
  shape.erase(axis);
  x.places = mapped(x.places, shape, [=](Shape index) {
    index.insert(axis, at);
    return index;
  });
  x.tensor = select(x.tensor, axis, at);
}

void unsqueeze_both(Both& x, Random& random) {
  const int axis = below(random, x.tensor.axes() + 1);
  x.places.shape.insert(axis, 1);
  x.tensor = unsqueeze(x.tensor, axis);
}

void squeeze_both(Both& x) {
  for (int axis = x.tensor.axes() - 1; axis >= 0; --axis)
    if (x.places.shape[axis] == 1) {
      x.places.shape.erase(axis);
      x.tensor = squeeze(x.tensor, axis);
      return;
    }
}

void expand_both(Both& x, Random& random) {
  if (x.tensor.numel() > 200 || x.tensor.axes() > 5) return;
  Shape wider = x.places.shape;
  for (int axis = 0; axis < wider.size(); ++axis)
    if (wider[axis] == 1) wider[axis] = 1 + random.below(3);
  const bool longer = random.below(2) == 1;
  if (longer) wider.insert(0, 2);
  const Shape narrow = x.places.shape;
  x.places = mapped(x.places, wider, [=](Shape index) {
    if (longer) index.erase(0);
    for (int axis = 0; axis < narrow.size(); ++axis)
      if (narrow[axis] == 1) index[axis] = 0;
    return index;
  });
  x.tensor = expand(x.tensor, wider);
}

Shape random_shape_of(int64_t count, Random& random) {
  Shape shape;
  while (shape.size() < 4 && (count > 1 || random.below(3) == 0)) {
    int64_t size = 1 + random.below(count);
    while (count % size != 0) --size;
    shape.push_back(size);
    count /= size;
  }
  if (count > 1) shape.push_back(count);
  return shape;
}

// Whether some strides give these places in this shape: then a reshape to it must be a view.
bool has_strides(const Places& x) {
  Shape strides = x.shape;
  for (int axis = 0; axis < x.shape.size(); ++axis) {
    Shape second = index_of(0, x.shape);
    second[axis] = x.shape[axis] > 1 ? 1 : 0;
    strides[axis] = x.at[static_cast<size_t>(flat(second, x.shape))] - x.at[0];
  }
  for (int64_t i = 0; i < numel(x.shape); ++i) {
    int64_t place = x.at[0];
    const Shape index = index_of(i, x.shape);
    for (int axis = 0; axis < index.size(); ++axis) place += index[axis] * strides[axis];
    if (place != x.at[static_cast<size_t>(i)]) return false;
  }
  return true;
}

void reshape_both(Both& x, Random& random) {
  x.places.shape = random_shape_of(x.tensor.numel(), random);
  const Tensor y = reshape(x.tensor, x.places.shape);
  const bool view = y.impl().storage == x.tensor.impl().storage;
  CHECK(view == has_strides(x.places));
  if (!view) std::iota(x.places.at.begin(), x.places.at.end(), 0);
  x.tensor = y;
}

void step(Both& x, Random& random) {
  const int axes = x.tensor.axes();
  switch (random.below(7)) {
    case 0: return axes > 0 ? transpose_both(x, random) : void();
    case 1: return axes > 0 ? slice_both(x, random) : void();
    case 2: return axes > 1 ? select_both(x, random) : void();
    case 3: return axes < 6 ? unsqueeze_both(x, random) : void();
    case 4: return squeeze_both(x);
    case 5: return expand_both(x, random);
    default: return reshape_both(x, random);
  }
}

// Each element is where the oracle says it is.
bool agree(const Both& x) {
  if (!(x.tensor.shape() == x.places.shape)) return false;
  const real* first = x.tensor.impl().storage->data;
  for (int64_t i = 0; i < x.tensor.numel(); ++i) {
    const Shape index = index_of(i, x.tensor.shape());
    int64_t offset = 0;
    for (int axis = 0; axis < index.size(); ++axis)
      offset += index[axis] * x.tensor.strides()[axis];
    const int64_t place = x.places.at[static_cast<size_t>(i)];
    if (x.tensor.strided_data() + offset != first + place) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("views: random chains put every element where a plain index map says") {
  for (uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed);
    Both x{counting({4, 3, 2, 5}), {{4, 3, 2, 5}, std::vector<int64_t>(120)}};
    std::iota(x.places.at.begin(), x.places.at.end(), 0);
    for (int i = 0; i < 12; ++i) {
      step(x, random);
      INFO("seed ", seed, ", step ", i);
      REQUIRE(agree(x));
    }
  }
}

TEST_CASE("views: share the storage in both directions") {
  Tensor x = counting({2, 3});
  Tensor view = select(transpose(x, 0, 1), 0, 2);  // elements 2 and 5
  x.fill_(7);
  CHECK(view.to_vector() == std::vector<real>{7, 7});
  view.fill_(1);
  CHECK(x.to_vector() == std::vector<real>{7, 7, 1, 7, 7, 1});
}

TEST_CASE("reshape: a view where strides allow it, else a copy - one size may be left open") {
  const Tensor x = counting({2, 3, 4});
  CHECK(reshape(x, {6, 4}).data() == x.data());
  CHECK(reshape(slice(x, 0, 1, 2), {12}).data() == x.data() + 12);
  const Tensor narrow = slice(reshape(x, {1, 2, 3, 4}), 3, 0, 3);
  const Tensor past_one = reshape(permute(narrow, {1, 0, 2, 3}), {6, 3});  // past a size of 1
  CHECK(past_one.strided_data() == x.data());
  const Tensor columns = reshape(transpose(x, 0, 2), {24});
  CHECK(columns.impl().storage != x.impl().storage);
  CHECK(columns.to_vector()[1] == 12);
  CHECK(reshape(x, {-1, 8}).shape() == Shape{3, 8});
  CHECK(reshape(Tensor::ones({0, 3}), {3, -1}).shape() == Shape{3, 0});
  CHECK(has(error_of([&] { reshape(x, {-1, 5}); }), "cannot reshape (2, 3, 4) to (-1, 5)"));
  CHECK(has(error_of([&] { reshape(x, {-1, -1}); }), "(-1, -1)"));
  CHECK(has(error_of([&] { reshape(x, {0, -1}); }), "(0, -1)"));
  CHECK(has(error_of([&] { reshape(x, {-2, -12}); }), "(-2, -12)"));
  const int64_t large = int64_t{1} << 62;
  CHECK(error_of([&] { reshape(x, {large, 4, 24}); }) != "");
}

TEST_CASE("views: strides and offsets are PyTorch's, those of axes of size 1 too") {
  const Tensor x = counting({2, 3, 4});
  struct View {
    Tensor y;
    Shape strides;
    int64_t offset;
  };
  const View views[] = {
      {unsqueeze(x, 0), {24, 12, 4, 1}, 0},
      {unsqueeze(x, 1), {12, 12, 4, 1}, 0},
      {unsqueeze(x, -2), {12, 4, 4, 1}, 0},
      {unsqueeze(x, 3), {12, 4, 1, 1}, 0},
      {permute(x, {2, 0, 1}), {1, 12, 4}, 0},
      {transpose(x, 0, -1), {1, 4, 12}, 0},
      {slice(x, 1, 1, 3), {12, 4, 1}, 4},
      {slice(x, -1, 1, 4, 2), {12, 4, 2}, 1},
      {slice(slice(x, 2, 1, 4), 2, 1, 3), {12, 4, 1}, 2},
      {select(x, 1, -1), {12, 1}, 8},
      {select(select(x, 0, 1), 1, 2), {4}, 14},
      {expand(slice(x, 1, 2, 3), {5, 2, 7, 4}), {0, 12, 0, 1}, 8},
      {squeeze(slice(x, 0, 1, 2), 0), {4, 1}, 12},
      {squeeze(slice(slice(x, 0, 1, 2), 2, 3, 4)), {4}, 15},
      {diagonal(x, 1, 1, 2), {12, 5}, 1},
      {diagonal(x, -1, 0, 2), {4, 13}, 12},
      {reshape(x, {4, 6}), {6, 1}, 0},
      {reshape(slice(x, 2, 0, 2), {6, 2}), {4, 1}, 0},
      {reshape(transpose(x, 0, 1), {3, 2, 2, 2}), {4, 12, 2, 1}, 0},
  };
  for (const View& view : views) {
    CHECK(view.y.strides() == view.strides);
    CHECK(view.y.impl().offset == view.offset);
    CHECK(view.y.impl().storage == x.impl().storage);
  }
}

TEST_CASE("slice: Python's rules") {
  const Tensor x = counting({10});
  const auto sliced = [&](int64_t start, int64_t stop, int64_t step) {
    return slice(x, 0, start, stop, step).to_vector();
  };
  CHECK(sliced(2, 5, 1) == std::vector<real>{2, 3, 4});
  CHECK(sliced(-3, 100, 1) == std::vector<real>{7, 8, 9});
  CHECK(sliced(-100, -8, 1) == std::vector<real>{0, 1});
  CHECK(sliced(1, 9, 3) == std::vector<real>{1, 4, 7});
  CHECK(sliced(5, 2, 1).empty());
  CHECK(sliced(20, 30, 1).empty());
  CHECK(select(x, 0, -1).item() == 9);
}

TEST_CASE("errors name the shapes and the line of the call") {
  const Tensor a = Tensor::ones({2, 3}), b = Tensor::ones({4, 5});
  const Rows rows = Rows::of_lengths({1, 2});
  struct Wrong {
    int line;
    std::function<void()> call;
    const char* says;
  };
  // clang-format off
  const Wrong calls[] = {
      {__LINE__, [&] { add(a, b); }, "[add] shapes do not broadcast: a is (2, 3), b is (4, 5)"},
      {__LINE__, [&] { a * b; }, "[mul] shapes do not broadcast: a is (2, 3), b is (4, 5)"},
      {__LINE__, [&] { matmul(a, b); }, "[matmul] inner sizes differ: a is (2, 3), b is (4, 5)"},
      {__LINE__, [&] { matmul(a, Tensor::scalar(1)); }, "b is ()"},
      {__LINE__, [&] { linear(a, b, Tensor()); }, "x is (2, 3), weight (4, 5)"},
      {__LINE__, [&] { linear(a, a, b); }, "bias (4, 5)"},
      {__LINE__, [&] { reshape(a, {4, 2}); }, "cannot reshape (2, 3) to (4, 2)"},
      {__LINE__, [&] { transpose(a, 0, 2); }, "axis 2 of a tensor with 2 axes"},
      {__LINE__, [&] { permute(a, {0}); }, "1 axes named for (2, 3)"},
      {__LINE__, [&] { permute(a, {0, -2}); }, "axis 0 is named twice"},
      {__LINE__, [&] { slice(a, 0, 0, 1, 0); }, "the step is 0"},
      {__LINE__, [&] { select(a, 1, 3); }, "index 3 on axis 1 of (2, 3)"},
      {__LINE__, [&] { expand(a, {3, 3}); }, "a is (2, 3), b is (3, 3)"},
      {__LINE__, [&] { expand(a, {3}); }, "(2, 3) does not expand to (3,)"},
      {__LINE__, [&] { squeeze(a, 0); }, "axis 0 of (2, 3) is not 1"},
      {__LINE__, [&] { cat({a, b}, 0); }, "(2, 3) and (4, 5)"},
      {__LINE__, [&] { cat({}, 0); }, "no parts"},
      {__LINE__, [&] { index_select(a, Ids{2}); }, "id 2 at position 0 of a table of 2 rows"},
      {__LINE__, [&] { embedding(a, Ids{0, -1}); }, "id -1 at position 1"},
      {__LINE__, [&] { sum(a, {2}); }, "axis 2 of a tensor with 2 axes"},
      {__LINE__, [&] { sum_to(a, {2}); }, "(2,)"},
      {__LINE__, [&] { softmax(a, -3); }, "axis -3 of a tensor with 2 axes"},
      {__LINE__, [&] { layer_norm(a, b, Tensor(), 1); }, "x is (2, 3), gamma or beta (4, 5)"},
      {__LINE__, [&] { cross_entropy(a, Ids{0}); }, "logits are (2, 3), labels (1,)"},
      {__LINE__, [&] { cross_entropy(a, Ids{0, 3}); }, "label 3 at position 1, there are 3"},
      {__LINE__, [&] { dropout(a, 1); }, "p is 1.0"},
      {__LINE__, [&] { pack(a, rows); }, "(2, 3) does not hold 2 sequences"},
      {__LINE__, [&] { unpack(a, rows); }, "(2, 3) does not hold 3 rows"},
      {__LINE__, [&] { attention(a, b, b, rows, rows, {}); }, "q is (2, 3), k (4, 5), v (4, 5)"},
      {__LINE__, [&] { attention(b, b, b, rows, rows, {}); }, "3 of 4 queries"},
      {__LINE__, [&] { scaled_dot_product_attention(a, a, b); }, "k (2, 3), v (4, 5)"},
  };
  // clang-format on
  for (const Wrong& wrong : calls) {
    const std::string text = error_of(wrong.call);
    INFO(text);
    CHECK(has(text, wrong.says));
    CHECK(has(text, "at test_views.cpp:" + std::to_string(wrong.line)));
  }
}
