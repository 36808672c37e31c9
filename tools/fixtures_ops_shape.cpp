// Shapes, views and indices, by the fixtures' names.
#include <algorithm>
#include <limits>
#include <numeric>

#include "tools/fixtures_ops.h"
#include "tools/fixtures_values.h"

namespace cairn {

Tensor stack(const std::vector<Tensor>& parts, int axis) {
  std::vector<Tensor> layers;
  for (const Tensor& part : parts) layers.push_back(unsqueeze(part, axis));
  return cat(layers, axis);
}

Tensor select_along(const Tensor& x, int axis, const Ids& at) {
  return transpose(index_select(transpose(x, axis, 0), at), axis, 0);
}

namespace {

using C = const OpCall&;

constexpr int64_t to_the_end = std::numeric_limits<int64_t>::max();

Tensor flat(const Tensor& x) { return reshape(x, {x.numel()}); }

// Elements of x, by their places in logical order.
Tensor taken(const Tensor& x, const std::vector<int32_t>& places, const Shape& shape) {
  return reshape(index_select(flat(x), Ids(places)), shape);
}

// 0, 1, ..., n - 1 with step 1, or the other way.
std::vector<int32_t> range(int64_t n, bool backwards = false) {
  std::vector<int32_t> values(static_cast<size_t>(n));
  std::iota(values.begin(), values.end(), 0);
  if (backwards) std::reverse(values.begin(), values.end());
  return values;
}

Axes dims(C c, const char* name) {
  Axes axes;
  for (const Json& axis : c.attrs.at(name).items()) axes.push_back(static_cast<int>(axis.as_int()));
  return axes;
}

std::vector<int64_t> sizes(C c, const char* name) {
  std::vector<int64_t> values;
  for (const Json& size : c.attrs.at(name).items()) values.push_back(size.as_int());
  return values;
}

// unsqueeze, squeeze and expand, as "steps" lists them.
Tensor stepped(C c) {
  Tensor x = c["x"];
  for (const Json& step : c.attrs.at("steps").items()) {
    const std::string& kind = step[0].as_string();
    if (kind == "unsqueeze") x = unsqueeze(x, static_cast<int>(step[1].as_int()));
    else if (kind == "squeeze") x = squeeze(x, static_cast<int>(step[1].as_int()));
    else if (kind == "expand") {
      std::vector<int64_t> shape;
      for (const Json& size : step[1].items()) shape.push_back(size.as_int());
      x = expand(x, Shape(shape));
    } else throw Unsupported{"a step " + kind};
  }
  return x;
}

Outputs flip(C c) {
  Tensor x = c["x"];
  for (int axis : dims(c, "dims")) x = select_along(x, axis, Ids(range(x.size(axis), true)));
  return {x};
}

Outputs roll(C c) {
  const Tensor& x = c["x"];
  const int axis = c.integer("dim");
  const int64_t size = x.size(axis), shift = size ? c.integer("shift") % size : 0;
  const int64_t cut = size ? (size - shift) % size : 0;
  return {cat({slice(x, axis, cut, to_the_end), slice(x, axis, 0, cut)}, axis)};
}

Outputs repeat(C c) {
  Tensor x = c["x"];
  const std::vector<int64_t> counts = sizes(c, "repeats");
  for (size_t axis = 0; axis < counts.size(); ++axis)
    x = cat(std::vector<Tensor>(static_cast<size_t>(counts[axis]), x), static_cast<int>(axis));
  return {x};
}

Outputs repeat_interleave(C c) {
  const Tensor& x = c["x"];
  const int axis = c.integer("dim");
  std::vector<int32_t> at;
  for (int64_t i = 0; i < x.size(axis); ++i)
    at.insert(at.end(), static_cast<size_t>(c.integer("repeats")), static_cast<int32_t>(i));
  return {select_along(x, axis, Ids(at))};
}

Outputs pad(C c) {
  const std::vector<int64_t> widths = sizes(c, "pad");
  const auto side = [&](int64_t width) {
    Shape shape = c["x"].shape();
    shape[shape.size() - 1] = width;
    return Tensor::full(shape, c.number("value"));
  };
  return {cat({side(widths[0]), c["x"], side(widths[1])}, -1)};
}

Outputs masked_select(C c) {
  const std::vector<real> mask = c["mask"].to_vector();
  std::vector<int32_t> places;
  for (size_t i = 0; i < mask.size(); ++i)
    if (mask[i] != 0) places.push_back(static_cast<int32_t>(i));
  return {taken(c["x"], places, {static_cast<int64_t>(places.size())})};
}

// x where the column's number minus the row's lies in [least, most], else zero.
Tensor band(const Tensor& x, int64_t least, int64_t most) {
  Tensor mask = Tensor::zeros({x.size(-2), x.size(-1)});
  for (int64_t i = 0; i < x.size(-2); ++i)
    for (int64_t j = 0; j < x.size(-1); ++j)
      if (j - i >= least && j - i <= most) select(select(mask, 0, i), 0, j).fill_(1);
  return x * mask;
}

Outputs diagonal(C c) {
  const Tensor& x = c["x"];
  if (c.integer("offset") != 0 || c.integer("dim1") != -2 || c.integer("dim2") != -1)
    throw Unsupported{"a diagonal other than the main one of the last two axes"};
  const int64_t rows = x.size(-2), cols = x.size(-1), count = std::min(rows, cols);
  const int64_t matrices = numel(Shape(x.shape().begin(), static_cast<size_t>(x.axes() - 2)));
  std::vector<int32_t> places;
  for (int64_t m = 0; m < matrices; ++m)
    for (int64_t i = 0; i < count; ++i)
      places.push_back(static_cast<int32_t>((m * rows + i) * cols + i));
  Shape shape = x.shape();
  shape.erase(shape.size() - 1);
  shape[shape.size() - 1] = count;
  return {taken(x, places, shape)};
}

Outputs flatten(C c) {
  Shape shape = c["x"].shape();
  const int first = c.integer("start_dim"), last = c.integer("end_dim");
  for (int axis = last; axis > first; --axis) {
    shape[axis - 1] *= shape[axis];
    shape.erase(axis);
  }
  return {reshape(c["x"], shape)};
}

Outputs sliced(C c) {
  const int64_t stop = c.has_attr("stop") ? c.attrs.at("stop").as_int() : to_the_end;
  return {slice(c["x"], c.integer("dim"), c.integer("start"), stop, c.integer("step"))};
}

Outputs split_by(const Tensor& x, int axis, const std::vector<int64_t>& widths) {
  Outputs parts;
  int64_t start = 0;
  for (int64_t width : widths) {
    parts.push_back(slice(x, axis, start, start + width));
    start += width;
  }
  return parts;
}

Outputs chunk(C c) {
  const int64_t size = c["x"].size(c.integer("dim")), chunks = c.integer("chunks");
  const int64_t width = std::max<int64_t>(1, (size + chunks - 1) / chunks);
  std::vector<int64_t> widths;
  for (int64_t start = 0; start < size; start += width)
    widths.push_back(std::min(width, size - start));
  return split_by(c["x"], c.integer("dim"), widths);
}

Outputs unbind(C c) {
  Outputs parts;
  for (int64_t i = 0; i < c["x"].size(c.integer("dim")); ++i)
    parts.push_back(select(c["x"], c.integer("dim"), i));
  return parts;
}

Outputs gather(C c) {
  const Tensor& x = c["x"];
  const Ids index = c.ids("index");
  if (c.integer("dim") != -1) throw Unsupported{"gather along another axis than the last"};
  const int64_t width = x.size(-1), picks = index.shape().back();
  std::vector<int32_t> places;
  for (int64_t i = 0; i < index.numel(); ++i)
    places.push_back(static_cast<int32_t>(i / picks * width + index[i]));
  return {taken(x, places, index.shape())};
}

Outputs rows_by_index(C c) {
  std::vector<int32_t> at = c.ids("index").values();
  for (int32_t& i : at) i += i < 0 ? static_cast<int32_t>(c["x"].size(0)) : 0;
  return {index_select(c["x"], Ids(at))};
}

Outputs one_hot(C c) {
  const std::vector<int32_t> classes = range(c.integer("num_classes"));
  const Tensor numbers = Tensor::of({c.integer("num_classes")},
                                    std::vector<real>(classes.begin(), classes.end()));
  return {equal(unsqueeze(c["index"], -1), numbers)};
}

Outputs concatenated(C c) {
  std::vector<Tensor> parts;
  for (const Json& name : c.attrs.at("order").items()) parts.push_back(c[name.as_string()]);
  return {cat(parts, c.integer("dim"))};
}

Tensor transposed(C c) { return transpose(c["x"], c.integer("dim0"), c.integer("dim1")); }

constexpr OpEntry entries[] = {
    {"transpose", [](C c) -> Outputs { return {contiguous(transposed(c))}; }},
    {"permute", [](C c) -> Outputs { return {contiguous(permute(c["x"], dims(c, "dims")))}; }},
    {"reshape", [](C c) -> Outputs { return {reshape(c["x"], Shape(sizes(c, "shape")))}; }},
    {"reshape_after_transpose",
     [](C c) -> Outputs { return {reshape(transposed(c), Shape(sizes(c, "shape")))}; }},
    {"unsqueeze", [](C c) -> Outputs { return {unsqueeze(c["x"], c.integer("dim"))}; }},
    {"squeeze", [](C c) -> Outputs { return {stepped(c)}; }},
    {"expand_sum", [](C c) -> Outputs { return {stepped(c) * c["w"]}; }},
    {"flip", flip},
    {"roll", roll},
    {"repeat", repeat},
    {"repeat_interleave", repeat_interleave},
    {"pad_constant", pad},
    {"masked_fill",
     [](C c) -> Outputs { return {c["x"] * (1 - c["mask"]) + c["mask"] * c.number("value")}; }},
    {"masked_select", masked_select},
    {"cat", concatenated},
    {"stack", [](C c) -> Outputs { return {stack({c["a"], c["b"]}, c.integer("dim"))}; }},
    {"tril", [](C c) -> Outputs { return {band(c["x"], -to_the_end, c.integer("diagonal"))}; }},
    {"triu", [](C c) -> Outputs { return {band(c["x"], c.integer("diagonal"), to_the_end)}; }},
    {"diagonal", diagonal},
    {"flatten", flatten},
    {"slice", sliced},
    {"select",
     [](C c) -> Outputs { return {select(c["x"], c.integer("dim"), c.integer("index"))}; }},
    {"narrow",
     [](C c) -> Outputs {
       return split_by(slice(c["x"], c.integer("dim"), c.integer("start"), to_the_end),
                       c.integer("dim"), {c.integer("length")});
     }},
    {"split", [](C c) -> Outputs { return split_by(c["x"], c.integer("dim"), sizes(c, "sizes")); }},
    {"chunk", chunk},
    {"unbind", unbind},
    {"gather", gather},
    {"index_select",
     [](C c) -> Outputs { return {select_along(c["x"], c.integer("dim"), c.ids("index"))}; }},
    {"index_put_rows", rows_by_index},
    {"one_hot", one_hot},
};

}  // namespace

std::span<const OpEntry> shape_entries() { return entries; }

}  // namespace cairn
