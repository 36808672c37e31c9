// A run's checkpoint: all that it holds comes back, and whatever is not as it was written is
// refused, though it be a good safetensors file; and named tensors in files in general.
#include <doctest/doctest.h>

#include <functional>
#include <map>

#include "core/autograd/autograd.h"
#include "core/io/crc32.h"
#include "core/io/tensor_file.h"
#include "optim/adamw.h"
#include "tests/folders.h"
#include "tests/support.h"
#include "train/checkpoint.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// A model of two tensors with its optimiser, which has taken two steps if `trained`.
struct Small {
  explicit Small(uint64_t seed, bool trained)
      : parameters{{"w", random_leaf({2, 3}, seed)}, {"b", random_leaf({2}, seed + 1)}},
        optimizer(parameters) {
    for (int i = 0; trained && i < 2; ++i) {
      for (const NamedTensor& p : parameters) sum(p.tensor * p.tensor).backward();
      optimizer.step();
      optimizer.zero_grad();
    }
  }
  std::vector<std::vector<real>> numbers() const {
    std::vector<std::vector<real>> all;
    for (const NamedTensor& t : parameters) all.push_back(t.tensor.to_vector());
    for (const NamedTensor& t : optimizer.state()) all.push_back(t.tensor.to_vector());
    return all;
  }

  NamedTensors parameters;
  AdamW optimizer;
};

Json settings_of(const std::string& text) { return parse_json(text, "settings"); }

const Json settings = settings_of(R"({"lr": 0.1, "seed": 3, "name": "x"})");

// The checksum as train/checkpoint.h and .cpp describe it: of the tensors by name, each name and
// type with a zero byte, the extents as int64 and the bytes; then of the metadata but itself.
std::string checksum_of(std::vector<TensorView> tensors, const Metadata& metadata) {
  std::map<std::string, TensorView> sorted;
  for (const TensorView& view : tensors) sorted[view.name] = view;
  std::string all;
  for (const auto& row : sorted) {
    const auto& name = row.first;
    const auto& view = row.second;
    all += name + '\0' + view.dtype + '\0';
    all.append(reinterpret_cast<const char*>(view.shape.data()), 8 * view.shape.size());
    all.append(reinterpret_cast<const char*>(view.bytes), view.size);
  }
  for (const auto& [key, text] : metadata)
    if (key != "crc32") all += key + '\0' + text + '\0';
  return std::to_string(crc32(all.data(), all.size()));
}

using Change = std::function<void(std::vector<TensorView>&, Metadata&)>;

// A checkpoint of `Small(1, true)`, changed, and then loaded into another model: the Error, if any.
// With `summed`, the file has the checksum of what it was changed to.
std::string loading(const Change& change, bool summed, const Json& now = settings) {
  const TempFolder folder;
  const Small saved(1, true);
  default_random() = Random(7);
  default_random().next = 12;
  save_checkpoint(folder / "c", saved.parameters, saved.optimizer, settings, Json("run"));
  {
    const SafeTensors file(folder / "c");
    std::vector<TensorView> tensors = file.tensors();
    Metadata metadata = file.metadata();
    CHECK(metadata.at("crc32") == checksum_of(tensors, metadata));
    change(tensors, metadata);
    if (summed) metadata["crc32"] = checksum_of(tensors, metadata);
    write_safetensors(folder / "changed", tensors, metadata);
  }
  Small other(5, false);
  const auto before = other.numbers();
  default_random() = Random(1);
  const std::string error = error_of(
      [&] { load_checkpoint(folder / "changed", other.parameters, other.optimizer, now); });
  if (error.empty()) {
    CHECK(other.numbers() == saved.numbers());
    CHECK(default_random().seed == 7);
    CHECK(default_random().next == 12);
  } else {
    CHECK(has(error, "[" + folder / "changed"));
    CHECK(other.numbers() == before);
    CHECK(default_random().seed == 1);
    CHECK(default_random().next == 0);
  }
  return error;
}

std::string changed_state(const std::string& from, const std::string& to) {
  return loading(
      [&](auto&, Metadata& metadata) {
        std::string& text = metadata.at("cairn");
        const size_t at = text.find(from);
        REQUIRE(at < text.size());
        text.replace(at, from.size(), to);
      },
      true);
}

TensorView& named(std::vector<TensorView>& tensors, const std::string& name) {
  for (TensorView& view : tensors)
    if (view.name == name) return view;
  FAIL("no tensor ", name);
  return tensors[0];
}

}  // namespace

TEST_CASE("checkpoint of a run: weights, optimiser, random numbers and the run's own come back") {
  CHECK(loading([](auto&, Metadata&) {}, false).empty());
  const TempFolder folder;
  const Small saved(1, true);
  default_random() = Random(~uint64_t{0});
  default_random().next = ~uint64_t{0} - 1;
  const Json run = settings_of(R"({"step": 4, "loop": {"best": [1, null, "x"]}})");
  save_checkpoint(folder / "c", saved.parameters, saved.optimizer, settings, run);
  const SafeTensors file(folder / "c");
  CHECK(file.metadata().at("format") == "pt");
  CHECK(file.metadata().at("cairn") ==
        R"({"settings":{"lr":0.1,"seed":3,"name":"x"},"random":{"seed":"18446744073709551615",)"
        R"("next":"18446744073709551614"},"run":{"step":4,"loop":{"best":[1,null,"x"]}}})");
  for (const char* name :
       {"model.w", "model.b", "optimizer.step.w", "optimizer.exp_avg.w", "optimizer.exp_avg_sq.b"})
    CHECK(file.find(name));
  Small other(5, false);
  default_random() = Random(0);
  const Json back = load_checkpoint(folder / "c", other.parameters, other.optimizer, settings);
  CHECK(to_text(back) == to_text(run));
  CHECK(other.numbers() == saved.numbers());
  CHECK(default_random().seed == ~uint64_t{0});
  CHECK(default_random().next == ~uint64_t{0} - 1);
}

TEST_CASE("checkpoint of a run: the checksum covers every part of the file") {
  static float other[6] = {1, 2, 3, 4, 5, 6};
  // clang-format off
  const std::pair<const char*, Change> changes[] = {
      {"a name", [](auto& t, Metadata&) { named(t, "model.w").name = "model.v"; }},
      {"a type", [](auto& t, Metadata&) { named(t, "model.w").dtype = "I32"; }},
      {"a shape", [](auto& t, Metadata&) { named(t, "model.w").shape = {3, 2}; }},
      {"another rank", [](auto& t, Metadata&) { named(t, "model.w").shape = {6}; }},
      {"numbers", [](auto& t, Metadata&) {
         named(t, "model.w").bytes = reinterpret_cast<const unsigned char*>(other);
       }},
      {"moments", [](auto& t, Metadata&) {
         named(t, "optimizer.exp_avg.w").bytes = reinterpret_cast<const unsigned char*>(other);
       }},
      {"two exchanged", [](auto& t, Metadata&) {
         std::swap(named(t, "optimizer.exp_avg.b").bytes, named(t, "optimizer.exp_avg_sq.b").bytes);
       }},
      {"one less", [](auto& t, Metadata&) { t.pop_back(); }},
      {"one more", [](auto& t, Metadata&) { t.push_back(tensor_view("model.x", {6}, other)); }},
      {"a setting", [](auto&, Metadata& m) { m.at("cairn").insert(m.at("cairn").find("0.1"), "1"); }},
      {"another text", [](auto&, Metadata& m) { m["format"] = "np"; }},
      {"a further text", [](auto&, Metadata& m) { m["a"] = ""; }},
      {"the checksum", [](auto&, Metadata& m) { m["crc32"] += "0"; }},
  };
  // clang-format on
  for (const auto& row : changes) {
    const auto& what = row.first;
    const auto& change = row.second;
    CAPTURE(what);
    const std::string error = loading(change, false);
    CHECK(has(error, "the checkpoint is damaged: its checksum is not that of its contents"));
    CHECK(has(error, "hint: start again, without --resume and with --overwrite"));
  }
}

TEST_CASE("checkpoint of a run: what lacks the checksum or Cairn's own part is no checkpoint") {
  for (const char* key : {"crc32", "cairn"})
    CHECK(has(loading([&](auto&, Metadata& m) { m.erase(key); }, std::string(key) == "cairn"),
              "is not a checkpoint of this version of Cairn"));
  const TempFolder folder;
  Small model(1, false);
  const auto error = [&] {
    return error_of(
        [&] { load_checkpoint(folder / "c", model.parameters, model.optimizer, settings); });
  };
  CHECK(has(error(), "[" + folder / "c" +
                         "] there is no checkpoint to resume from\n  hint: the run "
                         "has finished, or was stopped before its first checkpoint: start again"));
  write_file_atomically(folder / "c", "half");
  CHECK(
      has(error(), "[" + folder / "c" + "] the checkpoint is damaged: [" + folder / "c" + "] is"));
}

TEST_CASE("checkpoint of a run: a setting that differs is named with what it was and is") {
  const auto nothing = [](auto&, Metadata&) {};
  const auto error = [&](const std::string& now) {
    return loading(nothing, false, settings_of(now));
  };
  const std::pair<const char*, const char*> table[] = {
      {R"({"lr": 0.2, "seed": 3, "name": "x"})", "lr was 0.1, is now 0.2"},
      {R"({"lr": 0.1, "seed": 4, "name": "x"})", "seed was 3, is now 4"},
      {R"({"lr": 0.1, "seed": 3, "name": "y"})", "name was \"x\", is now \"y\""},
      {R"({"lr": 0.1, "seed": 3, "name": "x", "new": true})", "new was not set, is now true"},
      {R"({"name": null})", "name was \"x\", is now null"},
  };
  for (const auto& row : table) {
    const auto& now = row.first;
    const auto& message = row.second;
    CHECK(has(error(now), std::string("the run was started with other settings: ") + message));
    CHECK(has(error(now), "hint: resume with the same settings, or start again"));
  }
  CHECK(error(R"({"name": "x", "lr": 0.1})").empty());  // in any order
}

TEST_CASE("checkpoint of a run: counters are whole numbers of 64 bits") {
  CHECK(changed_state("\"next\":\"12\"", "\"next\":\"012\"").empty());
  for (const char* bad : {"", "x", "12x", "-12", "1.0", " 12", "18446744073709551616"}) {
    CAPTURE(bad);
    const std::string text = std::string("\"") + bad + "\"";
    CHECK(has(changed_state("\"12\"", text),
              "\"next\" is " + text + ", not a counter\n  hint: start"));
    CHECK(has(changed_state("\"7\"", text), "\"seed\" is " + text + ", not a counter"));
  }
}

TEST_CASE("checkpoint of a run: one of another model is refused by the names") {
  const std::string error =
      loading([](auto& t, Metadata&) { named(t, "model.w").name = "model.v"; }, true);
  CHECK(has(error, "missing: w"));
  CHECK(has(error, "unexpected: v"));
  CHECK(has(error, "hint: it is the checkpoint of another model"));
}

TEST_CASE("tensor file: names get a prefix and lose it - only those that have it are read") {
  const TempFolder folder;
  const Tensor a = counting({2, 3}), b = counting({4}), empty = Tensor::zeros({0, 2});
  std::vector<TensorView> views = views_of({{"a", a}, {"none", empty}}, "one.");
  for (const TensorView& view : views_of({{"a", b}, {"", Tensor::scalar(5)}}, "two."))
    views.push_back(view);
  CHECK(views[0].name == "one.a");
  CHECK(views[0].shape == std::vector<int64_t>{2, 3});
  CHECK(views[2].name == "two.a");
  write_safetensors(folder / "f", views);
  const SafeTensors file(folder / "f");
  const NamedTensors one = tensors_of(file, "one."), two = tensors_of(file, "two.");
  REQUIRE(one.size() == 2);
  REQUIRE(two.size() == 2);
  CHECK(one[0].name == "a");
  CHECK(same(one[0].tensor, a));
  CHECK(one[1].name == "none");
  CHECK(same(one[1].tensor, empty));
  CHECK(two[0].name.empty());
  CHECK(two[0].tensor.item() == 5);
  CHECK(same(two[1].tensor, b));
  CHECK(tensors_of(file, "three.").empty());
  CHECK(tensors_of(file).size() == 4);
  CHECK(load_tensors(folder / "f")[3].name == "two.a");
}

TEST_CASE("tensor file: a tensor is filled with as many numbers in their order, or not at all") {
  const double numbers[6] = {1, 2, 3, 4, 5, 0.1};
  const TensorView view = tensor_view("w", {2, 3}, numbers);
  Tensor flat = Tensor::zeros({6}), turned = transpose(Tensor::zeros({3, 2}), 0, 1).detach();
  copy_into(flat, view);
  CHECK(flat.to_vector() == std::vector<real>{1, 2, 3, 4, 5, static_cast<real>(0.1)});
  copy_into(turned, view);
  CHECK(turned.to_vector() == flat.to_vector());
  Tensor five = Tensor::zeros({5});
  CHECK(
      has(error_of([&] { copy_into(five, view); }), "[load] w has 6 numbers for a tensor of (5,)"));
  CHECK(five.to_vector() == std::vector<real>(5, 0));
}
