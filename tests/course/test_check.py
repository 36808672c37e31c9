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


def main():
    if not exercises.ready(exercises.all_exercises()["softmax"]):
        print("SKIPPED: make test-course builds the check with the sanitizers, as it is now")
        return 77
    with ThreadPoolExecutor(2) as pool:
        good = list(pool.map(tried, sorted((HERE / "bad").glob("*.cpp"))))
    print(f"{sum(good)} of {len(good)} as they should be")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
