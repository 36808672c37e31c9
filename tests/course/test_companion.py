"""The companion, driven by a list of keys, with a check that says what the test wants."""
import contextlib
import io
import os
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
mine = tempfile.TemporaryDirectory()
os.environ["CAIRN_MINE"] = mine.name
sys.path.insert(0, str(HERE.parents[1] / "tools/course"))
import exercises  # noqa: E402
import learn  # noqa: E402
import page  # noqa: E402
import trail  # noqa: E402
from progress import Progress  # noqa: E402
from terminal import END, Terminal  # noqa: E402

SOFTMAX = exercises.all_exercises()["softmax"]


class Keys(Terminal):
    """Presses these keys one after the other; a function among them is called instead."""

    def __init__(self, keys):
        self.is_one, self.keys = False, list(keys)

    def key(self, seconds):
        if not self.keys:
            return END
        key = self.keys.pop(0)
        if callable(key):
            key()
            return ""
        return key


def right(exercise):
    return exercises.Verdict("right", f"{exercise.name}: right")


def played(*keys, verdict=None):
    """What the companion prints."""
    learn.check = verdict or right
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        learn.Companion(Keys(keys)).run()
    return printed.getvalue()


def save():
    """A reader saves a file that is no longer the skeleton."""
    text = SOFTMAX.mine.read_text() + "\n"
    SOFTMAX.mine.write_text(text)
    later = SOFTMAX.mine.stat().st_mtime_ns + 1_000_000
    os.utime(SOFTMAX.mine, ns=(later, later))


class Companion(unittest.TestCase):
    def setUp(self):
        learn.prepare, learn.check = lambda exercises: None, right
        for file in Path(mine.name).iterdir():
            file.unlink()

    def test_the_first_stop_is_the_first_chapter_and_progress_survives(self):
        first = trail.stops()[0]
        self.assertIn(first.title(), played("q"))
        played("softmax", "q")
        self.assertIn(SOFTMAX.title(), played("q"))

    def test_every_stop_is_shown_and_reached_by_its_label(self):
        for stop in trail.stops():
            self.assertIn(stop.title(), played(stop.label, "q"), stop.label)
        self.assertIn("There is no 99", played("99", "q"))

    def test_next_goes_around_and_before_goes_back(self):
        count = len(trail.stops())
        self.assertEqual(played(*"n" * count, "q").count(trail.stops()[0].title() + "   ("), 2)
        self.assertIn(trail.stops()[-1].title(), played("p", "q"))

    def test_hints_come_one_after_the_other(self):
        text = played("softmax", "h", "h", "q")
        self.assertIn("Hint 2", text)
        self.assertNotIn("Hint 3", text)
        self.assertIn("These are all hints", played("h", "h", "q"))

    def test_a_saved_file_is_checked_and_success_is_kept(self):
        text = played("softmax", save, "", "q")
        self.assertIn("softmax: right", text)
        self.assertTrue(Progress()["exercises"]["softmax"])
        self.assertIn("1 of", played("q"))

    def test_while_checks_are_built_keys_work_and_a_save_waits(self):
        companion = learn.Companion(Keys([]))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), companion.building:
            companion.command("l")
            exercises.start(SOFTMAX)
            save()
            companion.look()
            companion.look()
        self.assertEqual(printed.getvalue().count("still being built"), 1)
        self.assertNotIn("checking", printed.getvalue())
        with contextlib.redirect_stdout(printed):
            companion.look()
        self.assertIn("softmax: right", printed.getvalue())

    def test_the_skeleton_is_not_checked(self):
        self.assertNotIn("checking", played("softmax", "", "", "q"))

    def test_the_solution_waits_for_success(self):
        self.assertIn("once yours is right", played("softmax", "s", "q"))

    def test_nothing_ends_it(self):
        def broken(exercise):
            raise ValueError("the check is broken")

        def gone(exercise):
            raise SystemExit("cairn: the checks could not be built")
        text = played("softmax", save, "", "c", "l", "q", verdict=broken)
        self.assertIn("the check is broken", text)
        self.assertIn("[ ] 1.", played("softmax", save, "", "l", "q", verdict=gone))
        text = played("softmax", SOFTMAX.mine.unlink, "", "t", save, "", "q")
        self.assertIn("softmax: right", text)

    def test_a_broken_progress_file_is_put_aside(self):
        for text in ("{", "[]", '{"exercises": 3}', ""):
            (Path(mine.name) / ".progress.json").write_text(text)
            with contextlib.redirect_stderr(io.StringIO()) as said:
                played("l", "q")
            self.assertIn("a new one is begun", said.getvalue())
            self.assertTrue((Path(mine.name) / ".progress.broken").exists())

    def test_predictions_are_asked_and_the_score_is_kept(self):
        chapter = next(c for c in trail.chapters() if c.predictions())
        first = chapter.predictions()[0]
        text = played(str(int(chapter.number)), "a", first.answer, "q")
        self.assertIn("Right.", text)
        self.assertIn("1 of 1 right", text)
        self.assertIn("Not so.", played(str(int(chapter.number)), "a", "no idea", "q"))
        self.assertEqual(len(Progress()["predictions"]), 2)

    def test_a_bug_is_found_file_line_and_kind_apart(self):
        stop = next(s for s in trail.stops() if s.kind == "bug")
        bug = stop.chapter.bug
        _, line = bug.altered()
        wrong = next(kind for kind in bug.KINDS if kind != bug.kind)
        text = played(stop.label, "a", f"{bug.file}:{line} {wrong}", "q")
        self.assertIn(f"file  {bug.file}  right", text)
        self.assertIn(f"kind  {wrong}  no", text)
        self.assertFalse(stop.done(Progress()))
        text = played(stop.label, "a", f"{bug.file}:{line} {bug.kind}", "q")
        self.assertIn(page.rendered(bug.explanation).split("\n")[0], text)
        self.assertTrue(stop.done(Progress()))


class Pages(unittest.TestCase):
    def test_tasks_fit_80_columns_and_have_their_parts(self):
        for exercise in exercises.all_exercises().values():
            task = page.sections(exercise.task())
            for part in ("Contract", "Hint 1", "Hint 2", "Hint 3", "The library"):
                self.assertIn(part, task, exercise.name)
            self.assertRegex(exercise.task(), r"(?m)^Kind: (k|l|c|small)$")
            for line in page.rendered(exercise.task()).split("\n"):
                if not line.startswith("    ") and not line.startswith("|"):
                    self.assertLessEqual(len(line), 80, f"{exercise.name}: {line}")

    def test_formulas_in_letters(self):
        for latex, text in ((r"\frac{e^{x_j}}{\sum_k e^{x_k}}", "(e^(x_j))/(Σ_k e^(x_k))"),
                            (r"\sqrt{d}", "√d"), (r"q k^\top / \sqrt{d_k}", "q k^T / √d_k"),
                            (r"-\infty", "-∞"), (r"\text{in words}", "in words")):
            self.assertEqual(page.formula(latex), text)

    def test_marks_are_taken_out(self):
        self.assertEqual(page.rendered("**Predict.** *All* of `a*b*c` [here](x.md), $d$."),
                         "Predict. All of `a*b*c` here, d.")

    def test_a_number_is_right_within_a_tenth(self):
        chapter = trail.chapters()[0]
        for answer, said, is_right in (
                ("0.449", "0.449", True), ("0.449", "0.48", True), ("0.449", "0.5", False),
                ("0.449", "half", False), ("nan", " NaN ", True), ("0.000", "0", True),
                ("1, 3", "1 3", True), ("1, 3", "3, 1", False), ("layer 1", "1", True),
                ("layer 1", "Layer 1", True), ("layer 1", "layer", False), ("yes", "", False)):
            prediction = trail.Prediction(chapter, "x", answer, "", "", None)
            self.assertEqual(prediction.is_right(said), is_right, f"{said} for {answer}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
