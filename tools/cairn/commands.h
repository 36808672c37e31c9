#pragma once
// The subcommands of `cairn`, one file each. Each is a function that takes the arguments after its
// name and returns the exit code: 0, or 1 if the data are bad and that was no exception. (An Error
// is exit code 1, a UsageError 2; a training that Ctrl-C interrupted returns 130.)
#include "tools/cairn/options.h"

namespace cairn {

int run_finetune(const Arguments& arguments);
int run_eval(const Arguments& arguments);
int run_predict(const Arguments& arguments);
int run_embed(const Arguments& arguments);
int run_tokenize(const Arguments& arguments);
int run_inspect(const Arguments& arguments);
int run_vocab(const Arguments& arguments);
int run_pretrain(const Arguments& arguments);
int run_doctor(const Arguments& arguments);
int run_demo(const Arguments& arguments);

}  // namespace cairn
