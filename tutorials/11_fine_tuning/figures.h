#pragma once
// The longer run and the figures of the chapter.
#include <string>

#include "tutorials/11_fine_tuning/parts.h"

// `PROGRAM --full`: eight learning rates with three seeds each. Its output is kept in full.txt.
void full_run(const Data& data);

// `PROGRAM --figures DIR` draws them, from full.txt.
void draw_figures(const std::string& folder);
