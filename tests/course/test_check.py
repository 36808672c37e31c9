"""Files that crash, never end, throw, print: each is told as what it is, with its line, and ends
nothing else. A file in bad/ begins with `// KIND: WORDS`, which the verdict has; the line that it
has to name ends with `// here`. Skipped where the checks are not built with the sanitizers."""
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
mine = tempfile.TemporaryDirectory()
os.environ["CAIRN_MINE"] = mine.name + "/mine"
sys.path.insert(0, str(HERE.parents[1] / "tools/course"))
import exercises  # noqa: E402


def tried(bad):
    text = bad.read_text()
    kind, words = text.split("\n")[0].removeprefix("// ").split(": ", 1)
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.endswith("// here")]
    exercise = exercises.Exercise(exercises.all_exercises()["softmax"].folder)
    exercise.mine = Path(mine.name) / "mine" / (bad.stem + ".cpp")
    exercise.mine.parent.mkdir(exist_ok=True)
    exercise.mine.write_text(text)
    exercise.program = bad.stem
    began = time.monotonic()
    verdict = exercises.check(exercise)
    problems = []
    if verdict.kind != kind:
        problems.append(f"{verdict.kind}, not {kind}")
    if words not in verdict.text:
        problems.append(f"does not say: {words}")
    if lines and verdict.line != lines[0]:
        problems.append(f"names line {verdict.line}, not {lines[0]}")
    if kind != "compile" and lines and f"{bad.stem}.cpp:{lines[0]}" not in verdict.text:
        problems.append("does not show the line")
    print(f"{bad.stem}: {'; '.join(problems) or verdict.kind} ({time.monotonic() - began:.1f} s)")
    if problems:
        print(verdict.text)
    return not problems


def library_s_own_is_not_judged():
    """A function of the library under another name: the check would find the library's, and be content."""
    exercise = exercises.Exercise(exercises.all_exercises()["broadcast_shapes"].folder)
    text = (exercise.folder / "solution.cpp").read_text()
    exercise.mine.write_text(text.replace(" broadcast(", " broadcasted("))
    other = exercises.check(exercise)
    exercise.mine.write_text(text)
    right = exercises.check(exercise)
    good = other.kind == "compile" and "is not in your file" in other.text and right.right
    print(f"a function of the library under another name: {other.kind}; under its own: {right.kind}")
    return good


def main():
    known = exercises.all_exercises()
    if not all(exercises.ready(known[name]) for name in ("softmax", "broadcast_shapes")):
        print("SKIPPED: make test-course builds the check with the sanitizers, as it is now")
        return 77
    with ThreadPoolExecutor(2) as pool:
        good = list(pool.map(tried, sorted((HERE / "bad").glob("*.cpp"))))
    good.append(library_s_own_is_not_judged())
    print(f"{sum(good)} of {len(good)} as they should be")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
