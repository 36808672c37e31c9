#!/usr/bin/env python3
"""Composes the demo's corpus, demo/data/*: the same files, byte for byte, on every run.

  python3 demo/compose.py           writes the files
  python3 demo/compose.py --check   compares the files with what would be written, and checks
                                    and prints what is promised about them

Hand-written sentences and anecdotes (demo/written/) are taken as they are; the rest is composed
from the words and frames of words.py. Python 3 and its standard library only.
"""

import random
import re
import sys
from pathlib import Path

import words

HERE = Path(__file__).resolve().parent
PLAIN = 0.4
DOCUMENTS = 20000            # composed anecdotes in the pretraining text
TRAIN, DEV, TEST = 2800, 200, 280   # composed sentences; TEST: in each half
OPPOSITE = {"good": "bad", "bad": "good"}


def split(text):
    """"a_b c" -> ["a b", "c"]."""
    return [word.replace("_", " ") for word in text.split()]


class Lexicon:
    """Cue words by slot and opinion, drawn from the familiar list, the novel list, or both."""

    def __init__(self, familiar, novel):
        self.lists = {}
        for noun, four in words.ADJECTIVES.items():
            self._add_four(noun, four, familiar, novel)
        for four in words.ANYTHING:
            self._add_four("any", four, familiar, novel)
        for use, lists in ((familiar, (words.FAMILIAR_FEELINGS, words.FAMILIAR_VERBS,
                                       words.FAMILIAR_NOUNS, words.FAMILIAR_EFFECTS)),
                           (novel, (words.NOVEL_FEELINGS, words.NOVEL_VERBS,
                                    words.NOVEL_NOUNS, words.NOVEL_EFFECTS))):
            if use:
                for slot, pair in zip(("feel", "do", "noun", "effect"), lists):
                    self._add(slot, pair)

    def _add_four(self, slot, four, familiar, novel):
        four = four.split()
        if familiar:
            self._add(slot, four[:2])
        if novel:
            self._add(slot, four[2:])

    def _add(self, slot, pair):
        for opinion, text in zip(("good", "bad"), pair):
            self.lists.setdefault((slot, opinion), []).extend(split(text))

    def draw(self, rng, slot, opinion, used):
        """A word for the slot that the sentence has not used yet; of adjectives a third suits all."""
        choices = [word for word in self.lists[slot, opinion] if word not in used]
        if slot in words.ADJECTIVES and (not choices or rng.random() < 0.33):
            choices = [word for word in self.lists["any", opinion] if word not in used]
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
    """"film movie" -> ("the film", "film")."""
    name = rng.choice(entries.split())
    return "the " + name, name


def fill(rng, frame, opinion, lexicon, domain, whole=None, it=0.0, told=0.0):
    """One sentence: the frame's slots filled. `it`: how often the whole is called so; `told`: how
    often the sentence also says in plain words how people took it."""
    wholes, parts = words.DOMAINS[domain]
    nouns = {"w": whole or pick_noun(rng, wholes)}
    nouns["y"] = pick_noun(rng, parts)
    nouns["x"] = nouns["w"] if rng.random() < 0.4 else pick_noun(rng, parts)
    if nouns["x"] == nouns["w"] and rng.random() < it:
        nouns["x"] = ("it", "any")
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
    if rng.random() < 0.05:
        text = rng.choice(words.OPENINGS) + (text if re.match(r"I\b", text) else text[0].lower() + text[1:])
    return text


def draw_frame(rng, frames, opinion):
    """A frame of a construction, each construction equally often, that suits the opinion."""
    while True:
        frame = rng.choice(frames[rng.choice(list(frames))])
        only, colon, rest = frame.partition(": ")
        if not colon:
            return frame
        if only == opinion:
            return rest


def compose_labelled(rng, count, frames, lexicon, taken):
    """`count` sentences, good and bad in turn, none equal to one of `taken` (which grows)."""
    rows = []
    while len(rows) < count:
        opinion = ("bad", "good")[len(rows) % 2]
        domain = rng.choice(list(words.DOMAINS))
        text = fill(rng, draw_frame(rng, frames, opinion), opinion, lexicon, domain, it=0.1)
        if text.lower() not in taken:
            taken.add(text.lower())
            rows.append((text, int(opinion == "good")))
    rng.shuffle(rows)
    return rows


def compose_document(rng, taken):
    """A note: what happened, and how people took it."""
    opinion = rng.choice(("good", "bad"))
    domain = rng.choice(list(words.DOMAINS))
    everything = {**words.FAMILIAR_FRAMES, **words.NOVEL_FRAMES}
    while True:
        plain = {"": words.PLAIN_FRAMES + words.REACTION_FRAMES}
        frame = draw_frame(rng, plain if rng.random() < PLAIN else everything, opinion)
        text = fill(rng, frame, opinion, BOTH, domain, it=0.1)
        if text.lower() not in taken:
            break
    if rng.random() < 0.7:
        return [text, rng.choice(words.REACTIONS[opinion])]
    return [text, fill(rng, rng.choice(words.REACTION_FRAMES), opinion, BOTH, domain)]


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


def main():
    for name, text in compose().items():
        (HERE / "data" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
