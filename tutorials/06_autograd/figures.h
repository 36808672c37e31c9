#pragma once
// The figures of the chapter.
#include <string>

void draw_figures(const std::string& folder);
