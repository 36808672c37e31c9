// Every number that the commands print, against the same number had in another way: from the
// model's outputs in plain loops, by hand, or by Python.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>

#include "core/autograd/autograd.h"
#include "tests/model_place.h"
#include "text/batches.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// The classifier of ModelPlace with another bias, so that different texts get different labels.
struct EvenPlace : ModelPlace {
  explicit EvenPlace(int64_t labels) : ModelPlace(labels) {
    auto model = classifier();
    for (NamedTensor& p : model.named_parameters()) {
      if (p.name != "classifier.bias") continue;
      const double more[] = {0.1, -1, 0.86};
      for (int64_t i = 0; i < labels; ++i)
        p.tensor.write()[i] += static_cast<real>(labels == 2 ? -1.1 * double(i) : more[i]);
    }
    save_pretrained(model, model.bert.config, folder / "model");
  }

  BertForSequenceClassification classifier() const {
    return from_pretrained<BertForSequenceClassification>(folder / "model");
  }

  // The outputs for one text, computed alone.
  std::vector<float> logits(const std::string& text) const {
    auto model = classifier();
    const NoGrad no_grad;
    const Batch batch = one(text);
    return model(batch.ids, batch.token_types, batch.rows).to_vector();
  }

  // The last hidden state of each token.
  std::vector<std::vector<double>> hidden(const std::string& text) const {
    auto model = classifier();
    const NoGrad no_grad;
    const Batch batch = one(text);
    const std::vector<float> all = model.bert(batch.ids, batch.token_types, batch.rows).to_vector();
    std::vector<std::vector<double>> rows;
    for (size_t i = 0; i < all.size(); i += 8)
      rows.emplace_back(all.begin() + static_cast<int64_t>(i),
                        all.begin() + static_cast<int64_t>(i + 8));
    return rows;
  }

 private:
  Batch one(const std::string& text) const {
    const auto tokenizer = BertTokenizer::from_pretrained(folder / "model");
    return make_batch({tokenizer.encode(text, 6)}, {}, {0});
  }
};

const std::vector<std::string> texts = {"the film was good", "bad bad",  "good", "film film", "",
                                        "was was was",       "the film", ".",    "good ."};

std::string lines_of_texts() {
  std::string lines;
  for (const std::string& text : texts) lines += text + "\n";
  return lines;
}

std::vector<double> softmax_of(const std::vector<float>& logits) {
  double sum = 0;
  std::vector<double> p;
  for (const float x : logits) sum += std::exp(static_cast<double>(x));
  for (const float x : logits) p.push_back(std::exp(static_cast<double>(x)) / sum);
  return p;
}

size_t largest(const std::vector<float>& values) {
  size_t best = 0;
  for (size_t i = 1; i < values.size(); ++i)
    if (values[i] > values[best]) best = i;
  return best;
}

// Whether these are the same numbers as floats, written with no more digits than needed.
void check_floats(const std::vector<double>& printed, const std::vector<float>& expected) {
  REQUIRE(printed.size() == expected.size());
  for (size_t i = 0; i < printed.size(); ++i) {
    CHECK(static_cast<float>(printed[i]) == expected[i]);
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.9g", printed[i]);
    CHECK(std::strtod(digits, nullptr) == printed[i]);
  }
}

void check_near(const std::vector<double>& printed, const std::vector<double>& expected) {
  REQUIRE(printed.size() == expected.size());
  for (size_t i = 0; i < printed.size(); ++i) CHECK(std::abs(printed[i] - expected[i]) < 1e-6);
}

}  // namespace

TEST_CASE("predict: labels, probabilities and logits of each line are those of the model") {
  for (const int64_t labels : {2, 3}) {
    const EvenPlace place(labels);
    if (!place) return;
    place.name_labels(labels == 2 ? R"({"0": "no", "1": "yes"})"
                                  : R"({"0": "no", "1": "yes", "2": "why"})");
    const std::vector<std::string> names = {"no", "yes", "why"};
    const Ran json = place.run("predict --model model --json --batch-size 4", lines_of_texts());
    const Ran text = place.run("predict --model model --batch-size 4", lines_of_texts());
    REQUIRE(lines_of(json).size() == texts.size());
    REQUIRE(lines_of(text).size() == texts.size());
    std::vector<int> found(3);
    for (size_t i = 0; i < texts.size(); ++i) {
      const std::string line = lines_of(json)[i];
      CAPTURE(line);
      const std::vector<float> logits = place.logits(texts[i]);
      const size_t best = largest(logits);
      ++found[best];
      CHECK(keys_of(parse_json(line, "line")) == "label probabilities logits ");
      CHECK(parse_json(line, "line").at("label").as_string() == names[best]);
      check_floats(numbers_of(line, "logits"), logits);
      check_near(numbers_of(line, "probabilities"), softmax_of(logits));
      const std::vector<std::string> parts = split(lines_of(text)[i], '\t');
      REQUIRE(parts.size() == 2);
      CHECK(parts[0] == names[best]);
      CHECK(std::strtod(parts[1].c_str(), nullptr) == numbers_of(line, "probabilities")[best]);
    }
    for (int64_t i = 0; i < labels; ++i) CHECK(found[static_cast<size_t>(i)] > 0);
  }
}

TEST_CASE("predict: of several labels a text has those above one half, each by itself") {
  const EvenPlace place(3);
  if (!place) return;
  place.set("problem_type", "multi_label_classification");
  const Ran json = place.run("predict --model model --json --batch-size 4", lines_of_texts());
  const Ran text = place.run("predict --model model", lines_of_texts());
  REQUIRE(lines_of(json).size() == texts.size());
  size_t given = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::string line = lines_of(json)[i];
    CAPTURE(line);
    const std::vector<float> logits = place.logits(texts[i]);
    std::vector<double> expected;
    std::string labels, plain;
    const std::vector<double> printed = numbers_of(line, "probabilities");
    for (size_t k = 0; k < 3; ++k) {
      expected.push_back(1 / (1 + std::exp(-static_cast<double>(logits[k]))));
      const std::string name = "LABEL_" + std::to_string(k);
      if (logits[k] > 0) labels += (labels.empty() ? "\"" : ",\"") + name + "\"", ++given;
      plain += (k ? "\t" : "") + name + "\t" + to_text(Json(printed[k]));
    }
    CHECK(keys_of(parse_json(line, "line")) == "labels probabilities logits ");
    CHECK(line.starts_with("{\"labels\":[" + labels + "],"));
    check_floats(numbers_of(line, "logits"), logits);
    check_near(printed, expected);
    CHECK(lines_of(text)[i] == plain);
  }
  CHECK(given > 0);
  CHECK(given < 3 * texts.size());
}

TEST_CASE("predict: a regression's lines have the outputs, as JSON twice") {
  const EvenPlace place(3);
  if (!place) return;
  place.set("problem_type", "regression");
  const Ran json = place.run("predict --model model --json", lines_of_texts());
  const Ran text = place.run("predict --model model", lines_of_texts());
  REQUIRE(lines_of(json).size() == texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::string line = lines_of(json)[i];
    CHECK(keys_of(parse_json(line, "line")) == "values logits ");
    check_floats(numbers_of(line, "values"), place.logits(texts[i]));
    check_floats(numbers_of(line, "logits"), place.logits(texts[i]));
    std::string plain;
    for (const double x : numbers_of(line, "values"))
      plain += (plain.empty() ? "" : "\t") + to_text(Json(x));
    CHECK(lines_of(text)[i] == plain);
  }
}

namespace {

// Nine texts of two classes, of which the model of EvenPlace(2) gets 4 of 6 negative and 2 of 3
// positive ones right.
constexpr const char* nine =
    "sentence\tlabel\nthe film was good\t1\nfilm film\t0\nwas was was\t0\ngood film\t1\ngood\t1\n"
    "the\t0\nbad\t0\nbad bad\t0\n.\t0\n";

}  // namespace

TEST_CASE("eval: the report is that of scikit-learn, and the loss the mean cross entropy") {
  const EvenPlace place(2);
  if (!place) return;
  place.write("nine.tsv", nine);
  place.name_labels(R"({"0": "negative", "1": "positive"})");
  double loss = 0;
  for (const std::string& line : split_lines(nine)) {
    const std::vector<std::string> parts = split(line, '\t');
    if (parts[1] == "label") continue;
    loss -= std::log(softmax_of(place.logits(parts[0]))[parts[1] == "1"]) / 9;
  }
  const std::string eval = "eval --model model --task sst2 --data nine.tsv --batch-size 4";
  const Ran text = place.run(eval);
  char loss_line[32];
  std::snprintf(loss_line, sizeof loss_line, "\nloss %.6f\n", loss);
  // classification_report(truth, predicted, target_names=..., digits=4) of scikit-learn
  CHECK(text.out == std::string(R"(              precision    recall  f1-score   support

    negative     0.8000    0.6667    0.7273         6
    positive     0.5000    0.6667    0.5714         3

    accuracy                         0.6667         9
   macro avg     0.6500    0.6667    0.6494         9
weighted avg     0.7000    0.6667    0.6753         9
)") + loss_line);
  CHECK(text.err == "");
  CHECK(text.code == 0);

  const Ran ran = place.run(eval + " --json");
  const Json json = parse_json(ran.out, "eval");
  CHECK(keys_of(json) == "accuracy loss n per_class ");
  CHECK(json.at("accuracy").as_double() == doctest::Approx(6.0 / 9));
  CHECK(std::abs(json.at("loss").as_double() - loss) < 1e-6);
  CHECK(json.at("n").as_int() == 9);
  CHECK(keys_of(json.at("per_class")) == "negative positive ");
  const auto check = [&](const char* name, double precision, double recall, int64_t support) {
    const Json& score = json.at("per_class").at(name);
    CHECK(keys_of(score) == "precision recall f1 support ");
    CHECK(score.at("precision").as_double() == doctest::Approx(precision));
    CHECK(score.at("recall").as_double() == doctest::Approx(recall));
    CHECK(score.at("f1").as_double() ==
          doctest::Approx(2 * precision * recall / (precision + recall)));
    CHECK(score.at("support").as_int() == support);
  };
  check("negative", 4.0 / 5, 4.0 / 6, 6);
  check("positive", 2.0 / 4, 2.0 / 3, 3);
  CHECK(ran.err == "");
}

TEST_CASE("eval: where the model's labels are in another order, each keeps its own scores") {
  const EvenPlace place(2);
  if (!place) return;
  place.write("nine.tsv", nine);
  place.name_labels(R"({"0": "positive", "1": "negative"})");
  const Ran ran = place.run("eval --model model --task sst2 --data nine.tsv --json");
  const Json json = parse_json(ran.out, "eval");
  CHECK(json.at("accuracy").as_double() == doctest::Approx(3.0 / 9));
  CHECK(keys_of(json.at("per_class")) == "positive negative ");
  const Json& positive = json.at("per_class").at("positive");  // 5 texts are said to be so
  CHECK(positive.at("precision").as_double() == doctest::Approx(1.0 / 5));
  CHECK(positive.at("recall").as_double() == doctest::Approx(1.0 / 3));
  CHECK(positive.at("support").as_int() == 3);
  const Json& negative = json.at("per_class").at("negative");
  CHECK(negative.at("precision").as_double() == doctest::Approx(2.0 / 4));
  CHECK(negative.at("recall").as_double() == doctest::Approx(2.0 / 6));
  CHECK(negative.at("support").as_int() == 6);
}

TEST_CASE("eval: --task says which it is, else config.json does") {
  const EvenPlace place(2);
  if (!place) return;
  place.write("nine.tsv", nine);
  const std::string eval = "eval --model model --data nine.tsv";
  for (const std::string& words : {eval + " --task sst9", eval}) {
    const Ran ran = place.run(words);
    CHECK(ran.code == 1);
    CHECK(has(ran.err, "there is no task \"sst9\""));
    place.set("cairn_task", "sst9");
  }
  CHECK(place.run(eval + " --task sst2").code == 0);
  place.set("cairn_task", Json());
  const Ran ran = place.run(eval);
  CHECK(ran.code == 1);
  CHECK(ran.err ==
        "cairn: [model/config.json] does not say for which task the model was trained\n"
        "  hint: name it with --task\n");
}

TEST_CASE("embed: a line's vector is the mean of its own tokens, of length 1") {
  const EvenPlace place(2);
  if (!place) return;
  const Ran json = place.run("embed --model model --json --batch-size 4", lines_of_texts());
  const Ran text = place.run("embed --model model --batch-size 4", lines_of_texts());
  REQUIRE(lines_of(json).size() == texts.size());
  REQUIRE(lines_of(text).size() == texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::vector<std::vector<double>> rows = place.hidden(texts[i]);
    std::vector<double> expected(8);
    double squares = 0;
    for (size_t c = 0; c < 8; ++c) {
      for (const std::vector<double>& row : rows) expected[c] += row[c];
      squares += expected[c] * expected[c];
    }
    for (double& x : expected) x /= std::sqrt(squares);
    const std::string line = lines_of(json)[i];
    CHECK(keys_of(parse_json(line, "line")) == "embedding ");
    const std::vector<double> printed = numbers_of(line, "embedding");
    check_near(printed, expected);
    std::string plain;
    for (const double x : printed) plain += (plain.empty() ? "" : " ") + to_text(Json(x));
    CHECK(lines_of(text)[i] == plain);
  }
}

TEST_CASE("embed: the Transformer may lie in a folder below - what is passed over is told") {
  const EvenPlace place(2);
  if (!place) return;
  std::filesystem::create_directory(place / "whole");
  std::filesystem::copy(place / "model", place / "whole/0_Transformer");
  place.write("whole/modules.json",
              R"([{"path": "0_Transformer", "type": "sentence_transformers.models.Transformer"},
                  {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}])");
  place.write("whole/0_Transformer/sentence_bert_config.json",
              R"({"max_seq_length": 3, "zorbex": 1})");
  const Ran ran = place.run("embed --model whole --json", "the film\n");
  REQUIRE(ran.code == 0);
  const std::vector<std::vector<double>> rows = place.hidden("the");  // cut to 3 tokens
  std::vector<double> mean(8);
  for (size_t c = 0; c < 8; ++c) mean[c] = (rows[0][c] + rows[1][c] + rows[2][c]) / 3;
  check_near(numbers_of(lines_of(ran).at(0), "embedding"), mean);
  CHECK(has(ran.err, "cairn: 1 text was cut to 3 tokens\n"));
  CHECK(has(ran.err, "zorbex"));
}
