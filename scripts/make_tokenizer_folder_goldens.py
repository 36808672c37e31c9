#!/usr/bin/env python3
"""Writes tests/data/tokenizer_folders.jsonl: folders of tokenizer files, and what AutoTokenizer
makes of texts with them.

    pip install transformers==5.23 tokenizers==0.23.3
    python3 scripts/make_tokenizer_folder_goldens.py

The first line is a vocabulary. Each further line is a folder, {"files": {name: content}, "texts":
[{"text", "pair", "max_length", "ids", "token_types"}]}; a tokenizer.json is given without its
vocabulary, which is that of the first line, as is that of "vocab.txt": true.
"""
import json
import logging
import os
import pathlib
import random
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
from transformers import AutoTokenizer  # noqa: E402

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "data" / "tokenizer_folders.jsonl"
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
KEYS = ["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"]
LETTERS = list("abcABC") + ["é", "É", "e\u0301", "İ", "Σ", "中", *"!_-7#", "\u0903"]
SPACES = [" ", "  ", "\t", "\u3000", "\x0b", "\x85", "\0"]
VOCABULARY = SPECIALS + [
    prefix + token for token in
    [*"abcAB", "é", "É", "中", *"!_-7#", "σ", "i", "ab", "bA", "a-b"]
    for prefix in ["", "##"]]
r = random.Random(5)


def maybe(p):
    return r.random() < p


def word(most):
    return "".join(r.choice(LETTERS) for _ in range(r.randint(1, most)))


def added_tokens():
    tokens, n = [], len(VOCABULARY)
    for _ in range(r.randint(0, 5)):
        text = r.choice([word(3), r.choice(VOCABULARY), f"{word(1)} {word(1)}", f" {word(2)}",
                         f"{word(2)} "])
        if not text.strip() or text in [t["content"] for t in tokens]:
            continue
        token = {"id": VOCABULARY.index(text) if text in VOCABULARY else n, "content": text}
        n += token["id"] == n
        flags = ("single_word", "lstrip", "rstrip", "normalized", "special")
        tokens.append({**token, **{flag: maybe(.35) for flag in flags}})
    return tokens


def sequence(kind, member, one):
    if maybe(.1):
        return None
    return one() if maybe(.5) else {"type": kind, member: [one() for _ in range(r.randint(0, 3))]}


def normalizer():
    return r.choice([
        {"type": "BertNormalizer", "clean_text": maybe(.7), "handle_chinese_chars": maybe(.5),
         "strip_accents": r.choice([None, True, False]), "lowercase": maybe(.5)},
        {"type": "Lowercase"}, {"type": "NFD"}, {"type": "StripAccents"}])


def pre_tokenizer():
    return r.choice([{"type": "BertPreTokenizer"}, {"type": "Whitespace"},
                     {"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "Isolated"}])


def post_processor():
    if maybe(.3):
        return r.choice([None, {"type": "BertProcessing", "sep": ["[SEP]", 3],
                                "cls": ["[CLS]", 2]}])

    def specials():
        return [{"SpecialToken": {"id": r.choice(SPECIALS[2:]), "type_id": r.randint(0, 1)}}
                for _ in range(r.randint(0, 2))]

    first, second = ({"Sequence": {"id": x, "type_id": r.randint(0, 1)}} for x in "AB")
    return {"type": "TemplateProcessing", "single": [*specials(), first, *specials()],
            "pair": [*specials(), first, *specials(), second, *specials()],
            "special_tokens": {t: {"id": t, "ids": [VOCABULARY.index(t)], "tokens": [t]}
                               for t in SPECIALS[2:]}}


def named(with_type):
    flags = {"lstrip": maybe(.5), "rstrip": maybe(.5), "single_word": False,
             "normalized": maybe(.3)}
    typed = {"__type": "AddedToken"} if with_type else {}
    return {key: token if maybe(.6) else {"content": token, **flags, **typed}
            for key, token in zip(KEYS, SPECIALS) if maybe(.6)}


def folder():
    added, files = added_tokens(), {}
    whole = maybe(.5)
    name = r.choice(["PreTrainedTokenizerFast", "TokenizersBackend"] if whole else
                    ["BertTokenizer", "BertTokenizerFast"])
    config = {"tokenizer_class": name, **named(True)}
    for key, value in [("do_lower_case", maybe(.5)), ("strip_accents", maybe(.5)),
                       ("tokenize_chinese_chars", False), ("truncation_side", "left"),
                       ("bos_token", r.choice(VOCABULARY)), ("query_token", r.choice(VOCABULARY)),
                       ("additional_special_tokens", [r.choice(VOCABULARY)]),
                       ("extra_special_tokens", [r.choice(VOCABULARY)])]:
        if maybe(.2):
            config[key] = value
    where = r.choice(["tokenizer.json", "added_tokens_decoder", "added_tokens.json"])
    if where == "added_tokens_decoder":
        config[where] = {str(t["id"]): {k: t[k] for k in t if k != "id"} for t in added}
    if where == "added_tokens.json" and not whole:
        files[where] = {t["content"]: t["id"] for t in added}
    if maybe(.3):
        files["special_tokens_map.json"] = named(False)
    listed = [{"id": i, "content": t, "single_word": False, "lstrip": False, "rstrip": False,
               "normalized": False, "special": True}
              for i, t in enumerate(SPECIALS) if t not in [a["content"] for a in added]]
    if where == "tokenizer.json" or whole and where == "added_tokens_decoder":
        listed += added
    if whole or maybe(.6):
        files["tokenizer.json"] = {
            "version": "1.0", "truncation": None, "padding": None,
            "added_tokens": sorted(listed, key=lambda t: t["id"]),
            "normalizer": sequence("Sequence", "normalizers", normalizer),
            "pre_tokenizer": sequence("Sequence", "pretokenizers", pre_tokenizer),
            "post_processor": post_processor(), "decoder": None,
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                      "max_input_chars_per_word": r.choice([100, 5])}}
    else:
        files["vocab.txt"] = True
    if whole or maybe(.8):
        files["tokenizer_config.json"] = config
    return files, [t["content"] for t in added] or ["a"]


def text(added):
    pieces = [lambda: word(4), lambda: r.choice(VOCABULARY), lambda: r.choice(added),
              lambda: r.choice(added).upper(), lambda: r.choice(SPACES)]
    return "".join(r.choice(pieces)() for _ in range(r.choice([1, 4, 9])))


def encoded(tokenizer, added):
    case = {"text": text(added)}
    if maybe(.3):
        case["pair"] = text(added)
    if maybe(.3):
        case["max_length"] = r.randint(8, 12)
    length = case.get("max_length")
    got = tokenizer(case["text"], case.get("pair"), truncation=length is not None,
                    max_length=length, return_token_type_ids=True)
    return {**case, "ids": got["input_ids"], "token_types": got["token_type_ids"]}


def golden(files, added):
    with tempfile.TemporaryDirectory() as place:
        for name, content in {**files, "config.json": {"model_type": "bert"}}.items():
            if name == "tokenizer.json":
                vocab = {token: i for i, token in enumerate(VOCABULARY)}
                content = {**content, "model": {**content["model"], "vocab": vocab}}
            written = ("".join(token + "\n" for token in VOCABULARY) if name == "vocab.txt"
                       else json.dumps(content))
            pathlib.Path(place, name).write_text(written)
        tokenizer = AutoTokenizer.from_pretrained(place)
        return {"files": files, "texts": [encoded(tokenizer, added) for _ in range(8)]}


def main():
    logging.disable(logging.CRITICAL)
    lines = [VOCABULARY]
    while len(lines) <= 50:
        try:
            lines.append(golden(*folder()))
        except BaseException as error:  # a panic: a token of which normalising leaves nothing
            print("left out:", type(error).__name__)
    OUT.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


if __name__ == "__main__":
    main()
