"""make mine: which functions it links, that the program calls them, and that it then computes what
the library computes. In the place of a reader's files stand the exercises' solutions, all of them and
in the combinations that attention allows; then some with a mistake, which has to be seen."""
import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

HERE = Path(__file__).resolve().parent
temporary = tempfile.TemporaryDirectory()
FOLDER = Path(temporary.name)
os.environ["CAIRN_MINE"] = str(FOLDER / "mine")
os.environ["CAIRN_THREADS"] = "1"
sys.path.insert(0, str(HERE.parents[1] / "tools/course"))
import exercises  # noqa: E402
import linking  # noqa: E402
import mine  # noqa: E402

# GPT-2 has the one, the first Transformer the other; and BERT broadcasts nothing that has a gradient.
NOT_OF_BERT = {"gelu_tanh", "sinusoidal_positions", "unbroadcast"}


def parts_with(names, wrong=()):
    """The parts where these solutions stand in mine/, with (name, text, other text) exchanged."""
    shutil.rmtree(exercises.MINE, ignore_errors=True)
    exercises.MINE.mkdir()
    for name in names:
        exercise = exercises.all_exercises()[name]
        text = (exercise.folder / "solution.cpp").read_text()
        for place, right, other in wrong:
            if place == name:
                assert text.count(right) == 1, f"{name}: {right} is there {text.count(right)} times"
                text = text.replace(right, other)
        exercise.mine.write_text(text)
    return mine.gathered()


def pretrained():
    """A model of the demo's size after a few steps, with the demo's vocabulary."""
    cairn, folder = linking.BUILD / "cairn", FOLDER / "pretrained"
    mine.run(cairn, "vocab", "--text", mine.DATA + "pretrain.txt", "--size", "1500", "--out",
             str(FOLDER / "vocab.txt"))
    mine.run(cairn, "pretrain", "--vocab", str(FOLDER / "vocab.txt"), "--out", str(folder),
             "--max-steps", "3", *mine.PRETRAINING)
    return folder


def all_are_linked_and_called(start):
    known = [e for e in exercises.all_exercises().values() if e.kind() in ("k", "l")]
    parts = parts_with([e.name for e in known])
    assert all(p.linked for p in parts), [(p.exercise.name, p.why) for p in parts if not p.linked]
    for part in parts:
        expected = [part.exercise.name] if part.exercise.kind() == "k" else []
        assert part.entries == expected, f"{part.exercise.name} stands for {part.entries}"
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        mine.print_map(parts)
    assert f"{len(known)} of " in shown.getvalue()
    assert all(f"[x] {e.name} " in shown.getvalue() for e in known), shown.getvalue()
    mine.note_called(parts, start)
    idle = {part.exercise.name for part in parts if not part.called}
    assert idle == NOT_OF_BERT, f"linked, and not called: {idle}"
    return parts


def difference(parts, start, library):
    steps = mine.first_steps(mine.linked(parts), start)
    assert not isinstance(steps, str), steps
    return mine.largest_difference(steps, library)


def attention_in_all_combinations(start, library):
    inside = ("softmax", "softmax_backward", "attention_backward")
    have = [name for name in inside if name in exercises.all_exercises()]
    for choice in product((False, True), repeat=len(have)):
        names = [name for name, chosen in zip(have, choice) if chosen]
        if names:
            parts = parts_with(names)
            apart = difference(parts, start, library)
            assert apart < mine.SAME, f"{names}: the first steps differ by {apart}"
            mine.note_called(parts, start)
            idle = [part.exercise.name for part in parts if part.called is False]
            assert not idle, f"of {names} these are not called: {idle}"


def mistakes_are_seen(start):
    """A check that accepts them is assumed; they are found by the comparison, and named."""
    wrong = [("softmax", "double sum = 0;", "double sum = 1e-2;"),
             ("softmax_backward", "- average)", "- average * 0.9)")]
    for name, right, other in wrong:
        parts = parts_with(["softmax", "softmax_backward", "gelu"], [(name, right, other)])
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            same = mine.compared(parts, start)
        assert same == "no" and f"It is {name}." in shown.getvalue(), shown.getvalue()
    parts = parts_with(["gelu"], [("gelu", "int64_t n) {", "int64_t n) {\n  if (n > 0) throw 1;")])
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        same = mine.compared(parts, start)
    assert same == "crash" and "It is gelu." in shown.getvalue(), shown.getvalue()


def wrong_ones_are_left_out():
    mine.check = lambda exercise: exercises.Verdict("wrong", "")
    parts = parts_with(["softmax"])
    assert not any(p.linked for p in parts)
    assert any("make check MINE=softmax" in p.why for p in parts)
    mine.check = lambda exercise: exercises.Verdict("right", "")
    other = re.compile("void gelu").sub("void another", (exercises.all_exercises()["gelu"].folder /
                                                         "solution.cpp").read_text())
    parts_with([])
    exercises.all_exercises()["gelu"].mine.write_text(other)
    assert not any(p.linked for p in mine.gathered()), "a function that is not in the table"


def main():
    linking.BUILD = Path(sys.argv[1]).resolve()
    linking.PLACE, mine.OUT = FOLDER / "linked", FOLDER / "out"
    if not (linking.BUILD / "cairn").exists():
        print("SKIPPED: build/cairn is not built")
        return 77
    mine.prepare = lambda exercises: None
    mine.check = lambda exercise: exercises.Verdict("right", "")
    mine.OUT.mkdir()
    start = pretrained()
    library = mine.first_steps(linking.BUILD / "cairn", start)
    assert not isinstance(library, str), library
    parts = all_are_linked_and_called(start)
    drawing = [part for part in parts if part.exercise.name in mine.DRAWING]
    assert not drawing or not mine.differs(drawing, start, library), "batches drawn otherwise"
    apart = difference([part for part in parts if part not in drawing], start, library)
    assert apart < mine.SAME, f"with all solutions the first steps differ by {apart}"
    attention_in_all_combinations(start, library)
    mistakes_are_seen(start)
    wrong_ones_are_left_out()
    print(f"as it should be; with all solutions the first steps differ by {apart:.1e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
