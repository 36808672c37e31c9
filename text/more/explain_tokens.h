#pragma once
// How a text becomes tokens, stage by stage, for people to read: `cairn tokenize --explain`.
#include <cstdint>
#include <string>
#include <string_view>

#include "text/bert_tokenizer.h"

namespace cairn {

// A line for each stage of the tokenizer: its name, and the text as it is after it. Where the text
// is in parts by then, | stands between them; marks, controls and unusual spaces are shown as
// <U+0301>, at the end of a line also the usual ones. The last two lines are the tokens and ids of
// encode(text, max_length). Error as encode.
std::string explain_tokens(const BertTokenizer& tokenizer, std::string_view text,
                           int64_t max_length = BertTokenizer::no_limit);

}  // namespace cairn
