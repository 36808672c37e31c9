// tests/pages FOLDER writes a report and a trace whose content is as awkward as it may get: the
// strongest colours, long words, many classes and ops of each kind. tests/browser.py looks at them.
#include <cmath>
#include <filesystem>
#include <string>

#include "core/inspect/trace.h"
#include "core/ops.h"
#include "nn/layers.h"
#include "optim/adamw.h"
#include "train/more/report.h"
using namespace cairn;

namespace {

Series curve(const std::string& name, double height) {
  Series series{name, {}};
  for (int i = 0; i <= 100; ++i) series.points.emplace_back(100 * i, height * std::exp(-i / 20.0));
  return series;
}

void write_report(const std::string& path) {
  Report report("A page with <everything> in it", "Text & more text.");
  report.section("Curves", "Three of them.");
  report.line_chart("Losses", "step", "loss", {curve("a", 123.4), curve("b", 60), curve("c", 1)});
  report.line_chart("Of no height", "epoch", "accuracy",
                    {{"flat", {{1, 0}, {2, 0}, {3, NAN}, {4, INFINITY}}}});
  ConfusionMatrix matrix(3);
  for (int32_t truth = 0; truth < 3; ++truth)
    for (int32_t i = 0; i < 1000; ++i) matrix.add(truth, i % 10 ? truth : (truth + 1) % 3);
  report.confusion("Three classes", matrix, {"negative", "neutral", "positive"});
  const std::string word(40, 'w');
  report.table("Long words", {{"sentence", "truth", "predicted", "sure"},
                              {"An " + word + " in a sentence.", "negative", "positive", "100.0%"},
                              {"Not so long.", "negative", "negative", "9.1%"}});
  const std::vector<std::string> tokens{"[CLS]", "the",  "incomprehensibil", "##ity", "\u4f60",
                                        ".",     "[SEP]"};
  const size_t T = tokens.size();
  HeadAttention next{1, 1, std::vector<float>(T * T)}, even{12, 12, std::vector<float>(T * T)};
  for (size_t i = 0; i < T; ++i) {
    next.weights[i * T + (i + 1) % T] = 1;
    for (size_t j = 0; j < T; ++j) even.weights[i * T + j] = 1 / static_cast<float>(T);
  }
  report.attention(tokens, {next, even});
  report.write(path);
}

struct Net : Module {
  Linear first{64, 64}, second{64, 3};
  LayerNorm norm{64, 1e-5};
  Net() : Module("net") {}
  void visit(ModuleVisitor& v) override { v("first", first), v("norm", norm), v("second", second); }
  Tensor operator()(const Tensor& x, Where where = Where::current()) {
    const Scope scope(name(), where);
    return second(norm(x + gelu(first(x))));
  }
};

void write_trace(const std::string& path) {
  Net net;
  AdamW optimizer(decay_groups(net.named_parameters(), 0.01));
  Trace trace(path, {.title = "Two steps", .names = net.named_parameters()});
  const Ids labels(std::vector<int32_t>(32, 1));
  for (int step = 0; step < 2; ++step) {
    const Tensor x = Tensor::ones({32, 64});
    cross_entropy(net(x), labels).backward();
    optimizer.step(1e-3);
    optimizer.zero_grad();
  }
  log(Tensor::of({2}, {0, -1}));  // an infinity and a NaN
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : "out/pages";
  std::filesystem::create_directories(folder);
  write_report(folder + "/report.html");
  write_trace(folder + "/trace.html");
}
