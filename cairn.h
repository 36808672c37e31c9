#pragma once
// All of Cairn's public headers at once, for programs that would rather not choose:
//
//   #include "cairn.h"
//   using namespace cairn;
//
// Headers not listed here are internal and are not installed.

// core: tensors, their history, the operations.
#include "core/autograd/autograd.h"
#include "core/autograd/grad_mode.h"
#include "core/autograd/more/activation_checkpoint.h"
#include "core/autograd/more/anomaly.h"
#include "core/autograd/more/gradcheck.h"
#include "core/autograd/more/hook.h"
#include "core/autograd/more/jacobian.h"
#include "core/autograd/node.h"
#include "core/autograd/observer.h"
#include "core/autograd/unnamed_leaves.h"
#include "core/check.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/ids.h"
#include "core/more/data_loader.h"
#include "core/named_tensor.h"
#include "core/nearest_name.h"
#include "core/operators.h"
#include "core/ops.h"
#include "core/order.h"
#include "core/parallel.h"
#include "core/random.h"
#include "core/real.h"
#include "core/rows.h"
#include "core/shape.h"
#include "core/storage.h"
#include "core/tensor.h"
#include "core/where.h"

// core/ops: the operations.
#include "core/ops/losses.h"
#include "core/ops/more/compare.h"
#include "core/ops/more/ids.h"
#include "core/ops/more/indexing.h"
#include "core/ops/more/losses.h"
#include "core/ops/more/pointwise.h"
#include "core/ops/more/reductions.h"
#include "core/ops/more/shapes.h"
#include "core/ops/ops.h"

// core/io: files, JSON, safetensors.
#include "core/io/crc32.h"
#include "core/io/dtype.h"
#include "core/io/file_kind.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "core/io/model_files.h"
#include "core/io/safetensors.h"
#include "core/io/tensor_file.h"
#include "core/io/utf8.h"

// core/kernels: the table of the innermost loops.
#include "core/kernels/choose_kernels.h"
#include "core/kernels/kernels.h"
#include "core/kernels/more/peak.h"

// core/inspect: tensors and graphs as text, a step as a page.
#include "core/inspect/explain.h"
#include "core/inspect/graph.h"
#include "core/inspect/print.h"
#include "core/inspect/trace.h"

// nn: modules and layers.
#include "nn/activation.h"
#include "nn/init.h"
#include "nn/layers.h"
#include "nn/module.h"
#include "nn/more/attention.h"
#include "nn/more/init.h"
#include "nn/more/positions.h"
#include "nn/more/print.h"
#include "nn/more/sequences.h"
#include "nn/more/sequential.h"
#include "nn/more/transformer.h"

// optim: optimisers, schedules, clipping.
#include "optim/adamw.h"
#include "optim/clip.h"
#include "optim/linear_schedule.h"
#include "optim/more/adadelta.h"
#include "optim/more/adafactor.h"
#include "optim/more/adagrad.h"
#include "optim/more/adam.h"
#include "optim/more/adamax.h"
#include "optim/more/clip_in_place.h"
#include "optim/more/ema.h"
#include "optim/more/nadam.h"
#include "optim/more/plateau.h"
#include "optim/more/radam.h"
#include "optim/more/rmsprop.h"
#include "optim/more/schedules.h"
#include "optim/more/sgd.h"
#include "optim/optimizer.h"

// text: tokenizers, data sets, batches.
#include "text/added_tokens.h"
#include "text/batches.h"
#include "text/bert_tokenizer.h"
#include "text/bert_words.h"
#include "text/more/masked_lm.h"
#include "text/more/order_file.h"
#include "text/more/wordpiece_trainer.h"
#include "text/tokenizer_added.h"
#include "text/tokenizer_folder.h"
#include "text/tokenizer_json.h"
#include "text/tokenizer_pipeline.h"
#include "text/tsv.h"
#include "text/unicode.h"
#include "text/wordpiece.h"

// models: BERT and its heads, from and to Hugging Face folders.
#include "models/bert/bert.h"
#include "models/bert/config.h"
#include "models/bert/config_fields.h"
#include "models/bert/heads.h"
#include "models/bert/load.h"
#include "models/bert/more/attention_maps.h"
#include "models/bert/more/heads.h"
#include "models/bert/more/pretraining.h"
#include "models/bert/more/sentence.h"

// train: the training loop, metrics, checkpoints, reports. In float only.
#ifndef CAIRN_DOUBLE
#include "train/checkpoint.h"
#include "train/interrupt.h"
#include "train/metrics.h"
#include "train/more/bag_of_words.h"
#include "train/more/classification_report.h"
#include "train/more/pretrain.h"
#include "train/more/report.h"
#include "train/progress.h"
#include "train/run.h"
#include "train/task.h"
#include "train/trainer.h"
#endif
