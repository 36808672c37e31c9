#include "tutorials/04_real_checkpoint/figures.h"

#include <cmath>
#include <utility>
#include <vector>

#include "core/io/files.h"
#include "tutorials/04_real_checkpoint/file.h"
#include "tutorials/04_real_checkpoint/parts.h"
#include "tutorials/figure.h"

namespace {

void draw_file(const std::string& folder) {
  const std::string bytes = cairn::read_file(checkpoint + "/model.safetensors");
  const double n = static_cast<double>(header_length(bytes)),
               all = static_cast<double>(bytes.size());
  figure::Figure f(190, "model.safetensors, from its first byte");
  const double left = 14, top = 58, height = 44;
  f.box(left, top, 52, height, figure::orange, 0.4);
  f.box(left + 52, top, 128, height, figure::blue, 0.3);
  f.box(left + 180, top, 150, height, figure::green, 0.3);
  f.text(left + 26, top + 27, "n", figure::ink, "middle", "bold");
  f.text(left + 116, top + 27, "JSON", figure::ink, "middle", "bold");
  f.text(left + 255, top + 27, "numbers", figure::ink, "middle", "bold");
  f.text(left, top - 8, "0");
  f.text(left + 52, top - 8, "8");
  f.text(left + 180, top - 8, "8 + n = " + figure::number(8 + n, 0));
  f.text(left + 330, top + height + 18, figure::number(all, 0), figure::ink, "end");
  f.text(left, top + height + 40, "8 bytes: n = " + figure::number(n, 0) + ", lowest byte first");
  f.text(left, top + height + 58, "n bytes: name, type, shape, data_offsets of each");
  f.text(left, top + height + 76, "the rest: data_offsets count from 8 + n");
  f.write(folder, "file");
}

void draw_bisect(const std::string& folder) {
  const PlainBert plain(checkpoint);
  const Sentence s = stored_sentences().back();
  figure::Figure f(250, "Where a wrong line is first seen");
  f.axes({"hidden state", -0.2, 2.2, {{0, "embeddings"}, {1, "layer 0"}, {2, "layer 1"}}},
         {"difference", -7, 1, {{-6, "1e-6"}, {-4, "1e-4"}, {-2, "0.01"}, {0, "1"}}});
  const std::pair<size_t, std::pair<figure::Colour, const char*>> curves[] = {
      {1, {figure::blue, "types"}}, {6, {figure::orange, "GELU"}}, {4, {figure::green, "query"}}};
  for (const auto& [index, how] : curves) {
    const std::vector<Tensor> got = plain(s.ids, s.types, variants[index].wrong);
    std::vector<std::pair<double, double>> points;
    for (size_t i = 0; i < got.size(); ++i) {
      const double error = std::fmax(1e-6, largest_difference(got[i], s.stored[i]));
      points.emplace_back(static_cast<double>(i), std::log10(error));
    }
    f.curve(points, how.first, how.second);
  }
  f.write(folder, "bisect");
}

}  // namespace

void draw_figures(const std::string& folder) {
  draw_file(folder);
  draw_bisect(folder);
}
