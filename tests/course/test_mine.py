"""make mine: which functions it links, and that the program computes with them. In the place of a
reader's files stand the exercises' solutions, and then one that gives away that it was called."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
temporary = tempfile.TemporaryDirectory()
os.environ["CAIRN_MINE"] = temporary.name + "/mine"
sys.path.insert(0, str(HERE.parents[1] / "tools/course"))
import exercises  # noqa: E402
import mine  # noqa: E402

SAYS_SO = "\n#include <cstdio>\n#include <cstdlib>\n"


def model_folder():
    """The small model of the fixtures, with a vocabulary of as many words as it knows."""
    folder, stored = Path(temporary.name) / "model", exercises.ROOT / "tests/fixtures/models/bert"
    shutil.copytree(stored, folder)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    count = json.loads((folder / "config.json").read_text())["vocab_size"]
    words += [f"w{i}" for i in range(count - len(words))]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    return folder


def embed(program, model):
    """What the program makes of two sentences."""
    done = subprocess.run([str(program), "embed", "--model", str(model)], capture_output=True,
                          text=True, input="w1 w2 w3\nw2 w1\n", cwd=exercises.ROOT)
    return done.returncode, done.stdout, done.stderr


def main():
    mine.BUILD = Path(sys.argv[1]).resolve()
    mine.PLACE = Path(temporary.name) / "linked"
    if not (mine.BUILD / "cairn").exists():
        print("SKIPPED: build/cairn is not built")
        return 77
    mine.prepare = lambda exercises: None
    mine.check = lambda exercise: exercises.Verdict("right", "")
    os.environ["CAIRN_THREADS"] = "1"
    model = model_folder()

    (Path(temporary.name) / "mine").mkdir()
    known = [e for e in exercises.all_exercises().values() if e.kind() in ("k", "l")]
    for exercise in known:
        shutil.copyfile(exercise.folder / "solution.cpp", exercise.mine)
    parts = mine.gathered()
    assert all(p.linked for p in parts), [(p.exercise.name, p.why) for p in parts if not p.linked]
    for part in parts:
        expected = [part.exercise.name] if part.exercise.kind() == "k" else []
        assert part.entries == expected, f"{part.exercise.name} stands for {part.entries}"
    code, with_mine, errors = embed(mine.linked(parts), model)
    assert code == 0, errors
    code, with_library, errors = embed(mine.BUILD / "cairn", model)
    assert code == 0, errors
    numbers = [[float(n) for n in text.split()] for text in (with_mine, with_library)]
    assert len(numbers[0]) == len(numbers[1]) > 0
    largest = max(abs(a - b) for a, b in zip(*numbers))
    assert largest < 1e-4, f"BERT with the solutions differs by {largest}"

    backward = [part for part in parts if part.exercise.name == "softmax_backward"]
    used = mine.functions_in(mine.linked(backward))
    assert sorted(used) == ["attention_backward", "softmax_backward"], used

    for exercise in known:
        if exercise.name != "softmax":
            exercise.mine.unlink()
    softmax = exercises.all_exercises()["softmax"]
    solution = softmax.mine.read_text()
    begin = solution.index("{", solution.index("void softmax(")) + 1
    softmax.mine.write_text(SAYS_SO + solution[:begin] + '\n  std::puts("mine"), std::exit(7);' +
                            solution[begin:])
    parts = mine.gathered()
    assert [p.exercise.name for p in parts if p.linked] == ["softmax"], "what is there is linked"
    code, printed, _ = embed(mine.linked(parts), model)
    assert code == 7 and "mine" in printed, "attention goes through the reader's softmax"

    mine.check = lambda exercise: exercises.Verdict("wrong", "")
    parts = mine.gathered()
    assert not any(p.linked for p in parts)
    assert any("make check MINE=softmax" in p.why for p in parts)
    print("as it should be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
