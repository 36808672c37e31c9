#pragma once
// The figures of the chapter, which `PROGRAM --figures DIR` draws.
#include <string>

void draw_figures(const std::string& folder);
