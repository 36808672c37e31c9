#!/usr/bin/env python3
"""Writes text/unicode_tables.h: what BERT's tokenizer must know about each Unicode code point.

    python3 scripts/make_unicode_tables.py            writes the header
    python3 scripts/make_unicode_tables.py --check    compares it with the oracle, code by code
                                                      (pip install tokenizers==0.23.3)

The source is the Unicode data that Python ships (14.0, Python 3.11) plus the exceptions below. The
oracle is the library `tokenizers` 0.23.3: each of its parts was built from another edition of
Unicode (going by what they know, its categories from 8.0, its decompositions from 9.0, its
lower-casing from 17.0), and users' models expect text as it prepares it.
"""
import pathlib
import sys
import unicodedata

HEADER = pathlib.Path(__file__).resolve().parent.parent / "text" / "unicode_tables.h"

# Punctuation in BERT's eyes though Unicode says symbol ($ + < = > ^ ` | ~), or said so later.
ALSO_PUNCTUATION = [0x24, 0x2B, (0x3C, 0x3E), 0x5E, 0x60, 0x7C, 0x7E, 0x166D, 0x111C9]
# Punctuation newer than Unicode 8.0: the oracle takes it for part of a word.
NOT_PUNCTUATION = [
    0x61D, 0x9FD, 0xA76, 0xC77, 0xC84, (0x1B7D, 0x1B7E), (0x2E43, 0x2E4F), (0x2E52, 0x2E5D),
    0x10EAD, (0x10F55, 0x10F59), (0x10F86, 0x10F89), (0x1144B, 0x1144F), (0x1145A, 0x1145B),
    0x1145D, (0x11660, 0x1166C), 0x116B9, 0x1183B, (0x11944, 0x11946), 0x119E2,
    (0x11A3F, 0x11A46), (0x11A9A, 0x11A9C), (0x11A9E, 0x11AA2), (0x11C41, 0x11C45),
    (0x11C70, 0x11C71), (0x11EF7, 0x11EF8), 0x11FFF, (0x12FF1, 0x12FF2), (0x16E97, 0x16E9A),
    0x16FE2, (0x1E95E, 0x1E95F)]
# Combining marks (Mn) newer than Unicode 8.0, which accent stripping therefore keeps; and one that
# has since become a spacing mark.
NOT_MARKS = [
    0x7FD, (0x898, 0x89F), (0x8CA, 0x8E1), 0x9FE, (0xAFA, 0xAFF), 0xB55, 0xC04, 0xC3C, 0xD00,
    (0xD3B, 0xD3C), 0xD81, 0xEBA, 0x180F, (0x1885, 0x1886), (0x1ABF, 0x1ACE), (0x1DF6, 0x1DFB),
    0xA82C, 0xA8C5, 0xA8FF, 0xA9BD, (0x10D24, 0x10D27), (0x10EAB, 0x10EAC), (0x10F46, 0x10F50),
    (0x10F82, 0x10F85), 0x11070, (0x11073, 0x11074), 0x110C2, 0x111C9, 0x111CF, 0x1123E, 0x1133B,
    (0x11438, 0x1143F), (0x11442, 0x11444), 0x11446, 0x1145E, (0x1182F, 0x11837),
    (0x11839, 0x1183A), (0x1193B, 0x1193C), 0x1193E, 0x11943, (0x119D4, 0x119D7),
    (0x119DA, 0x119DB), 0x119E0, (0x11A01, 0x11A0A), (0x11A33, 0x11A38), (0x11A3B, 0x11A3E),
    0x11A47, (0x11A51, 0x11A56), (0x11A59, 0x11A5B), (0x11A8A, 0x11A96), (0x11A98, 0x11A99),
    (0x11C30, 0x11C36), (0x11C38, 0x11C3D), 0x11C3F, (0x11C92, 0x11CA7), (0x11CAA, 0x11CB0),
    (0x11CB2, 0x11CB3), (0x11CB5, 0x11CB6), (0x11D31, 0x11D36), 0x11D3A, (0x11D3C, 0x11D3D),
    (0x11D3F, 0x11D45), 0x11D47, (0x11D90, 0x11D91), 0x11D95, 0x11D97, (0x11EF3, 0x11EF4),
    0x16F4F, 0x16FE4, (0x1CF00, 0x1CF2D), (0x1CF30, 0x1CF46), (0x1E000, 0x1E006),
    (0x1E008, 0x1E018), (0x1E01B, 0x1E021), (0x1E023, 0x1E024), (0x1E026, 0x1E02A),
    (0x1E130, 0x1E136), 0x1E2AE, (0x1E2EC, 0x1E2EF), (0x1E944, 0x1E94A)]
ALSO_MARKS = [0x1734]
# Whitespace that is a control character; and format characters (Cf) newer than Unicode 8.0.
NOT_REMOVED = [0x9, 0xA, 0xD, (0x890, 0x891), 0x8E2, 0x110CD, (0x13430, 0x13438)]
ALSO_REMOVED = [0xFFFD]  # the replacement character
# Characters newer than Unicode 9.0: they have no combining class, so marks do not move across them.
NO_COMBINING_CLASS = [
    0x7FD, (0x898, 0x89F), (0x8CA, 0x8D3), 0x9FE, 0xC3C, (0xD3B, 0xD3C), 0xEBA, 0x1715,
    (0x1ABF, 0x1ACE), (0x1DF6, 0x1DFA), 0xA82C, (0x10D24, 0x10D27), (0x10EAB, 0x10EAC),
    (0x10F46, 0x10F50), (0x10F82, 0x10F85), 0x11070, 0x1133B, 0x1145E, (0x11839, 0x1183A),
    (0x1193D, 0x1193E), 0x11943, 0x119E0, 0x11A34, 0x11A47, 0x11A99, 0x11D42, (0x11D44, 0x11D45),
    0x11D97, (0x16FF0, 0x16FF1), (0x1E130, 0x1E136), 0x1E2AE, (0x1E2EC, 0x1E2EF)]
NO_DECOMPOSITION = [0x11938]
# Capital letters newer than Unicode 14.0: (first, last, distance to the small letter).
ALSO_LOWER = [
    (0x1C89, 0x1C89, 1), (0xA7CB, 0xA7CB, 0x264 - 0xA7CB), (0xA7CC, 0xA7CC, 1), (0xA7CE, 0xA7CE, 1),
    (0xA7D2, 0xA7D2, 1), (0xA7D4, 0xA7D4, 1), (0xA7DA, 0xA7DA, 1), (0xA7DC, 0xA7DC, 0x19B - 0xA7DC),
    (0x10D50, 0x10D65, 0x20), (0x16EA0, 0x16EB8, 0x1B)]
# Letters, marks and digits newer than Unicode 14.0, the two join controls, and symbols that count
# as letters (a circled A): the regular expression \w matches them.
ALSO_WORD = [
    0x897, 0xCF3, 0xECE, (0x1C89, 0x1C8A), (0x200C, 0x200D), (0x24B6, 0x24E9), (0xA7CB, 0xA7CD),
    (0xA7DA, 0xA7DC), (0x105C0, 0x105F3), (0x10D40, 0x10D65), (0x10D69, 0x10D6D),
    (0x10D6F, 0x10D85), (0x10EC2, 0x10EC4), (0x10EFC, 0x10EFF), (0x1123F, 0x11241),
    (0x11380, 0x11389), 0x1138B, 0x1138E, (0x11390, 0x113B5), (0x113B7, 0x113C0), 0x113C2, 0x113C5,
    (0x113C7, 0x113CA), (0x113CC, 0x113D3), (0x113E1, 0x113E2), (0x116D0, 0x116E3),
    (0x11BC0, 0x11BE0), (0x11BF0, 0x11BF9), (0x11F00, 0x11F10), (0x11F12, 0x11F3A),
    (0x11F3E, 0x11F42), (0x11F50, 0x11F5A), 0x1342F, (0x13440, 0x13455), (0x13460, 0x143FA),
    (0x16100, 0x16139), (0x16D40, 0x16D6C), (0x16D70, 0x16D79), 0x18CFF, 0x1B132, 0x1B155,
    (0x1CCF0, 0x1CCF9), (0x1DF25, 0x1DF2A), (0x1E030, 0x1E06D), 0x1E08F, (0x1E4D0, 0x1E4F9),
    (0x1E5D0, 0x1E5FA), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189), 0x2B739,
    (0x2EBF0, 0x2EE5D), (0x31350, 0x323AF)]
# Spacing and enclosing marks (Mc, Me) newer than Unicode 9.0, which the normalizer StripAccents
# keeps; and what it strips though BertNormalizer does not.
NOT_SPACING_MARKS = [
    0x1715, 0x1CF7, (0x11145, 0x11146), 0x111CE, (0x1182C, 0x1182E), 0x11838, (0x11930, 0x11935),
    (0x11937, 0x11938), 0x1193D, 0x11940, 0x11942, (0x119D1, 0x119D3), (0x119DC, 0x119DF), 0x119E4,
    0x11A39, (0x11A57, 0x11A58), 0x11A97, (0x11D8A, 0x11D8E), (0x11D93, 0x11D94), 0x11D96,
    (0x11EF5, 0x11EF6), (0x16F7F, 0x16F87), (0x16FF0, 0x16FF1)]
ALSO_SPACING_MARKS = [
    (0x8D4, 0x8E1), (0x1885, 0x1886), (0x1CF2, 0x1CF3), 0x1DFB, 0xA8C5, 0xA9BD, 0x1123E,
    (0x11438, 0x1143F), (0x11442, 0x11444), 0x11446, (0x11C30, 0x11C36), (0x11C38, 0x11C3D),
    0x11C3F, (0x11C92, 0x11CA7), (0x11CAA, 0x11CB0), (0x11CB2, 0x11CB3), (0x11CB5, 0x11CB6),
    (0x1E000, 0x1E006), (0x1E008, 0x1E018), (0x1E01B, 0x1E021), (0x1E023, 0x1E024),
    (0x1E026, 0x1E02A), (0x1E944, 0x1E94A)]

# BERT's own list of Chinese characters (the gap before 2B920 is the oracle's).
CHINESE = [
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A700, 0x2B81F),
    (0x2B920, 0x2CEAF), (0x2F800, 0x2FA1F)]

CODES = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)  # decomposed by arithmetic


def members(ranges):
    pairs = [(r, r) if isinstance(r, int) else r for r in ranges]
    return {c for first, last in pairs for c in range(first, last + 1)}


def category(*wanted):
    return {c for c in CODES if unicodedata.category(chr(c)).startswith(wanted)}


def tables():
    """The nine properties, as sets and dictionaries."""
    classes = {c: unicodedata.combining(chr(c)) for c in CODES if unicodedata.combining(chr(c))}
    for c in members(NO_COMBINING_CLASS):
        del classes[c]
    lower = {c: [ord(x) for x in chr(c).lower()] for c in CODES if chr(c).lower() != chr(c)}
    lower |= {c: [c + d] for first, last, d in ALSO_LOWER for c in range(first, last + 1)}
    pieces = {}
    for c in set(CODES) - set(HANGUL) - members(NO_DECOMPOSITION):
        text = unicodedata.decomposition(chr(c))
        if text and not text.startswith("<"):  # <...> marks the compatibility mappings, not wanted
            pieces[c] = [int(x, 16) for x in text.split()]
    return {
        "removed": category("Cc", "Cf", "Co") - members(NOT_REMOVED) | members(ALSO_REMOVED),
        "spaces": category("Z") | {0x9, 0xA, 0xD},
        "punctuation": category("P") - members(NOT_PUNCTUATION) | members(ALSO_PUNCTUATION),
        "chinese": members(CHINESE),
        "marks": category("Mn") - members(NOT_MARKS) | members(ALSO_MARKS),
        "spacing_marks": (category("Mc", "Me") - members(NOT_SPACING_MARKS)
                          | members(ALSO_SPACING_MARKS)),
        "word": category("L", "M", "Nd", "Nl", "Pc") | members(ALSO_WORD),
        "classes": classes,
        "lower": lower,
        "pieces": pieces,
    }


# ---- writing ----

def packed(entries):
    lines, line = [], " "
    for entry in entries:
        if len(line) + len(entry) + 2 > 100:
            lines.append(line)
            line = " "
        line += f" {entry},"
    return "\n".join(lines + [line])


def ranges(codes):
    found = []
    for c in sorted(codes):
        if found and found[-1][1] == c - 1:
            found[-1][1] = c
        else:
            found.append([c, c])
    return found


def range_table(name, comment, codes):
    entries = [f"{{0x{a:X}, 0x{b:X}}}" for a, b in ranges(codes)]
    return f"// {comment}\ninline constexpr CodeRange {name}[] = {{\n{packed(entries)}\n}};\n"


def class_table(classes):
    entries = []
    for k in sorted(set(classes.values())):
        same = {c for c in classes if classes[c] == k}
        entries += [(a, f"{{0x{a:X}, 0x{b:X}, {k}}}") for a, b in ranges(same)]
    text = packed(e for _, e in sorted(entries))
    return ("// The combining class: marks of one letter are ordered by it.\n"
            f"inline constexpr ClassRange class_ranges[] = {{\n{text}\n}};\n")


def lower_table(lower):
    found = []  # [first, last, step, distance]
    for c in sorted(lower):
        if len(lower[c]) != 1:
            assert c == 0x130 and lower[c] == [0x69, 0x307]  # lower() in unicode.cpp knows it
            continue
        d = lower[c][0] - c
        last = found[-1] if found else None
        if last and last[3] == d and c - last[1] in (1, 2) and last[2] in (0, c - last[1]):
            last[1], last[2] = c, c - last[1]
        else:
            found.append([c, c, 0, d])
    text = packed(f"{{0x{a:X}, 0x{b:X}, {s or 1}, {d}}}" for a, b, s, d in found)
    return ("// Capital letters: the small one of every step-th code is `distance` further on.\n"
            "// (U+0130, which becomes two characters, is left to the code.)\n"
            f"inline constexpr LowerRange lower_ranges[] = {{\n{text}\n}};\n")


def piece_table(pieces):
    entries = []
    for c in sorted(pieces):
        a, b = (pieces[c] + [0])[:2]
        entries.append(f"{{0x{c:X}, 0x{a:X}, 0x{b:X}}}" if b else f"{{0x{c:X}, 0x{a:X}, 0}}")
    return ("// One step of canonical decomposition, to one or two codes. Hangul is computed.\n"
            f"inline constexpr Decomposition decompositions[] = {{\n{packed(entries)}\n}};\n")


def header(t):
    return "\n".join([
        "#pragma once",
        "// Made by scripts/make_unicode_tables.py, which says from what. All sorted by code.",
        "#include <cstdint>",
        "",
        "namespace cairn {",
        "",
        "struct CodeRange { uint32_t first, last; };",
        "struct ClassRange { uint32_t first, last; uint8_t combining_class; };",
        "struct LowerRange { uint32_t first, last, step; int32_t distance; };",
        "struct Decomposition { uint32_t code, first, second; };",
        "",
        range_table("removed_ranges", "Control, format and private-use characters.", t["removed"]),
        range_table("space_ranges", "Whitespace.", t["spaces"]),
        range_table("punctuation_ranges", "Each of these is a word of its own.", t["punctuation"]),
        range_table("chinese_ranges", "Chinese characters by BERT's definition.", t["chinese"]),
        range_table("mark_ranges", "Non-spacing marks (Mn): accents to strip.", t["marks"]),
        range_table("spacing_mark_ranges", "Further marks that StripAccents strips (Mc, Me).",
                    t["spacing_marks"]),
        range_table("word_ranges", "What \\w matches: letters, marks, digits, the underscore.",
                    t["word"]),
        class_table(t["classes"]),
        lower_table(t["lower"]),
        piece_table(t["pieces"]),
        "}  // namespace cairn",
        ""])


# ---- comparing with the oracle ----

def check(t):
    from tokenizers import normalizers, pre_tokenizers
    names = ["clean_text", "handle_chinese_chars", "strip_accents", "lowercase"]
    off = dict.fromkeys(names, False)
    step = {name: normalizers.BertNormalizer(**{**off, name: True}).normalize_str for name in off}
    nfd = normalizers.NFD().normalize_str
    strip = normalizers.StripAccents().normalize_str
    runs = pre_tokenizers.Whitespace().pre_tokenize_str
    words = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    stripped = t["marks"] | t["spacing_marks"]
    above, below = "\u0301", "\u0334"  # classes 230 and 1, to find out what may move

    def decomposed(c):
        if c in HANGUL:
            i = c - 0xAC00
            tail = [0x11A7 + i % 28] if i % 28 else []
            return [0x1100 + i // 588, 0x1161 + i % 588 // 28] + tail
        return [d for p in t["pieces"][c] for d in decomposed(p)] if c in t["pieces"] else [c]

    differences = 0
    for c in CODES:
        x, full = chr(c), decomposed(c)
        cleaned = "" if c in t["removed"] else " " if c in t["spaces"] else x
        spaced = f" {x} " if c in t["chinese"] else x
        split = ["a", x, "b"] if c in t["punctuation"] else [f"a{x}b"]
        k = t["classes"].get(c, 0)
        same = [
            step["clean_text"](f"a{x}b") == f"a{cleaned}b",
            step["handle_chinese_chars"](f"a{x}b") == f"a{spaced}b",
            step["lowercase"](x) == "".join(map(chr, t["lower"].get(c, [c]))),
            nfd(x) == "".join(map(chr, full)),
            step["strip_accents"](x) == "".join(chr(d) for d in full if d not in t["marks"]),
            full != [c] or nfd(above + x) == (x + above if 0 < k < 230 else above + x),
            full != [c] or nfd(x + below) == (below + x if k > 1 else x + below),
            strip(f"a{x}a") == ("aa" if c in stripped else f"a{x}a"),
            (len(runs(f"a{x}a")) == 1) == (c in t["word"]),
            cleaned != x or x == " " or [w for w, _ in words(f"a{x}b")] == split,
        ]
        if not all(same):
            differences += 1
            print(f"U+{c:04X} differs in {[i for i, ok in enumerate(same) if not ok]}")
    print(f"{len(CODES)} code points, {differences} differ from the oracle")
    return differences


def main():
    if unicodedata.unidata_version != "14.0.0":
        sys.exit(f"this Python ships Unicode {unicodedata.unidata_version}; the exceptions are "
                 "written against 14.0.0: run this script with Python 3.11")
    t = tables()
    if "--check" in sys.argv[1:]:
        same = HEADER.read_text() == header(t)
        print("the header is up to date" if same else "the header is NOT what this script writes")
        sys.exit(1 if check(t) or not same else 0)
    HEADER.write_text(header(t))


if __name__ == "__main__":
    main()
