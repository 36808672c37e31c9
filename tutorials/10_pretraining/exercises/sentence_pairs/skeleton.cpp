// Pairs of sentences, in the place of the library's; task.md in
// tutorials/10_pretraining/exercises/sentence_pairs says what is asked.
#include <cstdint>
#include <string>
#include <vector>

#include "core/error.h"
#include "text/more/masked_lm.h"

namespace cairn {

// One pair for each passage of two or more sentences: {first, second, label}. Label 0: second is
// the rest of the passage; 1: it is the end of a passage of another document.
std::vector<SentencePair> sentence_pairs(const std::vector<Passage>& passages, Random& random) {
  // TODO
  (void)passages, (void)random;
  return {};
}

}  // namespace cairn
