// build/cairn COMMAND ...: picks the subcommand and turns exceptions into messages and exit codes.
//
//   0  done        1  the data are at fault        2  wrong usage        130  interrupted
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "core/error.h"
#include "core/nearest_name.h"
#include "tools/cairn/commands.h"
#include "tools/cairn/standard_streams.h"

namespace cairn { namespace {

struct Command {
  const char* name;
  int (*run)(const Arguments& arguments);
  const char* summary;
};

const Command commands[] = {
    {"demo", run_demo, "the whole pipeline on a small corpus, in two minutes"},
    {"finetune", run_finetune, "trains a pretrained model on a labelled data set"},
    {"eval", run_eval, "measures a fine-tuned model on a labelled data set"},
    {"predict", run_predict, "labels each line of stdin"},
    {"embed", run_embed, "turns each line of stdin into a vector"},
    {"tokenize", run_tokenize, "shows the tokens of each line of stdin"},
    {"inspect", run_inspect, "lists a model's tensors and what it costs"},
    {"vocab", run_vocab, "makes a vocabulary from text"},
    {"pretrain", run_pretrain, "trains a new model on plain text"},
    {"doctor", run_doctor, "reports what this machine can do and what is missing"},
};

std::string help() {
  std::string text =
      "usage: cairn COMMAND [options]\n\n"
      "Trains, measures and applies BERT models. Folders are read and written in the\n"
      "layout of Hugging Face: config.json, model.safetensors, vocab.txt.\n\n";
  for (const Command& command : commands) {
    std::string name = command.name;
    name.resize(12, ' ');
    text += "  " + name + command.summary + "\n";
  }
  return text +
         "\ncairn COMMAND --help explains a command; cairn --version prints the version.\n"
         "Data goes to stdout, progress and messages to stderr. Exit code: 0 done, 1 bad\n"
         "data, 2 wrong usage, 130 interrupted. CAIRN_ISA=reference, avx2, avx512 or neon\n"
         "chooses the instruction set; by default it is the CPU's best.\n";
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty()) throw UsageError("no command was given\n\n" + help());
  const std::string& name = arguments[0];
  if (name == "--help" || name == "-h" || name == "help") return write_output(help()), 0;
  if (name == "--version") return write_output("cairn " CAIRN_VERSION "\n"), 0;
  std::vector<std::string> names;
  for (const Command& command : commands) {
    if (name == command.name) return command.run({arguments.begin() + 1, arguments.end()});
    names.push_back(command.name);
  }
  const std::string nearest = nearest_name(name, names, 2);
  throw UsageError("there is no command \"" + name + "\"" +
                   (nearest.empty() ? "" : "; did you mean " + nearest + "?") +
                   "\n  hint: cairn --help lists the commands");
}

int run(const Arguments& arguments) {
  try {
    const int code = dispatch(arguments);
    flush_output();
    return code;
  } catch (const UsageError& error) {
    note(error.what());
    return 2;
  } catch (const OutputClosed&) {
    return 1;
  } catch (const Error& error) {
    note(error.what());
  } catch (const std::bad_alloc&) {
    note("[memory] not enough memory\n  hint: give a smaller --batch-size or --max-length");
  } catch (const std::exception& error) {
    note(error.what());
  }
  return 1;
}

}}  // namespace cairn

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of write(), handled there
  std::signal(SIGXFSZ, SIG_IGN);  // so is a file larger than ulimit -f
  return cairn::run({argv + 1, argv + argc});
}
