#pragma once
// The figures of the chapter, each FOLDER/NAME.svg.
#include <string>

void draw_figures(const std::string& folder);
