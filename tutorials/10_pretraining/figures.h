#pragma once
#include <string>

void draw_figures(const std::string& folder);
