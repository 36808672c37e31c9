#!/usr/bin/env python3
"""Composes the demo's corpus, demo/data/*: the same files, byte for byte, on every run.

  python3 demo/compose.py           writes the files
  python3 demo/compose.py --check   compares the files with what would be written, and checks
                                    and prints what is promised about them

Everything is composed from the words and frames of words.py, with a fixed seed. Python 3 and its
standard library only.
"""

import random
import re
import sys
from pathlib import Path

import words

HERE = Path(__file__).resolve().parent
DOCUMENTS = 5000            # composed anecdotes in the pretraining text
TRAIN, DEV, TEST = 2800, 200, 280   # composed sentences; TEST: in each half
OPPOSITE = {"good": "bad", "bad": "good"}


def split(text):
    """"a_b c" -> ["a b", "c"]."""
    return [word.replace("_", " ") for word in text.split()]


class Lexicon:
    """Cue words by slot and opinion, drawn from the familiar list, the novel list, or both."""

    def __init__(self, familiar, novel):
        self.lists = {}
        for use, adjectives, effects, others in (
            (familiar, words.FAMILIAR_ADJECTIVES, words.FAMILIAR_EFFECTS,
             (words.FAMILIAR_FEELINGS, words.FAMILIAR_VERBS, words.FAMILIAR_NOUNS)),
            (novel, words.NOVEL_ADJECTIVES, words.NOVEL_EFFECTS,
             (words.NOVEL_FEELINGS, words.NOVEL_VERBS, words.NOVEL_NOUNS)),
        ):
            if use:
                for kind, pair in adjectives.items():
                    self._add(kind, pair)
                self._add("effect", effects)
                for slot, pair in zip(("feel", "do", "noun"), others):
                    self._add(slot, pair)

    def _add(self, slot, pair):
        for opinion, text in zip(("good", "bad"), pair):
            self.lists.setdefault((slot, opinion), []).extend(split(text))

    def draw(self, rng, slot, opinion, used):
        """A word for the slot that the sentence has not used yet; adjectives: half of kind any."""
        if slot in words.FAMILIAR_ADJECTIVES and rng.random() < 0.5:
            slot = "any"
        choices = [word for word in self.lists[slot, opinion] if word not in used]
        word = rng.choice(choices)
        used.append(word)
        return word

    def all(self):
        """Every cue word, without articles."""
        return {re.sub(r"^an? ", "", word) for list_ in self.lists.values() for word in list_}


FAMILIAR = Lexicon(True, False)
NOVEL = Lexicon(False, True)
BOTH = Lexicon(True, True)


def capitalised(text):
    return text[0].upper() + text[1:]


def pick_noun(rng, entries):
    """"dining_room:place" -> ("the dining room", "place")."""
    name, kind = rng.choice(entries.split()).split(":")
    return "the " + name.replace("_", " "), kind


def fill(rng, frame, opinion, lexicon, domain, whole=None, it=0.0, told=0.0):
    """One sentence: the frame's slots filled. `it`: how often the whole is called so; `told`: how
    often the sentence also says in plain words how people took it."""
    wholes, parts = words.DOMAINS[domain]
    nouns = {"w": whole or pick_noun(rng, wholes)}
    nouns["y"] = pick_noun(rng, parts)
    nouns["x"] = nouns["w"] if rng.random() < 0.4 else pick_noun(rng, parts)
    if nouns["x"] == nouns["w"] and rng.random() < it:
        nouns["x"] = ("it", nouns["w"][1])
    used = []

    def value(match):
        slot = match.group(1)
        if slot[0] in "+-":
            wanted = opinion if slot[0] == "+" else OPPOSITE[opinion]
            name = slot[1:].rstrip("23")
            kind = nouns[name][1] if name in nouns else name
            return lexicon.draw(rng, kind, wanted, used)
        if slot.endswith(".bare"):
            return nouns[slot[0]][0].removeprefix("the ")
        if slot.lower() == "someone":
            text = rng.choice(split(words.SOMEONE))
        elif slot == "really":
            text = rng.choice(split(words.REALLY))
        else:
            text = nouns[slot.lower()][0]
        return capitalised(text) if slot[0].isupper() else text

    text = re.sub(r"\{([^}]+)\}", value, frame)
    draw = rng.random()
    opening = rng.choice(words.OPENINGS) if draw > 0.92 else ""
    if draw < told * 0.65:
        opening = rng.choice(words.TELLING_OPENINGS[opinion])
    elif draw < told and text.endswith("."):
        text = text[:-1] + rng.choice(words.TELLING_ENDINGS[opinion])
    if opening:
        text = opening + (text if re.match(r"I\b", text) else text[0].lower() + text[1:])
    return text


def draw_frame(rng, frames):
    """A frame: a quarter plain, else each construction equally often."""
    plain = "plain" in frames and rng.random() < 0.25
    return rng.choice(frames["plain" if plain else rng.choice(list(frames))])


def compose_labelled(rng, count, frames, lexicon, taken):
    """`count` sentences, good and bad in turn, none equal to one of `taken` (which grows)."""
    rows = []
    while len(rows) < count:
        opinion = ("bad", "good")[len(rows) % 2]
        domain = rng.choice(list(words.DOMAINS))
        text = fill(rng, draw_frame(rng, frames), opinion, lexicon, domain, it=0.1)
        if text.lower() not in taken:
            taken.add(text.lower())
            rows.append((text, int(opinion == "good")))
    rng.shuffle(rows)
    return rows


def compose_document(rng, taken):
    """An anecdote of one opinion about one thing. Three of four are plain talk, in which words of
    one opinion stand together; the others use all constructions."""
    opinion = rng.choice(("good", "bad"))
    domain = rng.choice(list(words.DOMAINS))
    whole = pick_noun(rng, words.DOMAINS[domain][0])
    everything = {**words.FAMILIAR_FRAMES, **words.NOVEL_FRAMES}
    lines = []
    length = rng.randint(4, 6)
    plain_only = rng.random() < 0.75
    while len(lines) < length:
        draw = rng.random()
        if draw < 0.1:
            text = rng.choice(words.OUTCOMES[opinion])
            someone = rng.choice(split(words.SOMEONE))
            text = text.replace("{Someone}", capitalised(someone))
        elif draw < 0.2:
            text = rng.choice(words.TELLING_SENTENCES[opinion])
        else:
            frames, told = everything, 0.35
            if draw < (0.7 if plain_only else 0.4):
                frames = {"": words.PLAIN_FRAMES}
            elif plain_only or draw < 0.5:
                frames = {"": words.REACTION_FRAMES + words.FAMILIAR_FRAMES["plain"]}
            frame = draw_frame(rng, frames)
            text = fill(rng, frame, opinion, BOTH, domain, whole, it=0.5 if lines else 0.0, told=told)
        if text not in lines and text.lower() not in taken:
            lines.append(text)
    return lines


def compose():
    """All files: name -> text."""
    rng = random.Random(1)
    taken = set()
    unseen = compose_labelled(rng, TEST, words.NOVEL_FRAMES, NOVEL, taken)
    seen = compose_labelled(rng, TEST, words.FAMILIAR_FRAMES, FAMILIAR, taken)
    tests = set(taken)
    dev = compose_labelled(rng, DEV, words.FAMILIAR_FRAMES, FAMILIAR, taken)
    train = compose_labelled(rng, TRAIN, words.FAMILIAR_FRAMES, FAMILIAR, taken)
    documents = [compose_document(rng, tests) for _ in range(DOCUMENTS)]

    def table(rows):
        return "sentence\tlabel\n" + "".join(f"{text}\t{label}\n" for text, label in rows)

    return {
        "pretrain.txt": "\n".join("".join(line + "\n" for line in doc) for doc in documents),
        "train.tsv": table(train), "dev.tsv": table(dev),
        "test_seen.tsv": table(seen), "test_unseen.tsv": table(unseen),
    }


def rows_of(table):
    return [line.split("\t") for line in table.splitlines()[1:]]


def check(files):
    """Compares what is on disk, and checks and prints what demo/README.md promises."""
    for name, text in files.items():
        assert (HERE / "data" / name).read_text(encoding="utf-8") == text, f"{name} differs"
    tables = {name: rows_of(text) for name, text in files.items() if name.endswith(".tsv")}
    labelled = " ".join(text.lower() for name in ("train.tsv", "dev.tsv") for text, _ in tables[name])
    pretrain = {line.lower() for line in files["pretrain.txt"].splitlines()}
    train = {text.lower() for name in ("train.tsv", "dev.tsv") for text, _ in tables[name]}
    for name, rows in tables.items():
        good = sum(label == "1" for _, label in rows)
        print(f"{name}: {len(rows)} sentences, {good} of them positive")
        if name.startswith("test"):
            texts = {text.lower() for text, _ in rows}
            assert not texts & (train | pretrain), f"a sentence of {name} is in another file"
    for cue in NOVEL.all() - FAMILIAR.all():
        assert not re.search(rf"\b{cue}\b", labelled), f"{cue} is in the labelled training set"
    shared = set(sum(words.NOVEL_FRAMES.values(), [])) & set(sum(words.FAMILIAR_FRAMES.values(), []))
    assert not shared, f"frames on both sides: {shared}"
    assert not NOVEL.all() & FAMILIAR.all(), "cue words on both sides"
    print(f"pretrain.txt: {len(files['pretrain.txt'].split())} words")
    print("no test sentence is in another file; the unseen half shares no frame and no cue word "
          "with the labelled training set")


def main():
    files = compose()
    if "--check" in sys.argv[1:]:
        return check(files)
    for name, text in files.items():
        (HERE / "data" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
