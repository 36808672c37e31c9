// Normalising and splitting in one pass over the text.
#include "text/bert_words.h"

#include <algorithm>
#include <array>

#include "text/unicode.h"

namespace cairn {
namespace {

struct Ascii {
  std::array<uint8_t, 128> flags;
  std::array<bool, 256> word;  // part of a word, and unchanged except by lower-casing
};

Ascii make_ascii() {
  Ascii ascii{};
  for (size_t c = 0; c < 128; ++c) {
    ascii.flags[c] = unicode_flags()[c];
    ascii.word[c] = !(ascii.flags[c] & (unicode_removed | unicode_space | unicode_punctuation));
  }
  return ascii;
}

// One pass over a text. Characters with a combining class wait in `marks_`: they must be sorted
// once the next character without one shows that their sequence is over.
class WordSplitter {
 public:
  WordSplitter(const BertWordOptions& options, Words& words)
      : options_(options), words_(words), flags_(unicode_flags()) {
    words_.ends.reserve(words_.ends.size() + 32);
  }

  void run(std::string_view text) {
    static const Ascii ascii = make_ascii();
    const char* p = text.data();
    const char* const end = p + text.size();
    while (p != end) {
      const auto byte = static_cast<unsigned char>(*p);
      if (ascii.word[byte]) {
        const char* const begin = p;
        while (p != end && ascii.word[static_cast<unsigned char>(*p)]) ++p;
        add_ascii(begin, p);
      } else if (byte < 0x80) {
        add_separator(*p++, ascii.flags[byte]);
      } else {
        add(next_code_point(p));
      }
    }
    flush_marks();
    end_word();
  }

 private:
  void add_ascii(const char* begin, const char* end) {
    flush_marks();
    const size_t old = words_.bytes.size();
    words_.bytes.append(begin, end);
    if (options_.lower_case)
      for (size_t i = old; i < words_.bytes.size(); ++i) {
        const char c = words_.bytes[i];
        words_.bytes[i] = static_cast<char>(c + ('A' <= c && c <= 'Z' ? 'a' - 'A' : 0));
      }
  }

  // An ASCII character that is not part of a word.
  void add_separator(char c, uint8_t flags) {
    if (flags & unicode_removed) return;
    flush_marks();
    end_word();
    if (flags & unicode_punctuation) {
      words_.bytes.push_back(c);
      end_word();
    }
  }

  void add(char32_t c) {
    const uint8_t flags = flags_[c];
    if (flags & unicode_removed) return;
    if (flags & unicode_space) {
      flush_marks();
      end_word();
    } else if (flags & unicode_chinese && options_.space_chinese) {
      flush_marks();
      end_word();
      add_decomposed(c, flags);
      flush_marks();
      end_word();
    } else {
      add_decomposed(c, flags);
    }
  }

  void add_decomposed(char32_t c, uint8_t flags) {
    if (!options_.strip_accents || !(flags & (unicode_decomposed | unicode_reordered)))
      return add_ordered(c, flags);
    decomposed_.clear();
    decompose(c, decomposed_);
    for (char32_t d : decomposed_)
      if (flags_[d] & unicode_reordered) marks_.push_back({d, combining_class(d)});
      else add_ordered(d, flags_[d]);
  }

  // A character whose position in the decomposed text is known.
  void add_ordered(char32_t c, uint8_t flags) {
    flush_marks();
    finish(c, flags);
  }

  void flush_marks() {
    if (marks_.empty()) return;
    std::stable_sort(marks_.begin(), marks_.end(),
                     [](const Mark& a, const Mark& b) { return a.order < b.order; });
    for (const Mark& mark : marks_) finish(mark.c, flags_[mark.c]);
    marks_.clear();
  }

  void finish(char32_t c, uint8_t flags) {
    if (options_.strip_accents && flags & unicode_mark) return;
    if (!options_.lower_case || !(flags & unicode_capital)) return emit(c, flags);
    const CodePair lower = lower_case(c);
    emit(lower.first, flags_[lower.first]);
    if (lower.second) emit(lower.second, flags_[lower.second]);
  }

  void emit(char32_t c, uint8_t flags) {
    if (flags & unicode_punctuation) end_word();
    append_utf8(words_.bytes, c);
    if (flags & unicode_punctuation) end_word();
  }

  void end_word() {
    const size_t begin = words_.ends.empty() ? 0 : words_.ends.back();
    if (words_.bytes.size() > begin) words_.ends.push_back(words_.bytes.size());
  }

  struct Mark {
    char32_t c;
    uint8_t order;
  };

  const BertWordOptions options_;
  Words& words_;
  const std::vector<uint8_t>& flags_;
  std::vector<Mark> marks_;
  std::u32string decomposed_;
};

}  // namespace

void split_words(std::string_view text, const BertWordOptions& options, Words& words) {
  WordSplitter(options, words).run(text);
}

}  // namespace cairn
