#pragma once
// The added tokens that a tokenizer's files name, each once, in the order in which Transformers
// adds them: those that have an id in a file (tokenizer.json's "added_tokens",
// tokenizer_config.json's "added_tokens_decoder", added_tokens.json), then special ones such as
// [CLS], then "extra_special_tokens".
#include <vector>

#include "text/tokenizer_folder.h"

namespace cairn {

// `settings` is tokenizer_config.json with special_tokens_map.json, `whole` tokenizer.json or null.
// Of `parts` the options and the files are read. Error, with file and line, where two places
// contradict one another.
std::vector<DeclaredToken> collect_added_tokens(const Json& settings, const Json& whole,
                                                const TokenizerParts& parts);

// Is this a setting such as "cls_token": "[CLS]"?
bool names_a_token(const Json& setting);

}  // namespace cairn
