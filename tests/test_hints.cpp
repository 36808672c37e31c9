// Every hint, followed. An error's hint says what to do about it; here each mistake is made, its
// hint is read, what the hint says is done literally, and that must help.
// test_hints_listed.cpp sees to it that no hint is forgotten.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "core/io/files.h"
#include "core/io/json.h"
#include "core/io/model_files.h"
#include "core/io/safetensors.h"
#include "core/io/tensor_file.h"
#include "tests/hints.h"
#include "tests/program.h"
#include "tests/support.h"
#include "text/batches.h"
#include "text/bert_tokenizer.h"
#include "text/more/masked_lm.h"
#include "text/more/order_file.h"
#include "text/more/wordpiece_trainer.h"
#include "text/tsv.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::follow;
using cairn::test::has;
using cairn::test::table;
using cairn::test::TempFolder;
namespace fs = std::filesystem;

namespace {

// A folder in which commands of the shell run; `cairn` is the program, if it was built.
struct Shell {
  TempFolder folder;
  std::string program = cairn::test::program_or_skip();

  std::string operator/(const std::string& name) const { return folder / name; }
  void write(const std::string& name, const std::string& text) const {
    write_file_atomically(folder / name, text);
  }
  // The output; Error with what stands in stderr if the last command failed.
  std::string operator()(const std::string& commands) const {
    write("commands", "cd '" + folder.path() + "'\nprogram='" + program +
                          "'\ncairn() { \"$program\" \"$@\"; }\n" + commands + "\n");
    const int status = std::system(("sh '" + folder / "commands" + "' >'" + folder / "said" +
                                    "' 2>'" + folder / "errors" + "' </dev/null")
                                       .c_str());
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw Error(read_file(folder / "errors"));
    return read_file(folder / "said");
  }
};

// text.txt, config.json, train.tsv, vocab.txt, the pretrained model `pre`, the classifier `tuned`.
void prepare(const Shell& sh) {
  sh.write("text.txt",
           "the film was good .\nthis one was fine .\na very good film .\n\n"
           "the book was bad .\nthis one was poor .\na very poor book .\n");
  sh.write("config.json", R"({"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
                              "intermediate_size": 32, "max_position_embeddings": 24})");
  sh.write("train.tsv", table(30));
  sh("cairn vocab --text text.txt --size 60 --out vocab.txt");
  sh("cairn pretrain --text text.txt --vocab vocab.txt --config config.json --max-steps 3 "
     "--batch-size 2 --out pre");
  sh("cairn finetune --model pre --task sst2 --train train.tsv --epochs 1 --out tuned");
}

}  // namespace

TEST_CASE("hints: followed, those of the command line") {
  const Shell sh;
  if (sh.program.empty()) return;
  prepare(sh);
  const std::string tune = "cairn finetune --model pre --train train.tsv --task sst2 --epochs 1 ";
  follow({
      {"cairn --help lists the commands", [&] { sh("cairn fine-tune"); },
       [&] { CHECK(has(sh("cairn --help"), "finetune")); }},
      {"cairn eval --help lists the options", [&] { sh("cairn eval --nonsense"); },
       [&] { CHECK(has(sh("cairn eval --help"), "--data")); }},
      {"it is not a classifier yet: train it with cairn finetune",
       [&] { sh("cairn predict --model pre <text.txt"); },
       [&] {
         sh(tune + "--out classifier");
         sh("cairn predict --model classifier <text.txt");
       }},
      {"free some disk space", [&] { sh("cairn predict --model tuned <text.txt >/dev/full"); },
       [&] { sh("cairn predict --model tuned <text.txt >labels"); }},
      {"is this a text with one sentence per line?",
       [&] { sh("head -c 17000000 /dev/zero | tr '\\0' a | cairn tokenize --model pre"); },
       [&] {
         sh("head -c 17000000 /dev/zero | tr '\\0' a | fold -w 4000000 | "
            "cairn tokenize --model pre");
       }},
      {"give a text file with <FILE, or a pipe", [&] { sh("cairn tokenize --model pre <."); },
       [&] {
         CHECK(has(sh("cairn tokenize --model pre <text.txt"), "film"));
         CHECK(has(sh("cat text.txt | cairn tokenize --model pre"), "film"));
       }},
      {"iconv -f LATIN1 -t UTF-8", [&] { sh("printf 'tr\\350s\\n' | cairn tokenize --model pre"); },
       [&] { sh("printf 'tr\\350s\\n' | iconv -f LATIN1 -t UTF-8 | cairn tokenize --model pre"); }},
      {"the vocabulary belongs to another model",
       [&] {
         sh("cp -r tuned mixed; rm mixed/tokenizer.json; seq 1000 1100 >>mixed/vocab.txt");
         sh("cairn predict --model mixed <text.txt");
       },
       [&] { sh("cp tuned/vocab.txt mixed; cairn predict --model mixed <text.txt"); }},
      {"give at most 24", [&] { sh("cairn predict --model tuned --max-length 25 <text.txt"); },
       [&] { sh("cairn predict --model tuned --max-length 24 <text.txt"); }},
      {"name it with --task",
       [&] {
         sh("cp -r tuned unnamed; sed -i 's/cairn_task/no_task/' unnamed/config.json");
         sh("cairn eval --model unnamed --data train.tsv");
       },
       [&] { sh("cairn eval --model unnamed --data train.tsv --task sst2"); }},
      {"cairn predict gives the model's outputs",
       [&] {
         sh("cp -r tuned grades; sed -i s/single_label_classification/regression/ "
            "grades/config.json");
         sh("cairn eval --model grades --data train.tsv");
       },
       [&] { CHECK(has(sh("cairn predict --model grades <text.txt"), ".")); }},
      {"its training has diverged, or its files are damaged",
       [&] {
         sh("cp -r tuned diverged");
         NamedTensors weights = load_tensors(sh / "diverged/model.safetensors");
         for (NamedTensor& w : weights)
           if (w.name == "bert.embeddings.LayerNorm.weight")
             std::fill_n(w.tensor.write(), w.tensor.numel(), static_cast<real>(3e38));
         save_tensors(sh / "diverged/model.safetensors", weights);
         sh("cairn eval --model diverged --data train.tsv");
       },
       [&] {
         sh("cp tuned/model.safetensors diverged; cairn eval --model diverged --data train.tsv");
       }},
      {"leave vocab_size out",
       [&] {
         sh("sed 's/{/{\"vocab_size\": 7, /' config.json >small.json");
         sh("cairn pretrain --text text.txt --vocab vocab.txt --config small.json --max-steps 1 "
            "--out small");
       },
       [&] {
         sh("cairn pretrain --text text.txt --vocab vocab.txt --config config.json --max-steps 1 "
            "--out small");
       }},
      {"write \"text\" or {\"text\": ..., \"pair\": ...}",
       [&] { sh("echo 7 | cairn tokenize --model pre --jsonl"); },
       [&] {
         const std::string one = sh("echo '\"the film\"' | cairn tokenize --model pre --jsonl");
         CHECK(one == sh("echo '{\"text\": \"the film\"}' | cairn tokenize --model pre --jsonl"));
         sh("echo '{\"text\": \"the\", \"pair\": \"was\"}' | cairn tokenize --model pre --jsonl");
       }},
      {"known are: sst2",
       [&] { sh("cairn finetune --model pre --train train.tsv --task sst --out other"); },
       [&] { sh(tune + "--out other"); }},
      {"choose another folder, or write into this one with --overwrite",
       [&] { sh(tune + "--out tuned"); },
       [&] { sh(tune + "--out fresh && " + tune + "--out tuned --overwrite"); }},
      {"choose another name, or move it away", [&] { sh(tune + "--out vocab.txt"); },
       [&] {
         sh(tune + "--out another");
         sh("mv vocab.txt away && " + tune + "--out vocab.txt");
       }},
  });
}

TEST_CASE("hints: followed, those of a training") {
  const Shell sh;
  if (sh.program.empty()) return;
  prepare(sh);
  const auto run = [](const std::string& more) {
    return "cairn finetune --model pre --train train.tsv --task sst2 --max-steps 1500 "
           "--eval-every 0 --threads 1 --log log.jsonl " +
           more;
  };
  // Ends with a checkpoint after some steps, and the exit code of that.
  const auto interrupt = [&](const std::string& out) {
    sh("rm -f log.jsonl\n" + run("--out " + out).replace(0, 5, "\"$program\"") +
       " & child=$!\n"
       "i=0; while ! [ -s log.jsonl ] && [ $((i += 1)) -lt 3000 ]; do sleep 0.01; done\n"
       "kill $child; wait $child");
  };
  follow({
      {"the same command with --resume continues from there", [&] { interrupt("stopped"); },
       [&] {
         sh(run("--out stopped --resume") + " && " + run("--out whole"));
         CHECK(read_file(sh / "stopped/model.safetensors") ==
               read_file(sh / "whole/model.safetensors"));
       }},
      {"resume with the same settings, or start again, without --resume and with "
       "--overwrite",
       [&] {
         CHECK(error_of([&] { interrupt("changed"); }) != "");
         sh("cp -r changed anew");
         sh(run("--lr 0.01 --resume --out changed"));
       },
       [&] {
         sh(run("--resume --out changed"));
         sh(run("--lr 0.01 --max-steps 2 --overwrite --out anew"));
       }},
      {"the run has finished, or was stopped before its first checkpoint: start again, without "
       "--resume and with --overwrite",
       [&] {
         CHECK(error_of([&] { sh(run("--resume --out never")); }) != "");
         sh(run("--resume --out tuned"));
       },
       [&] {
         sh(run("--max-steps 2 --overwrite --out never"));
         sh(run("--max-steps 2 --overwrite --out tuned"));
       }},
      {"start again, without --resume and with --overwrite",
       [&] {
         CHECK(error_of([&] { interrupt("damaged"); }) != "");
         std::string bytes = read_file(sh / "damaged/checkpoint.safetensors");
         bytes[bytes.size() - 3] ^= 4;
         sh.write("damaged/checkpoint.safetensors", bytes);
         sh(run("--resume --out damaged"));
       },
       [&] { sh(run("--max-steps 2 --overwrite --out damaged")); }},
  });
}

TEST_CASE("hints: followed, those of files") {
  const TempFolder folder;
  const auto write = [&](const std::string& name, const std::string& text) {
    write_file_atomically(folder / name, text);
  };
  write("text", "a\n");
  const std::vector<float> numbers{1, 2};
  const std::vector<TensorView> tensors{tensor_view("x", {2}, numbers.data())};
  const std::vector<TensorView> two{tensors[0], tensor_view("y", {2}, numbers.data())};
  fs::create_directory(folder / "model");
  write_model_files(folder / "model", tensors, 1 << 20);
  const std::string good = read_file(folder / "model/model.safetensors");
  write("good", good);
  follow({
      {"check the path", [&] { read_file(folder / "txt"); }, [&] { read_file(folder / "text"); }},
      {"name a file inside it", [&] { read_file(folder / "model"); },
       [&] { read_file(folder / "model/model.safetensors"); }},
      {"a part of the path is a file, not a folder", [&] { read_file(folder / "text/text"); },
       [&] { read_file(folder / "text"); }},
      {"copy it to a file first", [&] { const MappedFile file("/dev/zero"); },
       [&] { const MappedFile file(folder / "text"); }},
      {"name a folder with config.json and model.safetensors",
       [&] { const ModelFiles c(folder / "text"); }, [&] { const ModelFiles c(folder / "model"); }},
      {"is this the right file?", [&] { read_file(folder / "good", 10); },
       [&] { read_file(folder / "text", 10); }},
      {"JSON has no NaN and no infinity", [] { to_text(Json(NAN)); }, [] { to_text(Json(1.5)); }},
      {"remove it by hand, or it may be loaded instead of the new ones",
       [&] {
         fs::create_directories(folder / "model/model-00001-of-00002.safetensors/x");
         write_model_files(folder / "model", tensors, 1 << 20);
       },
       [&] {
         fs::remove_all(folder / "model/model-00001-of-00002.safetensors");
         write_model_files(folder / "model", tensors, 1 << 20);
         CHECK(ModelFiles(folder / "model").tensors().size() == 1);
       }},
      {"fetch or save the folder again",
       [&] {
         fs::create_directory(folder / "shards");
         write_model_files(folder / "shards", two, 8);
         fs::remove(folder / "shards/model-00002-of-00002.safetensors");
         const ModelFiles c(folder / "shards");
       },
       [&] {
         write_model_files(folder / "shards", two, 8);
         CHECK(ModelFiles(folder / "shards").tensors().size() == 2);
       }},
      {"mixed files of two saves? fetch or save the folder again",
       [&] {
         fs::copy(folder / "shards/model-00001-of-00002.safetensors",
                  folder / "shards/model-00002-of-00002.safetensors",
                  fs::copy_options::overwrite_existing);
         const ModelFiles c(folder / "shards");
       },
       [&] {
         write_model_files(folder / "shards", two, 8);
         CHECK(ModelFiles(folder / "shards").tensors().size() == 2);
       }},
      {"is it a safetensors file?",
       [&] {
         write("other", std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F") + good.substr(8));
         const SafeTensors file(folder / "other");
       },
       [&] { const SafeTensors file(folder / "good"); }},
      {"is it a safetensors file?",
       [&] {
         write("other", good.substr(0, 8) + "[" + good.substr(9));
         const SafeTensors file(folder / "other");
       },
       [&] { const SafeTensors file(folder / "good"); }},
      {"fetch or save it again",
       [&] {
         write("damaged", good.substr(0, good.size() - 1));
         const SafeTensors file(folder / "damaged");
       },
       [&] { const SafeTensors file(folder / "good"); }},
  });
}

TEST_CASE("hints: followed, those of texts") {
  const TempFolder folder;
  const auto write = [&](const std::string& text) {
    write_file_atomically(folder / "file", text);
    return folder / "file";
  };
  const auto tsv = [&](const std::string& text) { read_tsv(write(text), 2); };
  const auto shell = [](const std::string& command) { CHECK(std::system(command.c_str()) == 0); };
  const std::vector<std::string> tokens{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b"};
  const BertTokenizer tokenizer(tokens);
  const auto pairs = [&](const std::string& text, int64_t longest) {
    Random random(1);
    sentence_pairs(passages_of(read_documents(write(text)), tokenizer, longest), random);
  };
  const std::vector<Encoding> two{tokenizer.encode("a"), tokenizer.encode("b")};
  follow({
      {"is this a table with one row per line?",
       [&] { tsv("sentence\tlabel\n" + std::string(17 << 20, 'a') + "\t1\n"); },
       [&] { tsv("sentence\tlabel\na\t1\n"); }},
      {"convert it, e.g. with tr '\\r' '\\n' <OLD >NEW", [&] { tsv("sentence\tlabel\ra\t1\r"); },
       [&] {
         shell("tr '\\r' '\\n' <" + folder / "file" + " >" + folder / "new");
         CHECK(read_tsv(folder / "new", 2).size() == 1);
       }},
      {"convert it: iconv -f UTF-16 -t UTF-8",
       [&] {
         write("sentence\tlabel\na\t1\n");
         shell("iconv -f UTF-8 -t UTF-16 " + folder / "file" + " >" + folder / "wide");
         read_tsv(folder / "wide", 2);
       },
       [&] {
         shell("iconv -f UTF-16 -t UTF-8 " + folder / "wide" + " >" + folder / "new");
         CHECK(read_tsv(folder / "new", 2).size() == 1);
       }},
      {"remove the line", [&] { tsv("sentence\tlabel\na\t1\n\nb\t0\n"); },
       [&] { tsv("sentence\tlabel\na\t1\nb\t0\n"); }},
      {"it must be at least 1",
       [] {
         batches_of({0, 1}, 0);
       },
       [] {
         batches_of({0, 1}, 1);
       }},
      {"there are 2 examples, counted from 0", [&] { make_batch(two, {}, {2}); },
       [&] { make_batch(two, {}, {1}); }},
      {"indices are 0 to 2, one per line", [&] { read_order(write("3\n"), 3); },
       [&] { read_order(write("2\n0\n"), 3); }},
      {"it needs one index per line", [&] { read_order(write(""), 3); },
       [&] { read_order(write("1\n"), 3); }},
      {"the first line names the columns, separated by a tab", [&] { tsv("text,label\na,1\n"); },
       [&] { tsv("sentence\tlabel\na\t1\n"); }},
      {"labels are 0 to 1", [&] { tsv("sentence\tlabel\na\tyes\n"); },
       [&] { tsv("sentence\tlabel\na\t1\n"); }},
      {"it needs a header line, then one row per line", [&] { tsv(""); },
       [&] { tsv("sentence\tlabel\na\t1\n"); }},
      {"columns are separated by one tab, without quoting",
       [&] { tsv("sentence\tlabel\n\"a\tb\"\t1\n"); }, [&] { tsv("sentence\tlabel\na b\t1\n"); }},
      {"separate at least two with a blank line", [&] { pairs("a\nb\n", 8); },
       [&] { pairs("a\nb\n\na\nb\n", 8); }},
      {"write one sentence per line, or give a larger --max-length",
       [&] { pairs("a b\n\na b\n", 2); },
       [&] {
         pairs("a\nb\n\na\nb\n", 2);
         pairs("a b\na b\n\na b\na b\n", 4);
       }},
      {"write one sentence per line, and a blank line between documents", [&] { pairs("\n", 8); },
       [&] { pairs("a\nb\n\na\nb\n", 8); }},
      {"the five special tokens need places, and the characters too",
       [] { train_wordpiece("a b", {.size = 5}); }, [] { train_wordpiece("a b", {.size = 7}); }},
      {"it needs one token per line", [&] { BertTokenizer::from_vocab(write("")); },
       [&] { BertTokenizer::from_vocab(write("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n")); }},
      {"BERT needs all of [PAD] [UNK] [CLS] [SEP] [MASK]",
       [&] { BertTokenizer::from_vocab(write("a\n")); },
       [&] { BertTokenizer::from_vocab(write("a\n[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n")); }},
      {"it has the ids 0 to 6", [&] { tokenizer.token(7); }, [&] { tokenizer.token(6); }},
      {"[CLS] and [SEP] alone take 2", [&] { tokenizer.encode("a", 1); },
       [&] { tokenizer.encode("a", 2); }},
      {"iconv -f LATIN1 -t UTF-8", [&] { tsv("sentence\tlabel\ntr\xE8s\t1\n"); },
       [&] {
         shell("iconv -f LATIN1 -t UTF-8 " + folder / "file" + " >" + folder / "new");
         CHECK(read_tsv(folder / "new", 2)[0].text == "très");
       }},
      {"a BERT folder has vocab.txt", [&] { BertTokenizer::from_pretrained(folder.path()); },
       [&] {
         tokenizer.save_pretrained(folder.path());
         BertTokenizer::from_pretrained(folder.path());
       }},
  });
}
