// Shapes, views and indices, by the fixtures' names.
#include <limits>

#include "tests/fixture_runner/ops.h"
#include "tests/fixture_runner/values.h"

namespace cairn {
namespace {

using C = const OpCall&;

constexpr int64_t to_the_end = std::numeric_limits<int64_t>::max();

Axes dims(C c, const char* name) {
  const std::vector<int64_t> values = c.integers(name);
  return Axes(values.begin(), values.end());
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

Tensor repeat_interleave(C c) {
  const int axis = c.integer("dim");
  std::vector<int32_t> at;
  for (int64_t i = 0; i < c["x"].size(axis); ++i)
    at.insert(at.end(), static_cast<size_t>(c.integer("repeats")), static_cast<int32_t>(i));
  return index_select(c["x"], axis, Ids(at));
}

Outputs sliced(C c) {
  const int64_t stop = c.has_attr("stop") ? c.attrs.at("stop").as_int() : to_the_end;
  return {slice(c["x"], c.integer("dim"), c.integer("start"), stop, c.integer("step"))};
}

// x, with src written, not added, where the index says.
Tensor scatter(C c) {
  const Tensor& x = c["x"];
  const Ids index = c.ids("index");
  const int axis = c.integer("dim");
  const auto placed = [&](const Tensor& src) {
    return scatter_add(Tensor::zeros(x.shape()), axis, index, src);
  };
  return masked_fill(x, placed(Tensor::ones(index.shape())), 0) + placed(c["src"]);
}

// Negative indices count from the end.
Tensor rows_by_index(C c) {
  std::vector<int32_t> at = c.ids("index").values();
  for (int32_t& i : at) i += i < 0 ? static_cast<int32_t>(c["x"].size(0)) : 0;
  return index_select(c["x"], Ids(at));
}

Tensor concatenated(C c) {
  std::vector<Tensor> parts;
  for (const Json& name : c.attrs.at("order").items()) parts.push_back(c[name.as_string()]);
  return cat(parts, c.integer("dim"));
}

Tensor transposed(C c) { return transpose(c["x"], c.integer("dim0"), c.integer("dim1")); }

constexpr OpEntry entries[] = {
    {"transpose", [](C c) -> Outputs { return {contiguous(transposed(c))}; }},
    {"permute", [](C c) -> Outputs { return {contiguous(permute(c["x"], dims(c, "dims")))}; }},
    {"reshape", [](C c) -> Outputs { return {reshape(c["x"], Shape(c.integers("shape")))}; }},
    {"reshape_after_transpose",
     [](C c) -> Outputs { return {reshape(transposed(c), Shape(c.integers("shape")))}; }},
    {"unsqueeze", [](C c) -> Outputs { return {unsqueeze(c["x"], c.integer("dim"))}; }},
    {"squeeze", [](C c) -> Outputs { return {stepped(c)}; }},
    {"expand_sum", [](C c) -> Outputs { return {stepped(c) * c["w"]}; }},
    {"flatten",
     [](C c) -> Outputs {
       return {flatten(c["x"], c.integer("start_dim"), c.integer("end_dim"))};
     }},
    {"flip", [](C c) -> Outputs { return {flip(c["x"], dims(c, "dims"))}; }},
    {"roll", [](C c) -> Outputs { return {roll(c["x"], c.integer("shift"), c.integer("dim"))}; }},
    {"repeat", [](C c) -> Outputs { return {repeat(c["x"], c.integers("repeats"))}; }},
    {"repeat_interleave", [](C c) -> Outputs { return {repeat_interleave(c)}; }},
    {"pad_constant",
     [](C c) -> Outputs { return {pad(c["x"], c.integers("pad"), c.number("value"))}; }},
    {"masked_fill",
     [](C c) -> Outputs { return {masked_fill(c["x"], c["mask"], c.number("value"))}; }},
    {"masked_select", [](C c) -> Outputs { return {masked_select(c["x"], c["mask"])}; }},
    {"cat", [](C c) -> Outputs { return {concatenated(c)}; }},
    {"stack",
     [](C c) -> Outputs {
       return {stack({c["a"], c["b"]}, c.integer("dim"))};
     }},
    {"tril", [](C c) -> Outputs { return {tril(c["x"], c.integer("diagonal"))}; }},
    {"triu", [](C c) -> Outputs { return {triu(c["x"], c.integer("diagonal"))}; }},
    {"diagonal",
     [](C c) -> Outputs {
       return {diagonal(c["x"], c.integer("offset"), c.integer("dim1"), c.integer("dim2"))};
     }},
    {"slice", sliced},
    {"select",
     [](C c) -> Outputs { return {select(c["x"], c.integer("dim"), c.integer("index"))}; }},
    {"narrow",
     [](C c) -> Outputs {
       const int start = c.integer("start");
       return {slice(c["x"], c.integer("dim"), start, start + c.integer("length"))};
     }},
    {"split", [](C c) -> Outputs { return split(c["x"], c.integers("sizes"), c.integer("dim")); }},
    {"chunk", [](C c) -> Outputs { return chunk(c["x"], c.integer("chunks"), c.integer("dim")); }},
    {"unbind", [](C c) -> Outputs { return unbind(c["x"], c.integer("dim")); }},
    {"gather", [](C c) -> Outputs { return {gather(c["x"], c.integer("dim"), c.ids("index"))}; }},
    {"scatter", [](C c) -> Outputs { return {scatter(c)}; }},
    {"scatter_add",
     [](C c) -> Outputs {
       return {scatter_add(c["x"], c.integer("dim"), c.ids("index"), c["src"])};
     }},
    {"index_select",
     [](C c) -> Outputs { return {index_select(c["x"], c.integer("dim"), c.ids("index"))}; }},
    {"index_add",
     [](C c) -> Outputs {
       return {index_add(c["x"], c.integer("dim"), c.ids("index"), c["src"], c.number("alpha"))};
     }},
    {"index_put_rows", [](C c) -> Outputs { return {rows_by_index(c)}; }},
    {"one_hot", [](C c) -> Outputs { return {one_hot(c.ids("index"), c.integer("num_classes"))}; }},
};

}  // namespace

std::span<const OpEntry> shape_entries() { return entries; }

}  // namespace cairn
