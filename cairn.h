#pragma once
// All of Cairn's public headers at once, for programs that would rather not choose:
//
//   #include "cairn.h"
//   using namespace cairn;
//
// Headers not listed here are internal and are not installed.

// core: tensors, their history, the operations.
#include "core/activation_checkpoint.h"
#include "core/anomaly.h"
#include "core/autograd.h"
#include "core/check.h"
#include "core/data_loader.h"
#include "core/error.h"
#include "core/explain.h"
#include "core/graph.h"
#include "core/hook.h"
#include "core/ids.h"
#include "core/jacobian.h"
#include "core/named_tensor.h"
#include "core/nearest_name.h"
#include "core/node.h"
#include "core/observer.h"
#include "core/op_info.h"
#include "core/operators.h"
#include "core/ops.h"
#include "core/order.h"
#include "core/parallel.h"
#include "core/print.h"
#include "core/random.h"
#include "core/real.h"
#include "core/rows.h"
#include "core/shape.h"
#include "core/storage.h"
#include "core/tensor.h"
#include "core/unnamed_leaves.h"
#include "core/where.h"

// core/ops: operations beyond those of core/ops.h.
#include "core/ops/ids.h"
#include "core/ops/indexing.h"
#include "core/ops/losses.h"
#include "core/ops/pointwise.h"
#include "core/ops/reductions.h"
#include "core/ops/shapes.h"

// core/io: files, JSON, safetensors.
#include "core/io/checkpoint.h"
#include "core/io/crc32.h"
#include "core/io/dtype.h"
#include "core/io/file_kind.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "core/io/safetensors.h"
#include "core/io/tensor_file.h"
#include "core/io/utf8.h"

// core/kernels: the table of the innermost loops.
#include "core/kernels/cpu.h"
#include "core/kernels/kernels.h"
#include "core/kernels/peak.h"

// nn: modules and layers.
#include "nn/activation.h"
#include "nn/attention.h"
#include "nn/init.h"
#include "nn/initializers.h"
#include "nn/layers.h"
#include "nn/module.h"
#include "nn/positions.h"
#include "nn/print.h"
#include "nn/sequences.h"
#include "nn/sequential.h"
#include "nn/transformer.h"

// optim: optimisers, schedules, clipping.
#include "optim/adadelta.h"
#include "optim/adafactor.h"
#include "optim/adagrad.h"
#include "optim/adam.h"
#include "optim/adamax.h"
#include "optim/adamw.h"
#include "optim/clip.h"
#include "optim/clip_gradients.h"
#include "optim/ema.h"
#include "optim/nadam.h"
#include "optim/optimizer.h"
#include "optim/plateau.h"
#include "optim/radam.h"
#include "optim/rmsprop.h"
#include "optim/schedule.h"
#include "optim/sgd.h"

// text: tokenizers, data sets, batches.
#include "text/added_tokens.h"
#include "text/batches.h"
#include "text/bert_tokenizer.h"
#include "text/bert_words.h"
#include "text/masked_lm.h"
#include "text/tokenizer_added.h"
#include "text/tokenizer_folder.h"
#include "text/tokenizer_json.h"
#include "text/tokenizer_pipeline.h"
#include "text/tsv.h"
#include "text/unicode.h"
#include "text/wordpiece.h"
#include "text/wordpiece_trainer.h"

// models: BERT and its heads, from and to Hugging Face folders.
#include "models/bert/bert.h"
#include "models/bert/config.h"
#include "models/bert/config_fields.h"
#include "models/bert/heads.h"
#include "models/bert/load.h"
#include "models/bert/sentence.h"

// train: the training loop, metrics, checkpoints, reports. In float only.
#ifndef CAIRN_DOUBLE
#include "train/bag_of_words.h"
#include "train/checkpoint.h"
#include "train/interrupt.h"
#include "train/metrics.h"
#include "train/pretrain.h"
#include "train/progress.h"
#include "train/report.h"
#include "train/run.h"
#include "train/task.h"
#include "train/trace.h"
#include "train/trainer.h"
#endif
