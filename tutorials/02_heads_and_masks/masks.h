#pragma once
// The second half of the chapter, which prints what padding and masks do.
#include "tutorials/02_heads_and_masks/parts.h"

void masks(const Weights& w);
