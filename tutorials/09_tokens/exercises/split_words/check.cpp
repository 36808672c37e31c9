// Texts and their words, written out, for the options of BERT and for others.
#include <string>

#include "tutorials/09_tokens/exercises/split_words/split_words.h"

using cairn::BertWordOptions;
using cairn::Words;

namespace {

// The words with | between them, or what is wrong with the ends.
std::string text_of(const Words& words) {
  std::string text;
  size_t begin = 0;
  for (const size_t end : words.ends) {
    if (end < begin || end > words.bytes.size())
      return "an end that is none: " + std::to_string(end);
    text += (text.empty() ? "" : "|") + words.bytes.substr(begin, end - begin);
    if (end == begin) text += "(empty)";
    begin = end;
  }
  return begin == words.bytes.size() ? text : text + "|(bytes without an end)";
}

void check_split_words(SplitWords* split_words, check::Judge& judge) {
  const BertWordOptions bert, cased{.lower_case = false, .strip_accents = false},
      lower{.strip_accents = false}, strip{.lower_case = false}, no_chinese{.space_chinese = false};
  const auto run = [&](const std::string& what, const std::string& text,
                       const std::string& expected, const BertWordOptions& options) {
    judge.input(what);
    Words words;
    const std::vector<char> exact(text.begin(), text.end());  // nothing may be read behind it
    split_words({exact.data(), exact.size()}, options, words);
    judge.equal(what, text_of(words), expected);
  };
  run("two words", "the film", "the|film", bert);
  run("the same once more", "the film", "the|film", bert);
  run("capitals", "The FILM", "the|film", bert);
  run("a full stop", "the film.", "the|film|.", bert);
  run("an apostrophe and two marks", "don't go!!", "don|'|t|go|!|!", bert);
  run("punctuation alone", "...", ".|.|.", bert);
  run("more spaces than one, at both ends too", "  the   film ", "the|film", bert);
  run("tab, newline and no-break space", "a\tb\nc\u00a0d\r\ne", "a|b|c|d|e", bert);
  run("an ideographic space and a line separator", "a\u3000b\u2028c", "a|b|c", bert);
  run("a control character within a word", "fi\x07lm", "film", bert);
  run("soft hyphen, zero-width space, byte order mark", "\ufeffun\u00adfor\u200bgettable",
      "unforgettable", bert);
  run("a character that is 0 within", std::string("b\0c d", 5), "bc|d", bert);
  run("the replacement character", "fi\ufffdlm", "film", bert);
  run("nothing but characters that are removed", "\u200b\u00ad", "", bert);
  run("an accent, as one character", "Café", "cafe", bert);
  run("an accent, as two characters", "Cafe\u0301", "cafe", bert);
  run("two accents on one letter", "Việt a\u0323\u0302b", "viet|ab", bert);
  run("capitals with accents", "ÜBER ÉTÉ", "uber|ete", bert);
  run("letters without accents", "Straße Łódź øre", "straße|łodz|øre", bert);
  run("Greek and Cyrillic", "ΣΊΣΥΦΟΣ Йод", "σισυφοσ|иод", bert);
  run("a Turkish I", "İstanbul", "istanbul", bert);
  run("a Turkish I that keeps its dot", "İ", "i\u0307", lower);
  run("a Korean syllable", "\ud55c", "\u1112\u1161\u11ab", bert);
  run("ideographs", "a中文b", "a|中|文|b", bert);
  run("Japanese, of which only ideographs stand apart", "日本ひらカナ", "日|本|ひらカナ", bert);
  run("ASCII symbols, which count as punctuation", "a+b=c $5 ^`~|<>", "a|+|b|=|c|$|5|^|`|~|||<|>",
      bert);
  run("punctuation beyond ASCII", "«a»—b… c。", "«|a|»|—|b|…|c|。", bert);
  run("symbols beyond ASCII, which do not", "5€ a×b", "5€|a×b", bert);
  run("an emoji", "so 😀!", "so|😀|!", bert);
  run("a Greek question mark, which decomposes", "a\u037eb", "a|;|b", bert);
  run("an empty text", "", "", bert);
  run("one letter", "A", "a", bert);
  run("capitals and accents kept", "Café ÉTÉ", "Café|ÉTÉ", cased);
  run("accents kept, in lower case", "Café ÉTÉ", "café|été", lower);
  run("a mark kept, in lower case", "E\u0301", "e\u0301", lower);
  run("capitals kept, accents stripped", "Café ÉTÉ", "Cafe|ETE", strip);
  run("ideographs together", "a中文b", "a中文b", no_chinese);
  run("ideographs apart, nothing else changed", "Ä中", "Ä|中", cased);

  const auto append = [&](const std::string& what, const std::vector<std::string>& texts,
                          const std::string& expected) {
    judge.input(what);
    Words words{"once", {4}};
    for (const std::string& text : texts) split_words(text, bert, words);
    judge.equal(what, text_of(words), expected);
  };
  append("words after other words", {"Upon a", "time."}, "once|upon|a|time|.");
  append("an empty text after other words", {""}, "once");
  append("a space after other words", {" a"}, "once|a");
  append("a full stop after other words", {".", "  b"}, "once|.|b");
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<SplitWords>({.name = "split_words",
                                 .check = check_split_words,
                                 .mine = cairn::split_words,
                                 .mistaken = mistakes::split_words,
                                 .mistakes = mistakes::list,
                                 .alternatives = alternatives::list},
                                argc, argv);
}
