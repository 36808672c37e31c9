#pragma once
// UTF-8: is a text valid, and how is one code point written. Shared by JSON and the text layer.
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn {

// The offset of the first byte that is not part of valid UTF-8, or -1 if all are (RFC 3629:
// overlong forms, surrogates U+D800..U+DFFF, values above U+10FFFF and cut sequences are invalid).
int64_t utf8_error(std::string_view text);

// Appends one code point, which is at most U+10FFFF and not a surrogate, as one to four bytes.
void append_utf8(std::string& text, char32_t point);

// Error at `place` unless the text is UTF-8: "byte N of WHAT is not UTF-8", counted from 0.
void check_utf8(const std::string& place, std::string_view text, const std::string& what);

}  // namespace cairn
