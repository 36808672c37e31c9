// Fine-tuning of a BERT classifier: AdamW with two groups, linear warm-up and decay, gradient
// accumulation, clipping by the global norm, no dropout.
#include "tests/fixture_runner/train.h"

#include "core/autograd/autograd.h"
#include "core/error.h"
#include "core/io/json.h"
#include "core/ops.h"
#include "models/bert/load.h"
#include "optim/adamw.h"
#include "optim/clip.h"
#include "optim/more/schedules.h"

namespace cairn {
namespace {

// The stored batches are (steps, micro-batches, B, T); a micro-batch without its padding.
struct Batches {
  std::vector<int32_t> ids, mask, types, labels;
  int64_t accumulate, B, T;

  explicit Batches(const SafeTensors& file)
      : ids(integers(view_of(file, "in.input_ids"))),
        mask(integers(view_of(file, "in.attention_mask"))),
        labels(integers(view_of(file, "in.labels"))) {
    const std::vector<int64_t>& shape = view_of(file, "in.input_ids").shape;
    if (shape.size() != 4) fail(file.path(), "in.input_ids does not have four axes");
    accumulate = shape[1], B = shape[2], T = shape[3];
    types = has(file, "in.token_type_ids") ? integers(view_of(file, "in.token_type_ids"))
                                           : std::vector<int32_t>(ids.size());
  }

  struct Batch {
    Ids ids, types, labels;
    Rows rows;
  };
  Batch batch(int64_t step, int64_t micro) const {
    std::vector<int32_t> some_ids, some_types, some_labels, lengths;
    for (int64_t b = 0; b < B; ++b) {
      const int64_t sequence = (step * accumulate + micro) * B + b;
      some_labels.push_back(labels.at(static_cast<size_t>(sequence)));
      lengths.push_back(0);
      for (int64_t t = 0; t < T; ++t) {
        const size_t place = static_cast<size_t>(sequence * T + t);
        if (!mask.at(place)) continue;
        if (lengths.back() != t) throw Unsupported{"padding that is not at the end"};
        some_ids.push_back(ids[place]);
        some_types.push_back(types[place]);
        ++lengths.back();
      }
    }
    return {Ids(some_ids), Ids(some_types), Ids(some_labels), Rows::of_lengths(lengths)};
  }
};

std::vector<ParameterGroup> groups(const NamedTensors& parameters, const Json& hyper) {
  ParameterGroup decay{.parameters = {}, .weight_decay = hyper.at("weight_decay").as_double()},
      rest;
  for (const NamedTensor& p : parameters) {
    bool decays = true;
    for (const Json& part : hyper.at("no_decay").items())
      decays &= p.name.find(part.as_string()) == std::string::npos;
    (decays ? decay : rest).parameters.push_back(p);
  }
  return {decay, rest};
}

// After training, the gradient of a key's bias is rounding noise, which Adam follows: its true
// gradient is 0, because softmax ignores a shift of all scores of a query.
bool comparable(const std::string& name) { return !name.ends_with("attention.self.key.bias"); }

// Returns how many of the stored tensors PREFIX* were there to compare.
size_t compare_named(Comparison& comparison, const NamedTensors& got, const SafeTensors& file,
                     const std::string& prefix, double bound) {
  size_t compared = 0;
  for (const NamedTensor& entry : got) {
    const TensorView* expected = file.find(prefix + entry.name);
    if (!expected) continue;
    ++compared;
    if (comparable(entry.name))
      comparison.absolute(prefix + entry.name, entry.tensor.to_vector(), numbers(*expected), bound);
  }
  return compared;
}

}  // namespace

void check_training(Comparison& comparison, const std::string& folder) {
  const std::string case_path = folder + "/case.json", config_path = folder + "/init/config.json";
  const Json description = parse_json(read_file(case_path), case_path);
  const Json config = parse_json(read_file(config_path), config_path);
  const Json* types = config.find("architectures");
  if (config.get("model_type", "") != "bert" ||
      (types && types->size() &&
       (*types)[0].as_string() != BertForSequenceClassification::architecture))
    throw Unsupported{"fine-tuning of anything but a BERT classifier"};

  const Json& hyper = description.at("hyperparameters");
  const int64_t steps = description.at("steps").as_int(1, 100'000);
  const int64_t middle = description.at("mid_after_step").as_int(1, steps);
  const double loss_bound = fair_bound(description.at("err32_max_abs").at("loss").as_double());
  const double bound = fair_bound(description.at("err32_max_abs").at("param").as_double());
  const SafeTensors file(folder + "/trajectory.safetensors");
  const Batches batches(file);

  auto model = from_pretrained<BertForSequenceClassification>(folder + "/init");
  model.train();
  const NamedTensors parameters = model.named_parameters();
  AdamW optimizer(groups(parameters, hyper), {.beta1 = hyper.at("betas")[0].as_double(),
                                              .beta2 = hyper.at("betas")[1].as_double(),
                                              .eps = hyper.at("eps").as_double()});
  std::vector<real> losses, norms, rates;
  size_t in_the_middle = 0;
  for (int64_t step = 0; step < steps; ++step) {
    double total = 0;
    for (int64_t micro = 0; micro < batches.accumulate; ++micro) {
      const auto [ids, token_types, labels, rows] = batches.batch(step, micro);
      const Tensor loss = cross_entropy(model(ids, token_types, rows), labels) *
                          (real{1} / static_cast<real>(batches.accumulate));
      loss.backward();
      total += static_cast<double>(loss.item());
    }
    const double norm = gradient_norm(parameters);
    const double rate =
        hyper.at("lr").as_double() *
        linear_with_warmup(step, hyper.at("warmup").as_int(), hyper.at("total").as_int());
    optimizer.step(rate, clip_scale(norm, hyper.at("max_grad_norm").as_double()));
    optimizer.zero_grad();
    losses.push_back(static_cast<real>(total));
    norms.push_back(static_cast<real>(norm));
    rates.push_back(static_cast<real>(rate));
    if (step + 1 == middle) {
      NamedTensors state = optimizer.state();
      for (const NamedTensor& p : parameters) state.push_back({"param." + p.name, p.tensor});
      in_the_middle = compare_named(comparison, state, file, "mid.", bound);
    }
  }
  model.eval();
  const auto [ids, token_types, labels, rows] = batches.batch(0, 0);
  const Tensor logits = model(ids, token_types, rows);
  comparison.absolute("out.loss", losses, numbers(view_of(file, "out.loss")), loss_bound);
  comparison.absolute("out.grad_norm_before_clip", norms,
                      numbers(view_of(file, "out.grad_norm_before_clip")), bound);
  comparison.absolute("out.lr", rates, numbers(view_of(file, "out.lr")), 1e-9);
  comparison.all_of(file, "mid.", in_the_middle);
  comparison.all_of(file, "final.param.",
                    compare_named(comparison, parameters, file, "final.param.", bound));
  comparison.absolute("out.final_logits", logits.to_vector(),
                      numbers(view_of(file, "out.final_logits")), bound);
}

}  // namespace cairn
