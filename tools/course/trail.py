"""The chapters of the tutorials and what there is to do in each: predictions, exercises, a bug."""
import re

from exercises import ROOT, all_exercises
from page import sections


class Prediction:
    """<!-- predict: NAME; answer: 0.449; output: 5 --> and the paragraph that asks."""

    def __init__(self, chapter, name, answer, question, heading, shown):
        self.key = f"{chapter.number}/{name}"
        self.answer, self.question, self.heading, self.shown = answer, question, heading, shown

    def is_right(self, said):
        """The words of the answer, or its numbers alone ("1" for "layer 1"), each within a tenth or
        half of its last digit."""
        words = re.findall(r"[\w.+-]+", said.lower().replace("−", "-"))
        expected = re.findall(r"[\w.+-]+", self.answer.lower().replace("−", "-"))
        numbers = [word for word in expected if number_of(word) is not None]
        return any(len(words) == len(wanted) > 0 and all(map(agrees, words, wanted))
                   for wanted in (expected, numbers))


def number_of(word):
    try:
        return float(word)
    except ValueError:
        return None


def agrees(word, expected):
    """Is the word, or the number, the expected one?"""
    if word == expected:
        return True
    said, number = number_of(word), number_of(expected)
    if said is None or number is None:
        return False
    digits = len(expected.partition(".")[2])
    return abs(said - number) <= max(abs(number) / 10, 0.5 * 10 ** -digits * 1.001)


class Bug:
    """bug.md: what was planted where, what one sees of it, and why."""

    KEYS = ("file", "find", "replace", "kind")
    KINDS = ("formula", "index", "sign", "scale", "order", "mask", "missing")

    def __init__(self, path):
        self.path = path
        symptom, explanation, self.values = [], [], {}
        into = symptom
        for line in path.read_text().split("\n"):
            key, colon, value = line.partition(": ")
            if colon and key in self.KEYS and into is not explanation:
                self.values[key] = value.rstrip()
            elif len(self.values) == len(self.KEYS):
                into = explanation
                into.append(line)
            else:
                into.append(line)
        missing = [key for key in self.KEYS if key not in self.values]
        if missing:
            raise SystemExit(f"cairn: {path} does not say {', '.join(missing)}")
        self.symptom = re.sub(r"^symptom:\s*", "", "\n".join(symptom).strip())
        self.explanation = "\n".join(explanation).strip()
        self.file, self.kind = self.values["file"], self.values["kind"]

    @property
    def source(self):
        return ROOT / self.file

    def altered(self):
        """(the file's text with the mistake, the number of the line that it is in)"""
        text, find = self.source.read_text(), self.values["find"]
        if text.count(find) != 1:
            raise SystemExit(f"cairn: {self.path}: its text stands {text.count(find)} times in "
                             f"{self.file}, not once:\n  {find}")
        line = text[:text.index(find)].count("\n") + 1
        return text.replace(find, self.values["replace"]), line


class Chapter:
    def __init__(self, folder, exercises=None):
        self.folder, self.name = folder, folder.name
        self.number = folder.name.split("_")[0]
        self.page = (folder / "README.md").read_text()
        self.title = re.sub(r"^#\s*[\d.]*\s*", "", self.page.split("\n")[0])
        self.has_program = (folder / "main.cpp").exists()
        self.bug = Bug(folder / "bug.md") if (folder / "bug.md").exists() else None
        known = all_exercises() if exercises is None else exercises
        self.exercises = [e for e in known.values() if e.chapter == self.name]

    def question(self):
        """The first paragraph that is prose."""
        start = sections(self.page)[""].split("\n", 1)[-1]
        for paragraph in re.sub(r"<!--.*?-->", "", start, flags=re.S).split("\n\n"):
            if paragraph.strip() and not paragraph.strip().startswith(("*", "[", "!", "The trail")):
                return paragraph.strip()
        return ""

    def predictions(self):
        found = []
        mark = re.compile(r"^<!-- predict: ([\w-]+); answer: (.*?)(?:; output: (\S+))? -->\n", re.M)
        for match in mark.finditer(self.page):
            rest = self.page[match.end():]
            question = rest.split("\n\n")[0]
            headings = re.findall(r"^##+ (.*)$", self.page[:match.start()], re.M)
            block = re.search(r"<!-- output: " + re.escape(match[3] or "") +
                              r"(?:,[^>]*)? -->\n```\w*\n(.*?)\n```", self.page, re.S)
            found.append(Prediction(self, match[1], match[2], question,
                                    headings[-1] if headings else "", block and block[1]))
        return found


def chapters():
    pages, known = sorted(ROOT.glob("tutorials/[0-9][0-9]_*/README.md")), all_exercises()
    return [Chapter(page.parent, known) for page in pages]


class Stop:
    """A place of the trail: a chapter, one of its exercises, its bug. `label` names it: 1, 1.2."""

    def __init__(self, label, chapter, kind, exercise=None):
        self.label, self.chapter, self.kind, self.exercise = label, chapter, kind, exercise

    def title(self):
        if self.kind == "chapter":
            return self.chapter.title
        if self.kind == "bug":
            return "Find the bug"
        return self.exercise.title()

    def done(self, progress):
        if self.kind == "chapter":
            return all(p.key in progress["predictions"] for p in self.chapter.predictions())
        if self.kind == "bug":
            return bool(progress["bugs"].get(self.chapter.number))
        return bool(progress["exercises"].get(self.exercise.name))


def stops():
    found = []
    for chapter in chapters():
        number = str(int(chapter.number))
        found.append(Stop(number, chapter, "chapter"))
        for i, exercise in enumerate(chapter.exercises, 1):
            found.append(Stop(f"{number}.{i}", chapter, "exercise", exercise))
        if chapter.bug and chapter.has_program:
            found.append(Stop(f"{number}.{len(chapter.exercises) + 1}", chapter, "bug"))
    return found


def find_stop(all_stops, text):
    """The stop that a reader names: 2, 02, 2.3, softmax. None if there is none."""
    wanted = text.strip()
    match = re.fullmatch(r"0*(\d+)(\.\d+)?", wanted)
    label = match[1] + (match[2] or "") if match else None
    for stop in all_stops:
        if stop.label == label or (stop.kind == "exercise" and stop.exercise.name == wanted):
            return stop
    return None
