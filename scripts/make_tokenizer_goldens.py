#!/usr/bin/env python3
"""Writes the tokenizer's golden data, tests/data/tokenizer*, with the oracle itself.

    pip install tokenizers==0.23.3
    python3 scripts/make_tokenizer_goldens.py [SHARED]

SHARED is the folder with the real vocabularies and data sets (default: $CAIRN_SHARED or ../shared).

  tokenizer_words.txt   for each block of 512 code points the CRC-32 of the words that come of texts
                        with each of them, in four settings (test_unicode.cpp has the same texts)
  tokenizer_vocab.txt   a small vocabulary, and
  tokenizer_texts.jsonl ids of texts and pairs with it, truncated or not
  tokenizer_data.tsv    CRC-32 of the ids of whole data files with BERT's real vocabularies
"""
import json
import os
import pathlib
import random
import struct
import sys
import zlib

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
SETTINGS = [(True, True), (True, False), (False, True), (False, False)]  # lower case, strip accents


def normalizer(lower, strip):
    return normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=strip, lowercase=lower)


def tokenizer(tokens, lower, strip):
    """The fast tokenizer that Hugging Face makes of a BERT checkpoint's vocab.txt."""
    ids = {token: i for i, token in enumerate(tokens)}
    t = Tokenizer(models.WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=100))
    t.normalizer = normalizer(lower, strip)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.add_special_tokens(SPECIALS)
    t.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(s, ids[s]) for s in ("[CLS]", "[SEP]")])
    return t


def write_words():
    """Each code point inside a word, alone, and among marks of several classes."""
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    normalize = [normalizer(*setting).normalize_str for setting in SETTINGS]
    lines = []
    for first in [b for b in range(0, 0x110000, 512) if not 0xD800 <= b < 0xE000]:
        crc = 0
        for c in map(chr, range(first, first + 512)):
            text = f"Xa{c}b {c} e\u0301{c}\u0316\u302e\U0001D165 \u03a3{c}\u03a3"
            for n in normalize:
                words = " ".join(word for word, _ in split(n(text)))
                crc = zlib.crc32((words + "\n").encode(), crc)
        lines.append(f"{first:06X} {crc:08x}\n")
    (DATA / "tokenizer_words.txt").write_text("".join(lines))


def small_vocabulary():
    ascii_ = [chr(c) for c in range(0x21, 0x7F)]
    other = list("äéßñøœπςσωдйё中国人日本がカ한국어אبतमกุ…–“”€😀ﬁ\u1100\u1161\u11a8")
    words = (
        "the un ##aff ##able ##ing ##s play ##er ##ed hello world cafe ##fe café na ##ive naïve straße "
        "##aß ##asse σοφος ##ος москва ##осква ##ква Hello World ##LD ##aaaa ##aaab aaa don tok token "
        "##iz ##ization ##ize ##izat ##ions ... ##中 中国 ##!").split()
    tokens = SPECIALS + ascii_ + other + words
    tokens += [f"##{c}" for c in ascii_ + other if f"##{c}" not in words]
    assert len(tokens) == len(set(tokens))
    return tokens


def torture_texts(r):
    pools = [
        [chr(c) for c in range(0x20, 0x7F)],
        ["the", "unaffable", " ", "tokenizations", "cafe\u0301", ","],
        list("äéßñøœÄÉÑØŒİıſK"), list("πςσωΣΩΆάᾳᾼ"), list("дйёДЙЁ"),
        list("中国人日本がカガ\u3099\uff0c。"),
        list("한국어\u1100\u1161\u11a8"), list("אبतमกุ\u05b0\u0651\u0301\u093c"),
        list("…–“”€😀\u200d\ufe0f👩"),
        [chr(c) for c in range(0x300, 0x370)] + ["\u302e", "\U0001D165", "\u08d4", "\u0344"],
        list(" \t\n\r\u00a0\u3000\u2028\u0085\ufeff\u00ad\ufffd\0"),
        SPECIALS + ["[sep]", "[MASK", "[[SEP]]", "##ing", "#", "[mask]"],
        ["a" * n for n in (1, 3, 50, 99)],
    ]
    texts = ["", " ", "Hello, World!", "unaffable", "The players’ naïve café...",
             "[CLS] a [SEP]b[MASK]", "a" * 100, "a" * 101, "é" * 101,
             "中" * 60, "\0\u0301", "don't tokenize"]
    for _ in range(120):
        chosen = [r.choice(pools) for _ in range(r.choice((1, 2, 4)))]
        texts.append("".join(r.choice(r.choice(chosen)) for _ in range(r.choice((3, 10, 30)))))
    return texts


def write_texts():
    r = random.Random(11)
    tokens = small_vocabulary()
    (DATA / "tokenizer_vocab.txt").write_text("".join(t + "\n" for t in tokens), newline="\n")
    texts = torture_texts(r)
    with open(DATA / "tokenizer_texts.jsonl", "w", newline="\n") as out:
        for i, text in enumerate(texts):
            lower, strip = SETTINGS[i % 4]
            t = tokenizer(tokens, lower, strip)
            case = {"lower_case": lower, "strip_accents": strip, "text": text}
            if i % 3 == 1:
                case["pair"] = r.choice(texts)
            if i % 2:
                case["max_length"] = r.randint(3, 24)
                t.enable_truncation(case["max_length"], strategy="longest_first")
            e = t.encode(text, case.get("pair"))
            out.write(json.dumps({**case, "ids": e.ids, "token_types": e.type_ids}) + "\n")


def write_data(shared):
    files = ["sst2/dev.tsv", "sst2/train.tsv", "agnews/train.tsv", "zh/chnsenticorp/dev.tsv"]
    lines = ["vocabulary\tlower_case\tfile\tids\tcrc32\n"]
    for name in ("bert-base-uncased", "bert-base-cased", "bert-base-chinese"):
        vocab = (shared / "data/vocab" / f"{name}-vocab.txt").read_bytes().decode().split("\n")[:-1]
        for lower in (True, False):
            t = tokenizer(vocab, lower, lower)
            for file in files:
                count = crc = 0
                for e in t.encode_batch((shared / "data" / file).read_bytes().decode().split("\n")):
                    crc = zlib.crc32(struct.pack(f"<{len(e.ids)}i", *e.ids), crc)
                    count += len(e.ids)
                lines.append(f"{name}\t{int(lower)}\t{file}\t{count}\t{crc:08x}\n")
    (DATA / "tokenizer_data.tsv").write_text("".join(lines))


def main():
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("CAIRN_SHARED", "../shared")
    shared = pathlib.Path(given)
    DATA.mkdir(exist_ok=True)
    write_words()
    write_texts()
    write_data(shared if shared.is_absolute() else ROOT / shared)


if __name__ == "__main__":
    main()
