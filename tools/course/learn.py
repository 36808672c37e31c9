#!/usr/bin/env python3
"""make learn: the companion. It shows what to do next, watches mine/ and says what it finds there.
learn.py --check N: the same checks, once, without a terminal."""
import re
import subprocess
import sys
import threading
import time

import bug
import compare
from exercises import MINE, ROOT, check, prepare, shown, start
from page import rendered, sections
from progress import Progress
from terminal import END, Terminal
from trail import find_stop, stops

KEYS = {"chapter": "r read  a predict  n next  p before  l list  1.2 go there  q quit",
        "exercise": "h hint  c check  s solution  t task  n next  p before  l list  q quit",
        "bug": "b run it  a answer  n next  p before  l list  q quit"}


class Companion:
    def __init__(self, terminal):
        self.terminal, self.progress = terminal, Progress()
        self.stops = stops()
        self.stop = find_stop(self.stops, self.progress["at"] or "") or self.next_open()
        self.exercises = [s.exercise for s in self.stops if s.kind == "exercise"]
        self.seen = {e.name: self.saved(e) for e in self.exercises}
        self.building, self.told = threading.Lock(), False

    def next_open(self):
        return next((s for s in self.stops if not s.done(self.progress)), self.stops[0])

    # What is shown.

    def say(self, text=""):
        print(text, flush=True)

    def rule(self):
        self.say("-" * self.terminal.width())

    def heading(self):
        done = sum(s.done(self.progress) for s in self.stops)
        self.terminal.clear()
        self.rule()
        self.say(self.terminal.strong(f"{self.stop.label}  {self.stop.title()}") +
                 f"   ({done} of {len(self.stops)} done)")
        self.rule()

    def keys(self):
        self.rule()
        self.say(KEYS[self.stop.kind])

    def show(self):
        self.progress.stand_at(self.stop.label)
        self.heading()
        {"chapter": self.show_chapter, "exercise": self.show_exercise, "bug": self.show_bug}[
            self.stop.kind]()
        self.keys()

    def show_chapter(self):
        chapter = self.stop.chapter
        self.say(rendered(chapter.question(), self.terminal.width()))
        self.say(f"\n  read   r, or {chapter.folder.relative_to(ROOT)}/README.md in a browser")
        if chapter.has_program:
            self.say(f"  run    make tutorial N={chapter.number}")
            self.say(f"  step   make debug N={chapter.number}")
        self.say(self.score())
        self.list_stops(chapter)

    def show_exercise(self):
        exercise = self.stop.exercise
        if start(exercise):
            self.seen[exercise.name] = self.saved(exercise)
        task = sections(exercise.task())
        text = re.sub(r"^(Kind|Minutes): .*\n", "", task[""].split("\n", 1)[1], flags=re.M)
        self.say(rendered(text, self.terminal.width()))
        if "Contract" in task:
            self.say("\nContract\n--------")
            self.say(rendered(task["Contract"], self.terminal.width()))
        self.say(f"\nWrite it in {shown(exercise.mine)}; each time you save it, it is checked.")
        if self.progress["exercises"].get(exercise.name):
            self.say("It was right when it was last checked.")
        self.build_ahead()

    def show_bug(self):
        chapter = self.stop.chapter
        self.say(rendered(chapter.bug.symptom, self.terminal.width()))
        self.say(f"\nIn which file, in which line, and of what kind is the mistake? The kinds are\n"
                 f"{', '.join(chapter.bug.KINDS)}.\n"
                 "Here b runs the program; "
                 f"make bug N={chapter.number} DEBUG=1 starts the debugger.")
        if self.stop.done(self.progress):
            self.say("\nYou have found it.\n\n" + rendered(chapter.bug.explanation))

    def list_stops(self, chapter=None):
        self.say()
        for stop in self.stops:
            if chapter and (stop.chapter is not chapter or stop.kind == "chapter"):
                continue
            mark = "x" if stop.done(self.progress) else " "
            indent = "" if stop.kind == "chapter" else "  "
            self.say(f"{indent}[{mark}] {stop.label:<5}{stop.title()}")

    def score(self):
        """How many of the chapter's predictions were made, and how many were right."""
        predictions = self.stop.chapter.predictions()
        made = [self.progress["predictions"][p.key] for p in predictions
                if p.key in self.progress["predictions"]]
        all_made = self.progress["predictions"].values()
        return (f"\nPredictions: {len(made)} of {len(predictions)} made, "
                f"{sum(p['right'] for p in made)} right; of all chapters "
                f"{sum(p['right'] for p in all_made)} of {len(all_made)} right.")

    # What a key does.

    def predict(self):
        for prediction in self.stop.chapter.predictions():
            if prediction.key in self.progress["predictions"]:
                continue
            self.say(f"\n({prediction.heading})\n" +
                     rendered(prediction.question, self.terminal.width()))
            said = self.terminal.line("> ")
            if not said:
                return
            right = prediction.is_right(said)
            self.progress.note("predictions", prediction.key, {"said": said, "right": right})
            self.say(f"The program says {prediction.answer}. {'Right.' if right else 'Not so.'}")
            if prediction.shown:
                self.say("\n" + "\n".join("    " + line for line in prediction.shown.split("\n")))
            self.say(self.score())
            return
        self.say("All predictions of this chapter are made.")

    def answer_bug(self):
        said = self.terminal.line("file:line kind > ")
        if not said:
            return
        lines, right = bug.verdict(self.stop.chapter.bug, said)
        self.say("\n".join(lines))
        if right:
            self.progress.note("bugs", self.stop.chapter.number, True)
            self.say("\n" + rendered(self.stop.chapter.bug.explanation))

    def answer(self):
        {"chapter": self.predict, "bug": self.answer_bug}.get(self.stop.kind, lambda: None)()

    def hint(self):
        if self.stop.kind != "exercise":
            return
        name, task = self.stop.exercise.name, sections(self.stop.exercise.task())
        level = self.progress["hints"].get(name, 0) + 1
        if f"Hint {level}" not in task:
            for shown in range(1, level):
                self.say(f"\nHint {shown}\n" + rendered(task[f"Hint {shown}"]))
            self.say("\nThese are all hints. The verdict names the first wrong number, too.")
            return
        self.progress.note("hints", name, level)
        self.say(f"\nHint {level}\n" + rendered(task[f"Hint {level}"], self.terminal.width()))

    def solution(self):
        if self.stop.kind != "exercise":
            return
        exercise = self.stop.exercise
        if not self.progress["exercises"].get(exercise.name):
            self.say("The solution is shown once yours is right; h gives a hint.")
            return
        for whose, file in (("Yours", exercise.mine),
                            ("The solution", exercise.folder / "solution.cpp")):
            self.say(f"\n{self.terminal.strong(whose)}\n\n{compare.body(file.read_text())}")
        found = compare.library_function(exercise)
        if found:
            self.say("\n" + self.terminal.strong(f"The library: {found[0]}") + f"\n\n{found[1]}")
        self.say("\n" + rendered(sections(exercise.task()).get("The library", ""),
                                 self.terminal.width()))
        if exercise.kind() != "small":
            self.say("\n" + compare.measured(exercise))

    def read(self):
        if self.stop.kind != "chapter":
            return
        text = rendered(self.stop.chapter.page, self.terminal.width())
        if not self.terminal.is_one:
            self.say(text)
            return
        self.terminal.apart(lambda: subprocess.run(["less", "-R"], input=text, text=True))
        self.show()

    def run_bug(self):
        if self.stop.kind == "bug":
            self.terminal.apart(lambda: subprocess.run(
                ["make", "-s", "bug", f"N={self.stop.chapter.number}"], cwd=ROOT))

    def go(self, stop):
        if stop:
            self.stop = stop
            self.show()

    def step(self, by):
        self.go(self.stops[(self.stops.index(self.stop) + by) % len(self.stops)])

    def go_to(self, text):
        stop = find_stop(self.stops, text)
        if not stop:
            self.say(f"There is no {text}; l lists what there is.")
        self.go(stop)

    def command(self, key):
        """Does what the key, or the line of a pipe, asks for; returns whether to go on."""
        if key in ("q", END):
            return False
        actions = {"n": lambda: self.step(1), "p": lambda: self.step(-1), "h": self.hint,
                   "s": self.solution, "a": self.answer, "l": self.list_stops, "r": self.read,
                   "t": self.show, "b": self.run_bug, "c": self.check_this, "?": self.keys,
                   "\n": lambda: self.predict() if self.stop.kind == "chapter" and not
                   self.stop.done(self.progress) else self.step(1)}
        if key in actions:
            actions[key]()
        elif key.isdigit() and self.terminal.is_one:
            self.go_to(self.terminal.line("go to ", key) or self.stop.label)
        elif len(key) > 1 or key.isdigit():
            self.go_to(key)
        return True

    # Checks.

    def saved(self, exercise):
        try:
            return exercise.mine.stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def build_ahead(self):
        """Builds the checks while the reader reads: this one, then the chapter's others."""
        threading.Thread(target=self.built, daemon=True,
                         args=([self.stop.exercise], self.stop.chapter.exercises)).start()

    def built(self, *groups):
        for exercises in groups:
            with self.building:
                self.guarded(lambda: prepare(exercises))

    def check_this(self):
        if self.stop.kind == "exercise" and not self.busy():
            self.checked(self.stop.exercise)

    def checked(self, exercise):
        prepare([exercise])
        began = time.monotonic()
        self.say(f"\nchecking {shown(exercise.mine)} ...")
        verdict = check(exercise)
        self.progress.note("exercises", exercise.name, verdict.right)
        self.say(f"{verdict.text}\n({time.monotonic() - began:.1f} s)")
        if verdict.right:
            self.say("s shows yours beside the solution and the library's; n goes on.")
            if exercise.kind() in ("k", "l"):
                self.say("`make mine`, in another terminal, trains a BERT with it.")

    def look(self):
        """Checks what was saved since the last look."""
        changed = [e for e in self.exercises if self.saved(e) not in (None, self.seen[e.name])]
        if not changed or self.busy():
            return
        for exercise in changed:
            self.seen[exercise.name] = self.saved(exercise)
            if exercise.mine.read_bytes() != (exercise.folder / "skeleton.cpp").read_bytes():
                self.checked(exercise)

    def busy(self):
        """Whether the checks are being built: a save waits for that, keys do not."""
        if self.building.locked() and not self.told:
            self.say("\nThe checks are still being built; yours is checked when they are.")
        self.told = self.building.locked()
        return self.told

    def guarded(self, action):
        """Whatever goes wrong is said, and the companion stays."""
        try:
            return action()
        except KeyboardInterrupt:
            raise
        except (Exception, SystemExit) as error:  # pylint: disable=broad-except
            kind = f"{type(error).__name__}: " if isinstance(error, Exception) else ""
            self.say(f"{kind}{error}")
            return True

    def run(self):
        self.guarded(self.show)
        while True:
            self.guarded(self.look)
            key = self.terminal.key(0.3)
            if key and not self.guarded(lambda: self.command(key)):
                return


def check_chapter(number):
    """make learn-check N=02: the verdicts on a chapter's exercises, and what else is done in it."""
    chapter_stops = [s for s in stops() if not number or int(s.chapter.number) == int(number)]
    if not chapter_stops:
        raise SystemExit(f"cairn: there is no chapter {number}")
    progress = Progress()
    exercises = [s.exercise for s in chapter_stops if s.kind == "exercise"]
    there = [e for e in exercises if e.mine.exists()]
    if there:
        prepare(there)
    for exercise in exercises:
        if exercise not in there:
            print(f"{exercise.name}: not begun; make check MINE={exercise.name} begins it")
            continue
        verdict = check(exercise)
        progress.note("exercises", exercise.name, verdict.right)
        print(verdict.text)
    for stop in chapter_stops:
        mark = "x" if stop.done(progress) else " "
        print(f"[{mark}] {stop.label:<5}{stop.title()}")
    return 0 if all(progress["exercises"].get(e.name) for e in exercises) else 1


def main():
    if sys.argv[1:2] == ["--check"]:
        return check_chapter(sys.argv[2] if len(sys.argv) > 2 else "")
    with Terminal() as terminal:
        try:
            Companion(terminal).run()
        except KeyboardInterrupt:
            pass
        print(f"\nWhat you did is kept in {shown(MINE)}/; `make learn` goes on from here.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
