#pragma once
// All operations on tensors: those that BERT needs (core/ops/ops.h), and the others, by topic.
#include "core/ops/more/compare.h"
#include "core/ops/more/ids.h"
#include "core/ops/more/indexing.h"
#include "core/ops/more/losses.h"
#include "core/ops/more/pointwise.h"
#include "core/ops/more/reductions.h"
#include "core/ops/more/shapes.h"
#include "core/ops/ops.h"
