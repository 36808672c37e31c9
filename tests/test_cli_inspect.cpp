// What tokenize, inspect and vocab print: field by field, against values had by hand or by Python.
#include <doctest/doctest.h>

#include <filesystem>

#include "core/io/safetensors.h"
#include "tests/model_place.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("tokenize: tokens and ids of lines, of JSON strings and of pairs") {
  const ModelPlace place(2);
  if (!place) return;
  const std::string tokenize = "tokenize --model model";
  CHECK(place.run(tokenize, "The film\r\n\nzorbex\nbad").out ==
        "[CLS] the film [SEP]\n[CLS] [SEP]\n[CLS] [UNK] [SEP]\n[CLS] bad [SEP]\n");
  CHECK(place.run(tokenize + " --json", "the film\n\n").out ==
        "{\"ids\":[2,5,6,3],\"tokens\":[\"[CLS]\",\"the\",\"film\",\"[SEP]\"]}\n"
        "{\"ids\":[2,3],\"tokens\":[\"[CLS]\",\"[SEP]\"]}\n");
  const std::string ids_of_pair =
      "{\"ids\":[2,5,3,6,3],\"tokens\":[\"[CLS]\",\"the\",\"[SEP]\",\"film\",\"[SEP]\"]}\n";
  const std::string ids_of_one = "{\"ids\":[2,5,3],\"tokens\":[\"[CLS]\",\"the\",\"[SEP]\"]}\n";
  CHECK(place
            .run(tokenize + " --jsonl",
                 "\"the\"\n{\"text\": \"the\"}\n{\"text\": \"the\", \"pair\": null}\n"
                 "{\"text\": \"the\", \"pair\": \"film\"}\n")
            .out == ids_of_one + ids_of_one + ids_of_one + ids_of_pair);
  const Ran cut = place.run(tokenize + " --jsonl --max-length 5",
                            "{\"text\": \"the film was\", \"pair\": \"good bad film\"}\n"
                            "\"the film was good\"");
  CHECK(has(cut.out,
            "{\"ids\":[2,5,3,8,3],\"tokens\":[\"[CLS]\",\"the\",\"[SEP]\",\"good\",\"[SEP]\"]}\n"
            "{\"ids\":[2,5,6,7,3],"));
  const Ran wrong = place.run(tokenize + " --jsonl", "\"the\"\n[1]\n");
  CHECK(wrong.code == 1);
  CHECK(wrong.out == ids_of_one);
  CHECK(has(wrong.err, "[standard input:2]"));
  CHECK(has(wrong.err, "neither a text nor an object"));
}

TEST_CASE("tokenize: --explain shows each stage, and of what cannot be seen its number") {
  const ModelPlace place(2);
  if (!place) return;
  const Ran two =
      place.run("tokenize --model model --explain", "Thé\u00adfilm [SEP]bad.\u00a0\ngood\n");
  CHECK(two.out ==
        "text              Thé<U+00AD>film [SEP]bad.<U+00A0>\n"
        "added tokens      Thé<U+00AD>film  | [SEP] | bad.<U+00A0>\n"
        "clean             Théfilm  | [SEP] | bad.<U+0020>\n"
        "ideographs apart  (no change)\n"
        "decompose         The<U+0301>film  | [SEP] | bad.<U+0020>\n"
        "strip marks       Thefilm  | [SEP] | bad.<U+0020>\n"
        "lower case        thefilm  | [SEP] | bad.<U+0020>\n"
        "split at spaces   thefilm | [SEP] | bad.\n"
        "punctuation       thefilm | [SEP] | bad | .\n"
        "pieces            [UNK] | [SEP] | bad | .\n"
        "tokens            [CLS] [UNK] [SEP] bad . [SEP]\n"
        "ids               2 1 3 9 10 3\n"
        "\n"
        "text              good\n"
        "added tokens      (no change)\n"
        "clean             (no change)\n"
        "ideographs apart  (no change)\n"
        "decompose         (no change)\n"
        "strip marks       (no change)\n"
        "lower case        (no change)\n"
        "split at spaces   (no change)\n"
        "punctuation       (no change)\n"
        "pieces            (no change)\n"
        "tokens            [CLS] good [SEP]\n"
        "ids               2 8 3\n");
  const Ran cut = place.run("tokenize --model model --explain --max-length 3", "the film\n");
  CHECK(has(cut.out, "pieces            (no change)\ntokens, cut       [CLS] the [SEP]\n"));
  CHECK(place.run("tokenize --model model --explain --json", "the\n").code == 2);
  CHECK(place.run("tokenize --model model --explain", "").out == "");
}

TEST_CASE("inspect: a file's tensors by name, with type, shape, count and zlib's checksum") {
  const Place place;
  if (!place) return;
  const float twelve[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const int64_t three[] = {7, 8, 9};
  const unsigned short four[] = {0x3f80, 0x4000, 0xbf80, 0};
  const double tenth = 0.1;
  TensorView halves{"b", "BF16", {4, 1}, reinterpret_cast<const unsigned char*>(four), 8};
  write_safetensors(place / "four.safetensors",
                    {tensor_view("zeta.bias", {2, 6}, twelve), tensor_view("ids", {3}, three),
                     halves, tensor_view("a", {}, &tenth)});
  const Ran text = place.run("inspect four.safetensors");
  CHECK(text.out ==
        "a          F64  ()       1\n"
        "b          BF16 (4, 1)   4\n"
        "ids        I64  (3)      3\n"
        "zeta.bias  F32  (2, 6)  12\n"
        "\ntensors     4\nparameters  17\n");
  CHECK(text.err == "");
  const Json json = parse_json(place.run("inspect four.safetensors --json").out, "inspect");
  CHECK(keys_of(json) == "parameters tensors ");
  CHECK(json.at("parameters").as_int() == 17);
  CHECK(keys_of(json.at("tensors")[3]) == "name dtype shape numel crc32 ");
  std::string all;
  for (const Json& t : json.at("tensors").items()) all += to_text(t) + "\n";
  CHECK(all ==  // with zlib.crc32 of Python's struct.pack
        R"({"name":"a","dtype":"F64","shape":[],"numel":1,"crc32":4138095560}
{"name":"b","dtype":"BF16","shape":[4,1],"numel":4,"crc32":328915031}
{"name":"ids","dtype":"I64","shape":[3],"numel":3,"crc32":4270160179}
{"name":"zeta.bias","dtype":"F32","shape":[2,6],"numel":12,"crc32":1046904184}
)");
}

TEST_CASE("inspect: counts are shown where a line has room for them in 80 columns") {
  const Place place;
  if (!place) return;
  const std::vector<float> values(10);
  for (const size_t length : {65, 66}) {  // and 2, 5, "(10)", 2, "10"
    write_safetensors(place / "one.safetensors",
                      {tensor_view(std::string(length, 'x'), {10}, values.data())});
    const std::string line = lines_of(place.run("inspect one.safetensors")).at(0);
    CHECK(line == std::string(length, 'x') + "  F32  (10)" + (length == 65 ? "  10" : ""));
    CHECK(line.size() <= 80);
  }
}

TEST_CASE("inspect: fields without effect go on below one another") {
  const ModelPlace place(2);
  if (!place) return;
  for (const char* field : {"top_k", "num_beams", "max_length", "min_length", "temperature",
                            "repetition_penalty", "length_penalty", "no_repeat_ngram_size"})
    place.set(field, 7);
  CHECK(has(place.run("inspect model").out,
            "no effect   architectures, pad_token_id, dtype, top_k, num_beams, max_length,\n"
            "            min_length, temperature, repetition_penalty, length_penalty,\n"
            "            no_repeat_ngram_size (of config.json)\n"));
}

TEST_CASE("inspect: what a model costs is as the formula says, by hand for BERT-base") {
  const Place place;
  if (!place) return;
  std::filesystem::create_directory(place / "model");
  const std::vector<float> zeros(100'000);
  write_safetensors(place / "model/model.safetensors",
                    {tensor_view("some", {100, 1000}, zeros.data())});
  place.write("model/config.json",
              R"({"model_type": "bert", "hidden_size": 768, "num_hidden_layers": 12,
                  "num_attention_heads": 6, "intermediate_size": 3072, "vocab_size": 30522,
                  "max_position_embeddings": 512, "use_cache": true, "cairn_task": "sst2",
                  "id2label": {"0": "negative", "1": "positive"}})");
  const Ran text = place.run("inspect model");
  CHECK(text.code == 0);
  CHECK(text.out ==
        "some    F32  (100, 1000)  100000\n\n"
        "tensors     1\n"
        "parameters  100000\n"
        "layers      12, hidden size H = 768, heads 6, inner size I = 3072\n"
        "vocabulary  30522, positions 512\n"
        "labels      negative, positive (task sst2)\n"
        "no effect   use_cache (of config.json)\n"
        "flops       169.9 million a token forward, 174.6 million in a text of T = 128:\n"
        "            layers (8 H H + 4 H I + 4 T H); training takes three times that\n"
        "memory      about 176.6 million bytes for inference, 2568.5 million for training\n"
        "            with AdamW, each with batches of 4096 tokens (estimated)\n");
  const Json json = parse_json(place.run("inspect model --json").out, "inspect");
  CHECK(keys_of(json) ==
        "parameters flops_per_token flops_per_token_of_128 memory_bytes config "
        "tensors ");
  CHECK(json.at("flops_per_token").as_int() == 12 * (8 * 768 * 768 + 4 * 768 * 3072));
  CHECK(json.at("flops_per_token_of_128").as_int() == 169'869'312 + 12 * 4 * 128 * 768);
  CHECK(keys_of(json.at("memory_bytes")) == "batch_tokens inference training ");
  CHECK(json.at("memory_bytes").at("batch_tokens").as_int() == 4096);
  CHECK(json.at("memory_bytes").at("inference").as_int() ==
        4 * 100'000 + 4 * 4096 * (6 * 768 + 2 * 3072));
  CHECK(json.at("memory_bytes").at("training").as_int() ==
        16 * 100'000 + int64_t{4} * 4096 * 12 * (9 * 768 + 2 * 3072));
  CHECK(json.at("config").at("num_attention_heads").as_int() == 6);
  CHECK(json.at("config").at("hidden_act").as_string() == "gelu");  // by default
  CHECK(json.at("tensors")[0].at("crc32").as_int() == 1582906737);
}

TEST_CASE("inspect: a folder may have a file's name - its unknown fields are told on stderr") {
  const ModelPlace place(2);
  if (!place) return;
  place.set("zorbex", 1);
  const Ran ran = place.run("inspect model");
  CHECK(has(ran.out, "\ntensors     41\nparameters  1322\n"));
  CHECK(has(ran.err, "the field \"zorbex\" is not known to Cairn and was ignored"));
  std::filesystem::rename(place / "model", place / "a.safetensors");
  CHECK(place.run("inspect a.safetensors").out == ran.out);
}

TEST_CASE("vocab: the tokens are those of WordPieceTrainer, and the notes count them") {
  const Place place;
  if (!place) return;
  place.write("text.txt", "aab aab aab b\nFilm ab \xc3\xa9\n");
  const auto made = [&](const std::string& options) {
    const Ran ran = place.run("vocab --text text.txt --out v.txt" + options);
    CHECK(ran.code == 0);
    CHECK(ran.out == "");
    std::string tokens;
    for (const std::string& token : split_lines(read_file(place / "v.txt"))) tokens += token + " ";
    return tokens + "| " + ran.err;
  };
  // The same tokens as Hugging Face's trainer makes, though its characters stand in another order.
  CHECK(made("") ==
        "[PAD] [UNK] [CLS] [SEP] [MASK] a b e f i l m ##a ##b ##i ##l ##m aa aab "
        "| cairn: v.txt: 19 tokens\n");
  CHECK(has(made(" --min-frequency 4"), " ##m | cairn: v.txt: 17 tokens\n"));
  CHECK(has(made(" --cased"), " F a b i l m \xc3\xa9 ##a "));
  CHECK(
      has(made(" --size 10"), "cairn: v.txt: 10 tokens\ncairn: 4 rare characters have no token\n"));
}
