// Other ways to write it, as good.
#include <algorithm>
#include <iterator>

#include "tutorials/10_pretraining/exercises/collate/collate.h"

namespace alternatives {
namespace {

int64_t longest_of(const std::vector<Encoding>& texts) {
  int64_t T = 0;
  for (const Encoding& text : texts) T = std::max(T, static_cast<int64_t>(text.ids.size()));
  return T;
}

// Row by row: a text is appended, and then what is missing.
PaddedBatch appended(const std::vector<Encoding>& texts, int32_t pad) {
  const int64_t B = static_cast<int64_t>(texts.size()), T = longest_of(texts);
  std::vector<int32_t> ids, types, mask;
  for (const Encoding& text : texts) {
    const size_t end = ids.size() + static_cast<size_t>(T);
    ids.insert(ids.end(), text.ids.begin(), text.ids.end());
    types.insert(types.end(), text.token_types.begin(), text.token_types.end());
    mask.insert(mask.end(), text.ids.size(), 1);
    ids.resize(end, pad), types.resize(end), mask.resize(end);
  }
  return {Ids({B, T}, ids), Ids({B, T}, types), Ids({B, T}, mask)};
}

// Cell by cell, from the last.
PaddedBatch by_cells(const std::vector<Encoding>& texts, int32_t pad) {
  const int64_t B = static_cast<int64_t>(texts.size()), T = longest_of(texts);
  std::vector<int32_t> parts[3];
  for (std::vector<int32_t>& part : parts) part.resize(static_cast<size_t>(B * T));
  for (int64_t cell = B * T; cell-- > 0;) {
    const Encoding& text = texts[static_cast<size_t>(cell / T)];
    const auto t = static_cast<size_t>(cell % T), at = static_cast<size_t>(cell);
    const bool token = t < text.ids.size();
    parts[0][at] = token ? text.ids[t] : pad;
    parts[1][at] = token ? text.token_types[t] : 0;
    parts[2][at] = token;
  }
  return {Ids({B, T}, parts[0]), Ids({B, T}, parts[1]), Ids({B, T}, parts[2])};
}

// A copy of each text is padded by itself.
PaddedBatch by_copies(const std::vector<Encoding>& texts, int32_t pad) {
  std::vector<Encoding> copies = texts;
  const auto T = static_cast<size_t>(longest_of(texts));
  std::vector<int32_t> ids, types, mask;
  for (Encoding& text : copies) {
    std::vector<int32_t> tokens(text.ids.size(), 1);
    tokens.resize(T, 0), text.ids.resize(T, pad), text.token_types.resize(T, 0);
    std::copy(tokens.begin(), tokens.end(), std::back_inserter(mask));
    std::copy(text.ids.begin(), text.ids.end(), std::back_inserter(ids));
    std::copy(text.token_types.begin(), text.token_types.end(), std::back_inserter(types));
  }
  const cairn::Shape shape{static_cast<int64_t>(copies.size()), static_cast<int64_t>(T)};
  return {Ids(shape, ids), Ids(shape, types), Ids(shape, mask)};
}

}  // namespace

const std::vector<check::Alternative<Collate>> list = {
    {"appended row by row", appended},
    {"cell by cell, from the last", by_cells},
    {"a copy of each text", by_copies},
};

}  // namespace alternatives
