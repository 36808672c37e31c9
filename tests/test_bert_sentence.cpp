// Vectors of sentences: the files of sentence-transformers and its poolings.
#include <doctest/doctest.h>

#include "models/bert/load.h"
#include "models/bert/more/sentence.h"
#include "tests/bert_models.h"
#include "tests/folders.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// A folder with these files.
struct Folder {
  TempFolder folder;

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(folder / name).parent_path());
    write_file_atomically(folder / name, text);
  }
  void modules(const std::string& third) const {
    write("modules.json", R"([{"idx": 0, "name": "0", "path": "", "type":
      "sentence_transformers.models.Transformer"}, {"idx": 1, "name": "1", "path": "1_Pooling",
      "type": "sentence_transformers.models.Pooling"})" +
                              third + "]");
  }
  SentenceOptions load() const { return SentenceOptions::load(folder.path()); }
  std::string error() const {
    return error_of([&] { load(); });
  }
};

const std::string and_normalize =
    R"(, {"idx": 2, "name": "2", "path": "2_Normalize",
         "type": "sentence_transformers.models.Normalize"})";

// [CLS] the film was good [SEP] in the model of tiny_config() with two labels.
std::vector<float> vector_of_film(const SentenceOptions& options) {
  BertConfig config = tiny_config();
  config.set_num_labels(2);
  auto model = tiny_model<BertForSequenceClassification>(config);
  model.eval();
  const Tensor hidden = model.bert(Ids{2, 5, 6, 7, 8, 3}, {}, Rows::equal(1, 6));
  return sentence_vector(hidden.data(), 6, 8, options);
}

void check_close(const std::vector<float>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    CAPTURE(i);
    CHECK(std::abs(static_cast<double>(a[i]) - b[i]) < 2e-5);
  }
}

// Pooling(8, mode) of sentence-transformers 6.2.0 over the last hidden states that transformers
// 5.23.0 gives for that model, saved by Cairn; to five digits.
const std::vector<double> cls{-1.85245, 0.85699,  -0.40527, 2.00394,
                              -0.24355, -0.37956, -0.24805, 0.00214};
const std::vector<double> largest{-0.49377, 0.94102, 0.67352,  2.00394,
                                  -0.06752, 0.56337, -0.08092, 1.24484};
const std::vector<double> the_mean{-1.36318, 0.3068,   -0.21974, 1.82407,
                                   -0.64312, -0.33859, -0.37227, 0.5102};
const std::vector<double> mean_sqrt_len{-3.33908, 0.75151,  -0.53825, 4.46805,
                                        -1.57532, -0.82938, -0.91187, 1.24973};
const std::vector<double> weighted_mean{-1.33984, 0.31776,  -0.31682, 1.76858,
                                        -0.60423, -0.45022, -0.33733, 0.67185};
const std::vector<double> last{-1.45692, 0.94102,  -1.03127, 1.58976,
                               -0.06752, -0.31039, -0.50185, 0.70075};
const std::vector<double> unit_mean{-0.54505, 0.12267,  -0.08786, 0.72934,
                                    -0.25715, -0.13538, -0.14885, 0.204};

}  // namespace

TEST_CASE("sentence: each pooling gives the numbers of sentence-transformers, old names and new") {
  const std::vector<std::tuple<std::string, std::string, std::vector<double>>> cases = {
      {"cls", "pooling_mode_cls_token", cls},
      {"max", "pooling_mode_max_tokens", largest},
      {"mean", "pooling_mode_mean_tokens", the_mean},
      {"mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens", mean_sqrt_len},
      {"weightedmean", "pooling_mode_weightedmean_tokens", weighted_mean},
      {"lasttoken", "pooling_mode_lasttoken", last},
  };
  const Folder folder;
  folder.modules("");
  for (const auto& [mode, flag, right] : cases) {
    const std::string pooling = mode;  // a lambda of CAPTURE cannot read mode itself
    CAPTURE(pooling);
    folder.write("1_Pooling/config.json", "{\"word_embedding_dimension\": 8, \"" + flag +
                                              "\": true, \"include_prompt\": true}");
    check_close(vector_of_film(folder.load()), right);
    folder.write("1_Pooling/config.json",
                 "{\"embedding_dimension\": 8, \"pooling_mode\": \"" + mode + "\"}");
    check_close(vector_of_film(folder.load()), right);
    CHECK(folder.load().notes.empty());
  }
}

TEST_CASE("sentence: several poolings stand one after the other") {
  std::vector<double> both = cls;
  both.insert(both.end(), largest.begin(), largest.end());
  const Folder folder;
  folder.modules("");
  folder.write("1_Pooling/config.json",
               R"({"pooling_mode_max_tokens": true, "pooling_mode_cls_token": true,
                   "pooling_mode_mean_tokens": false})");
  check_close(vector_of_film(folder.load()), both);
  folder.write("1_Pooling/config.json", R"({"pooling_mode": ["cls", "max"]})");
  check_close(vector_of_film(folder.load()), both);
}

TEST_CASE("sentence: the length is 1 with Normalize, or without modules.json") {
  const Folder folder;
  check_close(vector_of_film(folder.load()), unit_mean);  // nothing there
  folder.write("1_Pooling/config.json", R"({"pooling_mode_mean_tokens": true})");
  check_close(vector_of_film(folder.load()), unit_mean);
  folder.modules("");
  check_close(vector_of_film(folder.load()), the_mean);
  folder.modules(and_normalize);
  check_close(vector_of_film(folder.load()), unit_mean);
}

TEST_CASE("sentence: max_seq_length and do_lower_case are read, where the Transformer lies") {
  const Folder folder;
  CHECK(folder.load().max_length == 0);
  folder.write("sentence_bert_config.json", R"({"max_seq_length": 256, "do_lower_case": true})");
  CHECK(folder.load().max_length == 256);
  CHECK(folder.load().lower_case);
  folder.write("modules.json",
               R"([{"path": "0_BERT", "type": "sentence_transformers.models.Transformer"},
                   {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}])");
  folder.write("0_BERT/sentence_bert_config.json", R"({"max_seq_length": 128})");
  CHECK(folder.load().max_length == 128);
  CHECK(has(folder.load().model_folder, "0_BERT"));
}

TEST_CASE("sentence: what Cairn can't do is refused by file and name") {
  const auto error = [](const std::string& name, const std::string& text) {
    const Folder folder;
    folder.modules("");
    folder.write(name, text);
    return folder.error();
  };
  const std::string pooling = "1_Pooling/config.json", transformer = "sentence_bert_config.json";
  const std::string prompts = "config_sentence_transformers.json";
  CHECK(has(error(pooling, R"({"pooling_mode": "other"})"),
            "\"other\", not a pooling that Cairn has"));
  CHECK(has(error(pooling, R"({"pooling_mode_other": true})"), "pooling_mode_other"));
  CHECK(has(error(pooling, R"({"pooling_mode_cls_token": "yes"})"), "pooling_mode_cls_token"));
  CHECK(has(error(transformer, R"({"max_seq_length": 1})"), "max_seq_length"));
  CHECK(has(error(transformer, R"({"max_seq_length": "256"})"), "max_seq_length"));
  CHECK(has(error(transformer, R"({"transformer_task": "fill-mask"})"), "transformer_task"));
  CHECK(has(error(prompts, R"({"default_prompt_name": "query"})"), "default_prompt_name"));
  CHECK(has(error(prompts, R"({"model_type": "SparseEncoder"})"), "SparseEncoder"));
  CHECK(has(error("modules.json", R"([{"path": "../x", "type": "a.Transformer"}])"), "path"));
  CHECK(has(error("modules.json", R"([{"path": "", "type": "a.WordEmbeddings"}])"),
            "WordEmbeddings"));
  CHECK(has(error("modules.json", R"([{"path": "", "type": "a.Transformer"}])"), "Pooling"));
  const Folder folder;
  folder.modules(R"(, {"path": "2_Dense", "type": "sentence_transformers.models.Dense"})");
  CHECK(has(folder.error(), "Dense"));
}

TEST_CASE("sentence: unknown fields are reported, those without meaning here are not") {
  const Folder folder;
  folder.modules("");
  folder.write("1_Pooling/config.json", R"({"zorbex": 1})");
  folder.write("sentence_bert_config.json",
               R"({"max_seq_length": null, "do_lower_case": false, "other": 2, "model_args": {},
                   "transformer_task": "feature-extraction", "module_output_name": "x"})");
  folder.write("config_sentence_transformers.json",
               R"({"default_prompt_name": null, "prompts": {}, "similarity_fn_name": "cosine"})");
  const std::vector<std::string> notes = folder.load().notes;
  REQUIRE(notes.size() == 2);
  CHECK(has(notes[0], "\"zorbex\""));
  CHECK(has(notes[1], "\"other\""));
}

TEST_CASE("sentence: the order of the modules is kept to - what is in the wrong place is named") {
  const auto error = [](std::vector<std::string> kinds) {
    const Folder folder;
    std::string all;
    for (const std::string& kind : kinds)
      all += std::string(all.empty() ? "" : ", ") + R"({"path": "", "type": "x.)" + kind + "\"}";
    folder.write("modules.json", "[" + all + "]");
    return folder.error();
  };
  CHECK(error({"Transformer", "Pooling"}) == "");
  CHECK(error({"Transformer", "Pooling", "Dropout", "Normalize"}) == "");
  const auto wrong = [](const std::string& kind, int at) {
    return "\"type\" is \"x." + kind + "\", not supported as module " + std::to_string(at) +
           " of the model\n  hint: Cairn does Transformer, Pooling, Normalize, in this order";
  };
  CHECK(has(error({"Transformer", "Dense", "Pooling"}), wrong("Dense", 1)));
  CHECK(has(error({"Transformer", "Normalize", "Pooling"}), wrong("Normalize", 1)));
  CHECK(has(error({"Transformer", "Pooling", "Pooling"}), wrong("Pooling", 2)));
  CHECK(has(error({"Pooling", "Transformer"}), wrong("Pooling", 0)));
  CHECK(has(error({"Transformer", "Pooling", "Transformer"}), wrong("Transformer", 2)));
  CHECK(has(error({"Transformer", "Dropout"}), "names no Pooling"));
  const Folder folder;
  folder.write("modules.json", "{}");
  CHECK(has(folder.error(), "not a list of modules"));
  for (const char* path : {"/etc", "..", "a/../.."}) {
    folder.write("modules.json",
                 R"([{"path": ")" + std::string(path) + R"(", "type": "a.Transformer"}])");
    CHECK(has(folder.error(), "not a folder in the model's folder"));
  }
}

TEST_CASE("sentence: defaults, and a pooling that stands without modules.json") {
  const Folder folder;
  SentenceOptions options = folder.load();
  CHECK(options.model_folder == folder.folder.path());
  CHECK(options.pooling == std::vector<Pooling>{Pooling::mean});
  CHECK(options.normalize);
  CHECK_FALSE(options.lower_case);
  folder.write("1_Pooling/config.json", R"({"pooling_mode_cls_token": true})");
  options = folder.load();
  CHECK(options.pooling == std::vector<Pooling>{Pooling::cls});
  CHECK(options.normalize);
  folder.modules("");
  options = folder.load();
  CHECK(options.model_folder == folder.folder.path());  // its path is ""
  CHECK(options.pooling == std::vector<Pooling>{Pooling::cls});
  CHECK_FALSE(options.normalize);
  folder.write("1_Pooling/config.json",
               R"({"pooling_mode_cls_token": true, "pooling_mode": "max"})");
  CHECK(folder.load().pooling == std::vector<Pooling>{Pooling::max});
  folder.write("1_Pooling/config.json", R"({"pooling_mode": "x"})");
  CHECK(has(folder.error(), "hint: cls, max, mean, mean_sqrt_len_tokens, weightedmean, lasttoken"));
}

TEST_CASE("sentence: a text has from 2 to 2^30 tokens") {
  const Folder folder;
  const auto length = [&](const std::string& number) {
    folder.write("sentence_bert_config.json", "{\"max_seq_length\": " + number + "}");
    return folder.load().max_length;
  };
  CHECK(length("2") == 2);
  CHECK(length("1073741824") == 1 << 30);
  CHECK(length("null") == 0);
  for (const char* number : {"1", "0", "-1", "1073741825", "2.5"}) {
    CAPTURE(number);
    CHECK(has(error_of([&] { length(number); }), "max_seq_length"));
  }
  folder.write("sentence_bert_config.json", R"({"transformer_task": "x"})");
  CHECK(has(folder.error(),
            "\"transformer_task\" is \"x\", which Cairn can't do\n  hint: "
            "\"feature-extraction\" gives sentence vectors"));
}

TEST_CASE("sentence: every pooling of numbers written out - a vector of nothing stays finite") {
  // Three tokens of two numbers.
  const std::vector<real> hidden{1, -6, 4, -2, -8, -1};
  const auto vector = [&](std::vector<Pooling> pooling, bool normalize = false) {
    SentenceOptions options;
    options.pooling = std::move(pooling);
    options.normalize = normalize;
    return sentence_vector(hidden.data(), 3, 2, options);
  };
  check_close(vector({Pooling::cls}), {1, -6});
  check_close(vector({Pooling::last}), {-8, -1});
  check_close(vector({Pooling::max}), {4, -1});
  check_close(vector({Pooling::mean}), {-1, -3});
  check_close(vector({Pooling::mean_sqrt_len}), {-3 / std::sqrt(3), -9 / std::sqrt(3)});
  check_close(vector({Pooling::weighted_mean}), {-15.0 / 6, -13.0 / 6});
  check_close(vector({Pooling::mean, Pooling::cls}, true),
              {-1 / std::sqrt(47), -3 / std::sqrt(47), 1 / std::sqrt(47), -6 / std::sqrt(47)});
  SentenceOptions plain;
  const real nothing[] = {0, 0}, tiny[] = {static_cast<real>(1e-13), 0};
  check_close(sentence_vector(nothing, 1, 2, plain), {0, 0});
  check_close(sentence_vector(tiny, 1, 2, plain), {0.1, 0});  // lengths below 1e-12 count as that
}
