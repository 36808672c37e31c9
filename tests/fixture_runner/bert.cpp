// One function for each of BERT's classes: forward, the loss its labels ask for, backward.
#include "tests/fixture_runner/bert.h"

#include <algorithm>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "models/bert/load.h"
#include "models/bert/more/heads.h"
#include "models/bert/more/pretraining.h"

namespace cairn {
namespace {

struct Call {
  const std::string& folder;
  const SafeTensors& file;
  const std::string& run;
  const BertRun& in;

  bool has_input(const char* name) const { return has(file, run + ".in." + name); }
  const TensorView& input(const char* name) const { return view_of(file, run + ".in." + name); }
  Ids ids(const char* name) const { return Ids(integers(input(name))); }
};

// The hidden states, computed in a pass of its own: asking for them changes what a head computes.
template <class M>
void add_hidden_states(M& model, const Call& call, BertResult& result) {
  NoGrad no_grad;
  std::vector<Tensor> states;
  BertOptions options = call.in.options;
  options.hidden_states = &states;
  BertModel* bert;
  if constexpr (requires { model.bert; }) bert = &model.bert;
  else bert = &model;
  (*bert)(call.in.ids, call.in.token_types, call.in.rows, options);
  for (size_t i = 0; i < states.size(); ++i)
    result.by_row["hidden_states." + std::to_string(i)] = states[i];
}

template <class M>
BertResult finish(M& model, const Call& call, BertResult result, const Tensor& loss) {
  if (loss.defined()) {
    result.by_sequence["loss"] = loss;
    loss.backward();
  }
  result.parameters = model.named_parameters();
  add_hidden_states(model, call, result);
  return result;
}

BertResult run_model(const Call& call) {
  auto model = from_pretrained<BertModel>(call.folder);
  const auto& in = call.in;
  BertResult result;
  const Tensor hidden = model(in.ids, in.token_types, in.rows, in.options);
  result.by_row["last_hidden_state"] = hidden;
  result.by_sequence["pooler_output"] = model.pool(hidden, in.rows);
  return finish(model, call, result, Tensor());
}

BertResult run_sequence_classification(const Call& call) {
  auto model = from_pretrained<BertForSequenceClassification>(call.folder);
  const auto& in = call.in;
  const BertConfig& config = model.bert.config;
  BertResult result;
  const Tensor logits = model(in.ids, in.token_types, in.rows, in.options);
  result.by_sequence["logits"] = logits;
  Tensor loss;
  if (call.has_input("labels")) {
    const TensorView& labels = call.input("labels");
    const bool regression = config.problem() == Problem::regression;
    if (config.problem() == Problem::multi_label || (!regression && labels.dtype[0] == 'F'))
      throw Unsupported{"a loss with several labels for one text"};
    loss = regression ? squared_error(logits, tensor(labels))
                      : cross_entropy(logits, call.ids("labels"));
  }
  return finish(model, call, result, loss);
}

BertResult run_multiple_choice(const Call& call) {
  auto model = from_pretrained<BertForMultipleChoice>(call.folder);
  const auto& in = call.in;
  const std::vector<int64_t>& shape = call.input("input_ids").shape;
  BertResult result;
  const Tensor logits = model(in.ids, in.token_types, in.rows, shape[shape.size() - 2], in.options);
  result.by_sequence["logits"] = logits;
  Tensor loss;
  if (call.has_input("labels")) loss = cross_entropy(logits, call.ids("labels"));
  return finish(model, call, result, loss);
}

BertResult run_token_classification(const Call& call) {
  auto model = from_pretrained<BertForTokenClassification>(call.folder);
  const auto& in = call.in;
  BertResult result;
  const Tensor logits = model(in.ids, in.token_types, in.rows, in.options);
  result.by_row["logits"] = logits;
  Tensor loss;
  if (call.has_input("labels"))
    loss = cross_entropy(logits, Ids(in.at_rows(integers(call.input("labels")))));
  return finish(model, call, result, loss);
}

BertResult run_question_answering(const Call& call) {
  auto model = from_pretrained<BertForQuestionAnswering>(call.folder);
  const auto& in = call.in;
  BertResult result;
  const auto [start, end] = model(in.ids, in.token_types, in.rows, in.options);
  result.by_row["start_logits"] = start;
  result.by_row["end_logits"] = end;
  Tensor loss;
  if (call.has_input("start_positions") && call.has_input("end_positions"))
    loss = (position_loss(start, in.rows, call.ids("start_positions")) +
            position_loss(end, in.rows, call.ids("end_positions"))) *
           real{0.5};
  return finish(model, call, result, loss);
}

// `shift`: the label of a token is the next one (a decoder).
BertResult run_language_model(const Call& call, bool shift) {
  auto model = from_pretrained<BertForMaskedLM>(call.folder);
  const auto& in = call.in;
  BertResult result;
  const Tensor logits = model(in.ids, in.token_types, in.rows, {}, in.options);
  result.by_row["logits"] = logits;
  Tensor loss;
  if (call.has_input("labels")) {
    std::vector<int32_t> labels = integers(call.input("labels"));
    for (size_t i = 0; shift && i < labels.size(); ++i) {
      const bool last = (i + 1) % static_cast<size_t>(in.T) == 0;
      labels[i] = last ? -100 : labels[i + 1];
    }
    loss = cross_entropy(logits, Ids(in.at_rows(labels)));
  }
  return finish(model, call, result, loss);
}

BertResult run_masked_lm(const Call& call) { return run_language_model(call, false); }
BertResult run_causal_lm(const Call& call) { return run_language_model(call, true); }

BertResult run_next_sentence(const Call& call) {
  auto model = from_pretrained<BertForNextSentencePrediction>(call.folder);
  const auto& in = call.in;
  BertResult result;
  const Tensor logits = model(in.ids, in.token_types, in.rows, in.options);
  result.by_sequence["logits"] = logits;
  Tensor loss;
  if (call.has_input("labels")) loss = cross_entropy(logits, call.ids("labels"));
  return finish(model, call, result, loss);
}

BertResult run_pretraining(const Call& call) {
  auto model = from_pretrained<BertForPreTraining>(call.folder);
  const auto& in = call.in;
  BertResult result;
  const auto output = model(in.ids, in.token_types, in.rows, {}, in.options);
  result.by_row["prediction_logits"] = output.predictions;
  result.by_sequence["seq_relationship_logits"] = output.seq_relationship;
  Tensor loss;
  if (call.has_input("labels") && call.has_input("next_sentence_label"))
    loss = cross_entropy(output.predictions, Ids(in.at_rows(integers(call.input("labels"))))) +
           cross_entropy(output.seq_relationship, call.ids("next_sentence_label"));
  return finish(model, call, result, loss);
}

const std::map<std::string, BertResult (*)(const Call&)> classes = {
    {"BertModel", run_model},
    {"BertForSequenceClassification", run_sequence_classification},
    {"BertForMultipleChoice", run_multiple_choice},
    {"BertForTokenClassification", run_token_classification},
    {"BertForQuestionAnswering", run_question_answering},
    {"BertForMaskedLM", run_masked_lm},
    {"BertLMHeadModel", run_causal_lm},
    {"BertForNextSentencePrediction", run_next_sentence},
    {"BertForPreTraining", run_pretraining},
};

constexpr const char* known_inputs[] = {"input_ids",    "attention_mask",      "token_type_ids",
                                        "labels",       "next_sentence_label", "start_positions",
                                        "end_positions"};

void check_inputs(const SafeTensors& file, const std::string& prefix) {
  for (const TensorView& view : file.tensors()) {
    if (!view.name.starts_with(prefix)) continue;
    const std::string name = view.name.substr(prefix.size());
    if (std::find(std::begin(known_inputs), std::end(known_inputs), name) == std::end(known_inputs))
      throw Unsupported{"the input " + name};
  }
}

}  // namespace

BertRun::BertRun(const SafeTensors& file, const std::string& run) {
  const std::string prefix = run + ".in.";
  check_inputs(file, prefix);
  const TensorView& stored = view_of(file, prefix + "input_ids");
  T = stored.shape.empty() ? 0 : stored.shape.back();
  if (T == 0 || stored.numel() == 0) throw Unsupported{"an empty batch"};
  sequences = stored.numel() / T;
  const auto or_all = [&](const char* name, int32_t value) {
    if (has(file, prefix + name)) return integers(view_of(file, prefix + name));
    return std::vector<int32_t>(static_cast<size_t>(sequences * T), value);
  };
  const std::vector<int32_t> mask = or_all("attention_mask", 1);
  const bool label_ids =
      has(file, prefix + "labels") && view_of(file, prefix + "labels").dtype[0] != 'F';
  const std::vector<int32_t> labels =
      label_ids ? integers(view_of(file, prefix + "labels")) : std::vector<int32_t>();

  std::vector<int32_t> lengths, all_real;
  bool padding_last = true, padding_counts = has(file, prefix + "start_positions");
  for (int64_t b = 0; b < sequences; ++b) {
    lengths.push_back(0);
    for (int64_t t = 0; t < T; ++t) {
      const int64_t place = b * T + t;
      if (!mask[static_cast<size_t>(place)]) {
        padding_counts |= labels.size() == mask.size() && labels[static_cast<size_t>(place)] >= 0;
        continue;
      }
      padding_last &= t == lengths.back();
      ++lengths.back();
      all_real.push_back(static_cast<int32_t>(place));
    }
    if (lengths.back() == 0) throw Unsupported{"a sequence that is all padding"};
  }
  if (padding_last && !padding_counts) {
    row_places = all_real;
    rows = Rows::of_lengths(lengths);
  } else {
    for (int32_t place = 0; place < sequences * T; ++place) row_places.push_back(place);
    rows = Rows::equal(sequences, T);
    options.seen = Ids(all_real);
    options.seen_rows = Rows::of_lengths(lengths);
  }
  for (int32_t place : row_places) real.push_back(mask[static_cast<size_t>(place)] != 0);
  ids = Ids(at_rows(integers(stored)));
  token_types = Ids(at_rows(or_all("token_type_ids", 0)));
}

std::vector<int32_t> BertRun::at_rows(const std::vector<int32_t>& values) const {
  std::vector<int32_t> chosen;
  for (int32_t place : row_places) chosen.push_back(values.at(static_cast<size_t>(place)));
  return chosen;
}

BertResult run_bert(const std::string& type, const std::string& folder, const SafeTensors& file,
                    const std::string& run) {
  const auto entry = classes.find(type);
  if (entry == classes.end()) throw Unsupported{"the class " + type};
  const BertRun in(file, run);
  return entry->second(Call{folder, file, run, in});
}

}  // namespace cairn
