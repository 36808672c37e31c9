// The parts of `cairn demo`: what it compares with, how it counts, which sentences it shows, what
// its page says.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/io/json.h"
#include "core/ops.h"
#include "tests/support.h"
#include "tests/training.h"
#include "tools/cairn/demo/demo.h"
#include "train/more/bag_of_words.h"

using namespace cairn;
using cairn::test::has;

namespace {

Examples texts_of(const std::vector<std::vector<int32_t>>& ids, std::vector<int32_t> labels) {
  Examples e;
  for (const auto& text : ids) e.texts.push_back({.ids = text, .token_types = {}});
  e.labels = std::move(labels);
  return e;
}

// Four texts of the words 0, 1, 2; the second has each once.
Examples word_counts() { return texts_of({{0, 1, 1}, {2, 1, 0}, {1, 2, 2}, {0, 0}}, {0, 1, 1, 0}); }

void check_logits(const Tensor& logits, const std::vector<double>& expected) {
  const std::vector<real> got = logits.to_vector();
  REQUIRE(got.size() == expected.size());
  for (size_t i = 0; i < got.size(); ++i)
    CHECK(static_cast<double>(got[i]) == doctest::Approx(expected[i]).epsilon(1e-3));
}

ConfusionMatrix matrix_of(int64_t right_0, int64_t wrong_0, int64_t wrong_1, int64_t right_1) {
  ConfusionMatrix m(2);
  for (int64_t i = 0; i < right_0; ++i) m.add(0, 0);
  for (int64_t i = 0; i < wrong_0; ++i) m.add(0, 1);
  for (int64_t i = 0; i < wrong_1; ++i) m.add(1, 0);
  for (int64_t i = 0; i < right_1; ++i) m.add(1, 1);
  return m;
}

// One that gets so many of ten test sentences right, four of them in the seen half.
DemoScore score_of(int64_t right) {
  return {matrix_of(std::min<int64_t>(right, 4), 4 - std::min<int64_t>(right, 4), 0, 0),
          matrix_of(0, 0, 6 - std::max<int64_t>(right - 4, 0), std::max<int64_t>(right - 4, 0))};
}

}  // namespace

// The numbers of torch.optim.Adam in double; weight_decay for the weight alone.
TEST_CASE("bag of words: logistic regression on counts, as PyTorch's Adam trains it") {
  const Examples probe = texts_of({{1, 1, 1, 2}, {0}, {}}, {0, 1, 1});
  BagOfWords usual(3, 2);
  check_logits(usual.logits(probe), {0, 0, 0, 0, 0, 0});
  usual.fit(word_counts());
  check_logits(usual.logits(probe),
               {-2.071961, 2.071961, 0.213563, -0.213563, -1.913446, 1.913446});
  BagOfWords short_one(3, 2);
  short_one.fit(word_counts(), 3, 0.1, 2.0);
  check_logits(short_one.logits(probe),
               {-0.285029, 0.285029, 0.158576, -0.158576, -0.024042, 0.024042});
  // It says 1, 0, 1 to labels 0, 1, 1.
  const ConfusionMatrix m = usual.evaluate(probe);
  CHECK(m.count(0, 0) == 0);
  CHECK(m.count(0, 1) == 1);
  CHECK(m.count(1, 0) == 1);
  CHECK(m.count(1, 1) == 1);
}

TEST_CASE("demo: a score counts both halves, each cell for itself") {
  const DemoScore s{matrix_of(1, 2, 3, 4), matrix_of(10, 20, 30, 40)};
  const ConfusionMatrix all = s.all();
  CHECK(all.count(0, 0) == 11);
  CHECK(all.count(0, 1) == 22);
  CHECK(all.count(1, 0) == 33);
  CHECK(all.count(1, 1) == 44);
  CHECK(s.accuracy() == 0.5);
  CHECK(DemoScore{matrix_of(4, 0, 0, 0), matrix_of(0, 1, 0, 0)}.accuracy() == 0.8);
}

TEST_CASE("demo: over the seeds, mean, worst and best of the system that is asked for") {
  std::vector<DemoRound> rounds(3);
  const int64_t bert[] = {9, 10, 8}, scratch[] = {3, 5, 7}, bag[] = {6, 6, 6};
  for (size_t i = 0; i < 3; ++i) {
    rounds[i].bert = score_of(bert[i]);
    rounds[i].scratch = score_of(scratch[i]);
    rounds[i].bag_of_words = score_of(bag[i]);
  }
  const auto check = [&](DemoScore DemoRound::*system, double mean, double worst, double best) {
    const DemoSummary s = summary_of(rounds, system);
    CHECK(s.mean == doctest::Approx(mean));
    CHECK(s.worst == doctest::Approx(worst));
    CHECK(s.best == doctest::Approx(best));
  };
  check(&DemoRound::bert, 0.9, 0.8, 1);
  check(&DemoRound::scratch, 0.5, 0.3, 0.7);
  check(&DemoRound::bag_of_words, 0.6, 0.6, 0.6);
}

TEST_CASE("demo: a clear lead is 5 points in the mean, and a worst seed above their best") {
  const DemoSummary low{.mean = 0.5, .worst = 0.4, .best = 0.75};
  const DemoSummary high{.mean = 0.625, .worst = 0.5, .best = 0.6875};
  const auto lead = [&](double mean, double worst) {
    const DemoLead one = lead_of({.mean = mean, .worst = worst, .best = 1}, low, high);
    const DemoLead other = lead_of({.mean = mean, .worst = worst, .best = 1}, high, low);
    CHECK(one.mean == other.mean);  // whichever baseline is named first
    CHECK(one.worst == other.worst);
    return one;
  };
  CHECK(lead(0.875, 0.8125).mean == 0.25);
  CHECK(lead(0.875, 0.8125).worst == 0.0625);
  CHECK(lead(0.875, 0.8125).clear());
  CHECK(lead(0.6751, 0.7501).clear());
  CHECK_FALSE(lead(0.6749, 0.8).clear());
  CHECK_FALSE(lead(0.9, 0.75).clear());
}

namespace {

// Twelve sentences, and what a model makes of each, one at a time.
struct Half {
  BertForSequenceClassification& model;
  Examples examples = cairn::test::examples(12, 5);
  std::vector<std::string> texts;
  std::vector<int32_t> said;
  std::vector<double> sure;

  Half(BertForSequenceClassification& model, const std::string& name) : model(model) {
    for (size_t i = 0; i < examples.texts.size(); ++i) {
      texts.push_back(name + std::to_string(i));
      const Ids ids(examples.texts[i].ids);
      const std::vector<real> y =
          model(ids, {}, Rows::of_lengths({static_cast<int32_t>(ids.numel())})).to_vector();
      said.push_back(y[1] > y[0]);
      const double d = std::abs(static_cast<double>(y[1]) - static_cast<double>(y[0]));
      sure.push_back(1 / (1 + std::exp(-d)));
    }
  }

  // Makes these rows mistakes, all others right.
  void mistake(const std::vector<size_t>& rows) {
    examples.labels = said;
    for (size_t row : rows) examples.labels[row] = 1 - said[row];
  }
};

std::vector<std::string> names(const std::vector<DemoExample>& examples) {
  std::vector<std::string> all;
  for (const DemoExample& e : examples) all.push_back(e.text);
  return all;
}

}  // namespace

TEST_CASE("demo: of each half five sentences: right ones from all over, then the surest mistakes") {
  auto model = cairn::test::classifier();
  model.eval();
  DemoData data;
  Half seen(model, "s"), unseen(model, "u");
  data.seen_texts = seen.texts, data.unseen_texts = unseen.texts;
  const auto shown = [&] {
    data.seen = seen.examples, data.unseen = unseen.examples;
    return ten_examples(model, data);
  };
  unseen.mistake({});
  seen.mistake({});
  CHECK(names(shown()) == std::vector<std::string>{"s0", "s2", "s4", "s7", "s9",  // i * 12 / 5
                                                   "u0", "u2", "u4", "u7", "u9"});
  // Of three mistakes the two that it was surest of, in this order, after three right ones of nine.
  std::vector<size_t> wrong{1, 6, 10};
  seen.mistake(wrong);
  std::stable_sort(wrong.begin(), wrong.end(),
                   [&](size_t a, size_t b) { return seen.sure[a] > seen.sure[b]; });
  std::vector<DemoExample> ten = shown();
  CHECK(names(ten) == std::vector<std::string>{"s0", "s4", "s8", "s" + std::to_string(wrong[0]),
                                               "s" + std::to_string(wrong[1]), "u0", "u2", "u4",
                                               "u7", "u9"});
  for (size_t i = 0; i < 5; ++i) {
    const size_t row = static_cast<size_t>(std::stoi(ten[i].text.substr(1)));
    CHECK(ten[i].right() == (i < 3));
    CHECK(ten[i].predicted == seen.said[row]);
    CHECK(ten[i].label == seen.examples.labels[row]);
    CHECK(ten[i].confidence == doctest::Approx(seen.sure[row]).epsilon(1e-5));
  }
  // One mistake: four right ones. Two right ones alone: three mistakes.
  unseen.mistake({3});
  CHECK(names(shown())[9] == "u3");
  CHECK(std::count_if(ten.begin(), ten.end(), [](auto& e) { return e.right(); }) == 8);
  seen.mistake({0, 1, 2, 3, 4, 6, 7, 8, 9, 11});
  ten = shown();
  CHECK(ten.size() == 10);
  CHECK(ten[0].text == "s5");
  CHECK(ten[1].text == "s10");
  for (size_t i = 2; i < 5; ++i) CHECK_FALSE(ten[i].right());
}

TEST_CASE("demo: its page shows the round's own numbers, each where it belongs") {
  auto model = cairn::test::classifier();
  model.eval();
  DemoData data;
  data.task = find_task("sst2");
  DemoRound round;
  round.seed = 7;
  round.pretraining.word_losses = {2, 1};
  round.pretraining.sentence_losses = {4, 3};
  const auto evaluation = [](double train_loss, double accuracy) {
    Evaluation e;
    e.train_loss = train_loss, e.accuracy = accuracy;
    return e;
  };
  round.tuning.evaluations = {evaluation(0.11, 0.12), evaluation(0.13, 0.14)};
  round.scratch_tuning.evaluations = {evaluation(0.21, 0.22), evaluation(0.23, 0.24)};
  round.bert = {matrix_of(3, 1, 0, 0), matrix_of(0, 1, 2, 3)};
  round.scratch = score_of(2), round.bag_of_words = score_of(5);
  const std::vector<DemoExample> examples{{"the film was good", 1, 0, 0.625},
                                          {"the book was poor", 0, 0, 0.75}};
  const cairn::test::TempFolder folder;
  write_demo_report(folder / "page", data, round, examples, model, cairn::test::tokenizer());
  const std::string page = read_file(folder / "page");
  for (const char* part : {
           "cairn demo, seed 7.",
           "<h2>Pretraining</h2>",
           "<h2>Fine-tuning</h2>",
           "<h2>The test</h2>",
           "<h2>Attention</h2>",
           // the running mean of the losses, from the first on
           "<tr><td>1</td><td>2.0000</td><td>4.0000</td></tr>\n"
           "<tr><td>2</td><td>1.9500</td><td>3.9500</td></tr>",
           "<tr><td>1</td><td>0.1100</td><td>0.2100</td></tr>\n"
           "<tr><td>2</td><td>0.1300</td><td>0.2300</td></tr>",
           "<tr><td>1</td><td>0.1200</td><td>0.2200</td></tr>\n"
           "<tr><td>2</td><td>0.1400</td><td>0.2400</td></tr>",
           "<td class=text>BERT, pretrained</td><td>75.0%</td><td>50.0%</td><td>60.0%</td>",
           "<td class=text>BERT, not pretrained</td><td>50.0%</td><td>0.0%</td><td>20.0%</td>",
           "<td class=text>bag of words</td><td>100.0%</td><td>16.7%</td><td>50.0%</td>",
           // the confusion matrix of both halves: 3 and 2 of truth 0, 2 and 3 of truth 1
           "--w:0.300\">3</td><td class=heat style=\"--w:0.200\">2</td></tr>\n",
           "--w:0.200\">2</td><td class=heat style=\"--w:0.300\">3</td></tr>\n",
           "the film was good</td><td class=text>positive</td>"
           "<td class=text>negative\u00a0\u2717</td><td>62.5%</td>",
           "the book was poor</td><td class=text>negative</td><td class=text>negative</td>"
           "<td>75.0%</td>",
           "aria-label=\"layer 2, head 2\"",
           // the last sentence that it got right
           "<button type=button class=heat>book</button>",
       }) {
    INFO(std::string(part));
    CHECK(has(page, part));
  }
  CHECK_FALSE(has(page, "aria-label=\"layer 2, head 3\""));
  const size_t heads = page.find("{\"heads\":");
  const Json maps = parse_json(page.substr(heads, page.find("]]}", heads) + 3 - heads), "page");
  REQUIRE(maps.at("heads").size() == 4);
  CHECK(to_text(maps.at("heads")[0]) != to_text(maps.at("heads")[1]));  // heads of one layer
  for (const Json& map : maps.at("heads").items()) {
    CHECK(map.size() == 36);  // [CLS] the book was poor [SEP]
    double sum = 0;
    for (const Json& weight : map.items()) sum += weight.as_double();
    CHECK(sum == doctest::Approx(6).epsilon(0.01));  // the rows' sums
  }
}
